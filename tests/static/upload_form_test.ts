import { connect } from "node:net";
import { assert, assertEquals } from "@std/assert";
import { toFetch } from "../../lib/fetch/mod.ts";
import { UploadRequestHandler } from "../../lib/static/upload_request_handler.ts";
import { HttpServer } from "../../mod.ts";
import { formMutations } from "../fuzz/_form_mutation.ts";
import { folderOf } from "./_folder.ts";
import {
  type FormFile,
  formOf,
  formPart,
  namesIn,
  post,
  postOf,
} from "./_upload.ts";

const JSON_WANTED = { Accept: "application/json" };
/** What the bytes of an ellipsis are in the responses of `post()`. */
const ELLIPSIS = "â€¦";
const LARGE = "0123456789".repeat(50_000);

Deno.test("UploadRequestHandler takes the files of a form", async () => {
  await using folder = await folderOf({});
  const body = formOf([
    { name: "a.txt", content: "a" },
    { name: "", content: "" },
    { name: "large.bin", content: LARGE },
  ]);
  const answer = await post(folder.path, body);
  assertEquals(answer.status, 303);
  assertEquals(answer.fields.get("location"), "/");
  assertEquals(namesIn(folder.path), ["a.txt", "large.bin"]);
  assertEquals(await Deno.readTextFile(`${folder.path}/large.bin`), LARGE);
});

Deno.test("UploadRequestHandler takes a form however it is cut", async () => {
  const body = formOf([
    { name: "a", content: "1\r\n--EDG" },
    { name: "b", content: "\r\n" },
  ]);
  const end = postOf(body).length;
  for (let at = end - body.length; at < end; at++) {
    await using folder = await folderOf({});
    const { status } = await post(folder.path, body, { splits: [at] });
    assertEquals(status, 303);
    assertEquals(Deno.readTextFileSync(`${folder.path}/a`), "1\r\n--EDG");
    assertEquals(Deno.readTextFileSync(`${folder.path}/b`), "\r\n");
  }
});

const PORTABLE = ["a.txt", "\xc3\xa9", "a~1", "a b", "a%20b", "a.b", "-"];
const UNSAFE = [
  ".",
  "..",
  ".env",
  "a/b",
  "../a",
  "/etc/a",
  "a\\b",
  "..\\a",
  "\\\\server\\a",
  "C:a",
  "a:b",
  "a\x01b",
  "\x1b[31ma",
  "a\x7f",
  "a\xc2\x9bb",
  "a%0Ab",
  "nul",
  "COM1.txt",
  "a.",
  "a ",
];

Deno.test("UploadRequestHandler stores names that are names everywhere", async (t) => {
  for (const name of PORTABLE) {
    await t.step(name, async () => {
      await using folder = await folderOf({});
      const body = formOf([{ name, content: "1" }]);
      assertEquals((await post(folder.path, body)).status, 303);
    });
  }
  for (const name of UNSAFE) {
    await t.step(JSON.stringify(name), async () => {
      await using folder = await folderOf({ "root/": "" });
      const body = formOf([{ name, content: "1" }]);
      const { status } = await post(`${folder.path}/root`, body);
      assertEquals(status, 403);
      assertEquals(namesIn(`${folder.path}/root`), []);
      assertEquals(namesIn(folder.path), ["root"]);
    });
  }
});

