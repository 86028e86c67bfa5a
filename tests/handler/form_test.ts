import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { HttpError } from "../../lib/facts/errors.ts";
import { formType, parseForm } from "../../lib/handler/form.ts";

const encoder = new TextEncoder();
const URLENCODED = "application/x-www-form-urlencoded";
const MULTIPART = "multipart/form-data; boundary=B";
const PART = '--B\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n';

Deno.test("formType() tells the platform nothing but the boundary", () => {
  // Deno 2 takes seconds for spaces within a parameter or behind it.
  const spaces = " ".repeat(60_000);
  const canonical = 'multipart/form-data; boundary="B"';
  for (
    const text of [
      MULTIPART,
      `Multipart/Form-Data ${spaces} ; boundary="B"`,
      `multipart/form-data; x="a${spaces}b"; boundary=B`,
      `multipart/form-data; boundary=B${spaces};x=y`,
      `multipart/form-data; boundary=B; boundary=C`,
    ]
  ) {
    assertEquals(formType(text), { value: canonical, boundary: "B" });
  }
  const value = `${URLENCODED}; charset=utf-8${spaces}x`;
  assertEquals(formType(value), { value: URLENCODED });
});

Deno.test("formType() refuses what is no form, or has no boundary", () => {
  const rows: readonly [text: string, status: number][] = [
    ["", 415],
    ["multipart/mixed; boundary=B", 415],
    ["multipart/form-datax; boundary=B", 415],
    ["multipart/form-data", 400],
    ["multipart/form-data; boundary=", 400],
    ['multipart/form-data; boundary=""', 400],
    ['multipart/form-data; boundary="a\\"b"', 400],
    ["multipart/form-data; boundary=\xe4", 400],
    [`multipart/form-data; boundary=${"B".repeat(71)}`, 400],
  ];
  for (const [text, status] of rows) {
    assertEquals(assertThrows(() => formType(text), HttpError).status, status);
  }
});

async function namesOf(body: string, type: string, max?: number) {
  const form = await parseForm(encoder.encode(body), type, max);
  return [...form.keys()].join("");
}

async function statusOf(body: string, type: string, max: number) {
  const parsing = parseForm(encoder.encode(body), type, max);
  return (await assertRejects(() => parsing, HttpError)).status;
}

Deno.test("parseForm() takes as many fields as the limit says", async () => {
  assertEquals(await namesOf("a&b=1&c", URLENCODED, 3), "abc");
  assertEquals(await statusOf("a&b=1&c&d", URLENCODED, 3), 413);
  assertEquals(await statusOf("&&&", URLENCODED, 3), 413);
  assertEquals(await namesOf(PART.repeat(3) + "--B--", MULTIPART, 3), "aaa");
  assertEquals(
    await statusOf(PART.repeat(4) + "--B--", MULTIPART, 3),
    413,
  );
});

Deno.test("parseForm() counts delimiters, not lines like them", async () => {
  const body = PART.replace("1\r\n", "--A\r\n--\r\n-- --B\r\n\r\nx--B\r\n");
  assertEquals(await namesOf(body + "--B--\r\n", MULTIPART, 1), "a");
});

Deno.test("parseForm() refuses a form that breaks off", async () => {
  assertEquals(await statusOf(PART, MULTIPART, 3), 400);
  assertEquals(await statusOf(PART + "--B", MULTIPART, 3), 400);
  assertEquals(await statusOf(PART + "--B--trailing", MULTIPART, 3), 400);
});
