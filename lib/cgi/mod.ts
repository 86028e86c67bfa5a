/**
 * CGI programs (RFC 3875) and FastCGI applications as handler classes.
 *
 * @example Serve Git repositories over HTTP
 * ```ts ignore
 * import { HttpServer } from "@verb/http";
 * import { CgiRequestHandler } from "@verb/http/cgi";
 *
 * const Git = CgiRequestHandler.with({
 *   programs: { "/git": "/usr/lib/git-core/git-http-backend" },
 *   env: { GIT_PROJECT_ROOT: "/srv/git", GIT_HTTP_EXPORT_ALL: "1" },
 * });
 * await using server = new HttpServer({ port: 8000 }, Git);
 * await server.serveForever();
 * ```
 *
 * @module
 */

export { CgiRequestHandler, type CgiSettings } from "./cgi_request_handler.ts";
export type { Settings } from "../handler/with_settings.ts";
export type { Authenticated } from "./environment.ts";
export {
  FastCgiRequestHandler,
  type FastCgiSettings,
} from "./fastcgi_request_handler.ts";
export {
  GatewayRequestHandler,
  type ProgramStart,
} from "./gateway_request_handler.ts";
export { GatewaySettings } from "./gateway_settings.ts";
export type { FileFacts, Program } from "./program.ts";
export type { ProgramMap } from "./program_map.ts";
export { type Outcome, ProgramError, type ProgramRun } from "./program_run.ts";
