import {
  DONE,
  requireChunk,
  writableTo,
  type Writer,
} from "../bytes/stream.ts";
import { lateWrite } from "./late_error.ts";

/**
 * The body of one response, as its handler holds it. When the response is
 * complete it takes nothing more, whoever has kept it.
 */
export class ResponseBody implements Writer {
  #response: Writer | undefined;
  #writable: WritableStream<Uint8Array> | undefined;

  /**
   * Makes the body of a response.
   *
   * @param response The response.
   */
  constructor(response: Writer) {
    this.#response = response;
  }

  /** The body as a web stream; closing it flushes. */
  get writable(): WritableStream<Uint8Array> {
    return this.#writable ??= writableTo(this);
  }

  /** Writes some of the body; see {@linkcode Writer}. */
  write(chunk: string | Uint8Array): Promise<void> {
    requireChunk(chunk);
    return this.#response?.write(chunk) ?? lateWrite();
  }

  /** Sends what was written so far; of a complete response there is nothing. */
  flush(): Promise<void> {
    return this.#response?.flush() ?? DONE;
  }

  /** Takes nothing more: the next response begins. */
  close(): void {
    this.#response = undefined;
  }
}
