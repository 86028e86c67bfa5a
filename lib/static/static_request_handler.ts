// Serves the files of a folder. This file holds the order of things: what a
// path means, and what is sent for it; how that is done is in the files beside.

import { basename } from "@std/path";

import { HttpError } from "../facts/errors.ts";
import { probeOf } from "../handler/probe.ts";
import { requireThere } from "../handler/served_paths.ts";
import { verb } from "../handler/verb.ts";
import { encodePathname, splitTarget } from "../protocol/target.ts";
import { unlessRefused } from "./absence.ts";
import { acceptsPage } from "./accept.ts";
import {
  archiveFields,
  type ArchiveFormat,
  packFolder,
  parseArchiveFormat,
} from "./archive.ts";
import { FileResponder } from "./file_responder.ts";
import { sendListing } from "./folder_listing.ts";
import { parseOrder } from "./listing.ts";
import { extensionOf, mediaTypeOf } from "./media_type.ts";
import { filePathOf } from "./path.ts";
import { Place } from "./place.ts";
import { README_NAMES, renderReadme } from "./readme.ts";

/**
 * Serves the files of a folder: Python's `SimpleHTTPRequestHandler`, with
 * ranges, preconditions and a listing one can sort.
 *
 * - Settings: the fields of {@linkcode StaticSettings}.
 * - To use: `sendFile`, `sendNotFound`, and `files`, the one safe way to a path.
 * - Methods to override: `translatePath`, `guessType`, `listDirectory`,
 *   `sendNotFound`.
 *
 * @example Serve a folder below a prefix
 * ```ts
 * import { StaticRequestHandler } from "@verb/http/static";
 * import { HttpServer } from "@verb/http";
 * import { assertEquals } from "@std/assert";
 *
 * class Sources extends StaticRequestHandler.with({ root: "lib" }) {
 *   static override prefix = "/sources";
 * }
 *
 * await using server = new HttpServer({ port: 0 }, Sources);
 * void server.serveForever();
 * const response = await fetch(
 *   `http://127.0.0.1:${server.serverPort}/sources/handler/verb.ts`,
 *   { headers: { Range: "bytes=0-1" } },
 * );
 * assertEquals(response.status, 206);
 * assertEquals(await response.text(), "//");
 * ```
 */
export class StaticRequestHandler extends FileResponder {
  #variesByAccept = false;

  /**
   * Makes sure that `root`, or `singleFile`, is there: called when a server is
   * made of the class. May be overridden where it comes to be later.
   *
   * @throws {TypeError} If it is not there. Where Deno may not read it, the first
   * request fails instead.
   */
  static checkSettings(): void {
    requireThere(this.name, probeOf(this));
  }

