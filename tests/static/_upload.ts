// What tests of uploads share: a form of files as it goes over the wire, and
// the class that takes it, with nothing in a response that changes by the day.

import { exchange, type ExchangeOptions } from "../../lib/testing/mod.ts";
import { UploadRequestHandler } from "../../lib/static/upload_request_handler.ts";
import { type Answer, parseAnswer } from "./_site.ts";

/** A file of a form; its name and content are bytes as characters. */
export interface FormFile {
  readonly name: string;
  readonly content: string;
}

/** A form of files with the boundary `EDGE`, as browsers write it. */
export function formOf(files: readonly FormFile[]): string {
  return files.map(formPart).join("") + "--EDGE--\r\n";
}

/** One file of a form. */
export function formPart({ name, content }: FormFile): string {
  return "--EDGE\r\n" +
    `Content-Disposition: form-data; name="file"; filename="${name}"\r\n` +
    "Content-Type: application/octet-stream\r\n" +
    `\r\n${content}\r\n`;
}

/** A request that posts a form. */
export function postOf(
  body: string,
  fields: Readonly<Record<string, string>> = {},
): string {
  const all = {
    Host: "x",
    Connection: "close",
    "Content-Type": "multipart/form-data; boundary=EDGE",
    "Content-Length": String(body.length),
    ...fields,
  };
  const head = Object.entries(all)
    .map(([name, value]) => `${name}: ${value}\r\n`).join("");
  return `POST / HTTP/1.1\r\n${head}\r\n${body}`;
}

/** Posts a form through the connection loop in memory. */
export async function post(
  root: string,
  body: string,
  { fields, settings, ...options }: ExchangeOptions & {
    fields?: Readonly<Record<string, string>>;
    settings?: Partial<UploadRequestHandler>;
  } = {},
): Promise<Answer> {
  const Drop = UploadRequestHandler.with({ ...settings, root });
  const bytes = await exchange(Drop, postOf(body, fields), options);
  return parseAnswer(new TextDecoder("latin1").decode(bytes));
}

/** The names in a folder, in order. */
export function namesIn(path: string): string[] {
  return Array.from(Deno.readDirSync(path), ({ name }) => name).sort();
}
