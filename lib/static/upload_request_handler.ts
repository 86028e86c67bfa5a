// A static file handler that also takes files: PUT to a path, POST of a form to
// a folder. A class of its own, so that who serves files only has no verb that
// writes.

import { HttpError } from "../facts/errors.ts";
import { verb } from "../handler/verb.ts";
import { evaluatePreconditions } from "./conditional.ts";
import { encodePathname, isServableName } from "./path.ts";
import { isSameOrigin } from "./same_origin.ts";
import { type Found, lookUp } from "./servable_file.ts";
import { StaticRequestHandler } from "./static_request_handler.ts";
import { receiveFile } from "./upload_file.ts";
import { readUploadForm } from "./upload_form.ts";

/** Octets read from the client at once. */
const PIECE = 64 * 1024;

/**
 * Serves the files of a folder and takes new ones into it: by `PUT` and by the
 * form on the listing, to which files can be dragged. Give it an `access`
 * unless everybody may write.
 *
 * A file appears under its name when it is whole. The server's limit
 * `bodyBytes` bounds a request as a whole, forms of several files included.
 *
 * @example Take a file
 * ```ts
 * import { UploadRequestHandler } from "@verb/http/static";
 * import { HttpServer } from "@verb/http";
 * import { assertEquals } from "@std/assert";
 *
 * const root = await Deno.makeTempDir();
 * const Drop = UploadRequestHandler.with({ root });
 * await using server = new HttpServer({ port: 0 }, Drop);
 * void server.serveForever();
 * const url = `http://127.0.0.1:${server.serverPort}/notes.txt`;
 * const response = await fetch(url, { method: "PUT", body: "first" });
 * assertEquals(response.status, 201);
 * assertEquals(await (await fetch(url)).text(), "first");
 * await Deno.remove(root, { recursive: true });
 * ```
 */
export class UploadRequestHandler extends StaticRequestHandler {
  /** The most octets of one file. */
  maxUploadBytes: number = Infinity;
  /** Whether a file may take the place of one of the same name. */
  overwrite = false;

  /** Takes the body as the file of this path: 201, or 204 where it replaced one. */
  @verb("PUT")
  async put(): Promise<void> {
    if (!await this.#mayWrite()) return;
    // RFC 9110 §14.5: a part of a file must not be taken for the whole.
    if (this.fields.has("content-range")) {
      throw new HttpError(400, "Content-Range is not understood here");
    }
    if (this.fields.has("content-encoding")) {
      throw new HttpError(415, "Content-Encoding is not understood here");
    }
    if (Number(this.fields.get("content-length")) > this.maxUploadBytes) {
      throw new HttpError(413, "File too large");
    }
    const path = this.translatePath(this.pathname);
    if (path === undefined || path.endsWith("/")) {
      throw new HttpError(403, "No file can have this name");
    }
    await this.#requireFolder(path.slice(0, path.lastIndexOf("/") + 1));
    this.#checkPreconditions(await lookUp(path, this, Date.now()));
    const isNew = await receiveFile(path, this.#chunks(), {
      maxBytes: this.maxUploadBytes,
      overwrite: this.overwrite,
    });
    this.fileCache.forget(path);
    this.sendResponse(isNew ? 201 : 204);
    this.endHeaders();
  }

  /** Takes the files of a form into the folder of this path, and leads back to it. */
  @verb("POST")
  async post(): Promise<void> {
    if (!await this.#mayWrite()) return;
    const folder = this.translatePath(this.pathname);
    if (folder === undefined || !folder.endsWith("/")) {
      throw new HttpError(404, "File not found");
    }
    await this.#requireFolder(folder);
    const options = {
      maxBytes: this.maxUploadBytes,
      overwrite: this.overwrite,
    };
    await readUploadForm(
      this.rfile,
      this.fields.get("content-type"),
      async (name, chunks) => {
        if (/[/\\\0]/.test(name) || !isServableName(name, this.pathRules)) {
          throw new HttpError(403, "No file can have this name");
        }
        await receiveFile(folder + name, chunks, options);
        this.fileCache.forget(folder + name);
      },
    );
    this.sendResponse(303);
    this.sendHeader("Location", encodePathname(this.fullPathname));
    this.endHeaders();
  }

  /** The listing shows a form to upload files. */
  protected override get takesUploads(): boolean {
    return true;
  }

  async #mayWrite(): Promise<boolean> {
    if (!await this.admit()) return false;
    if (isSameOrigin(this.fields)) return true;
    throw new HttpError(403, "Pages of other sites may not upload");
  }

  async #requireFolder(path: string): Promise<void> {
    if (await lookUp(path, this, Date.now()) === "folder") return;
    throw new HttpError(409, "There is no such folder");
  }

  /** RFC 9110 §13.1: `If-None-Match: *` writes new files only, If-Match known versions. */
  #checkPreconditions(found: Found): void {
    const { fields } = this;
    const isThere = typeof found === "object";
    if (!isThere && !fields.has("if-match")) return;
    // If-Modified-Since means nothing on PUT (§13.1.3).
    const source = {
      get: (name: string) =>
        name === "if-modified-since" ? undefined : fields.get(name),
    };
    if (isThere && evaluatePreconditions(source, found) === "holds") return;
    throw new HttpError(412);
  }

  async *#chunks(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const chunk = await this.rfile.read(PIECE);
      if (chunk === null) return;
      yield chunk;
    }
  }
}
