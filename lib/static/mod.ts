/**
 * Static files: {@linkcode StaticRequestHandler}, which serves a folder, and
 * what its settings are made of.
 *
 * @example Serve the current folder
 * ```ts ignore
 * import { HttpServer } from "@verb/http";
 * import { StaticRequestHandler } from "@verb/http/static";
 *
 * await new HttpServer({ port: 8000 }, StaticRequestHandler).serveForever();
 * ```
 *
 * @module
 */

export {
  Access,
  type AccessOptions,
  type AdmissibleRequest,
} from "./access.ts";
export type { ArchiveFormat } from "./archive.ts";
export { parseAuthFile } from "./auth_file.ts";
export { type CacheRule, IMMUTABLE } from "./cache_control.ts";
export type { FileCache, FileCacheOptions } from "./file_cache.ts";
export type { PlannedField } from "./file_plan.ts";
export { FileResponder } from "./file_responder.ts";
export { GuardedHandler } from "./guarded_handler.ts";
export type { ListingEntry } from "./listing.ts";
export { EXTENSIONS_MAP } from "./media_type.ts";
export { hashPassword, verifyPassword } from "./password_hash.ts";
export { type FileFacts, OpenFile } from "./open_file.ts";
export type { PathRules } from "./path.ts";
export type { Confinement, FileIdentity } from "./place.ts";
export { Root } from "./root.ts";
export type { Found, ServableFile } from "./servable_file.ts";
export { StaticRequestHandler } from "./static_request_handler.ts";
export { StaticSettings } from "./static_settings.ts";
export type { UploadOptions } from "./upload_file.ts";
export { UploadRequestHandler } from "./upload_request_handler.ts";
