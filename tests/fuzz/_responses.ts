// A strict reader of what the server writes, as a client would have to read it:
// whatever is not exactly a sequence of answers is an error.

/** One answer. */
export interface Answer {
  status: number;
  reason: string;
  fields: [name: string, value: string][];
  body: string;
  trailers: [name: string, value: string][];
  /** Whether it says that the connection closes. */
  closes: boolean;
}

const STATUS_LINE = /^HTTP\/1\.1 (\d{3}) ([\t\x20-\x7e\x80-\xff]*)$/;
const FIELD = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+): ([\t\x20-\x7e\x80-\xff]*)$/;

/**
 * Reads all answers.
 *
 * @param text All that was written, each octet a character.
 * @param isHead Whether the answer of this number, interim ones not counted, is
 * one to HEAD.
 */
export function readAnswers(
  text: string,
  isHead: (index: number) => boolean,
): Answer[] {
  const answers: Answer[] = [];
  let finals = 0;
  for (let at = 0; at < text.length;) {
    const last = answers.at(-1);
    if (last?.closes) throw new Error(`octets behind the last answer: ${at}`);
    at = readAnswer(text, at, isHead(finals), answers);
    if ((answers.at(-1)?.status ?? 0) >= 200) finals++;
  }
  return answers;
}

function readAnswer(
  text: string,
  start: number,
  isHead: boolean,
  answers: Answer[],
): number {
  const headEnd = text.indexOf("\r\n\r\n", start);
  if (headEnd < 0) throw new Error(`a head that does not end: ${start}`);
  const [line = "", ...lines] = text.slice(start, headEnd).split("\r\n");
  const match = STATUS_LINE.exec(line);
  if (match === null) throw new Error(`no status line: ${line}`);
  const fields = lines.map(readField);
  const status = Number(match[1]);
  const answer: Answer = {
    status,
    reason: match[2] ?? "",
    fields,
    body: "",
    trailers: [],
    closes: values(fields, "connection").includes("close"),
  };
  answers.push(answer);
  return readBody(text, headEnd + 4, isHead, answer);
}

function readBody(
  text: string,
  at: number,
  isHead: boolean,
  answer: Answer,
): number {
  const [length, second] = values(answer.fields, "content-length");
  const [coding] = values(answer.fields, "transfer-encoding");
  if (second !== undefined) throw new Error("two lengths");
  if (length !== undefined && coding !== undefined) {
    throw new Error("a length and a coding");
  }
  const { status } = answer;
  if (status < 200 || status === 204) {
    if ((length ?? coding) !== undefined) throw new Error("framing of nothing");
    return at;
  }
  if (isHead || status === 304) return at;
  if (coding !== undefined) return readChunks(text, at, answer);
  if (length === undefined) {
    if (!answer.closes) throw new Error("a body without an end");
    answer.body = text.slice(at);
    return text.length;
  }
  const end = at + Number(length);
  if (!/^\d+$/.test(length) || end > text.length) {
    throw new Error(`a body shorter than ${length}`);
  }
  answer.body = text.slice(at, end);
  return end;
}

function readChunks(text: string, start: number, answer: Answer): number {
  for (let at = start;;) {
    const lineEnd = text.indexOf("\r\n", at);
    const digits = text.slice(at, lineEnd);
    if (lineEnd < 0 || !/^[0-9a-f]+$/.test(digits)) {
      throw new Error(`no chunk line: ${at}`);
    }
    const size = parseInt(digits, 16);
    at = lineEnd + 2;
    if (size === 0) return readTrailers(text, at, answer);
    answer.body += text.slice(at, at + size);
    at += size + 2;
    if (text.slice(at - 2, at) !== "\r\n") throw new Error(`no CRLF: ${at}`);
  }
}

function readTrailers(text: string, start: number, answer: Answer): number {
  for (let at = start;;) {
    const lineEnd = text.indexOf("\r\n", at);
    if (lineEnd < 0) throw new Error(`no end of the trailers: ${at}`);
    const line = text.slice(at, lineEnd);
    at = lineEnd + 2;
    if (line === "") return at;
    answer.trailers.push(readField(line));
  }
}

function readField(line: string): [name: string, value: string] {
  const match = FIELD.exec(line);
  if (match === null) throw new Error(`no field: ${line}`);
  return [match[1] ?? "", match[2] ?? ""];
}

function values(fields: Answer["fields"], lowerName: string): string[] {
  return fields.filter(([name]) => name.toLowerCase() === lowerName)
    .map(([, value]) => value.toLowerCase());
}
