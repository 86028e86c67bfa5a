// What CGI and FastCGI share. They differ in `startProgram` alone.
//
// 1. `selectProgram` turns the canonical pathname into a program, or refuses.
// 2. The body gets a length: a small or chunked one is collected first.
// 3. `startProgram` starts the program with the environment.
// 4. The body goes in and the output comes out, side by side.
// 5. When the output has ended so has the run; only then may a local redirect
//    start the next program.

import { resolve } from "@std/path";
import { HttpError } from "../facts/errors.ts";
import { networkOf } from "../facts/network.ts";
import { requireGranted } from "../facts/permission.ts";
import { verb } from "../handler/verb.ts";
import type { Exchange } from "../protocol/exchange.ts";
import { encodePathname, splitByteTarget } from "../protocol/target.ts";
import {
  type Authenticated,
  hostName,
  requestEnvironment,
} from "./environment.ts";
import { GatewaySettings } from "./gateway_settings.ts";
import { leadsOut } from "./outside.ts";
import { type LocalRedirect, OutputError } from "./output.ts";
import {
  type FileFacts,
  type FileSystemView,
  hasExecutableBit,
  ownsFolder,
  type Program,
  selectProgram,
} from "./program.ts";
import { answerWithProgram, nameOf } from "./program_answer.ts";
import { ownsPathname, type ProgramMap } from "./program_map.ts";
import { ProgramError, type ProgramRun } from "./program_run.ts";
import { RunGuard } from "./run_guard.ts";
import { openBody } from "./request_body.ts";
import { Slots } from "./slots.ts";
import { SpoolSpace } from "./spool.ts";

/** What a program is started with. */
export interface ProgramStart {
  /** The program. */
  readonly program: Program;
  /** The meta-variables of RFC 3875 §4.1. */
  readonly variables: Record<string, string>;
  /** Whether there is a body for it to read. */
  readonly hasBody: boolean;
  /** Aborted when the client goes away; only once it has sent all of a body. */
  readonly signal: AbortSignal | undefined;
  /** Whose request it is: none may keep the programs from all others. */
  readonly client: string;
}

/** The exchanges whose request is a local redirect: a GET without a body. */
const redirected = new WeakSet<Exchange>();

/** Answers with the output of programs; the base of CGI and FastCGI. */
export abstract class GatewayRequestHandler extends GatewaySettings {
  #root: string | undefined;
  #mayReadRoot: boolean | undefined;

  /** Answers the request with the output of a program. May be overridden. */
  @verb("*")
  async runCgi(): Promise<void> {
    const program = this.#select();
    if (program === undefined) return;
    const redirect = await this.#run(program);
    if (redirect === undefined) return;
    redirected.add(this.exchange);
    try {
      await this.forward(redirect.target, redirect.fields);
    } finally {
      redirected.delete(this.exchange);
    }
  }

  /**
   * Whether the pathname belongs to programs, or is that of a folder for which
   * one answers; all others are left to the next handler class. May be
   * overridden.
   *
   * @param pathname A canonical path.
   */
  isCgi(pathname: string = this.pathname): boolean {
    const map = this.programMap();
    if (ownsPathname(pathname, map)) return true;
    const isTold = this.seesFiles || pathname.endsWith("/");
    return isTold && this.#mayRead && ownsFolder(pathname, map, this.#files);
  }

  /**
   * Whether a file may be run by itself. May be overridden.
   *
   * @param file Its absolute name.
   * @param facts What is known of it.
   */
  isExecutable(file: string, facts: FileFacts): boolean {
    return hasExecutableBit(file, facts);
  }

  /**
   * Whom the server has authenticated, for AUTH_TYPE and REMOTE_USER. By
   * default nobody: the Authorization field proves nothing. May be overridden.
   */
  authenticated(): Authenticated | undefined {
    return undefined;
  }

  /** How many programs there may be at once. */
  protected abstract get maxRuns(): number;

  /** Where programs live. */
  protected abstract programMap(): ProgramMap;

  /**
   * Starts a program.
   *
   * @throws {HttpError} 503 if there are too many already.
   * @throws {ProgramError} If it cannot be started.
   */
  protected abstract startProgram(start: ProgramStart): Promise<ProgramRun>;

  /** Whether `statFile` looks; else only the slash at its end tells a folder. */
  protected get seesFiles(): boolean {
    return true;
  }

  /** The facts about a file, `undefined` if there is none. May be overridden. */
  protected statFile(file: string): FileFacts | undefined {
    requireGranted({ name: "read", path: file });
    try {
      // Without a wait: it takes a hundredth of the time that starting a
      // program does, and that is without a wait as well.
      return Deno.statSync(file);
    } catch (error) {
      if (error instanceof Deno.errors.NotCapable) throw error;
      return undefined;
    }
  }

  /** `root` as an absolute name. */
  protected get absoluteRoot(): string {
    return this.#root ??= resolve(this.root);
  }

  /** What answers a request for which there is no room. */
  protected overloaded(): Error {
    return new HttpError(503, "Too many programs are running", {
      headers: [["Retry-After", String(this.retryAfter)]],
    });
  }

