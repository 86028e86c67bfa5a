// CGI programs for those whom `--auth-file` and `--allow` let in.

import { CgiRequestHandler } from "../cgi/mod.ts";
import type { Access } from "../static/mod.ts";
import { logUnknownHost } from "./unknown_host.ts";

/** Runs programs for those who may get in. */
export class AdmittedPrograms extends CgiRequestHandler {
  /** Who may get in; undefined for everybody. */
  access: Access | undefined = undefined;

  #user: string | undefined;

  /** Runs the program, or fails with 401, 403 or 429. */
  override async dispatch(): Promise<void> {
    this.#user = await this.access?.admit(this);
    await super.dispatch();
  }

  /** Sends an error; the log says how to answer for a name. */
  override sendError(
    ...args: Parameters<CgiRequestHandler["sendError"]>
  ): ReturnType<CgiRequestHandler["sendError"]> {
    logUnknownHost(this, args[0]);
    return super.sendError(...args);
  }

  /** Whom the server has let in, for AUTH_TYPE and REMOTE_USER. */
  override authenticated(): { type: string; user: string } | undefined {
    const user = this.#user;
    return user === undefined ? undefined : { type: "Basic", user };
  }
}
