// The README of a folder as markup to show below its listing. Markdown is
// rendered by a library that lets no markup and no script link through; the
// page's policy forbids whatever it would fetch from elsewhere.

import { escape } from "@std/html";

/** The most octets of a README that is rendered. */
const MAX_README = 256 * 1024;

const NAMES = /^readme(?:\.(md|markdown|txt))?$/i;

/**
 * Finds the README among the names in a folder.
 *
 * @param names The names.
 * @returns The best one: Markdown before text; undefined when there is none.
 */
export function findReadme(names: Iterable<string>): string | undefined {
  let best: string | undefined;
  for (const name of names) {
    if (!NAMES.test(name)) continue;
    if (best === undefined || rank(name) < rank(best)) best = name;
  }
  return best;
}

function rank(name: string): number {
  return ["md", "markdown", "txt"].indexOf(
    NAMES.exec(name)?.[1]?.toLowerCase() ?? "txt",
  );
}

/**
 * Renders a README.
 *
 * @param name Its file name, which tells Markdown from text.
 * @param octets Its content.
 * @returns Markup that holds no script and no markup of the file's own;
 * undefined when the file is too large or no text.
 */
export async function renderReadme(
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
