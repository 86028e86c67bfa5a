// deno run --allow-net=127.0.0.1 examples/hello.ts [port]
//
// curl localhost:8000/hello/Ada
// curl localhost:8000/orders -H "Content-Type: application/json" -d '{"tea":2}'

import { HttpRequestHandler, HttpServer, verb } from "@verb/http";

class Greeter extends HttpRequestHandler {
  @verb("GET", "/hello/:name")
  hello({ name }: { name: string }) {
    this.sendResponse(200);
    this.sendHeader("Content-Type", "text/plain; charset=utf-8");
    this.endHeaders();
    this.wfile.write(`Hello, ${name}\n`);
  }

  @verb("POST", "/orders")
  async order() {
    const order = await this.json();
    return Response.json(order, { status: 201 });
  }
}

const [port = "8000"] = Deno.args;
await using server = new HttpServer({ port: Number(port) }, Greeter);
console.log(`http://127.0.0.1:${server.serverPort}/hello/Ada`);
await server.serveForever();
