// deno run --allow-net=127.0.0.1 examples/raw_request_line.ts [port]
//
// Any step can be overridden: this one looks at the request line as it came,
// before it is parsed.

import { HttpRequestHandler, HttpServer, verb } from "@verb/http";

class MyHandler extends HttpRequestHandler {
  override parseRequest(): boolean {
    console.log(JSON.stringify(new TextDecoder().decode(this.rawRequestLine)));
    return super.parseRequest();
  }

  @verb("GET")
  get() {
    this.sendResponse(200);
    this.sendHeader("Content-Type", "text/html");
    this.endHeaders();
    this.wfile.write("Hello there");
  }
}

const [port = "2017"] = Deno.args;
await using server = new HttpServer({ port: Number(port) }, MyHandler);
console.log(`http://127.0.0.1:${server.serverPort}/hello_from_browser`);
await server.serveForever();
