// Sends files: chooses the representation, plans the answer and moves the octets.
// Which file a path means is the business of `static_request_handler.ts`.

import { HttpError } from "../facts/errors.ts";
import { unlessRefused } from "./absence.ts";
import { cacheControlOf, IMMUTABLE, isFingerprinted } from "./cache_control.ts";
import { takeCompressor } from "./compressors.ts";
import type { FileCache } from "./file_cache.ts";
import {
  type Content,
  type ContentPlan,
  openContent,
  sendContent,
  sendOctets,
} from "./file_content.ts";
import { type FilePlan, planFile, type PlannedField } from "./file_plan.ts";
import { GuardedHandler } from "./guarded_handler.ts";
import { mediaTypeOf } from "./media_type.ts";
import {
  plainRepresentation,
  type Representation,
  selectRepresentation,
} from "./representation.ts";
import type { PathRules } from "./path.ts";
import type { Confinement } from "./place.ts";
import type { Root } from "./root.ts";
import type { ServableFile } from "./servable_file.ts";
import { isFor, type SharedCache, sharedCacheOf } from "./shared_cache.ts";

/** How often a file that changes under our hands is looked at anew. */
const MAX_ATTEMPTS = 3;

/** A file that was asked for, and how often it was tried to send it. */
interface Sending {
  readonly file: ServableFile;
  /** Fields besides those of the file. */
  readonly fields: readonly PlannedField[];
  readonly now: number;
  readonly attempt: number;
}

/** Sends files with all that HTTP says about them. */
export abstract class FileResponder extends GuardedHandler {
  #shared: SharedCache | undefined;

  /**
   * Tells the media type of a file. May be overridden.
   *
   * @param path The path of the file.
   * @returns A Content-Type.
   */
  guessType(path: string): string {
    return mediaTypeOf(path, this.extensionsMap) ?? this.defaultContentType;
  }

  /**
   * Sends a file below the root, by the request's preconditions and Range, or
   * 404.
   *
   * @param path The path of the file.
   * @param fields Further fields, as `Content-Disposition`; not for 412, 416
   * and 404.
   */
  async sendFile(
    path: string,
    fields: readonly PlannedField[] = [],
  ): Promise<void> {
    const now = Date.now();
    const found = await this.fileCache.find(path, now);
    if (typeof found !== "object") return await this.sendNotFound();
    await this.#send({ file: found, fields, now, attempt: 1 });
  }

  /** Sends 404, with the page of `notFoundPage` if there is one. May be overridden. */
  async sendNotFound(): Promise<void> {
    const path = `${this.root}/${this.notFoundPage}`;
    const page = this.notFoundPage === ""
      ? undefined
      : await this.fileCache.find(path, Date.now());
    const octets = typeof page === "object"
      ? await unlessRefused(() => this.fileCache.body(page))
      : undefined;
    if (octets === undefined) {
      await this.sendError(404, "File not found");
      return;
    }
    this.sendResponse(404);
    this.sendHeader("Content-Type", this.guessType(path));
    this.sendHeader("Content-Length", String(octets.length));
    this.endHeaders();
    await this.wfile.write(octets);
  }

  /** Where files may lie, and which of them are run instead of sent. */
  protected get confinement(): Confinement {
    const { root, singleFile, followSymlinks, programGuard: programs } = this;
    return { root: singleFile || root, followSymlinks, programs };
  }

  /** What was found on disk lately; shared by instances of the same settings. */
  protected get fileCache(): FileCache {
    const settings = {
      confinement: this.confinement,
      rules: this.pathRules,
      options: {
        maxBytes: this.cacheBytes,
        maxFileBytes: this.cacheFileBytes,
      },
    };
    if (this.#shared === undefined || !isFor(this.#shared, settings)) {
      this.#shared = sharedCacheOf(this.constructor, settings);
    }
    return this.#shared.cache;
  }

  /**
   * The files below `root`, and the one way to them that no symbolic link leads
   * astray. A path that `translatePath()` gives is but a text: give it to this,
   * never to `Deno.open()`.
   */
  protected get files(): Root {
    return this.fileCache.root;
  }

  /** Which names may be served. */
  protected get pathRules(): PathRules {
    return {
      dotfiles: this.dotfiles,
      windows: Deno.build.os === "windows",
    };
  }

  /** Whether what lies compressed beside a file is sent for it. */
  protected get sendsSiblings(): boolean {
    return this.precompressed;
  }

  /**
   * Sends a file that was found.
   *
   * @param file The file.
   * @param now Milliseconds since 1970.
   * @returns A promise where the disk is needed.
   */
  protected sendFound(file: ServableFile, now: number): void | Promise<void> {
    return this.#send({ file, fields: [], now, attempt: 1 });
  }

