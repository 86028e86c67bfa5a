import { assertEquals } from "@std/assert";
import { verb } from "../../mod.ts";
import { Fixed, talk } from "./_talk.ts";

class Changing extends Fixed {
  #requests = 0;

  override sendResponse(code: number): void {
    this.sendResponseOnly(code);
  }

  @verb("GET", "/a")
  respond(): void | Promise<void> {
    this.sendResponse(200);
    this.endHeaders();
    this.wfile.write(`${++this.#requests}`);
    if (this.#requests > 2) return this.#wait();
    setTimeout(() => void this.wfile.write("LATE"), 5);
  }

  async #wait(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 30));
    this.wfile.write(" waited");
  }
}

Deno.test("late code is told apart from a method that waits for the first time", async () => {
  const get = "GET /a HTTP/1.1\nHost: a\n\n";
  const { text } = await talk(Changing, get.repeat(3));
  const response = (body: string) =>
    `HTTP/1.1 200 OK\nContent-Length: ${body.length}\n\n${body}`;
  assertEquals(text, response("1") + response("2") + response("3 waited"));
});
