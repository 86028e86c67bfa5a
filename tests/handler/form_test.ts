import { assertEquals, assertRejects } from "@std/assert";
import { withLimits } from "../../lib/facts/limits.ts";
import { FetchContent } from "../../lib/fetch/fetch_content.ts";
import { HttpError } from "../../lib/facts/errors.ts";
import { collectBytes } from "../../lib/handler/content.ts";
import { readForm } from "../../lib/handler/form.ts";
import { formMutations } from "../fuzz/_form_mutation.ts";

const URLENCODED = "application/x-www-form-urlencoded";
const MULTIPART = "multipart/form-data; boundary=B";
const DISPOSITION = 'Content-Disposition: form-data; name="a"';
const PART = `--B\r\n${DISPOSITION}\r\n\r\n1\r\n`;

function read(body: string, type: string | undefined, max = 10) {
  const bytes = Uint8Array.from(body, (c) => c.charCodeAt(0));
  const request = new Request("http://a", { method: "POST", body: bytes });
  const limits = { formFields: max, bufferedBodyBytes: 500 };
  return readForm(new FetchContent(request, 1e9), type, withLimits(limits));
}

async function namesOf(body: string, type: string, max?: number) {
  return [...(await read(body, type, max)).keys()].join("");
}

async function statusOf(body: string, type: string | undefined, max?: number) {
  return (await assertRejects(() => read(body, type, max), HttpError)).status;
}

Deno.test("readForm() takes as many fields as the limit says", async () => {
  assertEquals(await namesOf("a&b=1&c", URLENCODED, 3), "abc");
  assertEquals(await statusOf("a&b=1&c&d", URLENCODED, 3), 413);
  assertEquals(await statusOf("&&&", URLENCODED, 3), 413);
  assertEquals(await namesOf(PART.repeat(3) + "--B--", MULTIPART, 3), "aaa");
  assertEquals(
    await statusOf(PART.repeat(4) + "--B--", MULTIPART, 3),
    413,
  );
});

Deno.test("readForm() takes no more bytes than are buffered", async () => {
  const body = (size: number) => PART.replace("1", "x".repeat(size)) + "--B--";
  const room = 500 - body(0).length;
  assertEquals(await namesOf(body(room), MULTIPART), "a");
  assertEquals(await statusOf(body(room + 1), MULTIPART), 413);
  assertEquals(await statusOf("x".repeat(501), URLENCODED), 413);
});

Deno.test("readForm() makes room for others within a form of many parts", async () => {
  const name = "a".repeat(1_000);
  const part = `--B\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n`;
  const body = new TextEncoder().encode(`${part}\r\n`.repeat(9_000) + "--B--");
  const request = new Request("http://a", { method: "POST", body });
  const content = new FetchContent(request, 1e9);
  await collectBytes(content, 1e9);
  let isOver = false;
  let isOnInTime = false;
  setTimeout(() => isOnInTime = !isOver, 0);
  const form = await readForm(content, MULTIPART, withLimits({}));
  isOver = true;
  assertEquals([[...form].length, isOnInTime], [9_000, true]);
  // The timer of the turn that was under way ends with the test.
  await new Promise((resolve) => setTimeout(resolve, 1));
});

Deno.test("readForm() refuses what is no form", async () => {
  assertEquals(await statusOf("", undefined), 415);
  assertEquals(await statusOf("", "text/plain"), 415);
  assertEquals(await statusOf("", "multipart/mixed; boundary=B"), 415);
  assertEquals(await statusOf("--B--", "multipart/form-data"), 400);
  assertEquals(await statusOf(PART, MULTIPART), 400);
  assertEquals(await statusOf(PART + "--B", MULTIPART), 400);
  assertEquals(await statusOf(PART + "--B--trailing", MULTIPART), 400);
  const text = PART.replace("1", "\xff") + "--B--";
  assertEquals(await statusOf(text, MULTIPART), 400);
});

Deno.test("readForm() gives texts and files as they were sent", async () => {
  const body = "--B\r\n" +
    'Content-Disposition: form-data; name="a%22"\r\n\r\n' +
    "\xef\xbb\xbf\xc3\xa9\r\n--B\r\n" +
    'Content-Disposition: form-data; name="__proto__"; filename=""\r\n\r\n' +
    "\0\xff\r\n--B--";
  const [text, file] = [...await read(body, MULTIPART)];
  assertEquals(text, ['a"', "\ufeff\u00e9"]);
  const [name, value] = file ?? [];
  assertEquals(name, "__proto__");
  if (!(value instanceof File)) throw new Error("no file");
  assertEquals([value.name, value.type], ["", "text/plain"]);
  assertEquals(await value.bytes(), Uint8Array.of(0, 0xff));
});

Deno.test("readForm() drops no part without a word, as the platform does", async () => {
  const bodies = [
    "--B\r\nContent-Disposition: form-data\r\n\r\n1\r\n--B--",
    "--B\r\nX: y\r\n\r\n1\r\n--B--",
    `--B\r\n${DISPOSITION}\r\n--B--`,
  ];
  for (const body of bodies) {
    assertEquals(await statusOf(body, MULTIPART), 400);
  }
});

const SEED = Math.floor(Math.random() * 2 ** 31);

Deno.test(`readForm() throws nothing but HttpError, seed ${SEED}`, async () => {
  for (const body of formMutations(SEED, 1000)) {
    try {
      await read(body, MULTIPART);
    } catch (error) {
      if (!(error instanceof HttpError)) throw error;
    }
  }
});
