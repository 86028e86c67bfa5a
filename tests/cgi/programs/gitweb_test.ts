import { assertEquals, assertStringIncludes } from "@std/assert";
import { CgiRequestHandler } from "../../../lib/cgi/cgi_request_handler.ts";
import { HttpRequestHandler } from "../../../lib/handler/http_request_handler.ts";
import { verb } from "../../../lib/handler/verb.ts";
import { inBrowser, isBrowserMissing } from "../../browser/_browser.ts";
import { isMissing, Serving } from "../_serve.ts";

const GITWEB = "/usr/share/gitweb/gitweb.cgi";

/** Style sheet, script and pictures of gitweb. */
class Assets extends HttpRequestHandler {
  @verb("GET", "/static/:name")
  async file({ name }: { name: string }): Promise<Response> {
    const type = name.endsWith(".css")
      ? "text/css"
      : name.endsWith(".js")
      ? "text/javascript"
      : "image/png";
    const content = await Deno.readFile(`/usr/share/gitweb/static/${name}`);
    return new Response(content, { headers: { "Content-Type": type } });
  }
}

async function git(cwd: string, ...args: string[]): Promise<void> {
  const { success } = await new Deno.Command("git", {
    args: ["-c", "user.name=Ann", "-c", "user.email=ann@example.org", ...args],
    cwd,
    env: { GIT_CONFIG_NOSYSTEM: "1", HOME: cwd },
    stdout: "null",
    stderr: "null",
  }).output();
  assertEquals(success, true);
}

Deno.test({
  name: "gitweb is browsed in Chromium",
  ignore: isMissing("git", GITWEB) || isBrowserMissing,
  // The browser's own pipes and timers outlive its last event.
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    const home = await Deno.makeTempDir();
    await git(home, "init", "-q", "-b", "main", "repo");
    await Deno.writeTextFile(`${home}/repo/poem.txt`, "Ünïcode & <markup>\n");
    await git(`${home}/repo`, "add", ".");
    await git(`${home}/repo`, "commit", "-q", "-m", "a poem main");
    const config = `${home}/gitweb.conf`;
    await Deno.writeTextFile(config, `our $projectroot = "${home}";\n1;\n`);
    const Gitweb = CgiRequestHandler.with({
      programs: { "/gitweb": GITWEB },
      env: { GITWEB_CONFIG: config },
    });
    const missing: string[] = [];
    {
      await using serving = new Serving([Gitweb, Assets]);
      await inBrowser(async (page) => {
        page.on("response", (response) => {
          const { pathname } = new URL(response.url());
          if (response.status() < 400 || pathname === "/favicon.ico") return;
          missing.push(`${response.status()} ${response.url()}`);
        });
        await page.goto(`${serving.origin}/gitweb`);
        await page.click("text=repo/.git");
        assertEquals(await page.title(), "127.0.0.1 Git - repo/.git/summary");
        await page.click("a.subject");
        await page.waitForURL(/a=commit;/);
        const body = (await page.innerText("body")).replaceAll("\xa0", " ");
        assertStringIncludes(body, "Ann <ann@example.org>");
        await page.click("td.link >> text=blob");
        await page.waitForURL(/a=blob;/);
        // gitweb writes no-break spaces.
        const line = (await page.innerText("div.pre")).replaceAll("\xa0", " ");
        assertEquals(line.trim(), "1 Ünïcode & <markup>");
      });
      assertEquals(missing, []);
      assertEquals(serving.errors, []);
    }
    await Deno.remove(home, { recursive: true });
  },
});
