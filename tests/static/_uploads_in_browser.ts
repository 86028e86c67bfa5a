// Uploads from the listing, in a real browser. Run by listing_browser_test.ts in
// a process of its own, because the driver wants every permission.

import { Buffer } from "node:buffer";
import { assert, assertEquals } from "@std/assert";
import type { Page } from "playwright-core";
import { UploadRequestHandler } from "../../lib/static/upload_request_handler.ts";
import { folderOf } from "./_folder.ts";
import { browserTest, inBrowser, namesOn } from "./_in_browser.ts";
import { serve } from "./_site.ts";

browserTest("the listing uploads what is chosen", async () => {
  const folder = await folderOf({ "a.txt": "old" });
  const Drop = UploadRequestHandler.with({ root: folder.path });
  await using site = serve(folder, folder.path, Drop);
  await inBrowser(site, async (page) => {
    await page.goto(site.origin);
    const chosen = [
      { name: "b ä.txt", mimeType: "text/plain", buffer: Buffer.from("new") },
      { name: "c.txt", mimeType: "text/plain", buffer: Buffer.from("c") },
    ];
    await Promise.all([
      page.waitForEvent("load"),
      page.getByLabel("Upload files").setInputFiles(chosen),
    ]);
    assertEquals(await namesOn(page), ["a.txt", "b ä.txt", "c.txt"]);
  });
  assertEquals(await Deno.readTextFile(`${folder.path}/b ä.txt`), "new");
});

browserTest("the listing names the files that were not stored", async () => {
  const folder = await folderOf({ "a.txt": "old" });
  const Drop = UploadRequestHandler.with({
    root: folder.path,
    maxUploadBytes: 10,
  });
  await using site = serve(folder, folder.path, Drop);
  const chosen = ["a.txt", "b:.txt", "c.txt", "d.txt"].map((name) => ({
    name,
    mimeType: "text/plain",
    buffer: Buffer.from(name === "d.txt" ? "more than ten" : "new"),
  }));
  await inBrowser(
    site,
    async (page) => {
      await page.goto(site.origin);
      await page.getByLabel("Upload files").setInputFiles(chosen);
      const alarm = page.getByRole("alert");
      await alarm.waitFor();
      assertEquals(await alarm.getByRole("listitem").allTextContents(), [
        "a.txt: File exists",
        "b:.txt: No file can have this name",
        "d.txt: File too large",
      ]);
      assertEquals(
        await page.locator("form [role=status]").textContent(),
        "1 of 4 files stored. Show the folder",
      );
      await page.getByRole("link", { name: "Show the folder" }).click();
      assertEquals(await namesOn(page), ["a.txt", "c.txt"]);
    },
    {},
    /403|409|413/,
  );
  await inBrowser(
    site,
    async (page) => {
      await page.goto(site.origin);
      await page.getByLabel("Upload files").setInputFiles(chosen);
      await page.getByRole("button", { name: "Upload", exact: true }).click();
      assertEquals(
        await page.getByRole("row").allTextContents(),
        [
          "a.txt409File exists\n",
          "b:.txt403No file can have this name\n",
          "c.txt409File exists\n",
          "d.txt413File too large\n",
        ],
      );
      await page.getByRole("link", { name: "Back to the folder" }).click();
      assertEquals(await namesOn(page), ["a.txt", "c.txt"]);
    },
    { javaScriptEnabled: false },
    /403|409|413/,
  );
});

browserTest("the listing uploads by a plain form without script", async () => {
  const folder = await folderOf({});
  const Drop = UploadRequestHandler.with({ root: folder.path });
  await using site = serve(folder, folder.path, Drop);
  await inBrowser(site, async (page) => {
    await page.goto(site.origin);
    await page.getByLabel("Upload files").setInputFiles([
      { name: "a.txt", mimeType: "text/plain", buffer: Buffer.from("a") },
    ]);
    await page.getByRole("button", { name: "Upload", exact: true }).click();
    assertEquals(await namesOn(page), ["a.txt"]);
  }, { javaScriptEnabled: false });
});

