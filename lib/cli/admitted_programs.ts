// CGI programs for those whom `--auth-file` and `--allow` let in.

import { CgiRequestHandler } from "../cgi/mod.ts";
import type { Access } from "../static/mod.ts";

/** Runs programs for those who may get in. */
export class AdmittedPrograms extends CgiRequestHandler {
  /** Who may get in; undefined for everybody. */
  access: Access | undefined = undefined;

  #user: string | undefined;

  /** Runs the program, or answers 401 or 403. */
  override async runCgi(): Promise<void> {
    const { access } = this;
    this.#user = undefined;
    if (access !== undefined) {
      if (!access.allowsAddress(this.clientAddress)) return this.sendError(403);
      if (access.asksForUser) {
        const authorization = this.fields.get("authorization");
        this.#user = await access.authenticate(
          authorization,
          this.clientAddress,
        );
        if (this.#user === undefined) return this.#challenge(access);
      }
    }
    await super.runCgi();
  }

  /** Whom the server has let in, for AUTH_TYPE and REMOTE_USER. */
  override authenticated(): { type: string; user: string } | undefined {
    const user = this.#user;
    return user === undefined ? undefined : { type: "Basic", user };
  }

  #challenge(access: Access): void {
    const field: [string, string] = ["WWW-Authenticate", access.challenge];
    this.sendError(401, undefined, undefined, [field]);
  }
}
