// The README of a folder as markup to show below its listing. Markdown is
// rendered by a library that lets no markup and no script link through; the
// page's policy forbids whatever it would fetch from elsewhere.

import { escape } from "@std/html";

/**
 * The most bytes of a README that is rendered: Markdown can be written so that
 * each of them costs 3 µs.
 */
const MAX_README = 64 * 1024;

/** Markup by content, for as long as that is kept in memory. */
const rendered = new WeakMap<Uint8Array, string>();

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
 * undefined when the file is too large or no text.
 */
export async function renderReadme(
  name: string,
  octets: Uint8Array,
): Promise<string | undefined> {
  const known = rendered.get(octets);
  if (known !== undefined) return known;
  const markup = await render(name, octets);
  if (markup !== undefined) rendered.set(octets, markup);
  return markup;
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
  // Fetched only where READMEs are shown.
  const { default: markdownIt } = await import("markdown-it");
  return markdownIt({ html: false, linkify: true }).render(text);
}
