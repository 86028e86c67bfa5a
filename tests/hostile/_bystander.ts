// Who is served while somebody else attacks: one client that connects anew for
// each request, and one that stays. Each response has a deadline.

import { assertEquals } from "@std/assert";
import type { Target } from "./_target.ts";

/** Milliseconds between two requests. */
const INTERVAL = 5;

const BODY = "bystander\n";

/** Bystanders that ask until they are disposed of. */
export class Bystanders implements AsyncDisposable {
  readonly #target: Target;
  readonly #deadline: number;
  readonly #asking: Promise<void>;
  readonly #failure = Promise.withResolvers<never>();
  /** Rejects when one was not answered. */
  readonly failure: Promise<never> = this.#failure.promise;
  #rounds = 0;
  #isDone = false;
  #waiting: { rounds: number; resolve: () => void }[] = [];

  /** Begins to ask; each response must come within so many milliseconds. */
  constructor(target: Target, deadline: number) {
    this.#target = target;
    this.#deadline = deadline;
    this.failure.catch(() => {});
    this.#asking = this.#askOnAndOn().catch(this.#failure.reject);
  }

  /** Settles when all were answered so many times from now on. */
  async answered(times: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    // The round that is on may have begun before.
    this.#waiting.push({ rounds: this.#rounds + times + 1, resolve });
    await Promise.race([promise, this.failure]);
  }

  /** Stops asking. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDone = true;
    await this.#asking;
  }

  async #askOnAndOn(): Promise<void> {
    const { bystanderFields } = this.#target;
    using staying = await this.#within(this.#target.connect(), "a connection");
    while (!this.#isDone) {
      await this.#askAnew(bystanderFields);
      await this.#within(
        ask(staying, bystanderFields),
        "the client that stays",
      );
      this.#rounds++;
      for (const { rounds, resolve } of this.#waiting) {
        if (this.#rounds >= rounds) resolve();
      }
      await new Promise((resolve) => setTimeout(resolve, INTERVAL));
    }
  }

  async #askAnew(fields: string): Promise<void> {
    using conn = await this.#within(this.#target.connect(), "a connection");
    await this.#within(
      ask(conn, `${fields}Connection: close\r\n`),
      "the client that came",
    );
  }

  async #within<T>(wait: Promise<T>, whom: string): Promise<T> {
    const { promise, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(
      () =>
        reject(new Error(`no response in ${this.#deadline} ms for ${whom}`)),
      this.#deadline,
    );
    try {
      return await Promise.race([wait, promise]);
    } finally {
      clearTimeout(timer);
    }
  }
}

async function ask(conn: Deno.Conn, fields: string): Promise<void> {
  const request =
    `GET /bystander.txt HTTP/1.1\r\nHost: localhost\r\n${fields}\r\n`;
  await conn.write(new TextEncoder().encode(request));
  const buffer = new Uint8Array(4096);
  let text = "";
  while (!text.endsWith(BODY)) {
    const count = await conn.read(buffer);
    if (count === null) break;
    text += new TextDecoder().decode(buffer.subarray(0, count));
  }
  const [head = "", body] = text.split("\r\n\r\n");
  assertEquals(
    { line: head.split("\r\n")[0], body },
    { line: "HTTP/1.1 200 OK", body: BODY },
    "what a bystander was sent",
  );
}
