import { assertEquals } from "@std/assert";

const MOD = new URL("../../mod.ts", import.meta.url);
const CONFIG = new URL("../../deno.json", import.meta.url);

/** "Unable to resolve signature of method decorator when called". */
const DOES_NOT_FIT = "TS1241";

const HANDLER = "void class extends HttpRequestHandler";

interface Row {
  readonly name: string;
  readonly method: string;
  /** The head of the class; by default that of a handler. */
  readonly head?: string;
  readonly error: string | undefined;
}

const ROWS: readonly Row[] = [
  {
    name: "a class that is no handler",
    head: "void class",
    method: `@verb("GET", "/a") m() {}`,
    error: DOES_NOT_FIT,
  },
  {
    name: "a static method",
    method: `@verb("GET", "/a") static m() {}`,
    error: DOES_NOT_FIT,
  },
  {
    name: "the parameters of the pattern",
    method: `@verb("GET", "/a/:id/b/:part/*")
    m(p: { id: string; part: string; 0: string }) { void p; }`,
    error: undefined,
  },
  {
    name: "fewer parameters than the pattern has",
    method:
      `@verb("GET", "/a/:id/:part") m({ id }: { id: string }) { void id; }`,
    error: undefined,
  },
  {
    name: "a wrong name",
    method: `@verb("GET", "/a/:id") m({ key }: { key: string }) { void key; }`,
    error: DOES_NOT_FIT,
  },
  {
    name: "a wrong type",
    method: `@verb("GET", "/a/:id") m({ id }: { id: number }) { void id; }`,
    error: DOES_NOT_FIT,
  },
  {
    name: "parameters without a pattern",
    method: `@verb("GET") m({ id }: { id: string }) { void id; }`,
    error: DOES_NOT_FIT,
  },
  {
    name: "a wildcard that is not there",
    method: `@verb("GET", "/a") m(p: { 0: string }) { void p; }`,
    error: DOES_NOT_FIT,
  },
  {
    name: "a richer pattern's parameter as always present",
    method: `@verb("GET", "/a/:id?") m({ id }: { id: string }) { void id; }`,
    error: DOES_NOT_FIT,
  },
  {
    name: "a richer pattern's parameter as perhaps absent",
    method:
      `@verb("GET", "/img-:id") m({ id }: { id?: string | undefined }) { void id; }`,
    error: undefined,
  },
  {
    name: "a method that returns something else",
    method: `@verb("GET") m() { return "text"; }`,
    error: DOES_NOT_FIT,
  },
  {
    name: "a field instead of a method",
    method: `@verb("GET") m = () => {};`,
    error: "TS1240",
  },
];

/**
 * Type-checks handler classes, one to a line: starting a compiler takes longer
 * than all of them.
 *
 * @returns The error of each, if it has one.
 */
async function check(rows: readonly Row[]): Promise<(string | undefined)[]> {
  const path = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    const classes = rows.map(({ method, head = HANDLER }) =>
      `${head} { ${method.replaceAll("\n", " ")} };`
    );
    await Deno.writeTextFile(
      path,
      `import { HttpRequestHandler, verb } from "${MOD}";\n` +
        classes.join("\n"),
    );
    const { stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["check", "--quiet", "--config", CONFIG.pathname, path],
      env: { NO_COLOR: "1" },
    }).output();
    const errors = new TextDecoder().decode(stderr)
      .matchAll(/^(TS\d+) \[ERROR\][^]*?^ +at file:.*:(\d+):\d+$/gm);
    const byLine = new Map([...errors].map(([, code, line]) => [line, code]));
    return rows.map((_, i) => byLine.get(String(i + 2)));
  } finally {
    await Deno.remove(path);
  }
}

Deno.test("verb() checks the method against the pattern at compile time", async (t) => {
  const errors = await check(ROWS);
  for (const [i, { name, error }] of ROWS.entries()) {
    await t.step(name, () => assertEquals(errors[i], error));
  }
});
