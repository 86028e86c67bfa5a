// What CGI and FastCGI share. They differ in `startProgram` alone.
//
// 1. `selectProgram` turns the canonical pathname into a program, or refuses.
// 2. The body gets a length: a chunked one is collected first.
// 3. `startProgram` starts the program with the environment.
// 4. The body goes in and the output comes out, side by side.
// 5. When the output has ended so has the run; only then may a local redirect
//    start the next program.

import { resolve } from "@std/path";
import { HttpError } from "../facts/errors.ts";
import { HttpRequestHandler } from "../handler/http_request_handler.ts";
import { verb } from "../handler/verb.ts";
import type { Exchange } from "../protocol/exchange.ts";
import { splitTarget } from "../protocol/target.ts";
import {
  type Authenticated,
  hostName,
  requestEnvironment,
} from "./environment.ts";
import { OutputError } from "./output.ts";
import {
  type FileFacts,
  hasExecutableBit,
  ownsPathname,
  type Program,
  type ProgramMap,
  selectProgram,
} from "./program.ts";
import { answerWithProgram, nameOf } from "./program_answer.ts";
import { ProgramError, type ProgramRun } from "./program_run.ts";
import { RunGuard } from "./run_guard.ts";
import { openBody } from "./request_body.ts";

/** What a program is started with. */
export interface ProgramStart {
  /** The program. */
  readonly program: Program;
  /** The meta-variables of RFC 3875 §4.1. */
  readonly variables: Record<string, string>;
  /** Whether there is a body for it to read. */
  readonly hasBody: boolean;
  /** Aborted when the client goes away; only without a body. */
  readonly signal: AbortSignal | undefined;
}

/** The exchanges whose request is a local redirect: a GET without a body. */
const redirected = new WeakSet<Exchange>();

/** Answers with the output of programs; the base of CGI and FastCGI. */
export abstract class GatewayRequestHandler extends HttpRequestHandler {
  /**
   * The directory that `/` stands for, DOCUMENT_ROOT.
   *
   * @default {"."}
   */
  root = ".";
  /**
   * Single programs: the pathname each is mounted at, and its file.
   *
   * @default {{}}
   */
  programs: Readonly<Record<string, string>> = {};
  /**
   * Variables that every program gets, over those of the request.
   *
   * @default {{}}
   */
  env: Readonly<Record<string, string>> = {};
  /**
   * Whether programs see the Authorization field, as HTTP_AUTHORIZATION: for
   * programs that authenticate by themselves.
   *
   * @default {false}
   */
  passAuthorization = false;
  /**
   * SERVER_NAME; by default the host that the request names, and the server's
   * own name when it names none.
   *
   * @default {undefined}
   */
  serverName: string | undefined = undefined;
  /**
   * The status of an answer that a program fails to give: 502, or 500 as other
   * servers have it.
   *
   * @default {502}
   */
  badOutputStatus = 502;
  /**
   * Milliseconds from the last octet of the request to the first of the
   * output; past it the program is ended and the client gets 504.
   *
   * @default {60_000}
   */
  firstByteTimeout = 60_000;
  /**
   * Milliseconds that a whole run may take; past it the program is ended.
   *
   * @default {600_000}
   */
  runTimeout = 600_000;
  /**
   * Requests that may wait for a program's turn; the next one gets 503.
   *
   * @default {128}
   */
  maxQueue = 128;
  /**
   * Milliseconds that one may wait; past it 503.
   *
   * @default {30_000}
   */
  queueTimeout = 30_000;
  /**
   * Seconds after which a client that got 503 may try again.
   *
   * @default {5}
   */
  retryAfter = 5;
  /**
   * Octets of a body without a length that are kept in memory while they are
   * counted; more go to a temporary file.
   *
   * @default {65_536}
   */
  spoolMemory = 65_536;

  #root: string | undefined;

  /** Answers the request with the output of a program. May be overridden. */
  @verb("*")
  async runCgi(): Promise<void> {
    const program = await this.#select();
    if (program === undefined) return;
    const target = await this.#run(program);
    if (target === undefined) return;
    redirected.add(this.exchange);
    try {
      await this.forward(target);
    } finally {
      redirected.delete(this.exchange);
    }
  }

  /**
   * Whether the pathname belongs to programs; all others are left to the next
   * handler class. May be overridden.
   *
   * @param pathname A canonical path.
   */
  isCgi(pathname: string = this.pathname): boolean {
    return ownsPathname(pathname, this.programMap());
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

  /** Where programs live. */
  protected abstract programMap(): ProgramMap;

  /**
   * Starts a program.
   *
   * @throws {HttpError} 503 if there are too many already.
   * @throws {ProgramError} If it cannot be started.
   */
  protected abstract startProgram(start: ProgramStart): Promise<ProgramRun>;

  /** The facts about a file, `undefined` if there is none. May be overridden. */
  protected statFile(file: string): Promise<FileFacts | undefined> {
    try {
      // Without a wait: it takes a hundredth of the time that starting a
      // program does, and that is without a wait as well.
      return Promise.resolve(Deno.statSync(file));
    } catch (error) {
      if (error instanceof Deno.errors.NotCapable) throw error;
      return Promise.resolve(undefined);
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

  /** The program for the request; `undefined` once a redirect is the answer. */
  async #select(): Promise<Program | undefined> {
    const selection = await selectProgram(this.pathname, this.programMap(), {
      stat: (file) => this.statFile(file),
      isExecutable: (file, facts) => this.isExecutable(file, facts),
    });
    switch (selection.kind) {
      case "program":
        return selection.program;
      case "directory":
        this.#redirectToSlash();
        return undefined;
      case "missing":
        throw new HttpError(404, "No such CGI program");
      case "forbidden":
        throw new HttpError(403, `The CGI program ${selection.reason}`);
    }
  }

  #redirectToSlash(): void {
    const query = this.query === "" ? "" : `?${this.query}`;
    this.sendResponse(301);
    this.sendHeader(
      "Location",
      encodeURI(this.#prefix + this.pathname) + "/" + query,
    );
    this.sendHeader("Content-Length", "0");
    this.endHeaders();
  }

  /** Runs the program; the target of a local redirect, if that is its answer. */
  async #run(program: Program): Promise<string | undefined> {
    await using body = await openBody(this, {
      memory: this.spoolMemory,
      isRedirected: redirected.has(this.exchange),
    });
    const hasBody = (body.length ?? 0) > 0;
    try {
      await using run = await this.startProgram({
        program,
        variables: this.#variables(program, body.length),
        hasBody,
        signal: hasBody ? undefined : this.signal,
      });
      using guard = new RunGuard(run, {
        firstByte: this.firstByteTimeout,
        whole: this.runTimeout,
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
    const { pathname } = splitTarget(this.path);
    return pathname.endsWith(this.pathname)
      ? pathname.slice(0, pathname.length - this.pathname.length)
      : pathname;
  }

  /** What the client is told; the reason goes to the log. */
  #failure(program: Program, error: unknown): unknown {
    if (error instanceof OutputError || error instanceof ProgramError) {
      const cause = error.cause === undefined ? "" : `: ${error.cause}`;
      this.logError(`${nameOf(program)}: ${error.message}${cause}`);
      if (error instanceof ProgramError && error.status === 503) {
        return this.overloaded();
      }
      return new HttpError(this.badOutputStatus, "", { cause: error });
    }
    return error;
  }
}
