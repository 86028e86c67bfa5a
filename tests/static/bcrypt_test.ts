import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { compareBcrypt, keepWorker } from "../../lib/static/bcrypt.ts";
import { run } from "../cli/_command.ts";

const ROOT = new URL("../../", import.meta.url);
const CHEAP = "$2b$04$tvCb1yNB7c3LLifA6CarXOUaVPv0DNREoy/pQwcFJX3GSNXlAZeg.";
const DEAR = "$2b$08$1uSl5F3/kVg8yiAvA6LBZ.8YmDrTbx.mkAhLpEulfpztif30JQP4.";

Deno.test("compareBcrypt() leaves the event loop to others", async () => {
  let turns = 0;
  const turn = () => {
    turns++;
    timer = setTimeout(turn, 0);
  };
  let timer = setTimeout(turn, 0);
  const verdicts = await Promise.all(
    Array.from({ length: 8 }, (_, index) => compareBcrypt(`${index}`, [DEAR])),
  );
  clearTimeout(timer);
  assertEquals(verdicts, Array(8).fill([false]));
  assert(turns >= 8, `${turns} turns of the loop`);
});

Deno.test("compareBcrypt() gives each its own verdicts", async () => {
  const verdicts = await Promise.all([
    compareBcrypt("secret", [CHEAP, DEAR]),
    compareBcrypt("Secret", [CHEAP]),
    compareBcrypt("secret", []),
    compareBcrypt("secret", [DEAR, CHEAP.replace("tvC", "tvD")]),
  ]);
  assertEquals(verdicts, [[true, true], [false], [], [true, false]]);
});

Deno.test("compareBcrypt() rejects what the worker cannot check, and goes on", async () => {
  const outcomes = await Promise.allSettled([
    compareBcrypt("secret", [CHEAP.replace("$04$", "$99$")]),
    compareBcrypt("secret", [CHEAP]),
  ]);
  assertEquals(outcomes[0]?.status, "rejected");
  assertEquals(await compareBcrypt("secret", [CHEAP]), [true]);
});

Deno.test("keepWorker() keeps no worker for nothing", async () => {
  {
    using _worker = keepWorker();
    using _other = keepWorker();
    assertEquals(await compareBcrypt("secret", [CHEAP]), [true]);
  }
  assertEquals(await compareBcrypt("secret", [CHEAP]), [true]);
});

Deno.test("the worker imports the package that is named in import_map.json", async () => {
  const config = await Deno.readTextFile(new URL("import_map.json", ROOT));
  const { imports } = JSON.parse(config);
  const source = await Deno.readTextFile(
    new URL("lib/static/bcrypt.ts", ROOT),
  );
  assertStringIncludes(source, `from "${imports.bcryptjs}"`);
});

Deno.test("a process that checks bcrypt needs no permission, and ends", async () => {
  const script = "tests/testdata/check_password.ts";
  assertEquals(
    await run([], { permissions: [], script }),
    { code: 0, stdout: "true false\n", stderr: "" },
  );
});

Deno.test("bcrypt is checked by modules from the network too", async () => {
  const server = Deno.serve({
    port: 0,
    hostname: "127.0.0.1",
    onListen: () => {},
    async handler(request) {
      const path = new URL(request.url).pathname.slice(1);
      return new Response(await Deno.readTextFile(new URL(path, ROOT)), {
        headers: { "Content-Type": "application/typescript" },
      });
    },
  });
  const host = `127.0.0.1:${server.addr.port}`;
  const { code, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--no-lock", `--allow-import=${host}`]
      .concat(`--config=${new URL("deno.json", ROOT).pathname}`)
      .concat(`--reload=http://${host}`)
      .concat(`http://${host}/tests/testdata/check_password.ts`),
    stderr: "null",
  }).output();
  await server.shutdown();
  assertEquals(
    { code, stdout: new TextDecoder().decode(stdout) },
    { code: 0, stdout: "true false\n" },
  );
});
