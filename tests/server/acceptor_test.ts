import { assertEquals, assertRejects } from "@std/assert";
import { Acceptor } from "../../lib/server/acceptor.ts";

/** What the accepts of a source come to: errors, and connections. */
type Outcome = Error | "connection";

function failure(code: string): Error {
  return Object.assign(new Error(code), { code });
}

/** A source whose accepts come to `outcomes`, then wait. */
class Source {
  readonly conn = connection();
  accepts = 0;
  isClosed = false;
  readonly #end = Promise.withResolvers<never>();
  #outcomes: Iterator<Outcome>;

  constructor(outcomes: Iterable<Outcome>) {
    this.#outcomes = outcomes[Symbol.iterator]();
  }

  async accept(): Promise<Deno.Conn> {
    this.accepts++;
    const { value } = this.#outcomes.next();
    if (value instanceof Error) throw value;
    if (value === undefined) return await this.#end.promise;
    return this.conn;
  }

  close(): void {
    this.isClosed = true;
  }

  /** Lets the accept that waits fail, as that of a closed listener does. */
  end(): void {
    this.#end.reject(new Deno.errors.BadResource("closed"));
  }
}

/** Something that is nothing but itself. */
function connection(): Deno.Conn {
  return Object.create(null);
}

/** Runs `use` with timers that fire at once, and tells how long they were. */
async function pausesDuring(use: () => Promise<void>): Promise<number[]> {
  const { setTimeout } = globalThis;
  const pauses: number[] = [];
  Reflect.set(globalThis, "setTimeout", (fire: () => void, pause: number) => {
    pauses.push(pause);
    return setTimeout(fire, 0);
  });
  try {
    await use();
  } finally {
    Reflect.set(globalThis, "setTimeout", setTimeout);
  }
  return pauses;
}

Deno.test("accept() goes on at once after a connection that was lost", async (t) => {
  const codes = [
    "ECONNABORTED",
    "ECONNRESET",
    "EHOSTUNREACH",
    "ENETDOWN",
    "ENOTCONN",
    "EPROTO",
  ];
  for (const code of codes) {
    await t.step(code, async () => {
      const reports: unknown[] = [];
      const source = new Source([
        ...Array<Error>(400).fill(failure(code)),
        "connection",
      ]);
      const acceptor = new Acceptor(source, (error) => reports.push(error));
      const pauses = await pausesDuring(async () => {
        assertEquals(await acceptor.accept(), source.conn);
      });
      assertEquals({ pauses, reports }, { pauses: [], reports: [] });
      assertEquals(source.accepts, 401);
    });
  }
});

Deno.test("accept() pauses while a resource is exhausted, and reports it now and then", async (t) => {
  for (const code of ["EMFILE", "ENFILE", "ENOBUFS", "ENOMEM", "EINVAL"]) {
    await t.step(code, async () => {
      const reports: string[] = [];
      const source = new Source([
        ...Array<Error>(3).fill(failure(code)),
        "connection",
        failure(code),
        failure("ECONNABORTED"),
        "connection",
        failure(code),
        "connection",
      ]);
      const acceptor = new Acceptor(
        source,
        (error) => reports.push(String(error)),
      );
      const { now } = Date;
      try {
        let time = now();
        Date.now = () => time;
        const pauses = await pausesDuring(async () => {
          assertEquals(await acceptor.accept(), source.conn);
          assertEquals(await acceptor.accept(), source.conn);
          assertEquals(reports, [`Error: ${code}`]);
          time += 10_000;
          assertEquals(await acceptor.accept(), source.conn);
        });
        assertEquals(pauses, [100, 100, 100, 100, 100]);
        assertEquals(reports, [`Error: ${code}`, `Error: ${code}`]);
      } finally {
        Date.now = now;
      }
    });
  }
});

Deno.test("accept() takes turns", async () => {
  const source = new Source(["connection"]);
  const acceptor = new Acceptor(source, () => {});
  const first = acceptor.accept();
  const second = acceptor.accept();
  assertEquals(source.accepts, 1);
  assertEquals(await first, source.conn);
  while (source.accepts < 2) await null;
  acceptor.close();
  source.end();
  assertEquals(await second, undefined);
});

Deno.test("accept() ends with the acceptor, also in a pause", async () => {
  const paused = Promise.withResolvers<void>();
  const source = new Source(Array<Error>(2).fill(failure("EMFILE")));
  const acceptor = new Acceptor(source, () => paused.resolve());
  const accepting = acceptor.accept();
  await paused.promise;
  acceptor.close();
  assertEquals(await accepting, undefined);
  assertEquals(await acceptor.accept(), undefined);
  assertEquals([source.accepts, source.isClosed], [1, true]);
});

Deno.test("accept() throws when somebody else has closed the listener", async () => {
  const source = new Source([new Deno.errors.BadResource("closed")]);
  const acceptor = new Acceptor(source, () => {});
  await assertRejects(() => acceptor.accept(), Deno.errors.BadResource);
});
