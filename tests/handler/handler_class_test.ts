// Mistakes in a class that is to answer requests, told when the server is made.

import { assertRejects, assertThrows } from "@std/assert";
import { HttpRequestHandler, HttpServer, TcpServer, verb } from "../../mod.ts";
import { CgiRequestHandler, FastCgiRequestHandler } from "../../lib/cgi/mod.ts";
import { toFetch } from "../../lib/fetch/mod.ts";
import {
  StaticRequestHandler,
  UploadRequestHandler,
} from "../../lib/static/mod.ts";
import { exchange } from "../../lib/testing/mod.ts";

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
    message: "Cannot serve with a function: fromFetch() of @verb/http/fetch",
  },
  {
    name: "a class without a name that is no handler",
    given: [class {}][0],
    message: "Cannot serve with an unnamed class: it does not extend " +
      "HttpRequestHandler",
  },
  {
    name: "no class at all",
    given: undefined,
    message: "Cannot serve with undefined: want a handler class, or an array",
  },
  {
    name: "options in its place",
    given: { port: 0 },
    message: "Cannot serve with an object: want a handler class, or an array",
  },
  {
    name: "a prefix of the instance",
    given: class Api extends HttpRequestHandler {
      prefix = "/api";
    },
    message: "Cannot set prefix on instances of Api: declare `static override",
  },
  {
    name: "a prefix of the instance, by a getter",
    given: class Api extends HttpRequestHandler {
      get prefix() {
        return "/api";
      }
    },
    message: "Cannot set prefix on instances of Api: declare `static override",
  },
  {
    name: "paths of its own, asked of the instance",
    given: class Programs extends CgiRequestHandler {
      owns() {
        return true;
      }
    },
    message: "Cannot set owns on instances of Programs: declare `static over",
  },
  {
    name: "files that it runs, asked of the instance",
    given: class Programs extends FastCgiRequestHandler {
      programFiles = () => [];
    },
    message: "Cannot set programFiles on instances of Programs: declare `stat",
  },
  {
    name: "a folder for uploads, asked of the instance",
    given: class Uploads extends UploadRequestHandler {
      uploadPlace() {}
    },
    message: "Cannot set uploadPlace on instances of Uploads: declare `static",
  },
  {
    name: "a setting of the instance as a static one",
    given: class Site extends StaticRequestHandler.with({ root: "lib" }) {
      static root = "docs";
    },
    message: "Cannot serve with Site: declare its root without static",
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
    await t.step(name, async () => {
      const handlerClass = given as typeof HttpRequestHandler;
      assertThrows(
        () => new HttpServer({ port: 0 }, handlerClass),
        TypeError,
        message,
      );
      assertThrows(() => toFetch([handlerClass]), TypeError, message);
      await assertRejects(
        () => exchange([handlerClass], ""),
        TypeError,
        message,
      );
    });
  }
});

const SERVING: Record<string, typeof HttpRequestHandler> = {
  "a static property that a field is made of": class
    extends HttpRequestHandler {
    static serverVersion = "a";
    override serverVersion = "a/1";
  },
  "a static property of another kind": class extends HttpRequestHandler {
    static path = "/a";
    static count = 0;
  },
  "fields with the names of what functions have": class
    extends class extends HttpRequestHandler {
      name = "a";
      length = 1;
    } {},
  "a method that other classes need as a static one": class
    extends HttpRequestHandler {
    owns() {
      return true;
    }
  },
  "a class that wants a real connection": class extends HttpRequestHandler {
    constructor(...args: ConstructorParameters<typeof HttpRequestHandler>) {
      super(...args);
      if (this.clientAddress.transport !== "tcp") throw new Error("not TCP");
    }
  },
};

Deno.test("a server takes a class that can serve", async (t) => {
  for (const [name, handlerClass] of Object.entries(SERVING)) {
    await t.step(name, async () => {
      await using _server = new HttpServer({ port: 0 }, handlerClass);
      toFetch(handlerClass);
    });
  }
});

Deno.test("TcpServer refuses what is no class of handlers", () => {
  const rows: [given: unknown, message: string][] = [
    [undefined, "Cannot serve with undefined: want a handler class"],
    [{}, "Cannot serve with an object: want a handler class"],
    [
      NoHandler,
      "NoHandler: it does not extend StreamRequestHandler, or has no",
    ],
    [() => {}, "an unnamed class: it does not extend StreamRequestHandler"],
  ];
  for (const [given, message] of rows) {
    assertThrows(
      () => new TcpServer({ port: 0 }, given as typeof HttpRequestHandler),
      TypeError,
      message,
    );
  }
});
