// A static file handler that also takes files: PUT to a path, POST of a form to
// a folder. A class of its own, so that who serves files only has no verb that
// writes.

import { resolve } from "@std/path";
import { HttpError } from "../facts/errors.ts";
import { evaluatePreconditions } from "../facts/preconditions.ts";
import { tryToLog } from "../handler/error_report.ts";
import { probeOf } from "../handler/probe.ts";
import type { UploadPlace } from "../handler/upload_check.ts";
import { verb } from "../handler/verb.ts";
import { parseBoundary } from "../protocol/multipart_head.ts";
import { MultipartReader } from "../protocol/multipart_reader.ts";
import { encodePathname } from "../protocol/target.ts";
import { prefersJson } from "./accept.ts";
import { isServableName } from "./path.ts";
import { isPortableName } from "./portable_name.ts";
import { senderOf } from "./same_origin.ts";
import type { Found } from "./servable_file.ts";
import { StaticRequestHandler } from "./static_request_handler.ts";
import { type FormOutcome, receiveForm } from "./upload_form.ts";
import { summarize, writeReportPage } from "./upload_report.ts";

/** Bytes read from the client at once. */
const PIECE = 64 * 1024;

/** Whatever a name may be taken for, the page of a report runs and fetches nothing. */
const REPORT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

