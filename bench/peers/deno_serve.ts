/**
 * `Deno.serve` with a handler written by hand: what most figures are
 * compared with.
 *
 * @module
 */

import { DOWNLOAD_OCTETS, PIECE } from "../load/download.ts";

const TEXT = { "Content-Type": "text/plain; charset=utf-8" };

/** Answers every path that a workload asks for. */
export function answer(request: Request): Response | Promise<Response> {
  const { pathname } = new URL(request.url);
  switch (pathname) {
    case "/":
      return new Response("Hello, World!\n", { headers: TEXT });
    case "/echo":
      return echo(request);
    case "/upload":
      return drain(request);
    case "/download":
      return new Response(download());
    default:
      return new Response("Not found\n", { status: 404, headers: TEXT });
  }
}

async function echo(request: Request): Promise<Response> {
  return Response.json(await request.json());
}

async function drain(request: Request): Promise<Response> {
  let octets = 0;
  for await (const chunk of request.body ?? []) octets += chunk.length;
  return new Response(`${octets}\n`, { headers: TEXT });
}

function download(): ReadableStream<Uint8Array<ArrayBuffer>> {
  let left = DOWNLOAD_OCTETS;
  return new ReadableStream({
    pull(controller) {
      if (left === 0) return controller.close();
      controller.enqueue(PIECE);
      left -= PIECE.length;
    },
  });
}

if (import.meta.main) {
  const port = Number(Deno.args[0]);
  Deno.serve({ hostname: "127.0.0.1", port, onListen() {} }, answer);
}
