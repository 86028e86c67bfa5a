import { assertEquals } from "@std/assert";
import { CgiRequestHandler } from "../../../lib/cgi/cgi_request_handler.ts";
import { isMissing, Serving, Site } from "../_serve.ts";

const HELLO = `import os
import sys
from urllib.parse import parse_qs

if os.environ["REQUEST_METHOD"] == "POST":
    length = int(os.environ["CONTENT_LENGTH"])
    form = parse_qs(sys.stdin.buffer.read(length).decode())
    reply = "%s, %s, %s" % (form["spam"][0], form["eggs"][0], form["bacon"][0])
else:
    reply = "Hello there"
print("Content-Type: text/html")
print()
print(reply)
`;

Deno.test({
  name: "a Python script answers GET and POST",
  ignore: isMissing("python3"),
  async fn() {
    await using site = new Site({ "hello_from_browser.py": HELLO });
    const Cgi = CgiRequestHandler.with({
      root: site.root,
      interpreters: { ".py": "python3" },
    });
    await using serving = new Serving(Cgi);
    const url = `${serving.origin}/hello_from_browser.py`;
    const greeting = await fetch(url);
    assertEquals(greeting.headers.get("content-type"), "text/html");
    assertEquals(await greeting.text(), "Hello there\n");
    const posted = await fetch(url, {
      method: "POST",
      body: new URLSearchParams({ spam: "1", eggs: "python", bacon: "123456" }),
    });
    assertEquals(await posted.text(), "1, python, 123456\n");
  },
});
