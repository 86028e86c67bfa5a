// What the system says when a file cannot be stored, as what the client is
// told: a full disk or a name that is too long is no fault of the program.

import { HttpError } from "../facts/errors.ts";

const REFUSALS: Readonly<Record<string, readonly [number, string]>> = {
  ENAMETOOLONG: [400, "The name is too long"],
  EINVAL: [400, "No file can have this name"],
  EILSEQ: [400, "No file can have this name"],
  EACCES: [403, "The folder cannot be written to"],
  EPERM: [403, "The folder cannot be written to"],
  EROFS: [403, "The folder cannot be written to"],
  EEXIST: [409, "File exists"],
  EISDIR: [409, "Not a file"],
  ENOTEMPTY: [409, "Not a file"],
  EBUSY: [409, "The file is in use"],
  ETXTBSY: [409, "The file is in use"],
  ENOENT: [409, "There is no such folder"],
  ENOTDIR: [409, "There is no such folder"],
  ELOOP: [409, "There is no such folder"],
  EFBIG: [413, "File too large"],
  EMFILE: [503, "Too many files are open"],
  ENFILE: [503, "Too many files are open"],
  ENOSPC: [507, "There is no room for the file"],
  EDQUOT: [507, "There is no room for the file"],
};

/**
 * Translates an error of the file system.
 *
 * @param cause What was thrown while a file was being stored.
 * @returns An `HttpError` for what the system refuses; anything else as it is.
 */
export function storageError(cause: unknown): unknown {
  if (!(cause instanceof Error) || !("code" in cause)) return cause;
  const [status, message] = REFUSALS[String(cause.code)] ?? [];
  return status === undefined
    ? cause
    : new HttpError(status, message, { cause });
}
