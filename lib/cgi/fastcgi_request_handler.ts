// FastCGI: the request goes to an application that runs already, such as
// php-fpm. What it shares with CGI is in `gateway_request_handler.ts`.

import { probeOf } from "../handler/probe.ts";
import type { ProgramFiles } from "../handler/program_guard.ts";
import { type Settings, withSettings } from "../handler/with_settings.ts";
import {
  GatewayRequestHandler,
  type ProgramStart,
} from "./gateway_request_handler.ts";
import { parseAddress } from "./fastcgi_connection.ts";
import { FastCgiPool } from "./fastcgi_pool.ts";
import { FastCgiRun } from "./fastcgi_run.ts";
import { nameOf } from "./program_answer.ts";
import type { FileFacts } from "./program.ts";
import type { ProgramMap } from "./program_map.ts";
import { programFilesOf } from "./program_files.ts";
import type { ProgramRun } from "./program_run.ts";
import { requireReachable } from "./settings_check.ts";

/**
 * Passes requests to a FastCGI application.
 *
 * A path with one of `suffixes` and one of `programs` is answered by the
 * application; all others are left to the next handler class of the server.
 *
 * - Fields to override, or to set through `with`: `address`, `root`,
 *   `suffixes`, `indexPages`, `programs`, `env` and the limits.
 * - Methods to override: `isCgi`, `authenticated`, `runCgi`.
 *
 * @example Serve a site of PHP pages
 * ```ts ignore
 * import { HttpServer } from "@verb/http";
 * import { FastCgiRequestHandler } from "@verb/http/cgi";
 * import { StaticRequestHandler } from "@verb/http/static";
 *
 * const root = "/srv/site";
 * const Php = FastCgiRequestHandler.with({
 *   root,
 *   address: "unix:/run/php/php-fpm.sock",
 * });
 * const Site = StaticRequestHandler.with({ root });
 * await using server = new HttpServer({ port: 8000 }, [Php, Site]);
 * await server.serveForever();
 * ```
 */
export class FastCgiRequestHandler extends GatewayRequestHandler {
  /**
   * Where the application listens: `host:port`, or `unix:` and a path.
   *
   * @default {"127.0.0.1:9000"}
   */
  address = "127.0.0.1:9000";
  /**
   * The suffixes of the files that the application runs, wherever they are
   * below `root`.
   *
   * @default {[".php"]}
   */
  suffixes: readonly string[] = [".php"];
  /**
   * Whether the files are looked for before the application is asked. Switch
   * it off when `root` is a directory on another host.
   *
   * @default {true}
   */
  checkFiles = true;
  /**
   * Connections at once: no more than the application has processes, since
   * each occupies one for as long as it is open. The handlers of a class share
   * them.
   *
   * @default {5}
   */
  maxConnections = 5;
  /**
   * Milliseconds that a connection stays open without a request; 0 closes it
   * after each.
   *
   * @default {10_000}
   */
  connectionIdleTimeout = 10_000;
  /**
   * Milliseconds in which the application must accept a connection; past it
   * the client gets 504.
   *
   * @default {5_000}
   */
  connectTimeout = 5_000;

  /**
   * Makes sure that requests can reach programs: called when a server is made
   * of the class. May be overridden where `root` comes to be later.
   *
   * @throws {TypeError} If `root` is no folder and `checkFiles` is not off, a path
   * of `programs` has no leading slash, or `address` is none.
   */
  static checkSettings(): void {
    const handler = probeOf(this);
    requireReachable(this.name, handler.programMap(), handler.seesFiles);
    parseAddress(handler.address);
  }

  /**
   * Whether the pathname is one for the application: the server asks before it
   * gives the class a request.
   *
   * @param pathname The canonical path below the class's prefix.
   */
  static owns(pathname: string): boolean {
    return probeOf(this).isCgi(pathname);
  }

  /** What is not UTF-8 in a path reaches the application, in PATH_INFO. */
  static override get takesPathBytes(): boolean {
    return true;
  }

  /** Which files are run: no class of the server sends or takes them as files. */
  static programFiles(): ProgramFiles {
    return programFilesOf(probeOf(this).programMap());
  }

  /**
   * A class with other settings.
   *
   * @param settings Values by field name.
   * @returns A subclass whose instances have these settings.
   * @throws {TypeError} If there is no such setting.
   */
  static with<
    Class extends new (
      ...args: ConstructorParameters<typeof FastCgiRequestHandler>
    ) => FastCgiRequestHandler,
  >(this: Class, settings: Settings<InstanceType<Class>>): Class {
    return withSettings(this, settings);
  }

  /** Closes the connections of the class that no request uses. */
  static closeConnections(): void {
    poolOf.get(this)?.close();
  }

  /** The application runs its files: they need not be executable. */
  override isExecutable(_file: string, _facts: FileFacts): boolean {
    return true;
  }

  /** How many programs there may be at once. */
  protected override get maxRuns(): number {
    return this.maxConnections;
  }

  /** Where programs live. */
  protected override programMap(): ProgramMap {
    return {
      root: this.absoluteRoot,
      cgiDirectories: [],
      programs: this.programs,
      interpreters: Object.fromEntries(this.suffixes.map((s) => [s, s])),
      indexPages: this.indexPages,
    };
  }

  /** Whether files are looked for. */
  protected override get seesFiles(): boolean {
    return this.checkFiles;
  }

  /** The facts about a file: supposed, where it is out of sight. */
  protected override statFile(file: string): FileFacts | undefined {
    if (this.checkFiles) return super.statFile(file);
    const isFile = this.suffixes.some((suffix) => file.endsWith(suffix)) ||
      Object.values(this.programs).includes(file);
    return { isFile, isDirectory: !isFile, mode: null };
  }

  /** Sends the request, once there is a free connection. */
  protected override async startProgram(
    { program, variables, hasBody, signal, client }: ProgramStart,
  ): Promise<ProgramRun> {
    const lease = await this.#pool().take(signal, client);
    if (lease === undefined) throw this.overloaded();
    const run = new FastCgiRun(lease, {
      params: { ...variables, ...this.env },
      hasBody,
      onStderr: (line) => this.logProblem(`${nameOf(program)}: ${line}`),
    });
    run.start();
    return run;
  }

  #pool(): FastCgiPool {
    let pool = poolOf.get(this.constructor);
    if (pool === undefined) {
      pool = new FastCgiPool(this.address, {
        connections: this.maxConnections,
        queue: this.maxQueue,
        wait: this.queueTimeout,
        idle: this.connectionIdleTimeout,
        connect: this.connectTimeout,
      });
      poolOf.set(this.constructor, pool);
    }
    return pool;
  }
}

/** The settings of a {@linkcode FastCgiRequestHandler}. */
export type FastCgiSettings = Settings<FastCgiRequestHandler>;

/** The connections of a class, whatever the number of its instances. */
const poolOf = new WeakMap<object, FastCgiPool>();
