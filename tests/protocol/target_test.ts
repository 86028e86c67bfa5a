import { assertEquals, assertThrows } from "@std/assert";
import { HttpError } from "../../lib/facts/errors.ts";
import {
  canonicalPath,
  encodePathname,
  splitByteTarget,
  splitTarget,
} from "../../lib/protocol/target.ts";

Deno.test("splitTarget() parts the path from the query (3986 3.4)", () => {
  for (
    const [target, pathname, query] of [
      ["/", "/", ""],
      ["/a", "/a", ""],
      ["/a?", "/a", ""],
      ["/a?b=c", "/a", "b=c"],
      ["/?b", "/", "b"],
      ["/a?b?c", "/a", "b?c"],
      ["/a?/../%41//", "/a", "/../%41//"],
      ["/a/../b?c", "/b", "c"],
      ["/%61?%61", "/a", "%61"],
    ] as const
  ) {
    // Twice: the last one is remembered.
    assertEquals(splitTarget(target), { pathname, query }, target);
    assertEquals(splitTarget(target), { pathname, query }, target);
  }
});

/** Each path, and the one canonical path that it is. */
const PATHS: readonly [path: string, canonical: string][] = [
  ["/", "/"],
  ["//", "/"],
  ["/a/b", "/a/b"],
  ["/a/b/", "/a/b/"],
  ["//a///b//", "/a/b/"],
  ["/./a", "/a"],
  ["/a/./b", "/a/b"],
  ["/a/.", "/a/"],
  ["/a/./", "/a/"],
  ["/../a", "/a"],
  ["/../../a/../../b", "/b"],
  ["/a/../b", "/b"],
  ["/a/b/..", "/a/"],
  ["/a/b/../", "/a/"],
  ["/a/..", "/"],
  ["/..", "/"],
  ["/.", "/"],
  ["/...", "/..."],
  ["/a/.../b", "/a/.../b"],
  ["/.a/..b/c./d..", "/.a/..b/c./d.."],
  ["/%61%2Fb", "/a/b"],
  ["/a%2f", "/a/"],
  ["/%2e%2E/a", "/a"],
  ["/a/%2e", "/a/"],
  ["/a//../b", "/a/b"],
  ["/a//%2e%2e/b", "/a/b"],
  ["/a//../../b", "/b"],
  ["//../a", "/a"],
  ["/a%2fb/../c", "/c"],
  ["/a/b%2Fc/%2e%2E/d", "/a/d"],
  ["/a%2f/../b", "/b"],
  ["/%25", "/%"],
  ["/%252e%252e/a", "/%2e%2e/a"],
  ["/%3Fa", "/?a"],
  ["/caf%C3%A9", "/caf\u00e9"],
];

Deno.test("splitTarget() makes one path of all its spellings (3986 6.2.2)", () => {
  for (const [path, canonical] of PATHS) {
    assertEquals(splitTarget(path).pathname, canonical, path);
    assertEquals(canonicalPath(path), canonical, path);
  }
});

Deno.test("canonicalPath() is that of the URL, in which an application reads it", () => {
  const pieces = ["/", "..", ".", "a", "%2f", "%2e", "%2E%2e"];
  let paths = ["/"];
  for (let length = 0; length < 5; length++) {
    paths = paths.flatMap((path) => pieces.map((piece) => path + piece));
    for (const path of paths) {
      const canonical = canonicalUnlessRefused(path);
      if (canonical === undefined) continue;
      const { pathname } = new URL(`http://host${path}`);
      assertEquals(canonicalUnlessRefused(pathname), canonical, path);
    }
  }
});

/** Undefined for a path that is refused. */
function canonicalUnlessRefused(path: string): string | undefined {
  try {
    return canonicalPath(path);
  } catch (error) {
    if (error instanceof HttpError) return undefined;
    throw error;
  }
}

