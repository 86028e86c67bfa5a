// Logs and reports that fail, by throwing or by a promise that rejects: each
// client gets its response, and the next one, too. A rejection that nobody
// handles would end this process, or that of the isolates.

import { assert, assertEquals } from "@std/assert";
import { HttpServer } from "../../mod.ts";
import { toFetch } from "../../lib/fetch/mod.ts";
import { exchange } from "../../lib/testing/mod.ts";
import {
  accessLog,
  Failing,
  handleError,
  HOOKS,
  WAYS,
} from "../testdata/failing_logs.ts";

/** Asks for a path twice, and gives the statuses. */
type Ask = (path: string) => Promise<number[]>;

const SCRIPT = new URL("../testdata/failing_logs.ts", import.meta.url);

async function twice(ask: () => Promise<Response>): Promise<number[]> {
  const statuses: number[] = [];
  for (const _ of [1, 2]) {
    const response = await ask();
    await response.body?.cancel();
    statuses.push(response.status);
  }
  return statuses;
}

const TRANSPORTS: Record<
  string,
  (use: (ask: Ask) => Promise<void>) => Promise<void>
> = {
  "the TCP loop": async (use) => {
    class Server extends HttpServer {
      override handleError(error: unknown): void {
        return handleError(error) as void;
      }
    }
    await using server = new Server({ port: 0, accessLog }, Failing);
    void server.serveForever();
    const origin = `http://127.0.0.1:${server.serverPort}`;
    await use((path) => twice(() => fetch(origin + path)));
  },
  "isolates": async (use) => {
    const process = new Deno.Command(Deno.execPath(), {
      args: ["run", "-q", "--unstable-net", "-A", SCRIPT.href],
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    const output = process.stdout.pipeThrough(new TextDecoderStream())
      .getReader();
    const { value = "" } = await output.read();
    const ask = (path: string, client: Deno.HttpClient) =>
      fetch(`http://127.0.0.1:${value}${path}`, { client });
    const patience = performance.now() + 60_000;
    for (const isolates = new Set<string>(); isolates.size < 2;) {
      assert(performance.now() < patience, "there is one isolate only");
      using client = Deno.createHttpClient({});
      isolates.add(await (await ask("/a/b", client)).text());
    }
    await use(async (path) => {
      // Each has a connection of its own, to one of the isolates.
      const statuses = await Promise.all(Array.from({ length: 6 }, async () => {
        using client = Deno.createHttpClient({});
        return await twice(() => ask(path, client));
      }));
      return statuses.find(([status]) => status !== statuses[0]?.[0]) ??
        statuses[0] ?? [];
    });
    await process.stdin.close();
    assertEquals((await process.status).code, 0);
    await output.cancel();
  },
  "toFetch()": async (use) => {
    const send = toFetch(Failing, { accessLog, onError: handleError });
    await use((path) => twice(() => send(new Request(`http://a${path}`))));
  },
  "exchange()": async (use) => {
    await use(async (path) => {
      const requests = `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`.repeat(2);
      const text = new TextDecoder().decode(
        await exchange(Failing, requests, { accessLog, onError: handleError }),
      );
      const statuses = text.matchAll(/HTTP\/1\.1 (\d+)/g);
      return [...statuses].map(([, status]) => Number(status));
    });
  },
};

/** Prints nothing meanwhile. */
async function quietly(use: () => Promise<void>): Promise<void> {
  const { error } = console;
  // deno-lint-ignore no-console -- what fails is printed
  console.error = () => {};
  try {
    await use();
  } finally {
    // deno-lint-ignore no-console -- put back
    console.error = error;
  }
}

Deno.test("logs and reports that fail cost no client its response", async (t) => {
  for (const [name, serve] of Object.entries(TRANSPORTS)) {
    await t.step(name, async (t) => {
      await quietly(() =>
        serve(async (ask) => {
          for (const [hook, status] of Object.entries(HOOKS)) {
            for (const way of WAYS) {
              await t.step(`${hook} ${way}`, async () => {
                const statuses = await ask(`/${hook}/${way}`);
                // A handler that has failed ends its connection.
                const closes = status === 500 && name === "exchange()";
                assertEquals(statuses, closes ? [500] : [status, status]);
              });
            }
          }
        })
      );
    });
  }
});
