// The server of the command line, and how it is made.

import type { HttpHandlerClass } from "../handler/http_request_handler.ts";
import { hostNameOf } from "../facts/host_name.ts";
import { HttpServer, type HttpServerOptions } from "../server/http_server.ts";
import { CommandError } from "./command_error.ts";
import type { LineLog } from "./line_log.ts";
import { reasonOf, requirePermission } from "./permission.ts";
import { formatPlace, type Place } from "./place.ts";
import type { TlsFiles } from "./tls.ts";

/** What the servers of one command have in common. */
export interface CommandSite {
  /** The handler classes. */
  readonly classes: readonly HttpHandlerClass[];
  /** Certificate and key; undefined for plain HTTP. */
  readonly tls: TlsFiles | undefined;
  /** The access log, whether or not requests are logged. */
  readonly log: LineLog;
  /** Whether requests are not logged. */
  readonly quiet: boolean;
  /** How many isolates serve. */
  readonly parallel: number;
  /** Names by which clients may ask. */
  readonly hosts: readonly string[];
}

/** An `HttpServer` whose reports stand behind the requests they belong to. */
export class CommandServer extends HttpServer {
  #log: LineLog;
  #hosts: readonly string[] | undefined;

  /**
   * Makes a server and listens.
   *
   * @param options Where to listen.
   * @param site What to serve.
   */
  constructor(options: HttpServerOptions, site: CommandSite) {
    const { classes, log, quiet, hosts } = site;
    super({
      ...options,
      ...(quiet ? {} : { accessLog: log.write }),
      ...(hosts.length === 0 ? {} : { hosts }),
    }, classes);
    this.#log = log;
    this.#hosts = super.hosts;
    // Whoever listens on loopback wants to be asked by this machine only.
    if (isLoopback(this.serverName)) {
      const bound = hostNameOf(options.hostname ?? "localhost");
      this.#hosts = [...this.#hosts ?? [], bound ?? ""];
    }
  }

  /** The names by which clients may ask: on loopback only known ones. */
  override get hosts(): readonly string[] | undefined {
    return this.#hosts;
  }

  /** Writes the log so far, then the report. */
  override handleError(error: unknown, clientAddress: Deno.Addr): void {
    this.#log.flush();
    super.handleError(error, clientAddress);
  }
}

/**
 * Listens at a place.
 *
 * @param place Where.
 * @param site What to serve.
 * @throws {CommandError} If it cannot: exit status 1 when the port is in use.
 */
export async function listenAt(
  place: Place,
  site: CommandSite,
): Promise<CommandServer> {
  await requirePlace(place);
  try {
    return new CommandServer(
      { ...place, ...site.tls, parallel: site.parallel },
      site,
    );
  } catch (error) {
    const where = formatPlace(place);
    if (error instanceof Deno.errors.AddrInUse) {
      throw new CommandError(`${where} is in use`, 1);
    }
    throw new CommandError(`cannot listen on ${where}: ${reasonOf(error)}`);
  }
}

async function requirePlace(place: Place): Promise<void> {
  const where = formatPlace(place);
  const purpose = `listen on ${where}`;
  await requirePermission(
    { name: "net", host: where },
    purpose,
    `--allow-net=${where}, or -N`,
  );
  if (!("path" in place)) return;
  const { path } = place;
  for (const name of ["read", "write"] as const) {
    const flag = `--allow-${name}=${path}`;
    await requirePermission({ name, path }, purpose, flag);
  }
}

function isLoopback(address: string): boolean {
  return address === "::1" || /^(?:::ffff:)?127\./.test(address);
}
