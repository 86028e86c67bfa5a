// Stores the files of a multipart form (RFC 7578), one after the other as they
// arrive, and keeps account of each: a file is stored whole or not at all, and
// nothing that was sent is dropped without a word.

import { ConnectionLost, HttpError } from "../facts/errors.ts";
import type { MultipartReader, Part } from "../protocol/multipart_reader.ts";

/** Stores one file. */
export type FileStore = (
  name: string,
  chunks: AsyncIterable<Uint8Array>,
) => Promise<void>;

/** Characters of a name that are kept for the report: no file has a longer one. */
const MOST_NAME = 255;

/** Refused files until a form is broken off; each has a place in the report. */
const MOST_REFUSED = 1000;

/** What became of one file. */
export interface FileOutcome {
  /** The name that the client gave; of a longer one the first 255 characters. */
  readonly name: string;
  /** 201 when it was stored, else the status that a `PUT` would have got. */
  readonly status: number;
  /** One plain sentence. */
  readonly message: string;
}

/** What became of a form. */
export interface FormOutcome {
  /** The files in the order in which they came. */
  readonly files: readonly FileOutcome[];
  /** Why the form was not read to its end; undefined where it was. */
  readonly failure: HttpError | undefined;
}

/**
 * Stores the files of a form. A file that is refused does not keep the others
 * from being stored, but past 1,000 refused ones the form fails (413).
 *
 * @param form The form.
 * @param store Stores one file.
 * @param report Takes what the program did not foresee; that file is 500.
 * @returns What became of it.
 * @throws {HttpError} If the form fails before its first file.
 */
export async function receiveForm(
  form: MultipartReader,
  store: FileStore,
  report: (error: unknown) => void,
): Promise<FormOutcome> {
  const files: FileOutcome[] = [];
  let refused = 0;
  try {
    for (let part; (part = await form.next()) !== null;) {
      const { filename: name } = part;
      // A form may have other fields, and a field for files may be left empty.
      if (name === undefined || name === "" && await isEmpty(part)) continue;
      const outcome = await storePart(part, name, store, report);
      files.push({ name: shorten(name), ...outcome });
      if (outcome.status !== 201 && ++refused > MOST_REFUSED) {
        throw new HttpError(413, "Too many files were refused");
      }
    }
  } catch (error) {
    if (!(error instanceof HttpError) || files.length === 0) throw error;
    return { files, failure: error };
  }
  return { files, failure: undefined };
}

/** An ellipsis stands for what is cut. */
function shorten(name: string): string {
  return name.length > MOST_NAME ? `${name.slice(0, MOST_NAME)}…` : name;
}

async function storePart(
  part: Part,
  name: string,
  store: FileStore,
  report: (error: unknown) => void,
): Promise<Omit<FileOutcome, "name">> {
  try {
    await store(name, contentOf(part));
    return { status: 201, message: "Stored" };
  } catch (error) {
    // If the form has failed with the file, its next part throws this again.
    if (error instanceof ConnectionLost) throw error;
    if (error instanceof HttpError) {
      const { status, message } = error;
      return { status, message };
    }
    report(error);
    return { status: 500, message: "The file could not be stored" };
  }
}

async function* contentOf(part: Part): AsyncGenerator<Uint8Array> {
  for (let run; (run = await part.read()) !== null;) yield run;
}

async function isEmpty(part: Part): Promise<boolean> {
  return await part.read() === null;
}
