// A method that has outlived `handlerTimeout` goes on, since nothing can stop it.
// Its request has got 503, and the connection is closed behind it.

import { assertEquals } from "@std/assert";
import { HttpError, verb } from "../../mod.ts";
import { gets, Plain } from "./_late.ts";
import { talk } from "./_talk.ts";

/** What a method does that has outlived its deadline. */
const OUTLIVING: Record<string, (handler: Plain) => unknown> = {
  "writes": (handler) => {
    handler.sendResponse(200);
    handler.endHeaders();
    handler.wfile.write("LATE");
  },
  "keeps the connection": (handler) => {
    handler.closeConnection = false;
  },
  "reads": (handler) => handler.bytes(),
  "answers with an error": (handler) => handler.sendError(500),
  "throws": () => {
    throw new HttpError(409);
  },
  "takes the connection": (handler) => handler.detach().wfile.write("LATE"),
};

Deno.test("a method that outlives its deadline meets no other request", async (t) => {
  for (const [name, act] of Object.entries(OUTLIVING)) {
    await t.step(name, async () => {
      const woken = Promise.withResolvers<void>();
      const acted = Promise.withResolvers<void>();
      const done = Promise.withResolvers<void>();
      class Slow extends Plain {
        @verb("GET", "/late")
        async late(): Promise<void> {
          await woken.promise;
          try {
            const acting = act(this);
            acted.resolve();
            await acting;
          } finally {
            acted.resolve();
            done.resolve();
          }
        }

        @verb("GET", "/next")
        next(): Response {
          return new Response("next");
        }

        override async sendError(code: number): Promise<void> {
          // The method wakes while its error is being sent.
          woken.resolve();
          await acted.promise;
          this.exchange.response.reset();
          this.sendResponse(code);
          this.endHeaders();
        }
      }
      const { text, errors } = await talk(Slow, gets("/late", "/next"), {
        handlerTimeout: 5,
      });
      await done.promise;
      assertEquals(
        text,
        "HTTP/1.1 503 Service Unavailable\nContent-Length: 0\n" +
          "Connection: close\n\n",
      );
      assertEquals(errors, []);
    });
  }
});

Deno.test("the stream of a late Response is cancelled", async () => {
  const cancelled = Promise.withResolvers<string>();
  const woken = Promise.withResolvers<void>();
  class Slow extends Plain {
    @verb("GET", "/late")
    async late(): Promise<Response> {
      await woken.promise;
      return new Response(
        new ReadableStream({ cancel: (e) => cancelled.resolve(String(e)) }),
      );
    }
  }
  const { text, errors } = await talk(Slow, gets("/late"), {
    handlerTimeout: 5,
  });
  assertEquals(text.split("\n", 1), ["HTTP/1.1 503 Service Unavailable"]);
  woken.resolve();
  assertEquals(
    await cancelled.promise,
    'Error: Cannot start the head in the phase "done", only in "start"',
  );
  assertEquals(errors, []);
});

Deno.test("an error page that outlives the deadline is a plain 500", async () => {
  const woken = Promise.withResolvers<void>();
  class Slow extends Plain {
    @verb("GET", "/late")
    late(): void {
      throw new HttpError(409);
    }

    override async sendError(code: number): Promise<void> {
      await woken.promise;
      super.sendError(code);
    }
  }
  const { text, errors } = await talk(Slow, gets("/late", "/late"), {
    handlerTimeout: 5,
  });
  woken.resolve();
  assertEquals(
    text,
    "HTTP/1.1 500 Internal Server Error\nContent-Length: 0\n" +
      "Connection: close\n\n",
  );
  const error = "Error: The page of an error took longer than handlerTimeout";
  assertEquals(errors, [error, error]);
});
