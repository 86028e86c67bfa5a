// The parameters behind a media type or a disposition: `; name=value; …`
// (RFC 9110 section 5.6.6). Scanned by hand in one pass: the text is a
// stranger's, and a pattern with alternatives inside a repetition is not for
// strangers.

import { isToken, skipOws, trimOws } from "./grammar.ts";

/** What an unquoted value holds; wider than a token, as `----=_Part_1` is. */
const UNQUOTED = /^[!#-+\--:<-\[\]-~]+$/;

/**
 * Splits `value` into what it names and its parameters.
 *
 * @param value A field value.
 * @returns The part before the first `;` in lower case, and the parameters by
 * lower-case name; undefined if it is malformed or has a parameter twice, which
 * two readers could take differently.
 */
export function parseParameters(
  value: string,
): { essence: string; parameters: Map<string, string> } | undefined {
  const end = value.indexOf(";");
  const head = end < 0 ? value : value.slice(0, end);
  const essence = trimOws(head).toLowerCase();
  const parameters = new Map<string, string>();
  for (let at = head.length; at < value.length;) {
    const parameter = parseParameter(value, at + 1);
    if (parameter === undefined) return undefined;
    at = parameter.end;
    if (parameter.name === "") continue;
    if (parameters.has(parameter.name)) return undefined;
    parameters.set(parameter.name, parameter.text);
  }
  return { essence, parameters };
}

interface Parameter {
  /** The name in lower case; `""` where nothing stands between two `;`. */
  readonly name: string;
  readonly text: string;
  /** Where the next `;` is, or the end. */
  readonly end: number;
}

/** Parses what stands between a `;` and the next one. */
function parseParameter(value: string, start: number): Parameter | undefined {
  const nameStart = skipOws(value, start);
  let end = nameStart;
  while (end < value.length && value[end] !== "=" && value[end] !== ";") end++;
  const name = value.slice(nameStart, end);
  if (value[end] !== "=") {
    return name === "" ? { name, text: "", end } : undefined;
  }
  if (!isToken(name)) return undefined;
  const parsed = value[end + 1] === '"'
    ? parseQuoted(value, end + 2)
    : parseUnquoted(value, end + 1);
  return parsed && { name: name.toLowerCase(), ...parsed };
}

function parseUnquoted(
  value: string,
  start: number,
): { text: string; end: number } | undefined {
  const end = indexOfOr(value, ";", start);
  const padded = value.slice(start, end);
  const text = trimOws(padded);
  const isValue = padded.startsWith(text) && UNQUOTED.test(text);
  return isValue ? { text, end } : undefined;
}

/**
 * Parses the rest of a quoted string and the whitespace behind it. A backslash
 * escapes a quotation mark and itself; before anything else it stands for
 * itself, as in the names that browsers send.
 */
function parseQuoted(
  value: string,
  start: number,
): { text: string; end: number } | undefined {
  let text = "";
  let at = start;
  while (value[at] !== '"') {
    if (at >= value.length) return undefined;
    const next = value[at + 1];
    if (value[at] === "\\" && (next === '"' || next === "\\")) at++;
    text += value[at++];
  }
  const end = indexOfOr(value, ";", at);
  return trimOws(value.slice(at + 1, end)) === "" ? { text, end } : undefined;
}

/** Where `mark` is next; the length of the text where it is nowhere. */
function indexOfOr(text: string, mark: string, start: number): number {
  const at = text.indexOf(mark, start);
  return at < 0 ? text.length : at;
}