  get #files(): FileSystemView {
    return {
      stat: (file) => this.statFile(file),
      isOutside: (file) =>
        !this.followSymlinks && this.seesFiles &&
        leadsOut(file, this.absoluteRoot),
      isExecutable: (file, facts) => this.isExecutable(file, facts),
    };
  }

  /** Asked once, and nobody is prompted: other classes get requests as well. */
  get #mayRead(): boolean {
    return this.#mayReadRoot ??= !this.seesFiles || mayRead(this.absoluteRoot);
  }

  /** The program for the request; `undefined` once a redirect is the answer. */
  #select(): Program | undefined {
    const { pathname } = this;
    const selection = selectProgram(pathname, this.programMap(), this.#files);
    switch (selection.kind) {
      case "program":
        return selection.program;
      case "index":
        if (splitByteTarget(this.path).pathname.endsWith("/")) {
          return selection.program;
        }
        this.#redirectToSlash();
        return undefined;
      case "directory":
        this.#redirectToSlash();
        return undefined;
      case "outside":
        this.logError(
          `${selection.file}: a link leads out of the root: see followSymlinks`,
        );
        throw new HttpError(404, "No such CGI program");
      case "missing":
        throw new HttpError(404, "No such CGI program");
      case "forbidden":
        throw new HttpError(403, `The CGI program ${selection.reason}`);
    }
  }

  /** 308 where there may be a body: the client is to send it again. */
  #redirectToSlash(): void {
    const query = this.query === "" ? "" : `?${this.query}`;
    const isRead = this.command === "GET" || this.command === "HEAD";
    this.sendResponse(isRead ? 301 : 308);
    const { pathname } = splitByteTarget(this.path);
    this.sendHeader("Location", `${encodePathname(pathname)}/${query}`);
    this.sendHeader("Content-Length", "0");
    this.endHeaders();
  }

  /** Runs the program; a local redirect, if that is its answer. */
  async #run(program: Program): Promise<LocalRedirect | undefined> {
    const room = this.#room();
    const client = networkOf(this.clientAddress);
    await using body = await openBody(this, {
      memory: this.spoolMemory,
      space: room.space,
      places: room.slow,
      client,
      isRedirected: redirected.has(this.exchange),
    });
    if (body === undefined) throw this.overloaded();
    const hasBody = (body.length ?? 0) > 0;
    try {
      await using run = await this.startProgram({
        program,
        variables: this.#variables(program, body.length),
        hasBody,
        signal: body.isHere ? this.signal : undefined,
        client,
      });
      using guard = new RunGuard(run, {
        firstByte: this.firstByteTimeout,
        whole: this.runTimeout,
        client: this.clientPatience,
        slow: room.slow,
      });
      return await answerWithProgram({
        program,
        run,
        guard,
        body: hasBody ? body : undefined,
        handler: this,
      });
    } catch (error) {
      throw this.#failure(program, error);
    }
  }

  #room(): Room {
    let room = roomOf.get(this.constructor);
    if (room === undefined) {
      room = {
        space: new SpoolSpace(this.spoolBytes),
        slow: new Slots({
          slots: Math.max(1, Math.floor(this.maxRuns / 2)),
          queue: this.maxQueue,
          wait: this.queueTimeout,
        }),
      };
      roomOf.set(this.constructor, room);
    }
    return room;
  }

  #variables(
    program: Program,
    contentLength: number | undefined,
  ): Record<string, string> {
    const { server } = this;
    const scheme = server.isSecure ? 443 : 80;
    return requestEnvironment({
      command: this.command,
      target: this.path,
      query: this.query,
      requestVersion: this.requestVersion,
      fields: this.fields,
      contentLength,
      isRedirected: redirected.has(this.exchange),
      clientAddress: this.clientAddress,
      localAddress: this.localAddress,
      serverName: this.serverName ?? hostName(this.fields.get("host")) ??
        hostName(server.serverName) ??
        `[${server.serverName}]`,
      // A Unix socket has no port: the one that the scheme implies.
      serverPort: server.serverPort || scheme,
      serverSoftware: this.versionString(),
      secure: server.isSecure,
      prefix: this.#prefix,
      root: this.absoluteRoot,
      program,
      authenticated: this.authenticated(),
      passAuthorization: this.passAuthorization,
    });
  }

  /** The part of the canonical path that the class is mounted at. */
  get #prefix(): string {
    const { pathname } = splitByteTarget(this.path);
    return pathname.endsWith(this.pathname)
      ? pathname.slice(0, pathname.length - this.pathname.length)
      : pathname;
  }

  /** What the client is told; the owner of the server learns the reason. */
  #failure(program: Program, error: unknown): unknown {
    if (error instanceof OutputError || error instanceof ProgramError) {
      const cause = error.cause === undefined ? "" : `: ${error.cause}`;
      this.logProblem(
        `${nameOf(program)}: ${error.message}${cause}`,
        error,
      );
      if (error instanceof ProgramError && error.status === 503) {
        return this.overloaded();
      }
      return new HttpError(this.badOutputStatus, "", { cause: error });
    }
    return error;
  }
}

function mayRead(path: string): boolean {
  return Deno.permissions.querySync({ name: "read", path }).state === "granted";
}

/** What the handlers of a class share, whatever their number. */
interface Room {
  /** The room for bodies on the disk. */
  readonly space: SpoolSpace;
  /** Places for programs that wait for their clients. */
  readonly slow: Slots;
}

const roomOf = new WeakMap<object, Room>();
