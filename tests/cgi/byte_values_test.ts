// What is not UTF-8 in a request: the bytes that came are the bytes that a
// program gets, and no way around other classes. Without the C library fields are
// text, and paths are refused.

import { assertEquals } from "@std/assert";
import { latin1Octets } from "../../lib/bytes/octets.ts";
import { CgiRequestHandler } from "../../lib/cgi/cgi_request_handler.ts";
import { startDenoChild } from "../../lib/cgi/deno_child.ts";
import { FastCgiRequestHandler } from "../../lib/cgi/fastcgi_request_handler.ts";
import { startProcess } from "../../lib/cgi/process.ts";
import { HttpError } from "../../lib/facts/errors.ts";
import { HttpRequestHandler } from "../../lib/handler/http_request_handler.ts";
import { verb } from "../../lib/handler/verb.ts";
import { StaticRequestHandler } from "../../lib/static/mod.ts";
import { Serving, Site } from "./_serve.ts";

/** Shows bytes as text of Latin-1 would. */
const ECHO = `#!/bin/sh
printf 'Content-Type: text/plain\\n\\n'
printf '%s|' "$HTTP_X_NAME" "$CONTENT_TYPE" "$PATH_INFO" "$PATH_TRANSLATED" |
  od -An -v -t x1
`;

const FILES = { "cgi-bin/echo": ECHO, "caf\ufffd": "another file" };

/** Sends bytes; all that comes, as text. */
async function send(port: number, request: string): Promise<string> {
  using connection = await Deno.connect({ port });
  await connection.write(latin1Octets(request));
  return await new Response(connection.readable).text();
}

function get(target: string, fields = ""): string {
  return `GET ${target} HTTP/1.0\r\n${fields}\r\n`;
}

/** What the program has shown, one character for each byte. */
function shown(response: string, root: string): string {
  const [, hex = ""] = response.split("\r\n\r\n");
  return hex.trim().split(/\s+/)
    .map((byte) => String.fromCharCode(parseInt(byte, 16))).join("")
    .replaceAll(root, "ROOT");
}

Deno.test("a program gets the bytes that came", async (t) => {
  await using site = new Site(FILES);
  const { root } = site;
  const Cgi = CgiRequestHandler.with({ root });
  const passesBytes = Cgi.takesPathBytes;
  await using serving = new Serving([Cgi, StaticRequestHandler.with({ root })]);
  const rows = [
    {
      name: "field values of Latin-1, UTF-8 and both",
      request: get(
        "/cgi-bin/echo",
        "X-Name: caf\xe9 \xc3\xa9\r\nX-Name: \xff\r\nContent-Type: a/\xe9\r\n",
      ),
      want: "caf\xe9 \xc3\xa9, \xff|a/\xe9|||",
      wantText: "caf\xc3\xa9 \xc3\xa9, \xc3\xbf|a/\xc3\xa9|||",
    },
    {
      name: "escapes of the path",
      request: get("/cgi-bin/echo/caf%E9/%c3%a9/%ff%0A"),
      want: "||/caf\xe9/\xc3\xa9/\xff\n|ROOT/caf\xe9/\xc3\xa9/\xff\n|",
    },
    {
      name: "overlong dots and slashes, which are none",
      request: get("/cgi-bin/echo/%C0%AE%C0%AE/%C0%AFx"),
      want: "||/\xc0\xae\xc0\xae/\xc0\xafx|ROOT/\xc0\xae\xc0\xae/\xc0\xafx|",
    },
  ];
  for (const { name, request, want, wantText } of rows) {
    await t.step(name, async () => {
      const response = await send(serving.port, request);
      if (passesBytes || wantText !== undefined) {
        const wanted = passesBytes ? want : wantText;
        assertEquals(shown(response, root), wanted);
      } else assertEquals(response.slice(9, 12), "400");
    });
  }
  const refusals = [
    ["/caf%E9", 400],
    ["/cgi-bin/caf%E9", passesBytes ? 404 : 400],
    ["/cgi-bin/%E9/../echo%E9", passesBytes ? 404 : 400],
    ["/cgi-bin/echo/%E9%zz", 400],
    ["/cgi-bin/echo/%E9%00", 400],
  ] as const;
  for (const [target, status] of refusals) {
    await t.step(target, async () => {
      const response = await send(serving.port, get(target));
      assertEquals(Number(response.slice(9, 12)), status, response);
    });
  }
  assertEquals(serving.errors, []);
});

Deno.test("no byte leads around the class that a path is for", async () => {
  class Guard extends HttpRequestHandler {
    static override prefix = "/cgi-bin/echo/private";

    @verb("*")
    refuse() {
      throw new HttpError(403);
    }
  }
  await using site = new Site(FILES);
  const Cgi = CgiRequestHandler.with({ root: site.root });
  for (const classes of [[Guard, Cgi], [Cgi, Guard]]) {
    await using serving = new Serving(classes);
    const statuses: number[] = [];
    for (const rest of ["", "/%E9", "%E9"]) {
      const target = `/cgi-bin/echo/private${rest}`;
      const response = await send(serving.port, get(target));
      statuses.push(Number(response.slice(9, 12)));
    }
    assertEquals(statuses, [403, 400, Cgi.takesPathBytes ? 200 : 400]);
  }
});

Deno.test("Deno's own spawn gets text: what is not UTF-8 is taken for Latin-1", async () => {
  await using process = await startProcess({
    command: "/bin/sh",
    args: ["-c", "printf '%s' \"$A\""],
    cwd: "/",
    env: { A: "caf\udce9 é" },
    hasBody: false,
    group: false,
    killGrace: 1000,
    onStderr: () => {},
  }, startDenoChild);
  const output = await process.read();
  assertEquals(new TextDecoder().decode(output ?? undefined), "café é");
  assertEquals(await process.read(), null);
});

Deno.test("FastCGI takes the bytes of a path, whatever starts programs", () => {
  const Fpm = FastCgiRequestHandler.with({ root: "/nowhere" });
  assertEquals(Fpm.takesPathBytes, true);
  assertEquals(Fpm.owns("/x.php/\udce9"), true);
});
