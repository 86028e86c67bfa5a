// The settings of the static file handler, each a field with a safe default.

import { HttpRequestHandler } from "../handler/http_request_handler.ts";
import { type Settings, withSettings } from "../handler/with_settings.ts";
import type { Access } from "./access.ts";
import type { ArchiveFormat } from "./archive.ts";
import type { CacheRule } from "./cache_control.ts";
import { EXTENSIONS_MAP } from "./media_type.ts";

/** What can be set on a `StaticRequestHandler`. */
export abstract class StaticSettings extends HttpRequestHandler {
  /** The folder to serve: Python's `directory`. */
  root = ".";
  /** A file to serve as `/` and under its own name, and nothing else; `""` for none. */
  singleFile = "";
  /** Names of files that are served for their folder, the first one there wins. */
  indexPages: readonly string[] = ["index.html", "index.htm"];
  /** Whether a folder without an index page is listed; else it is 404. */
  listing = true;
  /** Whether names that begin with a dot are served and listed; else they are 404 at any depth. */
  dotfiles = false;
  /** Whether symbolic links may lead out of the root. */
  followSymlinks = false;
  /** Media types by lower-case extension, `.js`, that win over the registry's. */
  extensionsMap: Readonly<Record<string, string>> = EXTENSIONS_MAP;
  /** The media type where nobody knows the extension. */
  defaultContentType = "application/octet-stream";
  /** The status of the redirect from a folder to its slash. */
  redirectStatus: 301 | 302 | 307 | 308 = 301;
  /** Whether `/about` is answered with `about.html`. */
  cleanUrls = false;
  /**
   * A page below the root that answers navigations to paths where nothing is,
   * with 200, as one-page applications want it; `""` for none.
   */
  spaPage = "";
  /** A page below the root that is sent with each 404; `""` for none. */
  notFoundPage = "";
  /** Whether `a.js.br`, `a.js.zst` and `a.js.gz` are sent for `a.js` to those who accept them. */
  precompressed = false;
  /** Whether text is compressed (br, gzip) on the way to those who accept it. */
  compress = false;
  /** The Cache-Control of files: one value, or rules of which the first that matches counts. */
  cacheControl: string | readonly CacheRule[] = "";
  /** Whether names with a fingerprint (`app.3f9a2c1b.js`) are cacheable for ever. */
  immutable = false;
  /** Fields for every answer of the handler, errors included, unless it sends them itself. */
  extraHeaders: readonly (readonly [name: string, value: string])[] = [];
  /** The origin that may read answers from its pages, `*` for all, `""` for none. */
  corsOrigin = "";
  /** Whether pages get COOP and COEP, which WebAssembly threads need. */
  crossOriginIsolation = false;
  /** Whether the listing shows pictures and films small. */
  thumbnails = false;
  /** Whether the listing shows the folder's README. */
  readme = false;
  /** The formats in which the listing offers the folder as a whole. */
  archives: readonly ArchiveFormat[] = [];
  /** Who may get in; undefined for everybody. */
  access: Access | undefined = undefined;
  /** Octets of small files kept in memory, in all; 0 for none. */
  cacheBytes = 64 * 1024 * 1024;
  /** Octets of the largest file kept in memory. */
  cacheFileBytes = 256 * 1024;

  /**
   * Makes a subclass with these settings: Python's
   * `partial(Handler, directory=…)`.
   *
   * @example Serve a folder
   * ```ts
   * import { StaticRequestHandler } from "@verb/http/static";
   * import { HttpServer } from "@verb/http";
   * import { assertEquals } from "@std/assert";
   *
   * const Site = StaticRequestHandler.with({ root: "lib", listing: false });
   * await using server = new HttpServer({ port: 0 }, Site);
   * void server.serveForever();
   * const response = await fetch(`http://127.0.0.1:${server.serverPort}/`);
   * assertEquals(response.status, 404);
   * await response.body?.cancel();
   * ```
   *
   * @typeParam Class The class that it is called on.
   * @param settings Values by field name.
   * @returns The subclass.
   * @throws {TypeError} If there is no such setting, or `access` is given and undefined: a guard that was
   * asked for must not be lost on the way. Leave it out to let everybody in.
   */
  static with<
    Class extends new (
      ...args: ConstructorParameters<typeof StaticSettings>
    ) => StaticSettings,
  >(
    this: Class,
    settings: Settings<InstanceType<Class>>,
  ): Class {
    const configured = withSettings(this, settings);
    if ("access" in settings && settings.access === undefined) {
      throw new TypeError("Cannot guard: access is undefined");
    }
    return configured;
  }
}
