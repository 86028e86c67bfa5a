import type { ByteReader } from "../bytes/byte_reader.ts";
import { ConnectionLost } from "../facts/errors.ts";
import type { RequestBody } from "./request_body.ts";

/**
 * How far the connection is read ahead of the handler to hear of a client that
 * goes away.
 */
const READ_AHEAD = 16_384;

/**
 * Hears of a client that goes away while its request is handled, by reading
 * ahead: there is no other way. Who reads the body hears of it on that way.
 */
export class ClientWatch {
  readonly #gone = new AbortController();
  #isEnded = false;

  /**
   * Begins to read ahead.
   *
   * @param reader The connection's reader.
   * @param content The body of the request.
   */
  constructor(reader: ByteReader, content: RequestBody) {
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

  /** Reads ahead no more: the request is over. */
  end(): void {
    this.#isEnded = true;
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
      } while (await reader.fill());
      throw new ConnectionLost("The client went away");
    } catch (error) {
      if (!this.#isEnded) this.abort(error);
    }
  }
}
