// The server that the wire cases are played against:
// deno run -NR tests/conformance_app.ts --port 8000 --root DIR
import { HttpRequestHandler, HttpServer, verb } from "../mod.ts";
import { StaticRequestHandler } from "../lib/static/mod.ts";
import { parseArgs } from "@std/cli/parse-args";

class App extends HttpRequestHandler {
  @verb("GET", "/")
  index() {
    this.sendResponse(200);
    this.sendHeader("Content-Type", "text/plain; charset=utf-8");
    this.endHeaders();
    this.wfile.write("ok");
  }

  @verb("POST", "/echo")
  async echo() {
    const body = await this.bytes();
    this.sendResponse(200);
    this.sendHeader("Content-Type", "application/octet-stream");
    this.endHeaders();
    this.wfile.write(body);
  }
}

const { port, root } = parseArgs(Deno.args, { string: ["port", "root"] });

class Files extends StaticRequestHandler.with({ root: `${root}/static` }) {
  static override prefix = "/static";
}

await using server = new HttpServer({ port: Number(port) }, [App, Files]);
await server.serveForever();
