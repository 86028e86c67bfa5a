// Attack: a client that sends many requests ahead. Each is here as soon as the
// one before it was answered, so that the connection goes on in microtasks and
// nobody else is served. Here a timer stands for everybody else.

import { assert } from "@std/assert";
import { HttpRequestHandler, verb } from "../../mod.ts";
import { exchange } from "../../lib/testing/mod.ts";

/** Takes a millisecond for each request. */
function work(): void {
  const until = performance.now() + 1;
  while (performance.now() < until);
}

class Worker extends HttpRequestHandler {
  @verb("GET", "/at-once")
  answerAtOnce(): Response {
    work();
    return new Response();
  }

  @verb("GET", "/in-steps")
  async answerInSteps(): Promise<Response> {
    await undefined;
    work();
    return new Response("a text");
  }

  @verb("POST", "/of-a-body")
  async answerBody(): Promise<Response> {
    work();
    return new Response(await this.text());
  }
}

const HOST = "HTTP/1.1\r\nHost: a\r\n";

/** How, the request, and how often it takes more than a turn. */
const ROWS: readonly (readonly [string, string, number])[] = [
  ["at once", `GET /at-once ${HOST}\r\n`, 100],
  ["in steps", `GET /in-steps ${HOST}\r\n`, 100],
  [
    "with its body",
    `POST /of-a-body ${HOST}Content-Length: 2\r\n\r\nab`,
    100,
  ],
  ["by 404", `GET /nowhere ${HOST}\r\n`, 5_000],
  ["by 405", `POST /at-once ${HOST}Content-Length: 2\r\n\r\nab`, 5_000],
];

for (const [how, request, times] of ROWS) {
  Deno.test(`requests sent ahead make room for others, answered ${how}`, async () => {
    let isOver = false;
    let isOnInTime = false;
    setTimeout(() => isOnInTime = !isOver, 0);
    await exchange(Worker, request.repeat(times));
    isOver = true;
    assert(isOnInTime, "nobody else got a turn");
    // The timer of the turn that was under way ends with the test.
    await new Promise((resolve) => setTimeout(resolve, 1));
  });
}
