// The README of a folder as markup to show below its listing. Markdown is
// rendered by a library that lets no markup and no script link through; the
// page's policy forbids whatever it would fetch from elsewhere.

import { escape } from "@std/html";
import { nextTurn } from "../bytes/turn.ts";
import { Turns } from "./turns.ts";

/**
 * The most bytes of a README that is rendered: Markdown can be written so that
 * each of them costs 3 µs.
 */
const MAX_README = 64 * 1024;

/**
 * The most tokens of blocks. The library fills up the rows of a table, so that a
 * README of 60 kB can have three million cells.
 */
const MAX_TOKENS = 64 * 1024;

/**
 * The most text of all tokens together: one definition of a link may be used
 * thousands of times, and each use holds all of its address.
 */
const MAX_TEXT = 256 * 1024;

/**
 * The library looks for bare addresses in time that grows with the square of a
 * word: none are links where there is a word like this.
 */
const MAX_WORD = 2000;

/** Markup by content, for as long as that is kept in memory. */
const rendered = new WeakMap<Uint8Array, Promise<string | undefined>>();

/** Rendering holds the one thread that all clients share: one in a turn. */
const turns = new Turns();

/** The names a README goes by, the best first. */
export const README_NAMES: readonly string[] = [
  "README.md",
  "readme.md",
  "README.markdown",
  "README.txt",
  "README",
];

/**
 * Renders a README.
 *
 * @param name Its file name, which tells Markdown from text.
 * @param octets Its content, which stays as it is.
 * @returns Markup that holds no script and no markup of the file's own;
 * undefined when the file, or what it would become, is too large, or it is no
 * text.
 */
export async function renderReadme(
  name: string,
  octets: Uint8Array,
): Promise<string | undefined> {
  let markup = rendered.get(octets);
  if (markup === undefined) {
    markup = render(name, octets);
    rendered.set(octets, markup);
  }
  return await markup;
}

async function render(
  name: string,
  octets: Uint8Array,
): Promise<string | undefined> {
  if (octets.length > MAX_README) return undefined;
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(octets);
  } catch {
    return undefined;
  }
  if (!/\.(?:md|markdown)$/i.test(name)) return `<pre>${escape(text)}</pre>`;
  return await turns.take(async () => {
    await nextTurn();
    return await renderMarkdown(text);
  });
}

async function renderMarkdown(text: string): Promise<string | undefined> {
  // Fetched only where READMEs are shown.
  const { default: markdownIt } = await import("markdown-it");
  const linkify = text.split(/\s/).every(({ length }) => length < MAX_WORD);
  const markdown: Markdown = markdownIt({ html: false, linkify });
  bound(markdown);
  try {
    const env = {};
    const tokens = markdown.parse(text, env);
    if (textOf(tokens) > MAX_TEXT) return undefined;
    return markdown.renderer.render(tokens, markdown.options, env);
  } catch (error) {
    if (error instanceof TooMuch) return undefined;
    throw error;
  }
}

/** A README becomes too much. */
class TooMuch extends Error {}

/** Keeps the library within bounds while it parses. */
function bound({ block, core }: Markdown): void {
  const check = ({ tokens }: State) => {
    if (tokens.length > MAX_TOKENS) throw new TooMuch();
    return false;
  };
  block.ruler.before("table", "bound", check);
  // No block may follow the one that is too large.
  core.ruler.after("block", "bound", check);
}

/** How many characters tokens hold, those within them included. */
function textOf(tokens: readonly Token[]): number {
  let size = 0;
  for (const { content, attrs, children } of tokens) {
    // A token of blocks holds what its children hold as well.
    size += children === null ? content.length : textOf(children);
    for (const [, value] of attrs ?? []) size += value.length;
  }
  return size;
}

/** What is used of the library, which declares no types. */
interface Markdown {
  readonly options: unknown;
  readonly block: { readonly ruler: Ruler };
  readonly core: { readonly ruler: Ruler };
  readonly renderer: {
    render(tokens: readonly Token[], options: unknown, env: object): string;
  };
  parse(text: string, env: object): readonly Token[];
}

interface Ruler {
  before(name: string, rule: string, check: (state: State) => boolean): void;
  after(name: string, rule: string, check: (state: State) => boolean): void;
}

interface State {
  readonly tokens: readonly Token[];
}

interface Token {
  readonly content: string;
  readonly attrs: readonly (readonly [name: string, value: string])[] | null;
  readonly children: readonly Token[] | null;
}
