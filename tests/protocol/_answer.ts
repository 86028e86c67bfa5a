// What the steps of an answer become on the wire.
import { HttpRequestHandler, verb, type Writer } from "../../mod.ts";
import { exchange } from "../../lib/testing/mod.ts";
import { reusing } from "../_reuse.ts";

/** The steps of an answer. */
export type Steps = (h: HttpRequestHandler) => void | Promise<void>;

/** What a client gets, and what was reported. */
export interface Answer {
  /** All that the client gets, `\n` for each line end. */
  text: string;
  errors: string[];
}

/** The answer that `steps` give to a request with this line and fields. */
export async function answer(
  steps: Steps,
  line = "GET / HTTP/1.1",
  fields = "",
): Promise<Answer> {
  class Steppy extends HttpRequestHandler {
    override errorMessageFormat = "%(message)s";
    override errorContentType = "text/plain";

    override get wfile(): Writer {
      return reusing(super.wfile);
    }

    override sendResponse(code: number, message?: string): void {
      this.sendResponseOnly(code, message);
    }

    @verb("*")
    run(): void | Promise<void> {
      return steps(this);
    }
  }
  const errors: string[] = [];
  const octets = await exchange(
    Steppy,
    `${line}\r\nHost: a\r\n${fields}\r\n`,
    { onError: (error) => errors.push(String(error)) },
  );
  const text = Array.from(octets, (o) => String.fromCharCode(o)).join("");
  return { text: text.replaceAll("\r\n", "\n"), errors };
}

/** A 200 with these fields, its head ended. */
export function page(
  h: HttpRequestHandler,
  ...fields: [string, string][]
): void {
  h.sendResponse(200);
  for (const [name, value] of fields) h.sendHeader(name, value);
  h.endHeaders();
}

/** One row: steps, the request they answer, and all that a client gets. */
export interface Row {
  name: string;
  steps: Steps;
  line?: string;
  fields?: string;
  want: string;
}