const REPORTS: {
  name: string;
  files: FormFile[];
  status: number;
  message: string;
  want: [name: string, status: number, message: string][];
  stored: string[];
}[] = [
  {
    name: "all stored",
    files: [{ name: "b", content: "1" }, { name: "c", content: "2" }],
    status: 200,
    message: "2 of 2 files stored",
    want: [["b", 201, "Stored"], ["c", 201, "Stored"]],
    stored: ["a", "b", "c"],
  },
  {
    name: "a conflict before a large file",
    files: [{ name: "a", content: "new" }, { name: "b", content: LARGE }],
    status: 409,
    message: "1 of 2 files stored",
    want: [["a", 409, "File exists"], ["b", 201, "Stored"]],
    stored: ["a", "b"],
  },
  {
    name: "a name twice",
    files: [{ name: "b", content: "1" }, { name: "b", content: "2" }],
    status: 409,
    message: "1 of 2 files stored",
    want: [["b", 201, "Stored"], ["b", 409, "File exists"]],
    stored: ["a", "b"],
  },
  {
    name: "each its own reason",
    files: [
      { name: "b", content: "1" },
      { name: "..", content: "2" },
      { name: "", content: "3" },
      { name: "big", content: "x".repeat(600_000) },
      { name: "x".repeat(256), content: "4" },
    ],
    status: 403,
    message: "1 of 5 files stored",
    want: [
      ["b", 201, "Stored"],
      ["..", 403, "No file can have this name"],
      ["", 403, "No file can have this name"],
      ["big", 413, "File too large"],
      ["x".repeat(255) + ELLIPSIS, 400, "The name is too long"],
    ],
    stored: ["a", "b"],
  },
];

Deno.test("UploadRequestHandler says of each file what became of it", async (t) => {
  for (const { name, files, status, message, want, stored } of REPORTS) {
    await t.step(name, async () => {
      await using folder = await folderOf({ "a": "old" });
      const answer = await post(folder.path, formOf(files), {
        fields: JSON_WANTED,
        settings: { maxUploadBytes: 550_000 },
      });
      assertEquals(answer.status, status);
      const all = want.map(([name, status, message]) => (
        { name, status, message }
      ));
      assertEquals(JSON.parse(answer.body), { status, message, files: all });
      assertEquals(namesIn(folder.path), stored);
      assertEquals(await Deno.readTextFile(`${folder.path}/a`), "old");
    });
  }
});

Deno.test("UploadRequestHandler reports to people on a page", async () => {
  await using folder = await folderOf({});
  const body = formOf([
    { name: "b", content: "1" },
    { name: "<b>&.", content: "2" },
  ]);
  const answer = await post(folder.path, body, {
    fields: { Accept: "text/html,*/*;q=0.8" },
  });
  assertEquals(answer.status, 403);
  assertEquals(answer.fields.get("content-type"), "text/html; charset=utf-8");
  assertEquals(
    answer.fields.get("content-security-policy"),
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; " +
      "form-action 'none'; frame-ancestors 'self'",
  );
  assertEquals(
    answer.body.slice(answer.body.indexOf("<h1>")),
    "<h1>1 of 2 files stored</h1>\n<table>\n" +
      '<tr><th scope="row">b<td>201<td>Stored\n' +
      '<tr class="failed"><th scope="row">&lt;b&gt;&amp;.<td>403' +
      "<td>No file can have this name\n</table>\n" +
      '<p><a href="/">Back to the folder</a></p>\n</main>\n',
  );
});

Deno.test("UploadRequestHandler breaks off a form of refused files", async () => {
  await using folder = await folderOf({});
  const long = { name: "&".repeat(300), content: "1" };
  const bad = { name: "a:b", content: "2" };
  const unread = { name: "unread.txt", content: "3" };
  const files = [
    { name: "a.txt", content: "0" },
    long,
    ...Array.from({ length: 1000 }, () => bad),
  ];
  const fields = JSON_WANTED;
  const answer = await post(folder.path, formOf([...files, unread]), {
    fields,
  });
  assertEquals(answer.status, 413);
  const report = JSON.parse(answer.body);
  assertEquals(
    report.message,
    "1 of 1002 files stored. Too many files were refused",
  );
  assertEquals(report.files.length, 1002);
  assertEquals(report.files[1].name, "&".repeat(255) + ELLIPSIS);
  assertEquals(namesIn(folder.path), ["a.txt"]);
  // This time a.txt is refused too.
  const page = await post(folder.path, formOf([...files, unread]));
  assertEquals(page.status, 413);
  assertEquals(page.body.match(/<tr/g)?.length, 1001);
});

