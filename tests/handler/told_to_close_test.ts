import { assertEquals } from "@std/assert";
import { verb } from "../../mod.ts";
import { exchange } from "../../lib/testing/mod.ts";
import { Fixed } from "./_talk.ts";

let runs = 0;

class Early extends Fixed {
  @verb("POST")
  async early() {
    runs++;
    this.sendResponseOnly(200);
    this.endHeaders();
    // The body has not come: nobody can tell what will follow this head.
    await this.wfile.flush();
    this.wfile.write(await this.text());
  }
}

Deno.test("RFC 9112 9.6: behind Connection: close no request is served", async () => {
  runs = 0;
  const request = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n" +
    "Expect: 100-continue\r\n\r\n";
  const both = request + "body" + request + "body";
  const text = new TextDecoder().decode(
    await exchange(Early, both, { splits: [request.length] }),
  );
  assertEquals(
    text,
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n" +
      "\r\n4\r\nbody\r\n0\r\n\r\n",
  );
  assertEquals(runs, 1);
});
