import { assertEquals, assertThrows } from "@std/assert";
import { HttpRequestHandler, listRoutes, verb } from "../../mod.ts";

interface BadRow {
  readonly name: string;
  readonly declare: () => unknown;
  readonly message: string;
}

const BAD: readonly BadRow[] = [
  {
    name: "a verb in lower case",
    declare: () => verb("get"),
    message: 'Cannot declare the verb "get": it is not a token in upper case',
  },
  {
    name: "a verb in mixed case",
    declare: () => verb("Get"),
    message: 'Cannot declare the verb "Get": it is not a token in upper case',
  },
  {
    name: "a verb that is no token",
    declare: () => verb("GET POST"),
    message:
      'Cannot declare the verb "GET POST": it is not a token in upper case',
  },
  {
    name: "an empty verb",
    declare: () => verb(""),
    message: 'Cannot declare the verb "": it is not a token in upper case',
  },
  {
    name: "a pattern without a leading slash",
    declare: () => verb("GET", "a"),
    message: 'Cannot use the pattern "a": it has no leading "/"',
  },
  {
    name: "an empty pattern",
    declare: () => verb("GET", ""),
    message: 'Cannot use the pattern "": it has no leading "/"',
  },
  {
    name: "a parameter without a name",
    declare: () => verb("GET", "/a/:"),
    message: 'Cannot use the pattern "/a/:": ":" has no name',
  },
  {
    name: "a parameter whose name is a number",
    declare: () => verb("GET", "/a/:1"),
    message: 'Cannot use the pattern "/a/:1": ":1" has no name',
  },
  {
    name: "a parameter twice",
    declare: () => verb("GET", "/:id/:id"),
    message: 'Cannot use the pattern "/:id/:id": a name stands in it twice',
  },
  {
    name: "a group that is not closed",
    declare: () => verb("GET", "/a/(b"),
    message: 'Cannot use the pattern "/a/(b": "(" is not closed',
  },
  {
    name: "a query",
    declare: () => verb("GET", "/a?b=:c"),
    message: 'Cannot use the pattern "/a?b=:c": "?" stands behind nothing',
  },
  {
    name: "an escape that is none, behind what is no literal",
    declare: () => verb("GET", "/:a?/100%"),
    message: 'Cannot use "/100%" in a pattern: it holds a malformed escape',
  },
  {
    name: "an escape that is none",
    declare: () => verb("GET", "/100%"),
    message: 'Cannot use "100%" in a pattern: it holds a malformed escape',
  },
  {
    name: "a static method",
    declare: () => {
      // The compiler refuses it, too.
      const declareGet: (pattern?: string) => unknown = (pattern) =>
        verb("GET", pattern);
      const get = declareGet() as (method: unknown, context: unknown) => void;
      return class Bad extends HttpRequestHandler {
        @get
        static hello() {}
      };
    },
    message: "Cannot declare GET on hello: a verb needs a public method of " +
      "the instance",
  },
  {
    name: "a private method",
    declare: () =>
      class Bad extends HttpRequestHandler {
        @verb("GET")
        #hello() {}

        hello() {
          this.#hello();
        }
      },
    message: "Cannot declare GET on #hello: a verb needs a public method of " +
      "the instance",
  },
  {
    name: "a verb twice on every path",
    declare: () =>
      class Bad extends HttpRequestHandler {
        @verb("GET")
        one() {}
        @verb("GET")
        two() {}
      },
    message: "Cannot declare GET on every path twice",
  },
  {
    name: "a verb and pattern twice",
    declare: () =>
      class Bad extends HttpRequestHandler {
        @verb("PUT", "/a/:id")
        one() {}
        @verb("PUT", "/a/:id")
        two() {}
      },
    message: "Cannot declare PUT /a/:id twice",
  },
  {
    name: "patterns that differ only in the names of parameters",
    declare: () =>
      class Bad extends HttpRequestHandler {
        @verb("GET", "/a/:id/*")
        one() {}
        @verb("GET", "/a/:key/*")
        two() {}
      },
    message: "Cannot declare GET /a/:key/* twice",
  },
  {
    name: "a verb and a rich pattern twice",
    declare: () =>
      class Bad extends HttpRequestHandler {
        @verb("GET", "/a/:id(\\d+)")
        one() {}
        @verb("GET", "/a/:id(\\d+)")
        two() {}
      },
    message: "Cannot declare GET /a/:id(\\d+) twice",
  },
];

Deno.test("verb() refuses a bad declaration when the class is defined", async (t) => {
  for (const { name, declare, message } of BAD) {
    await t.step(name, () => {
      assertEquals(assertThrows(declare, TypeError).message, message);
    });
  }
});

/** The routes of a class as `VERB pattern method`. */
function routes(
  handlerClass: typeof HttpRequestHandler,
): string[] {
  return listRoutes(handlerClass).map(({ verb, pattern, method }) =>
    `${verb} ${pattern ?? "-"} ${method}`
  );
}

class Base extends HttpRequestHandler {
  @verb("GET", "/a/:id")
  read() {}

  @verb("POST")
  @verb("PUT", "/a/:id")
  write() {}

  @verb("*", "/rest/*")
  rest() {}
}

Deno.test("verb() takes any token, the star, and several on one method", () => {
  class Dav extends HttpRequestHandler {
    @verb("VERSION-CONTROL", "/a")
    @verb("M-SEARCH", "/a")
    @verb("*", "/a")
    any() {}
  }
  assertEquals(routes(Dav), [
    "* /a any",
    "M-SEARCH /a any",
    "VERSION-CONTROL /a any",
  ]);
});

Deno.test("verb() is inherited", () => {
  class Sub extends Base {}
  class SubSub extends Sub {
    @verb("DELETE", "/a/:id")
    remove() {}
  }
  const inherited = [
    "GET /a/:id read",
    "PUT /a/:id write",
    "POST - write",
    "* /rest/* rest",
  ];
  assertEquals(routes(Base), inherited);
  assertEquals(routes(Sub), inherited);
  assertEquals(routes(SubSub), ["DELETE /a/:id remove", ...inherited]);
});

Deno.test("verb() of the nearest class wins", () => {
  class Sub extends Base {
    @verb("GET", "/a/:key")
    readAgain() {}

    @verb("POST")
    writeAgain() {}
  }
  assertEquals(routes(Sub), [
    "GET /a/:key readAgain",
    "POST - writeAgain",
    "PUT /a/:id write",
    "* /rest/* rest",
  ]);
});

Deno.test("verb() in a subclass leaves the routes of its siblings alone", () => {
  class Left extends Base {
    @verb("GET", "/left")
    left() {}
  }
  class Right extends Base {
    @verb("GET", "/right")
    right() {}
  }
  assertEquals(routes(Left)[0], "GET /left left");
  assertEquals(routes(Right)[0], "GET /right right");
  assertEquals(routes(Left).includes("GET /right right"), false);
  assertEquals(routes(Base).length, 4);
});

Deno.test("listRoutes() names class, method and the pattern with its prefix", () => {
  const TIME = Symbol("time");
  class Api extends HttpRequestHandler {
    static override prefix = "/api/v1";

    @verb("GET", "/time")
    [TIME]() {}
  }
  class Site extends HttpRequestHandler {
    @verb("GET")
    page() {}
  }
  assertEquals(listRoutes([Api, Site]), [
    {
      verb: "GET",
      pattern: "/api/v1/time",
      handler: "Api",
      method: "Symbol(time)",
    },
    { verb: "GET", pattern: undefined, handler: "Site", method: "page" },
  ]);
});
