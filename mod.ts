/**
 * Python's `http.server` and `socketserver` for Deno.
 *
 * @module
 */

export { HttpError, type HttpErrorOptions } from "./lib/facts/errors.ts";
export { DEFAULT_LIMITS, type Limits } from "./lib/facts/limits.ts";
export type { StatusText } from "./lib/facts/status.ts";
export type { ByteStream, Reader, Writer } from "./lib/bytes/stream.ts";
export { FieldList } from "./lib/protocol/field_list.ts";
export { verb } from "./lib/handler/verb.ts";
export { HttpRequestHandler } from "./lib/handler/http_request_handler.ts";
export { StreamRequestHandler } from "./lib/handler/stream_request_handler.ts";
export { listRoutes } from "./lib/handler/router.ts";
export { TcpServer } from "./lib/server/tcp_server.ts";
export { HttpServer } from "./lib/server/http_server.ts";
