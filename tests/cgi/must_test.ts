// What RFC 3875 demands of the server as a whole. The demands on one variable
// or on the output are rows of the other tables of this folder.

import { assertEquals } from "@std/assert";
import { CgiRequestHandler } from "../../lib/cgi/cgi_request_handler.ts";
import { FastCgiRequestHandler } from "../../lib/cgi/fastcgi_request_handler.ts";
import { HttpError } from "../../lib/facts/errors.ts";
import { Serving, Site } from "./_serve.ts";

const FILES = {
  "cgi-bin/marks": "#!/bin/sh\necho ran > mark\n" +
    "printf 'Content-Type: text/plain\\n\\nran'\n",
  "cgi-bin/goes-on": "#!/bin/sh\nprintf 'Location: /cgi-bin/seen\\n\\n'\n" +
    "head -c 1000000 /dev/zero\necho all > mark\n",
  "cgi-bin/seen":
    "#!/bin/sh\nprintf 'Content-Type: text/plain\\n\\n'\ncat mark\n",
  "cgi-bin/uri": "#!/bin/sh\nprintf 'Content-Type: text/plain\\n\\n'\n" +
    'echo "$SCRIPT_NAME|$PATH_INFO|$QUERY_STRING"\n',
  "cgi-bin/rude": "#!/bin/sh\nprintf 'Content-Type: text/plain\\n'\n" +
    "printf 'Transfer-Encoding: gzip\\nConnection: upgrade\\n\\nok'\n",
};

Deno.test("RFC 3875 3.1 a program does not run unless access was granted", async () => {
  await using site = new Site(FILES);
  class Guarded extends CgiRequestHandler {
    override root = site.root;
    override runCgi(): Promise<void> {
      if (!this.fields.has("authorization")) throw new HttpError(401);
      return super.runCgi();
    }
  }
  await using serving = new Serving(Guarded);
  const url = `${serving.origin}/cgi-bin/marks`;
  const refused = await fetch(url);
  await refused.body?.cancel();
  assertEquals(refused.status, 401);
  const names = Array.from(
    Deno.readDirSync(`${site.root}/cgi-bin`),
    (entry) => entry.name,
  );
  assertEquals(names.includes("mark"), false);
  const granted = await fetch(url, { headers: { authorization: "x" } });
  assertEquals(await granted.text(), "ran");
});

Deno.test("RFC 3875 3.1 the answer conforms to HTTP whatever the program says", async () => {
  await using site = new Site(FILES);
  const Cgi = CgiRequestHandler.with({ root: site.root });
  await using serving = new Serving(Cgi);
  const response = await fetch(`${serving.origin}/cgi-bin/rude`);
  assertEquals(response.headers.get("connection"), null);
  assertEquals(await response.text(), "ok");
});

Deno.test("RFC 3875 3.3 the Script-URI of the variables selects the same program", async () => {
  await using site = new Site(FILES);
  const Cgi = CgiRequestHandler.with({ root: site.root });
  await using serving = new Serving(Cgi);
  const first = await fetch(
    `${serving.origin}/x/../cgi-bin//uri/a%20b/%C3%A9/?q=%20+`,
  );
  const text = await first.text();
  assertEquals(text, "/cgi-bin/uri|/a b/é/|q=%20+\n");
  const [scriptName = "", pathInfo = "", query = ""] = text.trim().split("|");
  const again = await fetch(
    `${serving.origin}${encodeURI(scriptName + pathInfo)}?${query}`,
  );
  assertEquals(await again.text(), text);
});

Deno.test("RFC 3875 6.4 output is read to its end", async () => {
  await using site = new Site(FILES);
  const Cgi = CgiRequestHandler.with({ root: site.root });
  await using serving = new Serving(Cgi);
  const response = await fetch(`${serving.origin}/cgi-bin/goes-on`);
  assertEquals(await response.text(), "all\n");
});

Deno.test("a FastCGI application that does not listen is a 502", async () => {
  await using site = new Site({ "page.php": "" });
  const Php = FastCgiRequestHandler.with({
    root: site.root,
    address: `unix:${site.root}/none.sock`,
  });
  await using serving = new Serving(Php);
  const response = await fetch(`${serving.origin}/page.php`);
  await response.body?.cancel();
  assertEquals(response.status, 502);
  assertEquals(
    serving.log[0]?.startsWith(
      `/page.php: Cannot connect to unix:${site.root}/none.sock: NotFound`,
    ),
    true,
  );
});

Deno.test("a FastCGI application with every connection taken is a 503", async () => {
  await using site = new Site({ "page.php": "" });
  const socket = `${site.root}/app.sock`;
  const listener = Deno.listen({ transport: "unix", path: socket });
  const Php = FastCgiRequestHandler.with({
    root: site.root,
    address: `unix:${socket}`,
    maxConnections: 1,
    maxQueue: 0,
  });
  {
    await using serving = new Serving(Php);
    const first = fetch(`${serving.origin}/page.php`);
    const taken = await listener.accept();
    const second = await fetch(`${serving.origin}/page.php`);
    await second.body?.cancel();
    assertEquals(second.status, 503);
    assertEquals(second.headers.get("retry-after"), "5");
    taken.close();
    assertEquals((await (await first).text()).includes("502"), true);
  }
  listener.close();
});

Deno.test({
  name: "a program that may not be run is a 500 whose log names the permission",
  permissions: { net: true, read: true, write: true, run: false },
  async fn() {
    await using site = new Site(FILES);
    const Cgi = CgiRequestHandler.with({ root: site.root });
    await using serving = new Serving(Cgi);
    const response = await fetch(`${serving.origin}/cgi-bin/marks`);
    await response.body?.cancel();
    assertEquals(response.status, 500);
    const [line = ""] = serving.log;
    const permission = `--allow-run=${site.root}/cgi-bin/marks`;
    assertEquals(line.endsWith(permission), true, line);
  },
});
