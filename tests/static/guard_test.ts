// What `access` guards: every request that a class answers, whatever its
// method, its path and what becomes of it.

import { assertEquals, assertThrows } from "@std/assert";
import { HttpError } from "../../lib/facts/errors.ts";
import { HttpRequestHandler } from "../../lib/handler/http_request_handler.ts";
import { verb } from "../../lib/handler/verb.ts";
import { HttpServer } from "../../lib/server/http_server.ts";
import { Access } from "../../lib/static/access.ts";
import { StaticRequestHandler } from "../../lib/static/static_request_handler.ts";
import { UploadRequestHandler } from "../../lib/static/upload_request_handler.ts";

// The password is "secret".
const HASH =
  "$pbkdf2-sha256$i=1000$AAECAwQFBgcICQoLDA0ODw$Tvsru20utY6o3q7VRBeuL9h_1QqKhWhwk2PaYNRWBgY";
const GOOD = `Authorization: Basic ${btoa("ada:secret")}\r\n`;

/** What a user may add to a class that is guarded. */
class Extended extends UploadRequestHandler {
  @verb("DELETE")
  delete(): Response {
    return new Response("deleted");
  }

  @verb("GET", "/api/:name")
  api(): Response {
    return Response.json("api");
  }
}

/** A class beside it that everybody may use. */
class Public extends HttpRequestHandler {
  static override prefix = "/public";

  @verb("GET")
  get(): Response {
    return new Response("public");
  }
}

const REQUESTS: readonly string[] = [
  "GET /",
  "GET /a.txt",
  "HEAD /a.txt",
  "GET /missing",
  "GET /folder",
  "GET /folder/?archive=tar",
  "GET /api/x",
  "PUT /b.txt",
  "POST /",
  "DELETE /a.txt",
  "PATCH /a.txt",
  "PROPFIND /",
  "TRACE /",
  "OPTIONS /a.txt",
  "GET //a.txt",
  "GET /%61.txt",
  "GET /%2e%2e/%2e%2e/etc/passwd",
  "GET http://localhost/a.txt",
];

async function ask(
  server: HttpServer,
  request: string,
  fields = "",
): Promise<string> {
  using conn = await Deno.connect({ port: server.serverPort });
  const raw = `${request} HTTP/1.1\r\nHost: localhost\r\n${fields}` +
    "Content-Length: 0\r\nConnection: close\r\n\r\n";
  await conn.write(new TextEncoder().encode(raw));
  const status = new Uint8Array(12);
  await conn.read(status);
  return new TextDecoder().decode(status.subarray(9));
}

const GUARDS: { name: string; access: Access; want: string }[] = [
  {
    name: "users",
    access: new Access({ users: new Map([["ada", HASH]]) }),
    want: "401",
  },
  {
    name: "addresses",
    access: new Access({ addresses: ["192.0.2.0/24"] }),
    want: "403",
  },
];

Deno.test("access guards every request of its class, and no other", async (t) => {
  const root = await Deno.makeTempDir();
  await Deno.writeTextFile(`${root}/a.txt`, "a");
  await Deno.mkdir(`${root}/folder`);
  for (const { name, access, want } of GUARDS) {
    const Guarded = Extended.with({ root, access, archives: ["tar"] });
    for (const classes of [[Guarded, Public], [Public, Guarded]]) {
      await using server = new HttpServer({ port: 0 }, classes);
      void server.serveForever();
      for (const request of REQUESTS) {
        await t.step(
          `${name}, ${classes[0]?.name} first: ${request}`,
          async () => {
            assertEquals(await ask(server, request), want);
          },
        );
      }
      assertEquals(await ask(server, "GET /public/x"), "200");
      // This one is about the server: the first class answers it.
      const isFirst = classes[0] === Guarded;
      assertEquals(await ask(server, "OPTIONS *"), isFirst ? want : "204");
    }
  }
  assertEquals(Array.from(Deno.readDirSync(root)).length, 2);
  await Deno.remove(root, { recursive: true });
});

