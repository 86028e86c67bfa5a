// The command: from arguments to an exit status.

import config from "../../deno.json" with { type: "json" };
import { requireRuntime } from "../facts/runtime.ts";
import type { HttpServer } from "../server/http_server.ts";
import { isPeer } from "../server/parallel.ts";
import { CommandError } from "./command_error.ts";
import { type CommandSite, listenAt } from "./command_server.ts";
import { FLAGS } from "./flags.ts";
import { formatHelp } from "./help.ts";
import { outliveErrors } from "./last_resort.ts";
import { LineLog } from "./line_log.ts";
import { type CommandOptions, defaultOptions } from "./options.ts";
import { parseFlags } from "./parse.ts";
import { readVariable, reasonOf } from "./permission.ts";
import { parsePlace, startLine } from "./place.ts";
import { drawQrCode, networkUrls, openBrowser } from "./reach.ts";
import { requireSecrecy } from "./secret_file.ts";
import { handlerClasses } from "./site.ts";
import { stopOnSignals } from "./stop.ts";
import { readTlsFiles } from "./tls.ts";
import { warningsOf } from "./warnings.ts";

const USAGE = `usage: deno run -NR jsr:${config.name}/cli [flags] [port]

Serves a folder over HTTP. The port is 8000, or $PORT; 0 takes a free one.
`;

/**
 * Runs the command line: serves until SIGINT or SIGTERM.
 *
 * @param args The arguments.
 * @returns The exit status: 0 after a signal, 1 if the port is in use, 2 if
 * something in the command line has to be put right.
 */
export async function main(
  args: readonly string[] = Deno.args,
): Promise<number> {
  try {
    const options = parseOptions(args);
    if (options.help) print(formatHelp(USAGE, FLAGS));
    else if (options.version) print(`${config.name} ${config.version}\n`);
    else await serve(options);
    return 0;
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    // deno-lint-ignore no-console -- the one line that says what is wrong
    console.error(`error: ${error.message}`);
    return error.exitCode;
  }
}

/**
 * Reads a command line.
 *
 * @param args The arguments.
 * @throws {CommandError} If a flag or the port is wrong.
 */
export function parseOptions(args: readonly string[]): CommandOptions {
  const options = defaultOptions();
  const [port, extra] = parseFlags(args, FLAGS, options);
  if (extra !== undefined) {
    throw new CommandError(`"${extra}" is one argument too many`);
  }
  if (port !== undefined) options.port = parsePort(port);
  return options;
}

async function serve(options: CommandOptions): Promise<void> {
  requireRecentRuntime();
  const { binds, quiet, parallel } = options;
  if (parallel > 1) requireParallel(binds);
  const port = options.port ?? parsePort(await readVariable("PORT") || "8000");
  const log = new LineLog();
  // Also when a second signal ends the process at once.
  addEventListener("unload", log.flush);
  const site: CommandSite = {
    classes: await handlerClasses(options),
    tls: await readTlsFiles(options),
    log,
    quiet,
    parallel,
    hosts: options.hosts,
  };
  await requireSecrecy(options);
  await using stack = new AsyncDisposableStack();
  const servers = [];
  for (const bind of binds.length === 0 ? ["127.0.0.1"] : binds) {
    servers.push(stack.use(await listenAt(parsePlace(bind, port), site)));
  }
  // Of several isolates the first speaks, and hears the signals.
  if (!isPeer()) {
    for (const warning of warningsOf(options)) {
      // deno-lint-ignore no-console -- beside the access log
      console.error(`warning: ${warning}`);
    }
    await announce(servers, options);
    stack.use(stopOnSignals(servers, parallel > 1));
  }
  stack.use(outliveErrors(log.flush));
  await Promise.all(servers.map((server) => server.serveForever()));
  // An isolate that is not the first is ended without an unload.
  log.flush();
}

function requireRecentRuntime(): void {
  try {
    requireRuntime();
  } catch (error) {
    throw new CommandError(reasonOf(error));
  }
}

/** Sharing a port is an unstable API of Deno: without the flag it would exit. */
function requireParallel(binds: readonly string[]): void {
  if (binds.length > 1) {
    throw new CommandError("--parallel works with one --bind only");
  }
  if (!("listenDatagram" in Deno)) {
    throw new CommandError("--parallel needs deno run --unstable-net");
  }
}

async function announce(
  servers: readonly HttpServer[],
  { qr, open }: CommandOptions,
): Promise<void> {
  const [first] = servers;
  if (first === undefined) return;
  const code = qr ? await drawQrCode(first) : "";
  if (open) await openBrowser(first);
  // Where the disk is full, or nobody reads it, it is served nevertheless.
  const lines = new LineLog(Deno.stdout);
  for (const server of servers) {
    lines.write(startLine(server));
    for (const url of await networkUrls(server)) lines.write(`  ${url}`);
  }
  if (code !== "") lines.write(code.trimEnd());
  lines.flush();
}

function parsePort(text: string): number {
  if (!/^[0-9]{1,5}$/.test(text) || Number(text) > 65_535) {
    throw new CommandError(
      `cannot listen on port "${text}", want 0 to 65535; ` +
        "a folder goes with --directory",
    );
  }
  return Number(text);
}

function print(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(text));
}
