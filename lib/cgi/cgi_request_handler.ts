// CGI/1.1 (RFC 3875): a process for each request. What it shares with FastCGI
// is in `gateway_request_handler.ts`.

import { dirname } from "@std/path";
import { HttpError } from "../facts/errors.ts";
import { probeOf } from "../handler/probe.ts";
import type { ProgramFiles } from "../handler/program_guard.ts";
import { type Settings, withSettings } from "../handler/with_settings.ts";
import { indexedQueryWords, inheritedEnvironment } from "./environment.ts";
import {
  GatewayRequestHandler,
  type ProgramStart,
} from "./gateway_request_handler.ts";
import { type CgiProcess, startProcess } from "./process.ts";
import type { ProgramMap } from "./program_map.ts";
import { programFilesOf } from "./program_files.ts";
import { nameOf } from "./program_answer.ts";
import type { ProgramRun } from "./program_run.ts";
import { requireReachable } from "./settings_check.ts";
import { Slots } from "./slots.ts";
import { passesBytes } from "./start_child.ts";

/**
 * Runs CGI programs: Python's `CGIHTTPRequestHandler`, with all of RFC 3875.
 *
 * A path below one of `cgiDirectories`, one with a suffix of `interpreters`,
 * and one of `programs` is answered by a program, or by an error: never by a
 * file. All other paths are left to the next handler class of the server.
 *
 * - Fields to override, or to set through `with`: `root`, `cgiDirectories`,
 *   `programs`, `interpreters`, `indexPages`, `env`, `inheritEnv` and the
 *   limits.
 * - Methods to override: `isCgi`, `isExecutable`, `authenticated`, `runCgi`.
 *
 * @example Run the programs in ./cgi-bin
 * ```ts ignore
 * import { HttpServer } from "@verb/http";
 * import { CgiRequestHandler } from "@verb/http/cgi";
 *
 * await using server = new HttpServer({ port: 8000 }, CgiRequestHandler);
 * await server.serveForever();
 * ```
 */
export class CgiRequestHandler extends GatewayRequestHandler {
  /**
   * Directories, as pathnames, whose files are programs; those below them too.
   *
   * @default {["/cgi-bin", "/htbin"]}
   */
  cgiDirectories: readonly string[] = ["/cgi-bin", "/htbin"];
  /**
   * The command that runs the files of a suffix, wherever they are below
   * `root` and whether or not they are executable, as
   * `{ ".php": "php-cgi", ".py": "python3", ".pl": "perl" }`. Without one a
   * program must be executable, and its first line says what runs it.
   *
   * @default {{}}
   */
  interpreters: Readonly<Record<string, string>> = {};
  /**
   * The variables of the server's own environment that programs get; nothing
   * else of it reaches them. PATH is always set.
   *
   * @default {["PATH"]}
   */
  inheritEnv: readonly string[] = DEFAULT_INHERITED;
  /**
   * Whether the words of an indexed query, one without `=`, become arguments
   * of the program (RFC 3875 §4.4).
   *
   * @default {false}
   */
  indexedQuery = false;
  /**
   * Programs at once; further requests wait, see `maxQueue`. The handlers of
   * a class share it.
   *
   * @default {32}
   */
  maxProcesses = 32;
  /**
   * Milliseconds between SIGTERM and SIGKILL for a program that is ended.
   *
   * @default {5_000}
   */
  killGrace = 5_000;
  /**
   * Whether a program leads a process group of its own, so that ending it ends
   * what it started, too. Where `--allow-ffi` is missing a program starts faster
   * without one, but what it started goes on when it is ended early.
   *
   * @default {true}
   */
  processGroup = true;

  #inherited: Record<string, string> | undefined;

  /**
   * Makes sure that requests can reach programs: called when a server is made
   * of the class. May be overridden where `root` comes to be later.
   *
   * @throws {TypeError} If `root` is no folder, or a path of `cgiDirectories` or
   * `programs` has no leading slash.
   */
  static checkSettings(): void {
    const handler = probeOf(this);
    requireReachable(this.name, handler.programMap(), handler.seesFiles);
  }

