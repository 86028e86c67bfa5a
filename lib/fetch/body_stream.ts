// The body of an answer on its way to the host: what the handler writes goes in,
// the host takes it out at its own pace, and each hears when the other ends it.

import { ByteBuffer } from "../bytes/byte_buffer.ts";
import { DONE } from "../bytes/stream.ts";
import { ConnectionLost } from "../facts/errors.ts";

/** With more than this not taken by the host, `write` waits. */
const HIGH_WATER = 65_536;

/** A stream that a handler writes and a host reads. */
export class BodyStream {
  /** What the host reads. */
  readonly readable: ReadableStream<Uint8Array<ArrayBuffer>>;

  #controller: ReadableStreamDefaultController | undefined;
  /** What the host has not asked for yet: a queue of pieces would cost more. */
  readonly #buffer = new ByteBuffer();
  /** Whether the host waits for a piece. */
  #isWanted = false;
  #isClosed = false;
  #room: PromiseWithResolvers<void> | undefined;
  /** What every write returns once the stream has ended before its time. */
  #failed: Promise<never> | undefined;

  /**
   * Makes an empty stream.
   *
   * @param onCancel Called with the reason when the host wants no more.
   */
  constructor(onCancel: (error: ConnectionLost) => void) {
    this.readable = new ReadableStream<Uint8Array<ArrayBuffer>>(
      {
        start: (controller) => {
          this.#controller = controller;
        },
        pull: () => {
          this.#isWanted = true;
          this.#give();
        },
        cancel: (cause) => {
          const error = new ConnectionLost("The client went away", { cause });
          this.#fail(error);
          onCancel(error);
        },
      },
      { highWaterMark: 0 },
    );
  }

  /** Settles when there is room for more; rejects when nobody reads any more. */
  get ready(): Promise<void> {
    if (this.#failed !== undefined) return this.#failed;
    if (this.#buffer.length < HIGH_WATER) return DONE;
    if (this.#room !== undefined) return this.#room.promise;
    this.#room = Promise.withResolvers();
    // The failure is that of every later write too: whoever forgot to await
    // this one must not bring the process down.
    this.#room.promise.catch(ignore);
    return this.#room.promise;
  }

  /**
   * Writes bytes, of which a copy is made.
   *
   * @param bytes The bytes, at least one.
   * @returns Settles when there is room for more.
   */
  write(bytes: Uint8Array): Promise<void> {
    if (this.#failed !== undefined) return this.#failed;
    this.#buffer.add(bytes);
    this.#give();
    return this.ready;
  }

  /** Ends the body. */
  close(): void {
    if (this.#failed !== undefined) return;
    this.#isClosed = true;
    this.#give();
    this.#makeRoom();
  }

  /**
   * Breaks the body off, so that it cannot be taken for whole.
   *
   * @param error What the host is told.
   */
  abort(error: unknown): void {
    if (this.#failed !== undefined) return;
    this.#controller?.error(error);
    this.#fail(error);
  }

  /** Gives the host what it waits for, and the end behind it. */
  #give(): void {
    if (this.#isWanted && this.#buffer.length > 0) {
      this.#isWanted = false;
      this.#controller?.enqueue(this.#buffer.take());
      this.#makeRoom();
    }
    if (this.#isClosed && this.#buffer.length === 0) this.#controller?.close();
  }

  #makeRoom(): void {
    this.#room?.resolve();
    this.#room = undefined;
  }

  #fail(error: unknown): void {
    this.#buffer.take();
    this.#failed = Promise.reject(error);
    this.#failed.catch(ignore);
    this.#room?.reject(error);
  }
}

function ignore(): void {}
