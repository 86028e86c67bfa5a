// bcrypt, off the event loop: one check takes some 100 ms of one core, and the
// package that does it is JavaScript.
//
// A worker runs for as long as there is something to check, so there is none to
// own, to end or to forget: a worker that idles would keep the process running.

/**
 * The program of the worker. Its source stands here, and not in a module beside,
 * because a worker's module is read when it starts: from the network where the
 * package is imported from a registry, with a permission to read where it is
 * not. The package it imports is that of the import below.
 */
const PROGRAM = `import { compareSync } from "npm:bcryptjs@^3.0.3";
addEventListener("message", ({ data: [password, ...hashes] }) => {
  postMessage(hashes.map((hash) => compareSync(password, hash)));
});`;

/** bcrypt looks at no more of a password, in bytes of UTF-8. */
export const MAX_BCRYPT_PASSWORD = 72;

/**
 * Checks a password against hashes, all of them whatever the verdicts.
 *
 * @param password The password.
 * @param hashes Valid bcrypt hashes.
 * @returns A verdict for each hash; false for all if the password is longer than
 * what bcrypt looks at.
 * @throws {Error} If the checks cannot be run.
 */
export async function compareBcrypt(
  password: string,
  hashes: readonly string[],
): Promise<boolean[]> {
  const verdicts = await compareAll(password, hashes);
  const { length } = new TextEncoder().encode(password);
  return verdicts.map((isRight) => isRight && length <= MAX_BCRYPT_PASSWORD);
}

/**
 * Lets the worker idle until it is disposed of, because more checks follow.
 *
 * @returns Ends the worker, unless it is kept elsewhere or has checks to do.
 */
export function keepWorker(): Disposable {
  return checks.keep();
}

async function compareAll(
  password: string,
  hashes: readonly string[],
): Promise<boolean[]> {
  if (typeof Worker !== "undefined") return await checks.run(password, hashes);
  // A runtime without workers has to do it on its loop.
  const { compare } = await import("bcryptjs");
  return await Array.fromAsync(hashes, (hash) => compare(password, hash));
}

/** Checks that a worker works through, in the order in which they came. */
class WorkerChecks {
  #worker: Worker | undefined;
  #pending: PromiseWithResolvers<boolean[]>[] = [];
  #keepers = 0;

  run(password: string, hashes: readonly string[]): Promise<boolean[]> {
    const check = Promise.withResolvers<boolean[]>();
    this.#worker ??= this.#start();
    this.#pending.push(check);
    this.#worker.postMessage([password, ...hashes]);
    return check.promise;
  }

  keep(): Disposable {
    this.#keepers++;
    return {
      [Symbol.dispose]: () => {
        this.#keepers--;
        this.#endIfIdle();
      },
    };
  }

  #start(): Worker {
    const url = `data:text/javascript,${encodeURIComponent(PROGRAM)}`;
    const worker = new Worker(url, { type: "module", name: "bcrypt" });
    worker.addEventListener("message", ({ data }: MessageEvent<boolean[]>) => {
      this.#pending.shift()?.resolve(data);
      this.#endIfIdle();
    });
    worker.addEventListener("error", (event) => {
      // Unprevented it would end this isolate too.
      event.preventDefault();
      const error = new Error(`Cannot check bcrypt hashes: ${event.message}`);
      for (const { reject } of this.#pending.splice(0)) reject(error);
      this.#end();
    });
    return worker;
  }

  #endIfIdle(): void {
    if (this.#pending.length === 0 && this.#keepers === 0) this.#end();
  }

  #end(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
  }
}

const checks = new WorkerChecks();
