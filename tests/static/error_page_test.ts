import { assertEquals } from "@std/assert";
import { StaticRequestHandler } from "../../lib/static/mod.ts";
import { exchange } from "../../lib/testing/mod.ts";
import { folderOf } from "./_folder.ts";

Deno.test("StaticRequestHandler waits for an error page that is read from a file", async () => {
  await using folder = await folderOf({ "404.html": "<p>nothing here" });
  class Site extends StaticRequestHandler {
    override root = folder.path;
    override serverVersion = "test";

    override dateTimeString(): string {
      return "Thu, 01 Jan 1970 00:00:00 GMT";
    }

    override async sendError(code: number): Promise<void> {
      const page = await Deno.readTextFile(`${this.root}/${code}.html`);
      this.sendResponse(code);
      this.endHeaders();
      this.wfile.write(page);
    }
  }
  const answer = await exchange(Site, "GET /a HTTP/1.1\r\nHost: a\r\n\r\n");
  assertEquals(
    new TextDecoder().decode(answer),
    "HTTP/1.1 404 Not Found\r\nServer: test\r\n" +
      "Date: Thu, 01 Jan 1970 00:00:00 GMT\r\n" +
      "Content-Length: 15\r\n\r\n<p>nothing here",
  );
});
