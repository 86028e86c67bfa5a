import type { ByteReader } from "../bytes/byte_reader.ts";
import type { ByteWriter } from "../bytes/byte_writer.ts";
import { ConnectionLost } from "../facts/errors.ts";
import type { RequestBody } from "./request_body.ts";

/**
 * How far the connection is read ahead of the handler to hear of a client that
 * goes away.
 */
const READ_AHEAD = 16_384;

/**
 * Hears of a client that goes away while its request is handled: of a reset by
 * reading ahead, of what comes behind the end of its side by a write that fails.
 * That end itself says nothing: the client may read on (RFC 9112 section 9.6).
 * Who reads the body hears of its end on that way.
 */
export class ClientWatch {
  readonly #gone = new AbortController();
  readonly #writer: ByteWriter;
  #isEnded = false;

  /**
   * Begins to read ahead, for as long as it takes.
   *
   * @param reader The connection's reader.
   * @param writer The connection's writer, whose failure this watch listens for.
   * @param content The body of the request.
   */
  constructor(reader: ByteReader, writer: ByteWriter, content: RequestBody) {
    this.#writer = writer;
    writer.onFailure = (failure) => this.abort(goneBy(failure));
    if (writer.failure !== undefined) writer.onFailure(writer.failure);
    this.#watch(reader, content);
  }

  /** Aborted when the client goes away. */
  get signal(): AbortSignal {
    return this.#gone.signal;
  }

  /** Tells whoever listens that the client is gone. */
  abort(reason: unknown): void {
    this.#gone.abort(reason);
  }

  /** Listens no more: the request is over. */
  end(): void {
    this.#isEnded = true;
    this.#writer.onFailure = undefined;
  }

  async #watch(reader: ByteReader, content: RequestBody): Promise<void> {
    try {
      do {
        if (content.hasBegun || reader.available >= READ_AHEAD) {
          await content.finished;
        }
        if (this.#isEnded) return;
        // Requests ahead of their time: the client is there and will wait.
        if (reader.available >= READ_AHEAD) return;
      } while (await this.#readAhead(reader));
      // The rest of the request cannot come (RFC 9112 section 8).
      if (isCutShort(content, reader)) throw goneBy();
      await content.finished;
    } catch (error) {
      if (!this.#isEnded) this.abort(error);
    }
  }

  async #readAhead(reader: ByteReader): Promise<boolean> {
    try {
      return await reader.readAhead();
    } catch (cause) {
      throw goneBy(cause);
    }
  }
}

/** Of a chunked body only who reads it knows. */
function isCutShort(content: RequestBody, reader: ByteReader): boolean {
  const { remaining } = content;
  return remaining !== Infinity && remaining > reader.available;
}

function goneBy(cause?: unknown): ConnectionLost {
  return new ConnectionLost("The client went away", { cause });
}
