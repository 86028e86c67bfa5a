// Descriptors of the system, for what `Deno.FsFile` has no words for: to open
// without following a link, without waiting for a pipe, or without opening at
// all. On Linux a descriptor is also a place: `/proc/self/fd/7/name` is `name`
// in the very folder that descriptor 7 is, whatever has become of its path.

import { closeSync, constants, open } from "node:fs";

/** Opens nothing: neither waits for a pipe nor wakes a device (Linux). */
const O_PATH = 0o10000000;

/** Opens to read, but no link; never waits, and never becomes a terminal's. */
export const READING: number = constants.O_RDONLY | constants.O_NOFOLLOW |
  constants.O_NONBLOCK | constants.O_NOCTTY;

/** An open descriptor, closed by `using`. */
export class Descriptor implements Disposable {
  /** What the system knows it by. */
  readonly number: number;
  #isOpen = true;

  private constructor(number: number) {
    this.number = number;
  }

  /**
   * Opens a path.
   *
   * @param path The path.
   * @param flags How to open it.
   * @throws {Error} With the `code` of the system.
   * @throws {Deno.errors.NotCapable} If Deno may not read there.
   */
  static open(path: string, flags: number): Promise<Descriptor> {
    return new Promise((resolve, reject) => {
      open(path, flags, (error, number) => {
        if (error) reject(error);
        else resolve(new Descriptor(number));
      });
    });
  }

  /**
   * Holds on to what a path names, without opening it. Only where
   * {@linkcode canPin}.
   *
   * @param path The path; links are followed.
   * @throws {Error} With the `code` of the system.
   */
  static pin(path: string): Promise<Descriptor> {
    return Descriptor.open(path, O_PATH);
  }

  /** A path to exactly what is open. Only where {@linkcode canPin}. */
  get path(): string {
    return `/proc/self/fd/${this.number}`;
  }

  /** The path of what is open, now, without links. Only where {@linkcode canPin}. */
  get location(): string {
    // It is asked of the kernel's memory, not of a disk: there is no wait.
    return Deno.readLinkSync(this.path);
  }

  /** Closes it. */
  [Symbol.dispose](): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    closeSync(this.number);
  }
}

/**
 * Tells whether a descriptor can be used as a place. It takes Linux, and Deno's
 * `--allow-all`: nothing less opens `/proc`.
 *
 * @returns Whether {@linkcode Descriptor.pin} is of use; asks for no permission.
 */
export function canPin(): boolean {
  if (Deno.build.os !== "linux") return false;
  const path = "/proc/self/fd";
  const { state } = Deno.permissions.querySync({ name: "read", path });
  if (state !== "granted") return false;
  try {
    return Deno.lstatSync(path).isDirectory;
  } catch {
    return false;
  }
}
