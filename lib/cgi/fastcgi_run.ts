// One request to a FastCGI application in the role Responder (§6.2): the
// meta-variables and the body out, standard output and standard error in.

import { joined } from "../bytes/octets.ts";
import {
  decodeEnd,
  encodeBegin,
  encodePairs,
  encodePart,
  encodeStream,
  type EndOfRequest,
  type FastCgiRecord,
  PROTOCOL_STATUS,
  RECORD_TYPE,
} from "./fastcgi_record.ts";
import type { Lease } from "./fastcgi_pool.ts";
import { type Outcome, ProgramError, type ProgramRun } from "./program_run.ts";
import { StderrLines } from "./stderr_lines.ts";

const EMPTY = new Uint8Array(0);

/** What the application is asked. */
export interface FastCgiRequest {
  /** The meta-variables. */
  readonly params: Record<string, string>;
  /** Whether there is a request body. */
  readonly hasBody: boolean;
  /** Takes each line of standard error. */
  readonly onStderr: (line: string) => void;
}

/** A request under way. */
export class FastCgiRun implements ProgramRun {
  readonly #lease: Lease;
  readonly #request: FastCgiRequest;
  readonly #lines: StderrLines;
  #requestId = 0;
  #started: Promise<unknown> = Promise.resolve();
  #inputOpen: boolean;
  #answered = false;
  #ended = false;
  #appStatus = 0;
  #stopped = false;

  /** Uses the leased connection; call `start` next. */
  constructor(lease: Lease, request: FastCgiRequest) {
    this.#lease = lease;
    this.#request = request;
    this.#lines = new StderrLines(request.onStderr);
    this.#inputOpen = request.hasBody;
  }

  /**
   * Sends what is known at the start: all but the body. Nobody waits for it, for
   * an application that does not read may never take it.
   */
  start(): void {
    const { params, hasBody } = this.#request;
    const { connection } = this.#lease;
    const id = this.#requestId = connection.requestId;
    const parts = [
      encodeBegin(id, true),
      encodeStream(RECORD_TYPE.params, id, encodePairs(params)),
    ];
    if (!hasBody) parts.push(encodeStream(RECORD_TYPE.stdin, id, EMPTY));
    this.#started = connection.write(joined(parts));
  }

  /**
   * Resolves to the next octets of standard output, `null` at its end.
   *
   * @throws {ProgramError} If the application refuses or breaks off: 503 if
   *   it is overloaded.
   */
  async read(): Promise<Uint8Array | null> {
    while (!this.#ended && !this.#stopped) {
      const record = await this.#nextRecord();
      if (record === null) {
        if (this.#stopped) break;
        throw new ProgramError("Cannot read on: the application closed");
      }
      const output = this.#accept(record);
      if (output !== undefined) return output;
    }
    return null;
  }

  /** Sends octets of the body; `false` once the application is done. */
  async write(octets: Uint8Array): Promise<boolean> {
    if (!this.#inputOpen || this.#ended || this.#stopped) return false;
    await this.#started;
    const part = encodePart(RECORD_TYPE.stdin, this.#requestId, octets);
    return await this.#lease.connection.write(part);
  }

  /** Sends the end of the body. */
  async closeInput(): Promise<void> {
    if (!this.#inputOpen || this.#stopped) return;
    await this.#started;
    const end = encodeStream(RECORD_TYPE.stdin, this.#requestId, EMPTY);
    if (await this.#lease.connection.write(end)) this.#inputOpen = false;
  }

  /**
   * Closes the connection. ABORT_REQUEST would keep it, but applications
   * attend to it only between their writes, if at all.
   */
  stop(): void {
    this.#stopped = true;
    this.#lease.connection.close();
  }

  /** Resolves to the exit status that the application reports. */
  outcome(): Promise<Outcome> {
    return Promise.resolve({ code: this.#appStatus, signal: null });
  }

  /** Gives the connection back, to be used again if the request is over. */
  [Symbol.asyncDispose](): Promise<void> {
    const isOver = this.#ended && !this.#inputOpen && !this.#stopped &&
      this.#lease.connection.isDrained;
    this.#lease.release(isOver);
    // Last, for the log may throw.
    this.#lines.end();
    return Promise.resolve();
  }

  /** Takes a record in; what it adds to standard output, if it does. */
  #accept(record: FastCgiRecord): Uint8Array | undefined {
    if (record.requestId !== this.#requestId) return undefined;
    switch (record.type) {
      case RECORD_TYPE.stdout:
        return record.content.length > 0 ? record.content : undefined;
      case RECORD_TYPE.stderr:
        this.#lines.push(record.content);
        return undefined;
      case RECORD_TYPE.endRequest:
        this.#end(decodeEnd(record.content));
        return undefined;
      default:
        return undefined;
    }
  }

  #end(end: EndOfRequest | undefined): void {
    this.#ended = true;
    this.#appStatus = end?.appStatus ?? 0;
    switch (end?.protocolStatus) {
      case PROTOCOL_STATUS.requestComplete:
        return;
      case PROTOCOL_STATUS.overloaded:
      case PROTOCOL_STATUS.cannotMultiplex:
        throw new ProgramError("Cannot answer: the application is overloaded", {
          status: 503,
        });
      default:
        throw new ProgramError("Cannot answer: the application refuses");
    }
  }

  /**
   * An application may close an idle connection just when a request is sent
   * on it. Without a body nothing is lost: the request goes out once more.
   */
  async #nextRecord(): Promise<FastCgiRecord | null> {
    const record = await this.#receive();
    if (record !== null || this.#stopped) return record;
    const { connection } = this.#lease;
    if (!connection.isReused || this.#answered || this.#request.hasBody) {
      return null;
    }
    await this.#lease.renew();
    if (this.#stopped) return null;
    this.start();
    return await this.#receive();
  }

  async #receive(): Promise<FastCgiRecord | null> {
    try {
      const record = await this.#lease.connection.nextRecord();
      this.#answered ||= record !== null;
      return record;
    } catch (error) {
      throw new ProgramError("Cannot read on", { cause: error });
    }
  }
}