  /** Answers GET, and HEAD with the same head. */
  @verb("GET")
  get(): void | Promise<void> {
    const path = this.translatePath(this.pathname);
    if (path === undefined) return this.#serveMissing();
    const now = Date.now();
    // What is asked for all the time is answered without a turn of the loop.
    const hot = this.fileCache.peek(this.#likelyFile(path), now);
    return hot === undefined ? this.#find(path, now) : this.sendFound(hot, now);
  }

  /**
   * Maps a path of the request to a path of the file system, by text alone. May
   * be overridden; what is returned must still lie below `root`.
   *
   * @param pathname The canonical path below the prefix.
   * @returns The path, with the slash at its end if there was one; undefined
   * for what must not be served.
   */
  translatePath(pathname: string): string | undefined {
    if (this.singleFile !== "") {
      const name = basename(this.singleFile);
      const isIt = pathname === "/" || pathname === `/${name}`;
      return isIt ? this.singleFile : undefined;
    }
    return filePathOf(this.root, pathname, this.pathRules);
  }

  /**
   * Sends the listing of a folder, as a page or, to those who prefer it, as
   * JSON. May be overridden.
   *
   * @param path The path of the folder, with a slash at its end.
   * @throws {HttpError} 404 if the folder may not be read.
   */
  async listDirectory(path: string): Promise<void> {
    const rawPath = this.path.split("?", 1)[0] ?? "";
    const pathname = this.fullPathname;
    const page = {
      pathname,
      top: pathname.slice(0, pathname.length - this.pathname.length + 1),
      needsBase: !rawPath.endsWith("/"),
      order: parseOrder(this.query),
      thumbnails: this.thumbnails,
      uploads: this.takesUploads,
      archives: this.archives,
      readme: this.readme ? await this.#renderReadme(path) : undefined,
    };
    const { files } = this;
    using folder = await Place.at(path, files);
    if (folder === undefined) throw new HttpError(404, "File not found");
    const source = { folder, shows: files.shows, confinement: files };
    await sendListing(this, source, page, {
      accept: this.fields.get("accept"),
      acceptEncoding: this.fields.get("accept-encoding"),
      compress: this.compress,
    });
  }

  /** Ends the head of a response. */
  override endHeaders(): void {
    if (this.#variesByAccept) this.sendHeader("Vary", "Accept");
    super.endHeaders();
  }

  /** The canonical path with the prefix, as the client knows it. */
  protected get fullPathname(): string {
    return splitTarget(this.path).pathname;
  }

  /** Whether the listing shows a form to upload files. */
  protected get takesUploads(): boolean {
    return false;
  }

  /** A folder is mostly asked for its first index page. */
  #likelyFile(path: string): string {
    const [index] = this.indexPages;
    const isFolder = path.endsWith("/") && this.fullPathname.endsWith("/");
    return isFolder && index !== undefined ? path + index : path;
  }

  async #find(path: string, now: number): Promise<void> {
    const found = await this.fileCache.find(path, now);
    if (typeof found === "object") return await this.sendFound(found, now);
    if (this.cleanUrls && !path.endsWith("/")) {
      const page = await this.fileCache.find(`${path}.html`, now);
      if (typeof page === "object") return await this.sendFound(page, now);
    }
    if (found === undefined) return await this.#serveMissing();
    if (!this.fullPathname.endsWith("/")) return this.#redirectToSlash();
    await this.#serveFolder(path, now);
  }

  async #serveFolder(path: string, now: number): Promise<void> {
    for (const name of this.indexPages) {
      const index = await this.fileCache.find(path + name, now);
      if (typeof index === "object") return await this.sendFound(index, now);
    }
    const format = parseArchiveFormat(this.query);
    if (format !== undefined && this.archives.includes(format)) {
      return await this.#sendArchive(path, format);
    }
    if (this.listing) await this.listDirectory(path);
    else await this.#serveMissing();
  }

  async #serveMissing(): Promise<void> {
    if (this.spaPage === "") return await this.sendNotFound();
    if (!this.#isNavigation) return await this.#sendNoPage();
    // To who does not want a page this path is 404.
    await this.sendFile(`${this.root}/${this.spaPage}`, [["Vary", "Accept"]]);
  }

  /** A cache that keeps this 404 must not give it to who wants the page. */
  async #sendNoPage(): Promise<void> {
    this.#variesByAccept = true;
    try {
      await this.sendNotFound();
    } finally {
      this.#variesByAccept = false;
    }
  }

  /** A missing script must stay an error: only pages are navigated to. */
  get #isNavigation(): boolean {
    const extension = extensionOf(this.pathname);
    const isAsset = extension !== "" && extension !== ".html" &&
      mediaTypeOf(this.pathname, this.extensionsMap) !== undefined;
    return !isAsset && acceptsPage(this.fields.get("accept"));
  }

  #redirectToSlash(): void {
    const query = this.query === "" ? "" : `?${this.query}`;
    this.sendResponse(this.redirectStatus);
    // The canonical path begins with one slash, and a backslash is escaped:
    // no spelling of a path leads to another host.
    this.sendHeader(
      "Location",
      `${encodePathname(this.fullPathname)}/${query}`,
    );
    this.endHeaders();
  }

  async #sendArchive(path: string, format: ArchiveFormat): Promise<void> {
    const name = this.fullPathname.split("/").at(-2) || "files";
    this.sendResponse(200);
    for (const [field, value] of archiveFields(format, name)) {
      this.sendHeader(field, value);
    }
    this.endHeaders();
    if (this.command === "HEAD") return await this.wfile.flush();
    for await (const piece of packFolder(format, this.files, path)) {
      await this.wfile.write(piece);
    }
  }

  async #renderReadme(path: string): Promise<string | undefined> {
    for (const name of README_NAMES) {
      const found = await this.fileCache.find(path + name, Date.now());
      if (typeof found !== "object") continue;
      const octets = await unlessRefused(() => this.fileCache.body(found));
      return octets && await renderReadme(name, octets);
    }
    return undefined;
  }
}