/**
 * Serves the files of a folder and takes new ones into it: by `PUT` and by the
 * form on the listing, to which files can be dragged. Give it an `access`
 * unless everybody may write.
 *
 * Unless `overwrite`, compressed siblings are not sent (`precompressed`): whoever
 * uploads one would replace what is read of a file.
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
  /**
   * Whether a guard of your own, an overridden `dispatch` for instance, decides
   * who may upload. A server on which programs run in the same folder wants one,
   * or an `access` that names users.
   */
  hasOwnGuard = false;

  /** Where uploads go, and whether they are guarded: the server asks as it starts. */
  static uploadPlace(): UploadPlace {
    const { root, access, hasOwnGuard } = probeOf(this);
    return {
      folder: realPathOf(resolve(root)),
      isGuarded: hasOwnGuard || access?.asksForUser === true,
    };
  }

  /** Takes the body as the file of this path: 201, or 204 where it replaced one. */
  @verb("PUT")
  async put(): Promise<void> {
    this.#requireOwnPage();
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
    if (path === undefined) throw badName();
    const nameStart = path.lastIndexOf("/") + 1;
    this.#requireName(path.slice(nameStart));
    await this.#requireFolder(path.slice(0, nameStart));
    this.#checkPreconditions(await this.files.find(path));
    const isNew = await this.#receive(path, this.#chunks());
    this.sendResponse(isNew ? 201 : 204);
    this.endHeaders();
  }

  /**
   * Takes the files of a form into the folder of this path. Where all were
   * stored it leads back to the folder, unless JSON is preferred; else it says
   * of each file what became of it.
   */
  @verb("POST")
  async post(): Promise<void> {
    this.#requireOwnPage();
    const folder = this.translatePath(this.pathname);
    if (folder === undefined || !folder.endsWith("/")) {
      throw new HttpError(404, "File not found");
    }
    await this.#requireFolder(folder);
    const boundary = parseBoundary(this.fields.get("content-type"));
    const { limits } = this.server;
    const outcome = await receiveForm(
      new MultipartReader(this.rfile, boundary, limits),
      async (name, chunks) => {
        this.#requireName(name);
        await this.#receive(folder + name, chunks);
      },
      (error) => this.server.handleError(error, this.clientAddress),
    );
    if (outcome.files.length === 0) {
      throw new HttpError(400, "The form has no file");
    }
    await this.#sendOutcome(outcome);
  }

  /**
   * Makes a folder of this path: 201 (RFC 4918 §9.3). The page sends what is in a
   * folder that was dropped on it after the folder itself.
   */
  @verb("MKCOL")
  async makeFolder(): Promise<void> {
    this.#requireOwnPage();
    const path = this.translatePath(this.pathname)?.replace(/\/$/, "");
    if (path === undefined) throw badName();
    if (await this.rfile.read(1) !== null) {
      throw new HttpError(415, "A folder is made without a body");
    }
    const nameStart = path.lastIndexOf("/") + 1;
    this.#requireName(path.slice(nameStart));
    await this.#requireFolder(path.slice(0, nameStart));
    if (await this.#isTaken(path)) {
      throw new HttpError(405, "Something of this name is there", {
        headers: [["Allow", "GET, HEAD, OPTIONS, POST, PUT"]],
      });
    }
    await this.files.mkdir(path);
    this.sendResponse(201);
    this.endHeaders();
  }

  /** The listing shows a form to upload files. */
  protected override get takesUploads(): boolean {
    return true;
  }

  /**
   * Who may not replace `a.txt` may upload `a.txt.gz`, which would be sent in its
   * place. Even before there is an `a.txt`: its time may be an earlier one.
   */
  protected override get sendsSiblings(): boolean {
    return this.overwrite && super.sendsSiblings;
  }

  /** A page of another site could send what its user has credentials for. */
  #requireOwnPage(): void {
    const sender = senderOf(this.fields, this.server);
    if (sender === "own page or none") return;
    throw sender === "other site"
      ? new HttpError(403, "Pages of other sites may not upload")
      : new HttpError(421, "The server is not known by this name");
  }

  #requireName(name: string): void {
    if (!isServableName(name, this.pathRules) || !isPortableName(name)) {
      throw badName();
    }
  }

  async #requireFolder(path: string): Promise<void> {
    if (!await this.files.isFolder(path)) throw noFolder();
  }

  async #isTaken(path: string): Promise<boolean> {
    return await this.files.isFolder(path) ||
      await this.files.find(path) !== undefined;
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

  /** Stores a file; true when it is a new one. */
  async #receive(
    path: string,
    chunks: AsyncIterable<Uint8Array>,
  ): Promise<boolean> {
    try {
      return await this.files.write(path, chunks, {
        maxBytes: this.maxUploadBytes,
        overwrite: this.overwrite,
      });
    } finally {
      this.fileCache.forget(path);
    }
  }

  async #sendOutcome(outcome: FormOutcome): Promise<void> {
    const folder = encodePathname(this.fullPathname);
    const report = summarize(outcome);
    const asJson = prefersJson(this.fields.get("accept"));
    if (report.status === 200 && !asJson) {
      this.sendResponse(303);
      this.sendHeader("Location", folder);
      this.endHeaders();
      return;
    }
    const { status, message } = report;
    if (status !== 200) {
      tryToLog(this, () => this.logError(`code ${status}, message ${message}`));
    }
    this.sendResponse(status);
    this.sendHeader("Vary", "Accept");
    this.sendHeader("X-Content-Type-Options", "nosniff");
    if (asJson) {
      this.sendHeader("Content-Type", "application/json; charset=utf-8");
      this.endHeaders();
      await this.wfile.write(JSON.stringify(report));
      return;
    }
    this.sendHeader("Content-Type", "text/html; charset=utf-8");
    this.sendHeader("Content-Security-Policy", REPORT_POLICY);
    this.endHeaders();
    await writeReportPage(report, folder, this.wfile);
  }

  async *#chunks(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const chunk = await this.rfile.read(PIECE);
      if (chunk === null) return;
      yield chunk;
    }
  }
}

function badName(): HttpError {
  return new HttpError(403, "No file can have this name");
}

function noFolder(): HttpError {
  return new HttpError(409, "There is no such folder");
}

/** A folder that is not there yet is taken as it is. */
function realPathOf(path: string): string {
  try {
    return Deno.realPathSync(path);
  } catch {
    return path;
  }
}
