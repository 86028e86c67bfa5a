import { assertThrows } from "@std/assert";
import { checkExecutableFormat } from "../../lib/cgi/executable_format.ts";

Deno.test("checkExecutableFormat() takes what the kernel runs", async () => {
  const path = await Deno.makeTempFile();
  try {
    for (const start of ["#!/bin/sh\n", "\x7fELF", "\xcf\xfa\xed\xfe"]) {
      const bytes = Uint8Array.from(start, (c) => c.charCodeAt(0));
      await Deno.writeFile(path, bytes);
      checkExecutableFormat(path);
    }
    for (const start of ["", "#", "echo hello", "PK\x03\x04"]) {
      await Deno.writeTextFile(path, start);
      assertThrows(() => checkExecutableFormat(path), Error, "Exec format");
    }
  } finally {
    await Deno.remove(path);
  }
});

Deno.test({
  name: "checkExecutableFormat() waits for no pipe",
  ignore: Deno.build.os === "windows",
  async fn() {
    const folder = await Deno.makeTempDir();
    try {
      const path = `${folder}/pipe`;
      await new Deno.Command("mkfifo", { args: [path] }).output();
      // Nobody writes: an ordinary open would stop everything for ever.
      checkExecutableFormat(path);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
