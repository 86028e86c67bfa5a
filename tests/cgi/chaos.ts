// Kills clients and programs at random under load, and counts what is left.
// Run for a minute by `deno run --allow-all tests/cgi/chaos.ts [seconds] [seed]`,
// and for a moment by `chaos_test.ts`.

import { CgiRequestHandler } from "../../lib/cgi/cgi_request_handler.ts";
import {
  countDescriptors,
  moreOf,
  openSignalSockets,
} from "../_descriptors.ts";
import { Dice } from "../fuzz/_mutation.ts";
import { Serving, Site } from "./_serve.ts";

const HEAD = "#!/bin/sh\nprintf 'Content-Type: text/plain\\n\\n'\n";

/** Programs that each break in a way of their own; all name their process. */
const FILES = {
  "cgi-bin/hello": `${HEAD}echo hello\n`,
  "cgi-bin/family": `${HEAD}sleep 1000 & sleep 1000 | cat\n`,
  "cgi-bin/stubborn": `${HEAD}trap '' TERM\nsleep 1000\nsleep 1000\n`,
  "cgi-bin/flood": `${HEAD}exec cat /dev/zero\n`,
  "cgi-bin/reads": `${HEAD}cat\n`,
  "cgi-bin/dies": `${HEAD}echo half\nkill -KILL $$\n`,
  "cgi-bin/shouts": "#!/bin/sh\nexec cat /dev/zero >&2\n",
};

const PATHS = Object.keys(FILES).map((name) => `/${name}`);

/** What is left once the server is closed. */
export interface Remains {
  /** Command lines of processes that the run started. */
  readonly processes: string[];
  /** Descriptors more than before, by kind. */
  readonly descriptors: string[];
  /** Temporary files of bodies. */
  readonly files: string[];
  /** Requests that were sent. */
  readonly requests: number;
}

/** Runs the load for so many milliseconds with so many clients at once. */
export async function chaos(
  milliseconds: number,
  clients: number,
  seed: number,
): Promise<Remains> {
  await using site = new Site(FILES);
  Deno.env.set("TMPDIR", site.root);
  const Cgi = CgiRequestHandler.with({
    root: site.root,
    env: { VERB_CHAOS: site.root },
    firstByteTimeout: 200,
    runTimeout: 400,
    killGrace: 50,
    maxProcesses: 8,
    queueTimeout: 100,
    spoolMemory: 1_000,
  });
  openSignalSockets();
  const before = await countDescriptors();
  const until = performance.now() + milliseconds;
  let requests = 0;
  try {
    await using serving = new Serving(Cgi, {
      drainTimeout: 100,
      bodyTimeout: 100,
      idleTimeout: 100,
    });
    await Promise.all(Array.from({ length: clients }, async (_, client) => {
      const dice = new Dice(seed + client);
      while (performance.now() < until) {
        requests++;
        await visit(serving.port, dice);
      }
    }));
  } finally {
    Deno.env.delete("TMPDIR");
  }
  return {
    processes: await findProcesses(`VERB_CHAOS=${site.root}`),
    descriptors: moreOf(before, await countDescriptors()),
    files: Array.from(Deno.readDirSync(site.root), (entry) => entry.name)
      .filter((name) => name.startsWith("verb-cgi-")),
    requests,
  };
}

/** One request, given up after a random number of octets. */
async function visit(port: number, dice: Dice): Promise<void> {
  const path = dice.pick(PATHS);
  const body = "5\r\nabcde\r\n".repeat(dice.roll(1_000));
  // Every third body breaks off.
  const end = dice.roll(3) === 0 ? "" : "0\r\n\r\n";
  const request = dice.roll(2) === 0
    ? `GET ${path} HTTP/1.1\r\nHost: h\r\n\r\n`
    : `POST ${path} HTTP/1.1\r\nHost: h\r\n` +
      `Transfer-Encoding: chunked\r\n\r\n${body}${end}`;
  try {
    using connection = await Deno.connect({ port });
    await connection.write(new TextEncoder().encode(request));
    const buffer = new Uint8Array(4096);
    for (let reads = dice.roll(4); reads > 0; reads--) {
      if (await connection.read(buffer) === null) return;
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.ConnectionReset)) throw error;
  }
}

/** The processes with a variable in their environment; zombies have none. */
async function findProcesses(variable: string): Promise<string[]> {
  const { stdout } = await new Deno.Command("ps", {
    args: ["axeww", "-o", "pid=,stat=,args="],
  }).output();
  return new TextDecoder().decode(stdout).split("\n")
    .filter((line) => line.includes(variable));
}

if (import.meta.main) {
  const [seconds = 60, seed = Math.floor(Math.random() * 2 ** 31)] = Deno.args
    .map(Number);
  // deno-lint-ignore no-console -- this is a program
  console.log({ seed, ...await chaos(seconds * 1000, 16, seed) });
}
