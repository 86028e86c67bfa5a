/**
 * Ours, with the library's defaults: verb methods that answer by the pipeline.
 *
 * @module
 */

import { HttpRequestHandler, HttpServer, verb } from "../../mod.ts";
import { DOWNLOAD_OCTETS, PIECE } from "../load/download.ts";

const TEXT = "text/plain; charset=utf-8";

class Greeter extends HttpRequestHandler {
  @verb("GET", "/")
  hello(): void {
    this.sendResponse(200);
    this.sendHeader("Content-Type", TEXT);
    this.endHeaders();
    this.wfile.write("Hello, World!\n");
  }

  @verb("GET", "/hello/:name")
  helloTo({ name }: { name: string }): void {
    this.sendResponse(200);
    this.sendHeader("Content-Type", TEXT);
    this.endHeaders();
    this.wfile.write(`Hello, ${name}\n`);
  }

  @verb("POST", "/echo")
  async echo(): Promise<void> {
    const body = JSON.stringify(await this.json());
    this.sendResponse(200);
    this.sendHeader("Content-Type", "application/json");
    this.endHeaders();
    this.wfile.write(body);
  }

  @verb("POST", "/upload")
  async upload(): Promise<void> {
    let octets = 0;
    for (;;) {
      const piece = await this.rfile.read();
      if (piece === null) break;
      octets += piece.length;
    }
    this.sendResponse(200);
    this.sendHeader("Content-Type", TEXT);
    this.endHeaders();
    this.wfile.write(`${octets}\n`);
  }

  @verb("GET", "/download")
  async download(): Promise<void> {
    this.sendResponse(200);
    this.endHeaders();
    for (let left = DOWNLOAD_OCTETS; left > 0; left -= PIECE.length) {
      await this.wfile.write(PIECE);
    }
  }
}

const [port = 0, parallel = 1] = Deno.args.map(Number);
await using server = new HttpServer({ port, parallel }, Greeter);
await server.serveForever();
