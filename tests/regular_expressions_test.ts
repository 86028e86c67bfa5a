// A regular expression that backtracks takes time by the square of what a peer
// sends, while everybody else waits. Each one in lib/ is read by Deno's own
// parser and proved linear by a checker.

import { assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import recheck from "recheck";

const LIB = fromFileUrl(new URL("../lib", import.meta.url));

/** What the checker is asked for; its package has no types for this build. */
const checkSync: (
  source: string,
  flags: string,
  settings: typeof SETTINGS,
) => { status: "safe" | "vulnerable" | "unknown" } = recheck.checkSync;

/**
 * The checker counts steps where it cannot prove anything. By default it also
 * looks at the clock, and a busy machine would make what is safe vulnerable.
 */
const SETTINGS = {
  timeout: null,
  attackTimeout: null,
  incubationTimeout: null,
  seedingTimeout: null,
};

interface Found {
  readonly source: string;
  readonly flags: string;
}

/** The literals of a source text, and how often it makes others at run time. */
function findIn(text: string): { literals: Found[]; constructed: number } {
  const literals: Found[] = [];
  let constructed = 0;
  const isConstructor = (callee: Deno.lint.Expression) =>
    callee.type === "Identifier" && callee.name === "RegExp";
  Deno.lint.runPlugin(
    {
      name: "regular-expressions",
      rules: {
        find: {
          create: () => ({
            Literal(node) {
              if (!("regex" in node) || node.regex === undefined) return;
              const { pattern, flags } = node.regex;
              literals.push({ source: pattern, flags });
            },
            NewExpression({ callee }) {
              if (isConstructor(callee)) constructed++;
            },
            CallExpression({ callee }) {
              if (isConstructor(callee)) constructed++;
            },
          }),
        },
      },
    },
    "source.ts",
    text,
  );
  return { literals, constructed };
}

async function* sourcesBelow(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = join(folder, name);
    if (isDirectory) yield* sourcesBelow(path);
    else if (name.endsWith(".ts")) yield path;
  }
}

Deno.test("findIn() tells regular expressions from divisions and text", () => {
  const text = String.raw`
    const half: number = 1 / 2; // a comment with /[ab]+/
    const text = "/a+$/" + ${"`/b+$/${/[/]\\/x+$/gi.source}`"};
    new RegExp(text); RegExp("y");`;
  assertEquals(findIn(text), {
    literals: [{ source: String.raw`[/]\/x+$`, flags: "gi" }],
    constructed: 2,
  });
});

Deno.test("the checker finds what is quadratic or worse", () => {
  for (const source of ["^[ \t]+|[ \t]+$", "^(?:a+)+$", "(?:W/)?a* *b* *$"]) {
    const { status } = checkSync(source, "", SETTINGS);
    assertEquals(status, "vulnerable", source);
  }
});

Deno.test("each regular expression in lib/ takes linear time", async (t) => {
  for await (const path of sourcesBelow(LIB)) {
    const { literals, constructed } = findIn(await Deno.readTextFile(path));
    if (literals.length === 0 && constructed === 0) continue;
    await t.step(path.slice(LIB.length + 1), () => {
      // One that is made at run time cannot be checked here.
      assertEquals(constructed, 0, "RegExp() is called");
      for (const { source, flags } of literals) {
        const { status } = checkSync(source, flags, SETTINGS);
        assertEquals(status, "safe", `/${source}/${flags}`);
      }
    });
  }
});
