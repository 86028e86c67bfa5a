import { assert } from "@std/assert";

/** What root needs to read a file that nobody may read. */
const CAPABILITIES = "-dac_override,-dac_read_search";

// Everything may be read by root: a process of its own does without that.
Deno.test({
  name: "files that may not be read",
  ignore: Deno.build.os !== "linux",
  async fn() {
    const script = new URL("_unreadable.ts", import.meta.url).pathname;
    const test = [
      Deno.execPath(),
      "test",
      "--lock=deno.lock",
      "--allow-all",
      "--quiet",
      script,
    ];
    const [command = "", ...args] = Deno.uid() === 0
      ? ["setpriv", `--bounding-set=${CAPABILITIES}`, ...test]
      : test;
    const { success, stdout, stderr } = await new Deno.Command(command, {
      args,
    }).output();
    const decoder = new TextDecoder();
    assert(success, decoder.decode(stdout) + decoder.decode(stderr));
  },
});
