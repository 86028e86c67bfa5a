// The listing as a page and as JSON, written piece by piece from batches of
// entries. Every name is data from strangers: it goes into text and attributes
// escaped, and into links percent-encoded whole, so that no name is a scheme,
// an authority or markup.

import { format as formatBytes } from "@std/fmt/bytes";
import { escape } from "@std/html";
import { encodePathname } from "../protocol/target.ts";
import type { ListingEntry, ListingOrder } from "./listing.ts";
import {
  EXTRA_STYLE,
  SCRIPT,
  STYLE,
  THUMBNAIL_SCRIPT,
  UPLOAD_SCRIPT,
} from "./listing_look.ts";
import { mediaTypeOf } from "./media_type.ts";

/** What a listing page shows besides the entries. */
export interface ListingPage {
  /** The folder as the client knows it, decoded, with a slash at both ends. */
  readonly pathname: string;
  /** The decoded path of the top folder, which the breadcrumb starts from. */
  readonly top: string;
  /** Whether links need a base, because the request's path had no slash at its end. */
  readonly needsBase: boolean;
  /** How the entries are ordered. */
  readonly order: ListingOrder;
  /** Whether pictures and films are shown small. */
  readonly thumbnails: boolean;
  /** Whether there is a form to upload files. */
  readonly uploads: boolean;
  /** Archive formats to offer the folder in. */
  readonly archives: readonly string[];
  /** Sanitised markup of the folder's README; undefined when there is none. */
  readonly readme?: string | undefined;
}

/**
 * Tells which inline styles and scripts a page holds, for its policy.
 *
 * @param page The page.
 * @returns Their texts.
 */
export function inlineParts(
  page: ListingPage,
): { styles: string[]; scripts: string[] } {
  const { thumbnails, uploads, readme } = page;
  const scripts = [SCRIPT];
  if (thumbnails) scripts.push(THUMBNAIL_SCRIPT);
  if (uploads) scripts.push(UPLOAD_SCRIPT);
  const extra = thumbnails || uploads || readme !== undefined;
  return { styles: extra ? [STYLE, EXTRA_STYLE] : [STYLE], scripts };
}

/**
 * Writes the page.
 *
 * @param page What it shows besides the entries.
 * @param batches The entries, in order.
 * @returns Pieces of HTML.
 */
export async function* writeListingPage(
  page: ListingPage,
  batches: AsyncIterable<readonly ListingEntry[]>,
): AsyncGenerator<string> {
  yield pageHead(page);
  let folders = 0;
  let files = 0;
  let octets = 0;
  for await (const entries of batches) {
    let rows = "";
    for (const entry of entries) {
      rows += row(entry, page.thumbnails);
      if (entry.kind === "folder") folders++;
      else files++;
      octets += entry.size ?? 0;
    }
    yield rows;
  }
  yield pageTail(
    page,
    `${count(folders, "folder")}, ${count(files, "file")}` +
      (octets > 0 ? `, ${formatBytes(octets)}` : ""),
  );
}

/**
 * Writes the listing as JSON: an array of `{ name, type, size?, modified? }`,
 * `modified` being ISO 8601 in UTC.
 *
 * @param batches The entries, in order.
 * @returns Pieces of JSON.
 */
export async function* writeListingJson(
  batches: AsyncIterable<readonly ListingEntry[]>,
): AsyncGenerator<string> {
  let before = "[\n";
  for await (const entries of batches) {
    let rows = "";
    for (const { name, kind, link, size, modified } of entries) {
      rows += before + JSON.stringify({
        name,
        type: kind,
        link: link || undefined,
        size,
        modified: modified === undefined
          ? undefined
          : new Date(modified).toISOString(),
      });
      before = ",\n";
    }
    yield rows;
  }
  yield before === "[\n" ? "[]\n" : "\n]\n";
}

function pageHead(page: ListingPage): string {
  const title = `Directory listing for ${escape(page.pathname)}`;
  const { styles } = inlineParts(page);
  const base = page.needsBase
    ? `<base href="${encodePathname(page.pathname)}">\n`
    : "";
  const up = page.pathname === page.top
    ? ""
    : `<tr class=up><th class=u><a href="../">../</a><td><td>\n`;
  return `<!doctype html>
<html lang=en>
<meta charset=utf-8>
<meta name=viewport content="width=device-width">
<link rel=icon href=data:,>
<title>${title}</title>
${base}${styles.map((style) => `<style>${style}</style>`).join("\n")}
<h1>${title}</h1>
<header>
<nav aria-label=Breadcrumb><ol>${breadcrumb(page)}</ol></nav>
<input type=search aria-label="Filter by name" placeholder=Filter hidden>
</header>
${page.uploads ? UPLOAD_FORM : ""}<main>
<table>
<thead><tr>${columnHeads(page.order)}</thead>
<tbody>
${up}`;
}

