// Mistakes in a class that is to answer requests, told when the server is made.

import { assertThrows } from "@std/assert";
import { HttpRequestHandler, HttpServer, verb } from "../../mod.ts";
import { toFetch } from "../../lib/fetch/mod.ts";

class InPython extends HttpRequestHandler {
  do_GET() {}
}

class BelowPython extends InPython {
  @verb("POST")
  post() {}
}

class NoHandler {
  get() {}
}

class OddPrefix extends HttpRequestHandler {
  static override prefix = "api";
}

const ROWS: readonly { name: string; given: unknown; message: string }[] = [
  {
    name: "methods in Python's style",
    given: InPython,
    message: 'Cannot serve with InPython: declare do_GET with @verb("GET")',
  },
  {
    name: "methods in Python's style of an ancestor",
    given: BelowPython,
    message: 'Cannot serve with BelowPython: declare do_GET with @verb("GET")',
  },
  {
    name: "a class that is no handler",
    given: NoHandler,
    message: "Cannot serve with NoHandler: it does not extend " +
      "HttpRequestHandler",
  },
  {
    name: "a function that is no class",
    given: () => new Response("no"),
    message: "it does not extend HttpRequestHandler",
  },
  {
    name: "a prefix without a slash",
    given: OddPrefix,
    message: 'Cannot mount OddPrefix at "api"',
  },
  {
    name: "a prefix that is no string",
    given: class Odd extends HttpRequestHandler {
      static override prefix = 7 as unknown as string;
    },
    message: "Cannot mount Odd: its prefix is no string",
  },
];

Deno.test("a server refuses a class that cannot serve", async (t) => {
  for (const { name, given, message } of ROWS) {
    await t.step(name, () => {
      const handlerClass = given as typeof HttpRequestHandler;
      assertThrows(
        () => new HttpServer({ port: 0 }, handlerClass),
        TypeError,
        message,
      );
      assertThrows(() => toFetch([handlerClass]), TypeError, message);
    });
  }
});
