// Whatever `finish` of a handler does, its client gets what was written before.

import { assertEquals } from "@std/assert";
import { verb } from "../../mod.ts";
import { Fixed, GET, talk } from "./_talk.ts";

class Hello extends Fixed {
  override sendResponse(code: number): void {
    this.sendResponseOnly(code);
  }

  @verb("GET")
  hello(): void {
    this.sendResponse(200);
    this.endHeaders();
    this.wfile.write("hello");
  }
}

const HELLO = "HTTP/1.1 200 OK\nContent-Length: 5\n\nhello";

const rows: {
  name: string;
  finish: () => void | Promise<void>;
  errors: string[];
}[] = [
  { name: "forgets super.finish()", finish() {}, errors: [] },
  {
    name: "throws",
    finish() {
      throw new Error("cannot finish");
    },
    errors: ["Error: cannot finish"],
  },
  {
    name: "rejects",
    finish: () => Promise.reject(new Error("cannot finish")),
    errors: ["Error: cannot finish"],
  },
];

for (const { name, finish, errors: want } of rows) {
  class Sloppy extends Hello {
    override finish(): void | Promise<void> {
      return finish();
    }
  }

  Deno.test(`a client gets its response from a handler whose finish() ${name}`, async () => {
    const { text, errors } = await talk(Sloppy, GET + GET);
    assertEquals([text, errors], [HELLO + HELLO, want]);
  });
}