Deno.test("UploadRequestHandler stops at the limit of a form, and says so", async () => {
  await using folder = await folderOf({});
  const files = Array.from(
    { length: 13 },
    (_, at) => ({ name: `f${at}`, content: "x" }),
  );
  const answer = await post(folder.path, formOf(files), {
    fields: JSON_WANTED,
    formFields: 10,
  });
  assertEquals(answer.status, 413);
  const { message } = JSON.parse(answer.body);
  assertEquals(
    message,
    "10 of 10 files stored. The form has too many fields",
  );
  assertEquals(namesIn(folder.path).length, 10);
});

const REFUSED: {
  name: string;
  body: string;
  type?: string;
  status: number;
}[] = [
  { name: "no form", body: "x", type: "text/plain", status: 415 },
  {
    name: "no boundary",
    body: "x",
    type: "multipart/form-data; x=y",
    status: 400,
  },
  {
    name: "two boundaries",
    body: formOf([]),
    type: "multipart/form-data; boundary=EDGE; boundary=B",
    status: 400,
  },
  { name: "no part", body: formOf([]), status: 400 },
  {
    name: "an empty field for files",
    body: formOf([{ name: "", content: "" }]),
    status: 400,
  },
  {
    name: "fields only",
    body:
      '--EDGE\r\nContent-Disposition: form-data; name="file"\r\n\r\n1\r\n--EDGE--',
    status: 400,
  },
  {
    name: "a part without a head",
    body: "--EDGE\r\n\r\n1\r\n--EDGE--",
    status: 400,
  },
  {
    name: "an encoded part",
    body: formOf([{
      name: 'a"\r\nContent-Transfer-Encoding: base64\r\nX: "',
      content: "1",
    }]),
    status: 415,
  },
  {
    name: "a huge head",
    body: formOf([{ name: `a"\r\nX: "${"y".repeat(100_000)}`, content: "1" }]),
    status: 413,
  },
  {
    name: "a bad filename*",
    body: formOf([{ name: "a\"; filename*=UTF-8''%ff; x=\"", content: "1" }]),
    status: 400,
  },
];

Deno.test("UploadRequestHandler refuses what is no form with files", async (t) => {
  for (const { name, body, type, status } of REFUSED) {
    await t.step(name, async () => {
      await using folder = await folderOf({});
      const fields: Record<string, string> = type === undefined
        ? {}
        : { "Content-Type": type };
      assertEquals((await post(folder.path, body, { fields })).status, status);
      assertEquals(namesIn(folder.path), []);
    });
  }
});

Deno.test("UploadRequestHandler stores whole files of a form that breaks off", async () => {
  const body = formOf([
    { name: "a", content: "first" },
    { name: "b", content: "second" },
  ]);
  const isWhole = formPart({ name: "a", content: "first" }).length + 8;
  const end = body.length - 4;
  for (let length = 0; length < end; length++) {
    await using folder = await folderOf({});
    // Once as a body that breaks off, once as a whole body.
    for (const declared of [body.length, length]) {
      const { status } = await post(folder.path, body.slice(0, length), {
        fields: { "Content-Length": String(declared) },
        settings: { overwrite: true },
      });
      assertEquals(status, 400, `${length}`);
      const names = length < isWhole ? [] : ["a"];
      assertEquals(namesIn(folder.path), names, `${length}`);
    }
  }
});

const SEED = Math.floor(Math.random() * 2 ** 31);

