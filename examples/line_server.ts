// deno run --allow-net=127.0.0.1 examples/line_server.ts [port]
//
// No HTTP at all: answers each line in upper case. Try it with netcat:
// nc localhost 8000

import { StreamRequestHandler, TcpServer } from "@verb/http";

class Shout extends StreamRequestHandler {
  override async handle() {
    for (let line; (line = await this.rfile.readLine()) !== null;) {
      await this.wfile.write(new TextDecoder().decode(line).toUpperCase());
      await this.wfile.flush();
    }
  }
}

const [port = "8000"] = Deno.args;
await using server = new TcpServer({ port: Number(port) }, Shout);
console.log(`nc 127.0.0.1 ${server.serverPort}`);
await server.serveForever();