const UPLOAD_FORM = `<form method=post enctype=multipart/form-data>
<input type=file name=file multiple aria-label="Files to upload">
<button>Upload</button> <span role=status>or drop files anywhere</span>
<progress hidden aria-label="Upload progress"></progress>
</form>
`;

function pageTail(page: ListingPage, counts: string): string {
  const { scripts } = inlineParts(page);
  const archives = page.archives.map((format) =>
    `<a href="?archive=${format}">Download .${format}</a>`
  ).join(" ");
  const readme = page.readme === undefined
    ? ""
    : `<article>${page.readme}</article>\n`;
  return `</tbody>
</table>
</main>
<footer><span>${counts}</span><output></output>${archives}</footer>
${readme}${
    scripts.map((script) => `<script type=module>${script}</script>`).join("\n")
  }
`;
}

function breadcrumb({ pathname, top }: ListingPage): string {
  const links = [`<li><a href="${encodePathname(top)}">Home</a>`];
  let path = top;
  for (const segment of pathname.slice(top.length).split("/")) {
    if (segment === "") continue;
    path += segment + "/";
    const here = path === pathname ? " aria-current=page" : "";
    links.push(
      `<li><a href="${encodePathname(path)}"${here}>${escape(segment)}</a>`,
    );
  }
  return links.join("");
}

const COLUMNS: readonly { by: ListingOrder["by"]; label: string }[] = [
  { by: "name", label: "Name" },
  { by: "size", label: "Size" },
  { by: "date", label: "Modified" },
];

function columnHeads(order: ListingOrder): string {
  return COLUMNS.map(({ by, label }) => {
    const current = order.by === by;
    const state = current
      ? ` aria-sort=${order.descending ? "descending" : "ascending"}`
      : "";
    // A first click shows what one looks for: the largest, the latest.
    const next = current ? !order.descending : by !== "name";
    const zone = by === "date" ? " <small>(UTC)</small>" : "";
    return `<th scope=col${state}><a href="?sort=${by}&amp;order=${
      next ? "desc" : "asc"
    }">${label}</a>${zone}`;
  }).join("");
}

function row(entry: ListingEntry, thumbnails: boolean): string {
  const { name, kind, size, modified } = entry;
  const slash = kind === "folder" ? "/" : "";
  // All but unreserved characters are escaped: no "javascript:", no "//".
  const href = encodeURIComponent(name.toWellFormed()) + slash;
  const type = kind === "folder" ? "" : mediaTypeOf(name, {}) ?? "";
  const letter = kind === "folder" ? "d" : iconOf(name, type);
  const picture = thumbnails ? thumbnail(href, letter) : "";
  // A th among td is a row header without saying so; rows are kept short.
  const sizeText = size === undefined ? "" : formatBytes(size);
  return `<tr><th class=${picture === "" ? letter : "p"}>${picture}` +
    `<a href="${href}">${escape(name)}${slash}</a><td>${sizeText}` +
    `<td>${timeOf(modified)}\n`;
}

function thumbnail(href: string, letter: string): string {
  if (letter === "i") return `<img loading=lazy alt="" src="${href}">`;
  if (letter !== "v") return "";
  return `<video preload=none muted src="${href}#t=0.1"></video>`;
}

function timeOf(modified: number | undefined): string {
  if (modified === undefined) return "";
  const text = new Date(modified).toISOString().slice(0, 16);
  return `<time datetime=${text}Z>${text.replace("T", " ")}</time>`;
}

const ICON_OF_TYPE: readonly (readonly [RegExp, string])[] = [
  [/^image\//, "i"],
  [/^video\//, "v"],
  [/^audio\//, "a"],
  [/javascript|json|xml|x-sh|x-python|wasm|text\/(?:html|css|x-)/, "c"],
  [/zip|x-tar|bzip|x-xz|7z|rar|zstd|compress/, "z"],
  [/^text\/|pdf|document|msword|rtf/, "t"],
];

function iconOf(name: string, type: string): string {
  // The registry knows .ts as MPEG only; it is more often TypeScript.
  if (/\.[cm]?tsx?$/i.test(name)) return "c";
  return ICON_OF_TYPE.find(([pattern]) => pattern.test(type))?.[1] ?? "f";
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
