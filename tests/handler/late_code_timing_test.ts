// What a request leaves running may run at any later turn: while the connection
// waits, while the next request is parsed, prepared, answered and completed.

import { assertEquals } from "@std/assert";
import { HttpError, verb } from "../../mod.ts";
import { gets, Plain, turns } from "./_late.ts";
import { talk } from "./_talk.ts";

/** Leaves code running that responds, after some turns, once more. */
class Leaving extends Plain {
  @verb("GET", "/late/:turns")
  late({ turns: count }: { turns: string }): void {
    this.sendResponse(200);
    this.endHeaders();
    this.wfile.write("late");
    if (count === "never") return;
    turns(Number(count)).then(async () => {
      await this.sendError(500);
      await this.wfile.flush();
    }).catch(() => {});
  }
}

class Next extends Leaving {
  @verb("GET", "/next")
  async next(): Promise<void> {
    await turns(8);
    this.sendResponse(200);
    this.endHeaders();
    await turns(8);
    this.wfile.write("next");
    await turns(8);
  }
}

/** Classes that wait for something at each place where a class can. */
const APPS: Record<string, readonly (typeof Leaving)[]> = {
  "one class": [Next],
  "dispatch() that waits": [
    class extends Next {
      override async dispatch(): Promise<void> {
        await turns(8);
        await super.dispatch();
        this.wfile.write("!");
        await turns(8);
      }
    },
  ],
  "handleOneRequest() that waits": [
    class extends Next {
      override async handleOneRequest(): Promise<void> {
        await turns(8);
        await super.handleOneRequest();
        await turns(8);
      }
    },
  ],
  "handle() of its own": [
    class extends Next {
      override async handle(): Promise<void> {
        do {
          await turns(8);
          await this.handleOneRequest();
          await turns(8);
        } while (!this.closeConnection);
      }
    },
  ],
  "sendError() that waits": [
    class extends Next {
      override async next(): Promise<void> {
        await turns(8);
        throw new HttpError(409);
      }

      override async sendError(...args: Parameters<Plain["sendError"]>) {
        await turns(8);
        super.sendError(...args);
        await turns(8);
      }
    },
  ],
  "another class that waits": [
    Leaving,
    class extends Next {
      static override prefix = "/next";

      override async setup(): Promise<void> {
        await turns(8);
        await super.setup();
      }

      @verb("GET", "/")
      override async next(): Promise<void> {
        await super.next();
      }
    },
  ],
  "a class that forwards to another": [
    class extends Leaving {
      @verb("GET", "/next")
      async next(): Promise<void> {
        await turns(8);
        await this.forward("/other/next");
        await turns(8);
      }
    },
    class extends Next {
      static override prefix = "/other";

      override async setup(): Promise<void> {
        await turns(8);
        await super.setup();
      }
    },
  ],
};

Deno.test("late code sends no response of its own, whenever it runs", async (t) => {
  for (const [app, classes] of Object.entries(APPS)) {
    for (const before of [[], ["/late/never"]]) {
      const how = before.length > 0 ? ", behind a prompt response" : "";
      await t.step(app + how, async () => {
        const send = async (count: number | "never") => {
          const paths = [...before, `/late/${count}`, "/next", "/next"];
          const { text, errors } = await talk(classes, gets(...paths));
          assertEquals(errors, []);
          const responses = text.split(/(?=HTTP\/1\.1 )/);
          assertEquals(responses.length, paths.length, text);
          // Its own response it may change while that is not complete.
          return responses.slice(-2);
        };
        const want = await send("never");
        for (let count = 0; count < 120; count++) {
          assertEquals([count, await send(count)], [count, want]);
        }
      });
    }
  }
});
