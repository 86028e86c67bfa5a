// The listing as a page and as JSON, written piece by piece from batches of
// entries. Every name is data from strangers: it goes into text and attributes
// escaped, and into links percent-encoded whole, so that no name is a scheme,
// an authority or markup.

import { format as formatBytes } from "@std/fmt/bytes";
import { escape } from "@std/html";
import { encodePathname } from "../protocol/target.ts";
import type { ListingEntry, ListingOrder } from "./listing.ts";
import { BROKEN_SCRIPT, SCRIPT, THUMBNAIL_SCRIPT } from "./listing_script.ts";
import { EXTRA_STYLE, STYLE, UPLOAD_STYLE } from "./listing_style.ts";
import { EXTENSIONS_MAP, mediaTypeOf } from "./media_type.ts";
import { UPLOAD_FORM, UPLOAD_SCRIPT } from "./upload_script.ts";

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
  const styles = [STYLE];
  const scripts = [SCRIPT];
  if (thumbnails) scripts.push(BROKEN_SCRIPT, THUMBNAIL_SCRIPT);
  if (thumbnails || readme !== undefined) styles.push(EXTRA_STYLE);
  if (uploads) {
    styles.push(UPLOAD_STYLE);
    scripts.push(UPLOAD_SCRIPT);
  }
  return { styles, scripts };
}

/** Rows that make a group of the same height as other groups. */
const WORTH_SKIPPING = 100;

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
    // The browser skips what is out of sight: a group must be worth a guess of
    // its height.
    let rows = entries.length < WORTH_SKIPPING
      ? "<tbody>\n"
      : "<tbody class=g>\n";
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
    : "<tbody class=up>\n<tr><th class=u><a href=../>../</a><td><td>\n";
  const broken = page.thumbnails ? `<script>${BROKEN_SCRIPT}</script>\n` : "";
  return `<!doctype html>
<html lang=en>
<meta charset=utf-8>
<meta name=viewport content="width=device-width">
<link rel=icon href=data:,>
<title>${title}</title>
${base}${styles.map((style) => `<style>${style}</style>`).join("\n")}
${broken}<header>
<nav aria-label=Breadcrumb><ol>${breadcrumb(page)}</ol></nav>
<div role=search><input type=search aria-label="Filter by name" placeholder=Filter hidden><output></output></div>
</header>
<main>
<h1>${title}</h1>
${page.uploads ? UPLOAD_FORM : ""}<table${page.thumbnails ? " class=w" : ""}>
<thead><tr>${columnHeads(page.order)}</thead>
${up}`;
}

function pageTail(page: ListingPage, counts: string): string {
  const archives = page.archives.map((format) =>
    `<a href="?archive=${format}">Download .${format}</a>`
  ).join(" ");
  const readme = page.readme === undefined
    ? ""
    : `<article>${page.readme}</article>\n`;
  const scripts = inlineParts(page).scripts
    .filter((script) => script !== BROKEN_SCRIPT)
    .map((script) => `<script type=module>${script}</script>\n`);
  return `</table>
${readme}</main>
<footer><span>${counts}</span>${archives}</footer>
${scripts.join("")}`;
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
  const href = linkOf(name) + slash;
  const icon = kind === "folder" ? "d" : iconOf(name);
  const picture = thumbnails ? thumbnail(href, icon) : "";
  const classes = picture === ""
    ? icon && ` class=${icon}`
    : ` class="p ${icon}"`;
  // A th among td is a row header without saying so; rows are kept short.
  return `<tr><th${classes}>${picture}` +
    `<a href=${href}>${escape(name)}${slash}</a>` +
    `<td>${size === undefined ? "" : formatBytes(size)}` +
    `<td>${timeOf(modified)}\n`;
}

/**
 * All but unreserved characters are escaped: no "javascript:", no "//", and
 * nothing that ends an attribute without quotes.
 */
function linkOf(name: string): string {
  return encodeURIComponent(name.toWellFormed()).replaceAll("'", "%27");
}

function thumbnail(href: string, icon: string): string {
  if (icon === "i") return `<img loading=lazy alt="" src=${href}>`;
  if (icon !== "v") return "";
  return `<video preload=none muted src=${href}#t=0.1></video>`;
}

function timeOf(modified: number | undefined): string {
  if (modified === undefined) return "";
  const minutes = Math.floor(modified / 60_000);
  const day = Math.floor(minutes / DAY);
  const minute = minutes - day * DAY;
  return `${dayText(day)} ${twoDigits(Math.floor(minute / 60))}:` +
    twoDigits(minute % 60);
}

/** Minutes. */
const DAY = 24 * 60;

/** Files of one folder are often of one day, and a `Date` costs a microsecond. */
let lastDay = 0;
let lastDayText = "1970-01-01";

function dayText(day: number): string {
  if (day !== lastDay) {
    lastDayText = new Date(day * DAY * 60_000).toISOString().split("T", 1)[0] ??
      "";
    lastDay = day;
  }
  return lastDayText;
}

function twoDigits(number: number): string {
  return number < 10 ? `0${number}` : `${number}`;
}

const ICON_OF_TYPE: readonly (readonly [RegExp, string])[] = [
  [/^image\//, "i"],
  [/^video\//, "v"],
  [/^audio\//, "a"],
  [/[/+](?:json|xml)|script|x-sh|wasm|text\/(?:html|css|[jt]sx|x-)/, "c"],
  [/zip|x-tar|bzip|x-xz|7z|rar|zstd|compress/, "z"],
];

/** The class of the icon; empty for that of any file. */
function iconOf(name: string): string {
  const type = mediaTypeOf(name, EXTENSIONS_MAP) ?? "";
  return ICON_OF_TYPE.find(([pattern]) => pattern.test(type))?.[1] ?? "";
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