  /**
   * Whether the pathname is one for programs: the server asks before it gives
   * the class a request.
   *
   * @param pathname The canonical path below the class's prefix.
   */
  static owns(pathname: string): boolean {
    return probeOf(this).isCgi(pathname);
  }

  /**
   * Whether what is not UTF-8 in a path reaches programs, in PATH_INFO: not by
   * Deno's own way to start them, which is that without `--allow-ffi`.
   */
  static override get takesPathBytes(): boolean {
    return passesBytes();
  }

  /** Which files are run: no class of the server sends or takes them as files. */
  static programFiles(): ProgramFiles {
    return programFilesOf(probeOf(this).programMap());
  }

  /**
   * A class with other settings.
   *
   * @example Serve Git repositories
   * ```ts ignore
   * const Git = CgiRequestHandler.with({
   *   programs: { "/git": "/usr/lib/git-core/git-http-backend" },
   *   env: { GIT_PROJECT_ROOT: "/srv/git", GIT_HTTP_EXPORT_ALL: "1" },
   * });
   * ```
   *
   * @param settings Values by field name.
   * @returns A subclass whose instances have these settings.
   * @throws {TypeError} If there is no such setting.
   */
  static with<
    Class extends new (
      ...args: ConstructorParameters<typeof CgiRequestHandler>
    ) => CgiRequestHandler,
  >(this: Class, settings: Settings<InstanceType<Class>>): Class {
    return withSettings(this, settings);
  }

  /** How many programs there may be at once. */
  protected override get maxRuns(): number {
    return this.maxProcesses;
  }

  /** Where programs live. */
  protected override programMap(): ProgramMap {
    return {
      root: this.absoluteRoot,
      cgiDirectories: this.cgiDirectories,
      programs: this.programs,
      interpreters: this.interpreters,
      indexPages: this.indexPages,
    };
  }

  /** Starts a process, once there is a free slot. */
  protected override async startProgram(
    start: ProgramStart,
  ): Promise<ProgramRun> {
    const slot = await this.#slots().take(start.signal, start.client);
    if (slot === undefined) throw this.overloaded();
    try {
      return await this.#spawn(start, () => slot[Symbol.dispose]());
    } catch (error) {
      slot[Symbol.dispose]();
      throw error;
    }
  }

  async #spawn(
    start: ProgramStart,
    onGone: () => void,
  ): Promise<CgiProcess> {
    const { program, variables, hasBody } = start;
    const words = this.indexedQuery
      ? indexedQueryWords(this.command, this.query)
      : [];
    try {
      return await startProcess({
        command: program.command,
        args: [...program.args, ...words],
        cwd: dirname(program.file),
        env: {
          ...(this.#inherited ??= inheritedEnvironment(this.inheritEnv)),
          ...variables,
          ...this.env,
        },
        hasBody,
        group: this.processGroup,
        killGrace: this.killGrace,
        onStderr: (line) => this.logProblem(`${nameOf(program)}: ${line}`),
        onGone,
      });
    } catch (error) {
      if (!(error instanceof Deno.errors.NotCapable)) throw error;
      this.logProblem(
        `${error.message}: run the server with --allow-run=${program.command}`,
      );
      throw new HttpError(500, "The server may not run this program", {
        cause: error,
      });
    }
  }

  #slots(): Slots {
    let slots = slotsOf.get(this.constructor);
    if (slots === undefined) {
      slots = new Slots({
        slots: this.maxProcesses,
        queue: this.maxQueue,
        wait: this.queueTimeout,
      });
      slotsOf.set(this.constructor, slots);
    }
    return slots;
  }
}

/** The settings of a {@linkcode CgiRequestHandler}. */
export type CgiSettings = Settings<CgiRequestHandler>;

/** The processes of a class, whatever the number of its instances. */
const slotsOf = new WeakMap<object, Slots>();

/** Without these hardly a program runs on Windows. */
const DEFAULT_INHERITED: readonly string[] = Deno.build.os === "windows"
  ? ["PATH", "PATHEXT", "SystemRoot", "ComSpec", "TEMP", "TMP"]
  : ["PATH"];
