// The Accept and Accept-Encoding lists (RFC 9110 §12.4, §12.5): names with
// weights. Pure; small, because only two questions are asked of them.

const WEIGHT = /^(?:0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)$/;

/**
 * Reads a list of weighted names; parameters other than `q` are dropped.
 *
 * @param text The field value.
 * @returns Weights, 0 to 1, by lower-case name; a malformed weight counts as 0,
 * so that what was asked for unclearly is not forced on the client.
 */
export function parseWeights(text: string): Map<string, number> {
  const weights = new Map<string, number>();
  for (const member of text.split(",")) {
    const [name = "", ...parameters] = member.split(";");
    const key = name.trim().toLowerCase();
    if (key !== "") weights.set(key, weightOf(parameters));
  }
  return weights;
}

function weightOf(parameters: string[]): number {
  for (const parameter of parameters) {
    const [name = "", value = ""] = parameter.split("=", 2);
    if (name.trim().toLowerCase() !== "q") continue;
    return WEIGHT.test(value.trim()) ? Number(value) : 0;
  }
  return 1;
}

/**
 * Chooses a content coding (RFC 9110 §12.5.3).
 *
 * @param text The Accept-Encoding value; undefined when absent.
 * @param offered The codings at hand, the server's favourite first.
 * @returns The coding with the highest weight, of equals the first; undefined
 * for the plain representation, which is also what a client gets that refuses
 * everything.
 */
export function chooseCoding<Coding extends string>(
  text: string | undefined,
  offered: readonly Coding[],
): Coding | undefined {
  if (text === undefined || text === "" || offered.length === 0) {
    return undefined;
  }
  const weights = parseWeights(text);
  const rest = weights.get("*") ?? 0;
  let chosen: Coding | undefined;
  // Plain content is worth choosing only where the client says so.
  let best = weights.get("identity") ?? 0;
  for (const coding of offered) {
    const weight = weights.get(coding) ?? rest;
    if (weight > best || (weight === best && weight > 0 && !chosen)) {
      best = weight;
      chosen = coding;
    }
  }
  return chosen;
}

/**
 * Tells whether a client would rather have JSON than a page.
 *
 * @param text The Accept value; undefined when absent.
 * @returns True when `application/json` is named and weighs more than
 * `text/html`, or the same and `text/html` is not named.
 */
export function prefersJson(text: string | undefined): boolean {
  if (text === undefined || !/json/i.test(text)) return false;
  const weights = parseWeights(text);
  const json = weights.get("application/json") ?? 0;
  const html = weights.get("text/html");
  const otherwise = weights.get("text/*") ?? weights.get("*/*") ?? 0;
  return json > 0 && (html === undefined ? json >= otherwise : json > html);
}

/**
 * Tells whether a request is a browser's navigation to a page, rather than a
 * script, picture or data wanted by one.
 *
 * @param accept The Accept value; undefined when absent.
 * @returns True when `text/html` is named and not refused.
 */
export function acceptsPage(accept: string | undefined): boolean {
  return accept !== undefined && /text\/html/i.test(accept) &&
    (parseWeights(accept).get("text/html") ?? 0) > 0;
}
