// What logs and reports, each failing in its two ways on a path of its own; as a
// program, a server of it in two isolates. Ends at the end of its input.
import { HttpRequestHandler, HttpServer, verb } from "../../mod.ts";
import { isPeer } from "../../lib/server/parallel.ts";

/** The hooks that fail, and the status of a response that calls them. */
export const HOOKS = {
  accessLog: 200,
  logMessage: 200,
  logRequest: 200,
  addressString: 200,
  logError: 404,
  handleError: 500,
} as const;

export const WAYS = ["throws", "rejects"] as const;

/** Fails if the text names the hook. */
function failFor(hook: keyof typeof HOOKS, text: string): unknown {
  if (text.includes(`/${hook}/throws`)) throw new Error(hook);
  if (!text.includes(`/${hook}/rejects`)) return undefined;
  return Promise.reject(new Error(hook));
}

/** The log of a server. */
export function accessLog(line: string): unknown {
  return failFor("accessLog", line);
}

/** What takes the errors of a server. */
export function handleError(error: unknown): unknown {
  return failFor("handleError", String(error));
}

const isolate = crypto.randomUUID();

export class Failing extends HttpRequestHandler {
  override logMessage(message: string): unknown {
    super.logMessage(message);
    return failFor("logMessage", message);
  }

  override logRequest(code: number | string): unknown {
    super.logRequest(code);
    return failFor("logRequest", this.path);
  }

  override logError(message: string): unknown {
    super.logError(message);
    return failFor("logError", this.path);
  }

  override addressString(): string {
    // A promise is no failure where text is wanted.
    if (this.path.endsWith("throws")) failFor("addressString", this.path);
    return super.addressString();
  }

  @verb("GET", "/handleError/:way")
  fail(): Response {
    throw new Error(this.path);
  }

  @verb("GET", "/:hook/:way")
  respond({ hook }: { hook: string }): Response | void {
    if (hook === "logError") return void this.sendError(404);
    return new Response(isolate);
  }
}

if (import.meta.main || isPeer()) {
  class Server extends HttpServer {
    override handleError(error: unknown): void {
      return handleError(error) as void;
    }
  }
  const options = { port: 0, parallel: 2, accessLog: accessLog as () => void };
  await using server = new Server(options, Failing);
  if (!isPeer()) {
    await Deno.stdout.write(new TextEncoder().encode(`${server.serverPort}`));
    const input = Deno.stdin.readable.pipeTo(new WritableStream());
    void input.then(() => server.shutdown());
  }
  await server.serveForever();
}