function unreachable(): never {
  throw new Error("there are two guards");
}

Deno.test("access that is given must be there", () => {
  const settings = { root: ".", access: undefined };
  for (const Class of [StaticRequestHandler, UploadRequestHandler]) {
    assertThrows(() => Class.with(settings), TypeError, "access is undefined");
  }
});

Deno.test("access lets who has the credentials use every method", async () => {
  const root = await Deno.makeTempDir();
  const access = new Access({ users: new Map([["ada", HASH]]) });
  await using server = new HttpServer(
    { port: 0 },
    Extended.with({ root, access }),
  );
  void server.serveForever();
  const statuses = [];
  for (
    const request of [
      "GET /",
      "PUT /b.txt",
      "DELETE /x",
      "OPTIONS /",
      "PATCH /",
    ]
  ) {
    statuses.push(await ask(server, request, GOOD));
  }
  assertEquals(statuses, ["200", "201", "200", "204", "405"]);
  await Deno.remove(root, { recursive: true });
});

Deno.test("access lets a browser ask whether a page may send credentials", async () => {
  const preflight = "Origin: http://a.example\r\n" +
    "Access-Control-Request-Method: GET\r\n";
  for (
    const [corsOrigin, index, want] of [
      ["http://a.example", 0, "204"],
      ["http://a.example", 1, "403"],
      ["", 0, "401"],
      ["", 1, "403"],
    ] as const
  ) {
    const { access } = GUARDS[index] ?? unreachable();
    const Guarded = UploadRequestHandler.with({
      root: ".",
      access,
      corsOrigin,
    });
    await using server = new HttpServer({ port: 0 }, Guarded);
    void server.serveForever();
    assertEquals(await ask(server, "OPTIONS /", preflight), want);
    if (index > 0) continue;
    assertEquals(await ask(server, "OPTIONS /"), "401");
    assertEquals(await ask(server, "GET /", preflight), "401");
  }
});

class Admin extends HttpRequestHandler {
  static override prefix = "/admin";

  override dispatch(): void | Promise<void> {
    throw new HttpError(401);
  }

  @verb("GET", "/users")
  users(): Response {
    return new Response("users");
  }
}

class WholeAdmin extends Admin {
  @verb("*")
  nothingElse(): Response {
    throw new HttpError(404);
  }
}

Deno.test("a prefix is its class's alone by a method for every verb and path", async (t) => {
  const root = await Deno.makeTempDir();
  await Deno.mkdir(`${root}/admin`);
  await Deno.writeTextFile(`${root}/admin/s.txt`, "s");
  const Site = StaticRequestHandler.with({ root });
  const ways = [
    "GET /admin/s.txt",
    "HEAD /admin/s.txt",
    "GET /admin/",
    "GET /admin",
    "POST /admin/s.txt",
    "PROPFIND /admin/s.txt",
    "OPTIONS /admin/s.txt",
    "GET /%61dmin/s.txt",
    "GET //admin/s.txt",
    "GET /x/../admin/s.txt",
    "GET /./admin/%73.txt",
    "GET http://localhost/admin/s.txt",
    "GET /admin/users",
    "POST /admin/users",
  ];
  for (const classes of [[WholeAdmin, Site], [Site, WholeAdmin]]) {
    await using server = new HttpServer({ port: 0 }, classes);
    void server.serveForever();
    for (const way of ways) {
      await t.step(`${classes[0]?.name} first: ${way}`, async () => {
        assertEquals(await ask(server, way), "401");
      });
    }
  }
  await t.step("and not without one", async () => {
    await using server = new HttpServer({ port: 0 }, [Admin, Site]);
    void server.serveForever();
    assertEquals(await ask(server, "GET /admin/users"), "401");
    assertEquals(await ask(server, "GET /admin/s.txt"), "200");
  });
  await Deno.remove(root, { recursive: true });
});
