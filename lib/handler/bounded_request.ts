// The methods by which a web `Request` gives its whole body, within the limits
// of the server. The platform's own collect whatever comes and parse it at once:
// a form of 16 MB of `&a` takes them ten seconds and two gigabytes, in which
// nobody else is served.

import { handled, owned } from "../bytes/stream.ts";
import type { Limits } from "../facts/limits.ts";
import type { RequestContent } from "../protocol/exchange.ts";
import { collectBytes } from "./content.ts";
import { readForm } from "./form.ts";

/** The limits of a body that is collected. */
type BodyLimits = Pick<
  Limits,
  "bufferedBodyBytes" | "formFields" | "jsonBytes" | "partHeadBytes"
>;

/**
 * Gives a request methods of its own for its body: those of the platform in what
 * they give, with an `HttpError` past a limit. Its stream `body` stays as it is,
 * and so do copies by `clone()` or `new Request()`.
 *
 * @param request The request.
 * @param content Its body.
 * @param limits The limits.
 * @returns The same request.
 */
export function boundBody(
  request: Request,
  content: RequestContent,
  limits: BodyLimits,
): Request {
  const { bufferedBodyBytes, jsonBytes } = limits;
  const type = request.headers.get("content-type") ?? "";
  const bytes = async (max = bufferedBodyBytes) =>
    owned(await collectBytes(content, max));
  const text = async (max?: number) =>
    new TextDecoder().decode(await bytes(max));
  const methods: Pick<
    Request,
    "arrayBuffer" | "blob" | "bytes" | "formData" | "json" | "text"
  > = {
    arrayBuffer: () => handled(bytes().then((all) => all.slice().buffer)),
    blob: () => handled(bytes().then((all) => new Blob([all], { type }))),
    bytes: () => handled(bytes().then((all) => all.slice())),
    formData: () => handled(readForm(content, type, limits)),
    json: () =>
      handled(text(Math.min(bufferedBodyBytes, jsonBytes)).then(JSON.parse)),
    text: () => handled(text()),
  };
  for (const [name, value] of Object.entries(methods)) {
    Object.defineProperty(request, name, { value, configurable: true });
  }
  return request;
}