browserTest("the listing sends what is chosen once", async () => {
  const folder = await folderOf({});
  const Drop = UploadRequestHandler.with({ root: folder.path });
  await using site = serve(folder, folder.path, Drop);
  await inBrowser(site, async (page) => {
    await page.goto(site.origin);
    const sent: string[] = [];
    page.on("request", (request) => {
      if (request.method() !== "GET") sent.push(request.method());
    });
    // There is no button that would send it again.
    const button = page.getByRole("button", { name: "Upload", exact: true });
    assertEquals(await button.count(), 0);
    await Promise.all([
      page.waitForEvent("load"),
      page.getByLabel("Upload files").setInputFiles([
        { name: "a.txt", mimeType: "text/plain", buffer: Buffer.from("a") },
      ]),
    ]);
    assertEquals(await namesOn(page), ["a.txt"]);
    assertEquals(sent, ["PUT"]);
  });
});

browserTest("the listing cancels an upload", async () => {
  const folder = await folderOf({});
  const Drop = UploadRequestHandler.with({ root: folder.path });
  await using site = serve(folder, folder.path, Drop);
  await inBrowser(site, async (page) => {
    await page.goto(site.origin);
    const session = await page.context().newCDPSession(page);
    await session.send("Network.emulateNetworkConditions", {
      offline: false,
      latency: 0,
      downloadThroughput: -1,
      uploadThroughput: 100_000,
    });
    await page.getByLabel("Upload files").setInputFiles(
      ["a.txt", "b.bin", "c.txt"].map((name) => ({
        name,
        mimeType: "text/plain",
        buffer: Buffer.alloc(name === "b.bin" ? 8_000_000 : 1),
      })),
    );
    await page.getByText("Uploading b.bin").waitFor();
    assertEquals(await page.getByRole("progressbar").count(), 1);
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByText("Cancelled: 1 of 3 files stored.").waitFor();
    assertEquals(await page.getByRole("alert").count(), 0);
    await page.getByRole("link", { name: "Show the folder" }).click();
    assertEquals(await namesOn(page), ["a.txt"]);
  });
  // Half a file is gone as soon as the server has seen its client go.
  for (let left = 100; left > 0; left--) {
    const names = await Array.fromAsync(Deno.readDir(folder.path));
    if (names.length === 1) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("Half a file is left");
});

/** Drags files and folders of the system onto the page, as a person does. */
async function drop(page: Page, paths: string[]): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: paths, dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"] as const) {
    await session.send("Input.dispatchDragEvent", { type, x: 90, y: 90, data });
  }
}

browserTest(
  "the listing keeps the structure of a folder that is dropped",
  async () => {
    await using source = await folderOf({
      "trip/a.txt": "a",
      "trip/deep/er/b ä.txt": "b",
      "trip/empty/": "",
      "trip/.hidden": "h",
      "c.txt": "c",
    });
    const folder = await folderOf({ "trip/old.txt": "old" });
    const Drop = UploadRequestHandler.with({ root: folder.path });
    await using site = serve(folder, folder.path, Drop);
    await inBrowser(
      site,
      async (page) => {
        await page.goto(site.origin);
        await drop(page, [`${source.path}/trip`, `${source.path}/c.txt`]);
        await page.getByText("3 of 4 files stored").waitFor();
        assertEquals(
          await page.getByRole("listitem").filter({ hasText: "hidden" })
            .textContent(),
          "trip/.hidden: No file can have this name",
        );
      },
      {},
      /403|405/,
    );
    const read = (name: string) => Deno.readTextFile(`${folder.path}/${name}`);
    assertEquals(await read("trip/old.txt"), "old");
    assertEquals(await read("trip/a.txt"), "a");
    assertEquals(await read("trip/deep/er/b ä.txt"), "b");
    assertEquals(await read("c.txt"), "c");
    assert((await Deno.stat(`${folder.path}/trip/empty`)).isDirectory);
  },
);
