// Raw octets to handler classes and back, with nothing in the answer that
// changes from run to run.

import {
  HttpRequestHandler,
  verb,
  type VerbMethod,
  type Writer,
} from "../../mod.ts";
import { PAGE_STYLE } from "../../lib/handler/page_style.ts";
import { exchange, type ExchangeOptions } from "../../lib/testing/mod.ts";
import { reusing } from "../_reuse.ts";

/** A handler whose answers are the same on every day and in every version. */
export class Fixed extends HttpRequestHandler {
  override serverVersion = "test";

  override get wfile(): Writer {
    return reusing(super.wfile);
  }

  override dateTimeString(): string {
    return "Thu, 01 Jan 1970 00:00:00 GMT";
  }

  override logDateTimeString(): string {
    return "now";
  }
}

/** The fields that `sendResponse` writes. */
export const COMMON = "Server: test\nDate: Thu, 01 Jan 1970 00:00:00 GMT\n";

/** A request for `/` without a body. */
export const GET = "GET / HTTP/1.1\nHost: a\n\n";

/** The page of an error. */
export function page(code: number, message: string, explain: string): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${code} ${message}</title>
<style>${PAGE_STYLE}nav{font-size:1.25rem;font-weight:600}main{max-width:36rem;margin-top:12vh}h1{margin:0;font-size:3rem;font-weight:300;color:var(--s)}</style>
</head>
<body>
<main>
<h1>${code}</h1>
<p><strong>${message}</strong></p>
<p>${explain}.</p>
</main>
</body>
</html>
`;
}

/** A class that answers every request by one method. */
export function answering(
  method: (this: Fixed) => ReturnType<VerbMethod<Fixed, unknown>>,
): typeof Fixed {
  return class Answering extends Fixed {
    @verb("*")
    answer(): ReturnType<VerbMethod<Fixed, unknown>> {
      return method.call(this);
    }
  };
}

/** What a client gets. */
export interface Answers {
  /** The octets as UTF-8, with CRLF as LF. */
  readonly text: string;
  /** How many writes they took. */
  readonly writes: number;
  /** The access log. */
  readonly log: readonly string[];
  /** What standard error would show. */
  readonly errors: readonly string[];
}

/** Sends text, in which LF stands for CRLF, and half-closes. */
export async function talk(
  classes: typeof Fixed | readonly (typeof HttpRequestHandler)[],
  request: string,
  options: ExchangeOptions = {},
): Promise<Answers> {
  const log: string[] = [];
  const errors: string[] = [];
  let writes = 0;
  const octets = await exchange(classes, request.replaceAll("\n", "\r\n"), {
    accessLog: (line) => log.push(line.replace(/^.*?\] /, "")),
    onError: (error) => errors.push(String(error)),
    onWrite: () => writes++,
    ...options,
  });
  const text = new TextDecoder().decode(octets).replaceAll("\r\n", "\n");
  return { text, writes, log, errors };
}