  #send(sending: Sending): void | Promise<void> {
    const { file } = sending;
    const type = this.guessType(file.path);
    if (this.sendsSiblings || this.compress) {
      return this.#negotiate(sending, type);
    }
    const plain = plainRepresentation(file, type, false);
    return this.#sendRepresentation(sending, plain);
  }

  async #negotiate(sending: Sending, type: string): Promise<void> {
    const { file, now, attempt } = sending;
    const chosen = await selectRepresentation(file, type, this.fileCache, {
      acceptEncoding: this.fields.get("accept-encoding"),
      hasRange: this.fields.has("range"),
      // It may be the sibling that could not be opened.
      precompressed: this.sendsSiblings && attempt === 1,
      compress: this.compress,
      now,
    });
    if (!this.#needsCompressor(chosen)) {
      return await this.#sendRepresentation(sending, chosen);
    }
    using place = takeCompressor();
    const plain = plainRepresentation(file, type, true);
    const isBusy = place === undefined;
    await this.#sendRepresentation(sending, isBusy ? plain : chosen);
  }

  #needsCompressor({ file, streamCoding }: Representation): boolean {
    return streamCoding !== undefined &&
      this.fileCache.encodedBody(file, streamCoding) === undefined;
  }

  #sendRepresentation(
    sending: Sending,
    representation: Representation,
  ): void | Promise<void> {
    const { file, streamCoding } = representation;
    const plan = planFile(representation, {
      method: this.command,
      fields: this.fields,
      cacheControl: this.#cacheControlOf(sending.file),
      now: sending.now,
    });
    if (plan.kind === "error") {
      return this.sendError(plan.status, undefined, undefined, plan.fields);
    }
    const { fields } = sending;
    if (plan.kind === "not modified") return this.#sendHead(plan, fields);
    const kept = this.fileCache.encodedBody(file, streamCoding ?? "");
    if (kept === undefined) {
      return this.#sendOpened(sending, representation, plan);
    }
    if (this.command === "HEAD") return this.#sendHeadOnly(plan, fields);
    this.#sendHead(plan, fields, streamCoding && kept.length);
    return sendOctets(kept, plan, this.wfile);
  }

  /** The file's own name tells its fingerprint: the path may lead to a fallback. */
  #cacheControlOf(file: ServableFile): string | undefined {
    return this.immutable && isFingerprinted(file.path)
      ? IMMUTABLE
      : cacheControlOf(this.pathname, this.cacheControl);
  }

  async #sendOpened(
    sending: Sending,
    representation: Representation,
    plan: ContentPlan,
  ): Promise<void> {
    const { streamCoding } = representation;
    const content = await this.#open(sending, representation);
    if (content === undefined) {
      return await this.#sendAnew(sending, representation.file);
    }
    try {
      if (this.command === "HEAD") {
        return await this.#sendHeadOnly(plan, sending.fields);
      }
      const isEncoded = streamCoding && content instanceof Uint8Array;
      const length = isEncoded ? content.length : undefined;
      this.#sendHead(plan, sending.fields, length);
      await sendContent(content, plan, streamCoding, this.wfile);
    } finally {
      if (!(content instanceof Uint8Array)) content.close();
    }
  }

  /** A file that may not be read is 403, its sibling is done without; the log says why. */
  async #open(
    { file }: Sending,
    representation: Representation,
  ): Promise<Content | undefined> {
    try {
      return await openContent(representation, this.fileCache, this.command);
    } catch (error) {
      if (!(error instanceof HttpError)) throw error;
      this.logProblem(`${error.cause}`, error.cause);
      if (representation.file !== file) return undefined;
      throw error;
    }
  }

  /** The file, or its compressed sibling, could not be opened as what it was. */
  async #sendAnew(
    { file, fields, now, attempt }: Sending,
    lost: ServableFile,
  ): Promise<void> {
    this.fileCache.forget(lost.path);
    if (attempt >= MAX_ATTEMPTS) {
      throw new HttpError(503, "The file keeps changing", {
        headers: [["Retry-After", "1"]],
      });
    }
    const found = await this.fileCache.find(file.path, now);
    if (typeof found !== "object") return await this.sendNotFound();
    await this.#send({ file: found, fields, now, attempt: attempt + 1 });
  }

  /** The length is given where the plan could not know it: of what was encoded here. */
  #sendHead(
    plan: Exclude<FilePlan, { kind: "error" }>,
    fields: readonly PlannedField[],
    length?: number,
  ): void {
    this.sendResponse(plan.status);
    for (const [name, value] of plan.fields) this.sendHeader(name, value);
    for (const [name, value] of fields) this.sendHeader(name, value);
    if (length !== undefined) this.sendHeader("Content-Length", `${length}`);
    this.endHeaders();
  }

  /** Without a declared length the head must not be taken for that of an empty body. */
  #sendHeadOnly(
    plan: ContentPlan,
    fields: readonly PlannedField[],
  ): void | Promise<void> {
    this.#sendHead(plan, fields);
    const isSized = plan.fields.some(([name]) => name === "Content-Length");
    return isSized ? undefined : this.wfile.flush();
  }
}
