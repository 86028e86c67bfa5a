import { assertEquals } from "@std/assert";
import { Serving } from "../cli/_command.ts";
import { inBrowser, isBrowserMissing } from "./_browser.ts";

const PIXEL = Uint8Array.fromBase64(
  "iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAIAAAASFvFNAAAAEElEQVR4nGP4z8AAQQ" +
    "xwFgBB0gX7h/C5SAAAAABJRU5ErkJggg==",
);

Deno.test({
  name: "Chromium shows a served page with its image and stylesheet",
  ignore: isBrowserMissing,
  async fn() {
    const root = await Deno.makeTempDir();
    await Deno.writeTextFile(
      `${root}/index.html`,
      `<!doctype html><title>A page</title>
<link rel="stylesheet" href="look/s.css"><link rel="icon" href="data:,">
<h1>Hello</h1><img src="look/ä pixel.png" alt="">`,
    );
    await Deno.mkdir(`${root}/look`);
    await Deno.writeTextFile(
      `${root}/look/s.css`,
      "h1 { color: rgb(1, 2, 3) }",
    );
    await Deno.writeFile(`${root}/look/ä pixel.png`, PIXEL);
    {
      await using serving = await Serving.start(["0", "-d", root]);
      await inBrowser(async (page) => {
        const answers: [path: string, status: number, type?: string][] = [];
        page.on("response", (response) => {
          answers.push([
            response.url().slice(serving.url.length),
            response.status(),
            response.headers()["content-type"] ?? "",
          ]);
        });
        await page.goto(`${serving.url}/`, { waitUntil: "networkidle" });
        assertEquals(answers.sort(), [
          ["/", 200, "text/html; charset=UTF-8"],
          ["/look/%C3%A4%20pixel.png", 200, "image/png"],
          ["/look/s.css", 200, "text/css; charset=UTF-8"],
        ]);
        assertEquals(await page.title(), "A page");
        assertEquals(
          await page.evaluate(`[
            getComputedStyle(document.querySelector("h1")).color,
            document.images[0].naturalWidth,
            document.images[0].naturalHeight,
          ]`),
          ["rgb(1, 2, 3)", 3, 2],
        );
      });
    }
    await Deno.remove(root, { recursive: true });
  },
});
