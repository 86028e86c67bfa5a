import { assertEquals } from "@std/assert";
import {
  isAsciiFieldValue,
  isFieldValue,
  isHost,
  isOriginForm,
  isToken,
  listMembers,
  lowerFieldName,
  skipOws,
  splitAbsoluteForm,
  trimOws,
} from "../../lib/facts/grammar.ts";

/** The octets of 0 to 255 that make `isRight("a" + octet + "b")` true. */
function allowed(isRight: (text: string) => boolean): string {
  let octets = "";
  for (let code = 0; code < 256; code++) {
    const octet = String.fromCharCode(code);
    if (isRight(`a${octet}b`)) octets += octet;
  }
  return octets;
}

const ALPHANUMERIC =
  "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

function sorted(text: string): string {
  return [...text].sort().join("");
}

Deno.test("isToken() takes tchar and nothing else", () => {
  assertEquals(allowed(isToken), sorted("!#$%&'*+-.^_`|~" + ALPHANUMERIC));
  assertEquals(isToken(""), false);
  assertEquals(isToken("a\n"), false);
});

Deno.test("isFieldValue() takes HTAB, SP, VCHAR and obs-text", () => {
  let want = "\t";
  for (let code = 0x20; code < 256; code++) {
    if (code !== 0x7f) want += String.fromCharCode(code);
  }
  assertEquals(allowed(isFieldValue), want);
  assertEquals(isFieldValue(""), true);
  assertEquals(isFieldValue("\u0100"), false);
  assertEquals(isFieldValue("a\n"), false);
});

Deno.test("isAsciiFieldValue() takes HTAB, SP and VCHAR", () => {
  let want = "\t";
  for (let code = 0x20; code < 0x7f; code++) want += String.fromCharCode(code);
  assertEquals(allowed(isAsciiFieldValue), want);
  assertEquals(isAsciiFieldValue(""), true);
  for (const text of ["\xe9", "\xe9a", "a\xe9", "a\n"]) {
    assertEquals(isAsciiFieldValue(text), false, text);
  }
});

Deno.test("isOriginForm() takes what browsers send", () => {
  const inPath = sorted("!$%&'()*+,-./:;=?@[]^_|~" + ALPHANUMERIC);
  assertEquals(allowed((text) => isOriginForm("/" + text)), inPath);
  const inQuery = sorted(inPath + "\\`{}");
  assertEquals(allowed((text) => isOriginForm("/?" + text)), inQuery);
  for (const text of ["", "a", "a/b", "?a", "*", "//a b", "/a\n"]) {
    assertEquals(isOriginForm(text), false, text);
  }
});

Deno.test("isHost() takes names and addresses with ports", () => {
  for (
    const [text, want] of [
      ["a", true],
      ["a.b-c_d~e", true],
      ["%41", true],
      ["1.2.3.4:80", true],
      ["a:", true],
      ["a:65535", true],
      ["[::1]", true],
      ["[2001:db8::1.2.3.4]:8000", true],
      ["", false],
      [":80", false],
      ["a:b", false],
      ["a:000080", false],
      ["a:65536", false],
      ["[::1]:65535", true],
      ["[::1]:65536", false],
      ["a b", false],
      ["a,b", false],
      ["a@b", false],
      ["a/b", false],
      ["%4", false],
      ["[]", false],
      ["[1]", false],
      ["[::1", false],
      ["[::1]a", false],
      ["a[::1]", false],
      ["[::1%25eth0]", false],
      ["\xe9", false],
      ["a\n", false],
    ] as const
  ) {
    // Twice: the last one that was right is remembered.
    assertEquals(isHost(text), want, text);
    assertEquals(isHost(text), want, text);
  }
});

Deno.test("splitAbsoluteForm() takes http and https", () => {
  for (
    const [text, want] of [
      ["http://a/b?c", { authority: "a", originForm: "/b?c" }],
      ["HTTPS://a:80", { authority: "a:80", originForm: "/" }],
      ["http://a?b", { authority: "a", originForm: "/?b" }],
      ["http://u@a/", { authority: "u@a", originForm: "/" }],
      ["http:///a", { authority: "", originForm: "/a" }],
      ["http:/a", undefined],
      ["ftp://a/", undefined],
      ["/http://a/", undefined],
      ["http://a#b", undefined],
    ] as const
  ) {
    assertEquals(splitAbsoluteForm(text), want, text);
  }
});

Deno.test("lowerFieldName() lowers tokens only", () => {
  assertEquals(lowerFieldName("Content-Length"), "content-length");
  assertEquals(lowerFieldName("CONTENT-length"), "content-length");
  assertEquals(lowerFieldName("content-length"), "content-length");
  assertEquals(lowerFieldName("X-A"), "x-a");
  assertEquals(lowerFieldName("X A"), undefined);
  assertEquals(lowerFieldName(""), undefined);
});

Deno.test("trimOws() takes away SP and HTAB only", () => {
  assertEquals(trimOws(" \t a b\t "), "a b");
  assertEquals(trimOws(" \t "), "");
  assertEquals(trimOws("\va\f"), "\va\f");
  assertEquals(trimOws("\xa0a\r"), "\xa0a\r");
});

Deno.test("skipOws() stops at the first character that is neither", () => {
  assertEquals(skipOws(" \t a", 0), 3);
  assertEquals(skipOws("a  b", 1), 3);
  assertEquals(skipOws("a", 0), 0);
  assertEquals(skipOws("a  ", 1), 3);
  assertEquals(skipOws("", 0), 0);
});

Deno.test("listMembers() leaves empty members out", () => {
  assertEquals(listMembers(", a ,\tB,,c=D ,"), ["a", "b", "c=d"]);
  assertEquals(listMembers(""), []);
  assertEquals(listMembers("\va"), ["\va"]);
});
