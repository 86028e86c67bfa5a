// `with` and the names that it takes.

import { assertEquals, assertThrows } from "@std/assert";
import { CgiRequestHandler, FastCgiRequestHandler } from "../../lib/cgi/mod.ts";
import {
  StaticRequestHandler,
  UploadRequestHandler,
} from "../../lib/static/mod.ts";
import { probeOf } from "../../lib/handler/probe.ts";

const CLASSES = [
  StaticRequestHandler,
  UploadRequestHandler,
  CgiRequestHandler,
  FastCgiRequestHandler,
] as const;

/** As plain JavaScript does it. */
function configure(handlerClass: typeof CLASSES[number], settings: unknown) {
  return Reflect.apply(handlerClass.with, handlerClass, [settings]);
}

const UNKNOWN = ["rooot", "Root", "get", "handle", "wfile", "command", "path"];

Deno.test("with() refuses what is no setting", async (t) => {
  for (const handlerClass of CLASSES) {
    const { name } = handlerClass;
    await t.step(name, () => {
      for (const setting of [...UNKNOWN, "__proto__"]) {
        const error = assertThrows(
          () => configure(handlerClass, JSON.parse(`{"${setting}":1}`)),
          TypeError,
          `There is no setting "${setting}" of ${name}: there are timeout, `,
        );
        assertEquals(/[ ]root,/.test(error.message), true);
      }
      assertThrows(
        () => configure(handlerClass, { prefix: "/a" }),
        TypeError,
        `Cannot set prefix on instances of ${name}: declare ` +
          "`static override prefix`",
      );
      assertThrows(
        () => configure(handlerClass, undefined),
        TypeError,
        `Cannot set undefined on ${name}: want an object`,
      );
    });
  }
});

Deno.test("with() takes every field, those of a subclass, too", () => {
  class Site extends StaticRequestHandler {
    color = "red";
    #size = 1;
    get size() {
      return this.#size;
    }
    set size(value: number) {
      this.#size = value;
    }
  }
  const settings = { root: "a", timeout: 5, color: "blue", size: 2 };
  const { root, timeout, color, size } = probeOf(Site.with(settings));
  assertEquals({ root, timeout, color, size }, settings);
  const both = Site.with({ root: "a" }).with({ color: "blue" });
  assertEquals(probeOf(both).root + probeOf(both).color, "ablue");
});