Deno.test(`UploadRequestHandler survives forms that are nearly right, seed ${SEED}`, async () => {
  await using folder = await folderOf({});
  const errors: unknown[] = [];
  for (const body of formMutations(SEED, 500)) {
    const { status } = await post(folder.path, body, {
      fields: { "Content-Type": "multipart/form-data; boundary=B" },
      onError: (error) => errors.push(error),
    });
    const isForeseen = [303, 400, 403, 409, 413, 415].includes(status);
    assert(isForeseen, `${status} for ${JSON.stringify(body)}`);
    const names = namesIn(folder.path);
    assertEquals(names.filter((name) => name.startsWith(".upload-")), []);
  }
  assertEquals(errors, []);
});

Deno.test("UploadRequestHandler takes the forms of others", async (t) => {
  await using folder = await folderOf({ "in/": "", "a file.txt": "of curl" });
  const root = `${folder.path}/in`;
  const Drop = UploadRequestHandler.with({ root });
  await using server = new HttpServer({ port: 0 }, Drop);
  const serving = server.serveForever();
  const url = `http://127.0.0.1:${server.serverPort}/`;
  await t.step("curl", async () => {
    const { stdout } = await new Deno.Command("curl", {
      args: [
        "-sS",
        "-HAccept: application/json",
        "-Fnote=not a file",
        `-Ff=@${folder.path}/a file.txt`,
        `-Ff=@${folder.path}/a file.txt;filename=quote".txt`,
        `-Ff=@${folder.path}/a file.txt;filename=\u00fc.txt;type=text/x`,
        url,
      ],
    }).output();
    const { files } = JSON.parse(new TextDecoder().decode(stdout));
    assertEquals(files, [
      { name: "a file.txt", status: 201, message: "Stored" },
      { name: 'quote".txt', status: 201, message: "Stored" },
      { name: "\u00fc.txt", status: 201, message: "Stored" },
    ]);
  });
  await t.step("fetch", async () => {
    const body = new FormData();
    body.append("note", "not a file");
    body.append("f", new File(["of fetch"], '"\u{1f600}".txt'));
    const response = await fetch(url, {
      method: "POST",
      body,
      headers: { Accept: "application/json" },
    });
    assertEquals((await response.json()).files, [
      { name: '"\u{1f600}".txt', status: 201, message: "Stored" },
    ]);
  });
  await t.step("fetch without a server", async () => {
    const body = new FormData();
    body.append("f", new File(["in memory"], "memory.txt"));
    const request = new Request("http://host/", { method: "POST", body });
    const response = await toFetch(Drop)(request);
    assertEquals(response.status, 303);
  });
  await server.shutdown();
  await serving;
  const contents = namesIn(root)
    .map((name) => [name, Deno.readTextFileSync(`${root}/${name}`)]);
  assertEquals(contents, [
    ['"\u{1f600}".txt', "of fetch"],
    ["a file.txt", "of curl"],
    ["memory.txt", "in memory"],
    ['quote".txt', "of curl"],
    ["\u00fc.txt", "of curl"],
  ]);
});

Deno.test("UploadRequestHandler has nothing left of a client that leaves", async (t) => {
  const ways = ["end", "resetAndDestroy"] as const;
  const half = postOf(formOf([{ name: "a", content: LARGE }]))
    .slice(0, -LARGE.length / 2);
  for (const way of ways) {
    await t.step(way, async () => {
      await using folder = await folderOf({});
      const Drop = UploadRequestHandler.with({ root: folder.path });
      // Nothing but the client's leaving ends the wait for it.
      const server = new HttpServer(
        { port: 0, bodyTimeout: Infinity, drainTimeout: Infinity },
        Drop,
      );
      const serving = server.serveForever();
      const client = connect({ port: server.serverPort, host: "127.0.0.1" });
      const closed = new Promise((resolve) => client.once("close", resolve));
      client.write(half);
      while (namesIn(folder.path).length === 0) await yieldToOthers();
      client[way]();
      client.resume();
      await server.shutdown();
      await Promise.all([serving, closed]);
      assertEquals(namesIn(folder.path), []);
    });
  }
});

function yieldToOthers(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