Deno.test("canonicalPath() refuses a dot segment beside an escaped slash", () => {
  for (
    const path of [
      "/a/..%2fb",
      "/a/..%2F",
      "/a/b%2f..",
      "/a/%2e%2e%2fb",
      "/%2f..",
      "/a%2f.%2fb",
      "/.%2fa",
      "/a%2f%2e%2e%2fb/c",
    ]
  ) {
    const error = assertThrows(() => splitTarget(path), HttpError);
    assertEquals(
      [error.status, error.message],
      [400, "The path hides a dot segment"],
      path,
    );
  }
  for (const path of ["/..a%2fb", "/a%2f...", "/a..%2fb", "/a%2f..b"]) {
    splitTarget(path);
  }
});

Deno.test("canonicalPath() puts a slash in front of a path without one", () => {
  for (
    const [path, canonical] of [
      ["", "/"],
      ["a/b", "/a/b"],
      ["a/", "/a/"],
      [".", "/"],
      ["..", "/"],
      ["../a", "/a"],
      ["a/..", "/"],
    ] as const
  ) {
    assertEquals(canonicalPath(path), canonical, path);
  }
});

Deno.test("splitByteTarget() takes bytes that are no UTF-8, and no other escapes", () => {
  assertEquals(splitByteTarget("/%E9%41b?c"), {
    pathname: "/\udce9Ab",
    query: "c",
  });
  for (const path of ["/%ff%", "/%ff%4", "/%ff%g41", "/%ff%4g"]) {
    const error = assertThrows(() => splitByteTarget(path), HttpError);
    assertEquals(
      [error.status, error.message],
      [400, "The path holds a malformed escape"],
      path,
    );
  }
});

Deno.test("splitTarget() refuses escapes that no file can have (3986 2.1)", () => {
  for (
    const [path, message] of [
      ["/%", "The path holds a malformed escape"],
      ["/%ff", "The path holds a malformed escape"],
      ["/a%00", "The path holds an escaped NUL"],
    ] as const
  ) {
    const error = assertThrows(() => splitTarget(path), HttpError);
    assertEquals([error.status, error.message], [400, message], path);
  }
});

Deno.test("splitByteTarget() keeps bytes that are not UTF-8", () => {
  for (
    const [path, pathname] of [
      ["/caf%E9", "/caf\udce9"],
      ["/%e9%C3%A9/x", "/\udce9é/x"],
      ["/é%E9", "/é\udce9"],
      ["/a/%E9/../b%FF/", "/a/b\udcff/"],
      // Overlong: neither dots nor a slash.
      ["/a/%C0%AE%C0%AE/b", "/a/\udcc0\udcae\udcc0\udcae/b"],
      ["/a%C0%AFb", "/a\udcc0\udcafb"],
      // The escape's own spelling in UTF-8 is not taken for it.
      ["/%ED%B3%A9", "/\udced\udcb3\udca9"],
    ] as const
  ) {
    assertEquals(splitByteTarget(path).pathname, pathname, path);
    assertThrows(() => splitTarget(path), HttpError, "malformed escape");
  }
  for (const path of ["/%E9%", "/%E9%4", "/%E9%zz", "/%E9%00"]) {
    assertThrows(() => splitByteTarget(path), HttpError, "escape");
  }
});

const encodings = [
  { pathname: "/a/b.txt", want: "/a/b.txt" },
  { pathname: "/a b", want: "/a%20b" },
  { pathname: "/100%", want: "/100%25" },
  { pathname: "/a?b#c", want: "/a%3Fb%23c" },
  { pathname: "/\\evil.example", want: "/%5Cevil.example" },
  { pathname: "/a\r\nb", want: "/a%0D%0Ab" },
  { pathname: "/\u00e9", want: "/%C3%A9" },
  { pathname: "/a+b=c,d;e@f:g!h$&i", want: "/a+b=c,d;e@f:g!h$&i" },
  { pathname: '/"<>', want: "/%22%3C%3E" },
];

Deno.test("encodePathname() escapes what a path may not hold", () => {
  for (const { pathname, want } of encodings) {
    assertEquals(encodePathname(pathname), want);
  }
});
