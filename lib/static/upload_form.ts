// Takes the files out of a multipart form (RFC 7578) as they arrive, by a
// library that is fetched when the first form is posted.

import type { Reader } from "../bytes/stream.ts";
import { HttpError } from "../facts/errors.ts";

/** What is done with each file. */
export type FileTaker = (
  name: string,
  chunks: AsyncIterable<Uint8Array>,
) => Promise<void>;

/** The most parts of one form. */
const MAX_PARTS = 1000;

/**
 * Reads a form.
 *
 * @param rfile The body of the request.
 * @param contentType Its Content-Type.
 * @param take Called with the base name and the content of each file.
 * @throws {HttpError} 415 if it is no such form, 400 if it is malformed, or
 * what `take` throws.
 */
export async function readUploadForm(
  rfile: Reader,
  contentType: string | undefined,
  take: FileTaker,
): Promise<void> {
  if (!/^multipart\/form-data *;/i.test(contentType ?? "")) {
    throw new HttpError(415, "The body is not a form with files");
  }
  const form = await openForm(contentType ?? "");
  const taken: Promise<void>[] = [];
  const { promise: failed, reject } = Promise.withResolvers<never>();
  // Whoever waits learns of it; if nobody does, the last wait does.
  failed.catch(() => {});
  form.on("file", (_field, stream, name) => {
    const taking = name === "" || name === undefined
      ? drain(stream)
      : take(name, stream);
    taking.catch(reject);
    taken.push(taking);
  });
  const finished = new Promise<void>((resolve) => form.on("finish", resolve));
  form.on("error", (cause) => {
    reject(new HttpError(400, "The form is malformed", { cause }));
  });
  try {
    await Promise.race([pump(rfile, form, failed), failed]);
    await Promise.race([finished, failed]);
    await Promise.all(taken);
  } finally {
    form.destroy();
    await Promise.allSettled(taken);
  }
}

type Form = InstanceType<typeof import("@fastify/busboy").Busboy>;

async function openForm(contentType: string): Promise<Form> {
  const { Busboy } = await import("@fastify/busboy");
  try {
    return new Busboy({
      headers: { "content-type": contentType },
      limits: { fields: 100, fieldSize: 65_536, parts: MAX_PARTS },
    });
  } catch (cause) {
    throw new HttpError(400, "The form has no boundary", { cause });
  }
}

async function pump(
  rfile: Reader,
  form: Form,
  failed: Promise<never>,
): Promise<void> {
  for (;;) {
    const chunk = await rfile.read();
    if (chunk === null) break;
    if (form.write(chunk)) continue;
    const drained = new Promise<void>((resolve) => form.once("drain", resolve));
    await Promise.race([drained, failed]);
  }
  form.end();
}

async function drain(stream: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _chunk of stream);
}
