import { assert, assertEquals } from "@std/assert";
import { CgiRequestHandler } from "../../../lib/cgi/cgi_request_handler.ts";
import { StaticRequestHandler } from "../../../lib/static/mod.ts";
import { isMissing, Serving } from "../_serve.ts";

/** Debian's configuration of Adminer, which is its index page as well. */
const ROOT = "/etc/adminer";

/** As docs/cgi.md has it. */
class Adminer extends CgiRequestHandler.with({
  root: ROOT,
  interpreters: { ".php": "php-cgi" },
  indexPages: ["conf.php"],
}) {
  static override prefix = "/adminer";
}

class Files extends StaticRequestHandler.with({ root: ROOT }) {
  static override prefix = "/adminer";
}

/** The cookies that a browser would send back. */
function cookiesOf(response: Response): { Cookie: string } {
  const cookie = response.headers.getSetCookie()
    .map((line) => line.split(";", 1)[0])
    .join("; ");
  return { Cookie: cookie };
}

Deno.test({
  name: "Adminer works as the index page of its folder",
  ignore: isMissing("php-cgi", `${ROOT}/conf.php`),
  async fn(t) {
    await using serving = new Serving([Adminer, Files]);
    const folder = `${serving.origin}/adminer/`;

    await t.step("the folder has its slash", async () => {
      const response = await fetch(folder.slice(0, -1), { redirect: "manual" });
      await response.body?.cancel();
      assertEquals(response.status, 301);
      assertEquals(response.headers.get("location"), "/adminer/");
    });

    const first = await fetch(folder);
    const login = await first.text();
    const headers = cookiesOf(first);

    await t.step("the page", () => {
      assertEquals(first.status, 200);
      assert(login.includes("<title>Login - Adminer</title>"), login);
    });

    await t.step("its style sheet, by the same program", async () => {
      const [, link = ""] =
        /rel="stylesheet"[^>]* href="([^"]*)"/.exec(login) ??
          [];
      const response = await fetch(
        new URL(link.replaceAll("&amp;", "&"), folder),
      );
      assertEquals(
        response.headers.get("content-type"),
        "text/css; charset=utf-8",
      );
      assert((await response.text()).includes("body{"));
    });

    await t.step("a form for its folder, and a session", async () => {
      const [, token = ""] = /name='token' value='([0-9:]+)'/.exec(login) ?? [];
      const send = (headers: { Cookie?: string }) =>
        fetch(folder, {
          method: "POST",
          body: new URLSearchParams({ lang: "de", token }),
          headers,
          redirect: "manual",
        });
      const sent = await send(headers);
      await sent.body?.cancel();
      assertEquals(sent.status, 302);
      const next = new URL(sent.headers.get("location") ?? "", folder);
      assertEquals(next.href, folder);
      const cookies = {
        Cookie: `${headers.Cookie}; ${cookiesOf(sent).Cookie}`,
      };
      const page = await (await fetch(next, { headers: cookies })).text();
      assert(page.includes('<html lang="de"'), page);
      // The token is that of the session.
      const forged = await send({});
      await forged.body?.cancel();
      assertEquals(forged.headers.get("location"), null);
    });

    await t.step("its source stays with the server", async () => {
      for (const path of ["conf.php", "CONF.PHP", "conf.php/", "conf.php%20"]) {
        const response = await fetch(folder + path);
        const text = await response.text();
        assertEquals(text.includes("ADMINER_DIR"), false, path);
      }
    });
    assertEquals(serving.errors, []);
  },
});
