import { assert } from "@std/assert";
import type { ByteStream } from "../mod.ts";
import { ByteBuffer } from "../lib/bytes/byte_buffer.ts";

/** What an array holds that somebody else may use. */
export const POISON = 0xdb;

/**
 * A peer that takes what it is told to, and overwrites every array it has taken
 * that is not foreign to the writer: such a one is used for something else.
 */
export class Peer implements ByteStream {
  readonly taken = new ByteBuffer();
  #pending: { p: Uint8Array } & PromiseWithResolvers<number> | undefined;
  /** A write of nothing, which only a reset has to say something to. */
  #probe: PromiseWithResolvers<number> | undefined;
  #reset: Error | undefined;

  /** Arrays of those who write; all others are the writer's. */
  readonly foreign = new Set<ArrayBufferLike>();

  get isTaking(): boolean {
    return this.#pending !== undefined;
  }

  get isAsked(): boolean {
    return this.isTaking || this.#probe !== undefined;
  }

  write(p: Uint8Array): Promise<number> {
    if (this.#reset !== undefined) return Promise.reject(this.#reset);
    const writing = Promise.withResolvers<number>();
    if (p.length === 0) this.#probe = writing;
    else {
      assert(this.#pending === undefined, "two writes at once");
      this.#pending = { p, ...writing };
    }
    return writing.promise;
  }

  take(most: number): number {
    const pending = this.#pending;
    if (pending === undefined) return 0;
    const p = pending.p.subarray(0, most);
    this.taken.add(p);
    if (!this.foreign.has(p.buffer)) p.fill(POISON);
    this.#pending = undefined;
    pending.resolve(p.length);
    return p.length;
  }

  break(): void {
    this.#reset = new Error("reset");
    this.#pending?.reject(this.#reset);
    this.#probe?.reject(this.#reset);
    this.#pending = this.#probe = undefined;
  }

  read(): Promise<number | null> {
    return Promise.resolve(null);
  }

  close(): void {}
}
