/**
 * Python's `http.server` and `socketserver` for Deno: handler classes whose
 * methods carry `@verb("POST")`, and servers that run them over a raw TCP loop
 * in which a subclass can override every step.
 *
 * @example A server
 * ```ts
 * import { HttpRequestHandler, HttpServer, verb } from "@verb/http";
 * import { assertEquals } from "@std/assert";
 *
 * class Greeter extends HttpRequestHandler {
 *   @verb("GET", "/hello/:name")
 *   hello({ name }: { name: string }) {
 *     this.sendResponse(200);
 *     this.sendHeader("Content-Type", "text/plain; charset=utf-8");
 *     this.endHeaders();
 *     this.wfile.write(`Hello, ${name}\n`);
 *   }
 * }
 *
 * await using server = new HttpServer({ port: 0 }, Greeter);
 * void server.serveForever();
 * const response = await fetch(`http://127.0.0.1:${server.serverPort}/hello/Ada`);
 * assertEquals(await response.text(), "Hello, Ada\n");
 * ```
 *
 * @module
 */

export {
  ConnectionLost,
  HttpError,
  type HttpErrorOptions,
} from "./lib/facts/errors.ts";
export { DEFAULT_LIMITS, type Limits } from "./lib/facts/limits.ts";
export { RESPONSES, type StatusText } from "./lib/facts/status.ts";
export { ByteReader } from "./lib/bytes/byte_reader.ts";
export { ByteWriter } from "./lib/bytes/byte_writer.ts";
export type { Pace as WritePace } from "./lib/bytes/pace.ts";
export type { ByteStream, Reader, Writer } from "./lib/bytes/stream.ts";
export type {
  Exchange,
  HeadState,
  MaybePromise,
  RequestContent,
  ResponsePhase,
  ResponseWriter,
} from "./lib/protocol/exchange.ts";
export { FieldList } from "./lib/protocol/field_list.ts";
export type { BodyFraming, Framing } from "./lib/protocol/framing.ts";
export type { HttpVersion, RequestHead } from "./lib/protocol/request_head.ts";
export type {
  Connection,
  ConnectionHandler,
  ConnectionInfo,
  ServerInfo,
} from "./lib/handler/connection.ts";
export { HttpConnection } from "./lib/handler/http_connection.ts";
export type {
  RequestHandler,
  RequestHandlerClass,
} from "./lib/handler/http_handlers.ts";
export type { RoutedRequest } from "./lib/handler/routed_request.ts";
export {
  type HttpHandlerClass,
  HttpRequestHandler,
} from "./lib/handler/http_request_handler.ts";
export type { LateCodeGuard } from "./lib/handler/late_code.ts";
export type { ParamNames, PatternParams } from "./lib/handler/pattern.ts";
export {
  type ProgramFiles,
  ProgramGuard,
} from "./lib/handler/program_guard.ts";
export { ReceivedRequest } from "./lib/handler/received_request.ts";
export {
  type Fields,
  ResponsePipeline,
} from "./lib/handler/response_pipeline.ts";
export type { Params } from "./lib/handler/route_table.ts";
export {
  listRoutes,
  type Match,
  type RoutableClass,
  type Route,
  Router,
} from "./lib/handler/router.ts";
export { StreamRequestHandler } from "./lib/handler/stream_request_handler.ts";
export type { UploadPlace } from "./lib/handler/upload_check.ts";
export {
  verb,
  type VerbDecorator,
  type VerbMethod,
  type VerbOwner,
} from "./lib/handler/verb.ts";
export { TransportConnection } from "./lib/server/connection.ts";
export type { Expiring } from "./lib/server/deadlines.ts";
export {
  HttpServer,
  type HttpServerOptions,
} from "./lib/server/http_server.ts";
export type { ListenOptions } from "./lib/server/listener.ts";
export {
  type ConnectionHandlerClass,
  TcpServer,
  type TcpServerOptions,
} from "./lib/server/tcp_server.ts";

// Run instead of imported, this is the command line of `./cli`. The specifier is
// computed: Deno fetches what the text names, so a literal would fetch the
// command line's packages for every program that imports the classes.
// A bundle of a program that imports this may be a main module, too. It awaits
// nothing here: some bundles cannot.
if (import.meta.main && import.meta.url.endsWith("/mod.ts")) {
  void (async () => {
    const commandLine = import.meta.resolve("./lib/cli/mod.ts");
    const { main }: { main: () => Promise<number> } = await import(commandLine);
    Deno.exitCode = await main();
  })();
}
