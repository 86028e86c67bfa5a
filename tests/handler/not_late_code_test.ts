// What looks like late code and is none: it may write to the current response.

import { assertEquals } from "@std/assert";
import { verb } from "../../mod.ts";
import { gets, Plain } from "./_late.ts";
import { talk } from "./_talk.ts";

/** Another class of the server. */
class Other extends Plain {
  @verb("GET", "/other")
  other(): void {
    this.sendError(404);
  }
}

Deno.test("late code may call what keeps the wfile of the current request", async () => {
  const listeners = new Set<(event: string) => void>();
  const wakes: (() => void)[] = [];
  class Jobs extends Plain {
    @verb("GET", "/start")
    start(): void {
      this.sendResponse(204);
      this.endHeaders();
      // A job that outlives its request, and tells of its end.
      new Promise<void>((resolve) => wakes.push(resolve)).then(() => {
        for (const listener of listeners) listener("done");
      });
    }

    @verb("GET", "/events")
    async events(): Promise<void> {
      const { wfile } = this;
      this.sendResponse(200);
      this.endHeaders();
      const { promise, resolve } = Promise.withResolvers<void>();
      listeners.add((event) => {
        wfile.write(event);
        resolve();
      });
      for (const wake of wakes) wake();
      await promise;
    }
  }
  const { text, errors } = await talk(Jobs, gets("/start", "/events"));
  assertEquals(errors, []);
  assertEquals(
    text,
    "HTTP/1.1 204 No Content\n\n" +
      "HTTP/1.1 200 OK\nContent-Length: 4\n\ndone",
  );
});

Deno.test("the code of another connection is not late", async () => {
  const listening = new Set<Plain>();
  const listens = Promise.withResolvers<void>();
  class Chat extends Plain {
    left = Promise.withResolvers<void>();

    @verb("GET", "/before")
    before(): void {
      this.sendResponse(204);
      this.endHeaders();
    }

    @verb("GET", "/listen")
    async listen(): Promise<void> {
      this.sendResponse(200);
      this.endHeaders();
      listening.add(this);
      listens.resolve();
      await this.left.promise;
    }

    @verb("GET", "/say")
    async say(): Promise<void> {
      await undefined;
      for (const handler of listening) {
        handler.wfile.write("hello");
        if (handler instanceof Chat) handler.left.resolve();
      }
      this.sendResponse(204);
      this.endHeaders();
    }
  }
  const [listener, speaker] = await Promise.all([
    talk(Chat, gets("/before", "/listen")),
    listens.promise.then(() => talk(Chat, gets("/before", "/say"))),
  ]);
  const none = "HTTP/1.1 204 No Content\n\n";
  assertEquals(
    listener.text,
    none + "HTTP/1.1 200 OK\nContent-Length: 5\n\nhello",
  );
  assertEquals(speaker.text, none + none);
  assertEquals([listener.errors, speaker.errors], [[], []]);
});

Deno.test("what setup() leaves running is never late", async (t) => {
  for (const isSecond of [false, true]) {
    await t.step(isSecond ? "of a second class" : "of one class", async () => {
      class Ticking extends Plain {
        #ticks = new Set<() => void>();
        #timer: ReturnType<typeof setInterval> | undefined;

        override setup(): void | Promise<void> {
          this.#timer = setInterval(() => {
            for (const listener of this.#ticks) listener();
          }, 1);
          return super.setup();
        }

        override finish(): void | Promise<void> {
          clearInterval(this.#timer);
          return super.finish();
        }

        @verb("GET", "/tick")
        async tick(): Promise<void> {
          await undefined;
          this.sendResponse(200);
          this.endHeaders();
          const { promise, resolve } = Promise.withResolvers<void>();
          const listener = () => {
            this.wfile.write("tick");
            this.#ticks.delete(listener);
            resolve();
          };
          this.#ticks.add(listener);
          await promise;
        }
      }
      const { text, errors } = await talk(
        isSecond ? [Other, Ticking] : Ticking,
        gets("/tick", "/tick"),
      );
      assertEquals(errors, []);
      const tick = "HTTP/1.1 200 OK\nContent-Length: 4\n\ntick";
      assertEquals(text, tick + tick);
    });
  }
});
