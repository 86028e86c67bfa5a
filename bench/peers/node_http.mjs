// node:http alone: run by Node and by Deno.
import { createServer } from "node:http";
import process from "node:process";

const server = createServer((_request, response) => {
  response.setHeader("Content-Type", "text/plain; charset=utf-8");
  response.end("Hello, World!\n");
});
server.listen(Number(process.argv[2]), "127.0.0.1");
