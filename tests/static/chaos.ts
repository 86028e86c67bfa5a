// Clients that go at random under load, while files and links are swapped under
// their hands; then what is left is counted. Run for a minute by
// `deno run --allow-all tests/static/chaos.ts [seconds] [seed]`, and for a
// moment by `chaos_test.ts`.

import { canPin } from "../../lib/static/descriptor.ts";
import { UploadRequestHandler } from "../../lib/static/upload_request_handler.ts";
import { HttpServer } from "../../mod.ts";
import {
  countDescriptors,
  moreOf,
  openSignalSockets,
} from "../_descriptors.ts";
import { Dice } from "../fuzz/_mutation.ts";
import { visit } from "./_chaos_client.ts";
import { type Folder, folderOf } from "./_folder.ts";
import { namesIn } from "./_upload.ts";

/** What nobody may get: it lies outside of the root. */
const SECRET = "what lies outside";

/** Milliseconds in which a bystander must be answered. */
const PATIENCE = 10_000;

/** What is left once the server is closed, and what went wrong before. */
export interface Remains {
  /** Descriptors more than before, by kind. */
  readonly descriptors: string[];
  /** Temporary files of uploads. */
  readonly files: string[];
  /** Connections that were open when all clients had gone. */
  readonly connections: number;
  /** Files that were written outside of the root. */
  readonly outside: string[];
  /** Responses with what lies outside. */
  readonly leaks: number;
  /** Errors that the server reports. */
  readonly errors: string[];
  /** Requests that were sent, and bystanders that were answered. */
  readonly visits: number;
  readonly bystanders: number;
}

/** A server that keeps what it would print. */
class Watched extends HttpServer {
  readonly errors = new Set<string>();

  override handleError(error: unknown): void {
    this.errors.add(String(error));
  }
}

/** Runs the load for so many milliseconds with so many clients at once. */
export async function chaos(
  milliseconds: number,
  clients: number,
  seed: number,
): Promise<Remains> {
  await using folder = await folderOf({
    "outside/x.txt": SECRET,
    "root/bystander.txt": "bystander",
    "root/small.txt": "small",
    "root/large.txt": new Uint8Array(2_000_000),
    "root/sub/deep.txt": "deep",
  });
  openSignalSockets();
  const before = await countDescriptors();
  // Those of a head are for a bystander, too, and the machine may be busy.
  const server = new Watched({
    port: 0,
    bodyTimeout: 300,
    writeTimeout: 300,
    lingerTimeout: 100,
    drainTimeout: 100,
  }, dropOf(folder));
  const serving = server.serveForever();
  const port = server.serverPort;
  const until = performance.now() + milliseconds;
  let [visits, bystanders, leaks] = [0, 0, 0];
  await Promise.all([
    swapUntil(until, folder, new Dice(seed)),
    repeatUntil(until, async () => {
      await askAsBystander(port);
      bystanders++;
      await new Promise((go) => setTimeout(go, 10));
    }),
    ...Array.from({ length: clients }, (_, client) => {
      const dice = new Dice(seed + client + 1);
      return repeatUntil(until, async () => {
        visits++;
        const heard = await visit(port, dice);
        if (heard.includes(SECRET)) leaks++;
      });
    }),
  ]);
  await askAsBystander(port);
  const connections = await connectionsLeft(server);
  await server.shutdown();
  await serving;
  return {
    descriptors: moreOf(before, await countDescriptors()),
    files: [...temporaryFiles(`${folder.path}/root`)],
    connections,
    outside: namesIn(`${folder.path}/outside`).filter(isStray),
    leaks,
    errors: [...server.errors],
    visits,
    bystanders,
  };
}

/** Without descriptors a swap within a call of the system cannot be ruled out. */
function isStray(name: string): boolean {
  return canPin() && name !== "x.txt";
}

function dropOf({ path }: Folder): typeof UploadRequestHandler {
  return UploadRequestHandler.with({
    root: `${path}/root`,
    overwrite: true,
    archives: ["tar", "zip"],
    compress: true,
    precompressed: true,
  });
}

async function repeatUntil(
  until: number,
  step: () => Promise<void>,
): Promise<void> {
  while (performance.now() < until) await step();
}

/** What `swapped` is, one thing after the other, and what becomes of files. */
async function swapUntil(
  until: number,
  { path }: Folder,
  dice: Dice,
): Promise<void> {
  const place = `${path}/root/swapped`;
  const large = `${path}/root/large.txt`;
  const states: (() => Promise<void>)[] = [
    () => Deno.writeTextFile(`${place}.new`, "swapped"),
    () => Deno.symlink("small.txt", `${place}.new`),
    () => Deno.symlink("sub", `${place}.new`),
    () => Deno.symlink("../outside", `${place}.new`),
    () => Deno.symlink("../outside/x.txt", `${place}.new`),
    () => Deno.symlink("none", `${place}.new`),
    () => Deno.mkdir(`${place}.new`),
    () => Deno.symlink("../outside", `${place}.new`),
    () => Deno.symlink("../outside/x.txt", `${place}.new`),
    () => Deno.truncate(large, 1_000_000),
    () => Deno.truncate(large, 2_000_000),
  ];
  await repeatUntil(until, async () => {
    await states[dice.roll(states.length)]?.();
    await remove(place);
    await Deno.rename(`${place}.new`, place).catch(ignore);
    await remove(`${place}.new`);
    // The clients are to have a turn, too.
    await new Promise((go) => setTimeout(go, 1));
  });
}

/** An upload may be under way within, or may come to be again. */
async function remove(path: string): Promise<void> {
  await Deno.remove(path, { recursive: true }).catch(ignore);
}

function ignore(): void {}

/** A client that behaves: it must always be answered. */
async function askAsBystander(port: number): Promise<void> {
  using connection = await Deno.connect({ port });
  const timer = setTimeout(() => connection.close(), PATIENCE);
  const request = "GET /bystander.txt HTTP/1.1\r\nHost: localhost\r\n" +
    "Connection: close\r\n\r\n";
  await connection.write(new TextEncoder().encode(request));
  const text = await new Response(connection.readable).text();
  clearTimeout(timer);
  if (!/^HTTP\/1\.1 200 [^]*\r\n\r\nbystander$/.test(text)) {
    throw new Error(`A bystander was not answered: ${text}`);
  }
}

/** The server closes on its own what nobody uses, within its deadlines. */
async function connectionsLeft(server: HttpServer): Promise<number> {
  const until = performance.now() + PATIENCE;
  while (server.connectionCount > 0 && performance.now() < until) {
    await new Promise((go) => setTimeout(go, 10));
  }
  return server.connectionCount;
}

function* temporaryFiles(folder: string): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    if (isDirectory) yield* temporaryFiles(`${folder}/${name}`);
    else if (name.startsWith(".upload-")) yield `${folder}/${name}`;
  }
}

if (import.meta.main) {
  const [seconds = 60, seed = Math.floor(Math.random() * 2 ** 31)] = Deno.args
    .map(Number);
  // deno-lint-ignore no-console -- this is a program
  console.log({ seed, ...await chaos(seconds * 1000, 16, seed) });
}
