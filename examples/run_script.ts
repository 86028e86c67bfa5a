// deno run --allow-net=127.0.0.1 --allow-run=python3 examples/run_script.ts [port]
//
// Answers a POST with what a Python script makes of its body. The script gets
// the body as it arrives, and the client the output as it is written.
//
// curl localhost:8000 --data-binary "so small"

import { HttpRequestHandler, HttpServer, verb } from "@verb/http";

const SCRIPT = `import sys
for line in sys.stdin:
    print(line.rstrip().upper() + "!", flush=True)`;

class Runner extends HttpRequestHandler {
  @verb("POST")
  async post() {
    const script = new Deno.Command("python3", {
      args: ["-c", SCRIPT],
      stdin: "piped",
      stdout: "piped",
      signal: this.signal,
    }).spawn();
    this.rfile.readable.pipeTo(script.stdin).catch(() => script.kill());
    this.sendResponse(200);
    this.sendHeader("Content-Type", "text/plain; charset=utf-8");
    this.endHeaders();
    await script.stdout.pipeTo(this.wfile.writable);
    await script.status;
  }
}

const [port = "8000"] = Deno.args;
await using server = new HttpServer({ port: Number(port) }, Runner);
console.log(`http://127.0.0.1:${server.serverPort}/`);
await server.serveForever();
