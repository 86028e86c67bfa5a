// Attacks on what reads whole folders. The heap is small, so that what is held
// too much ends the process.

import { assertMatch } from "@std/assert";
import { type Attack, testAttacks } from "./_attack.ts";
import { get } from "./_request.ts";

const CLIENTS = 200;
const ENTRIES = 3_000;

/** Names that take as much memory as names can. */
const MANY = Object.fromEntries(
  Array.from({ length: ENTRIES }, (_, at) => [
    `many/${"n".repeat(245)}${at}`,
    "",
  ]),
);

/** Clients that ask for a folder and do not read; afterwards somebody does. */
function unread(what: string, path: string): Attack {
  return {
    name: `${CLIENTS} clients that read nothing of ${what}`,
    async attack(stranger) {
      const lines = await Promise.all(
        Array.from({ length: CLIENTS }, () => stranger.connect()),
      );
      for (const line of lines) await line.send(get(path));
      await stranger.bystanders(5);
      for (const line of lines) line.leave();
      await stranger.bystanders(5);
      assertMatch(await stranger.ask(get(path)), /^HTTP\/1\.1 200 /);
    },
  };
}

testAttacks("the command line with a large folder", {
  args: ["0", "-d", "$SITE", "--archive"],
  permissions: ["-NR", "--v8-flags=--max-old-space-size=150"],
  files: MANY,
}, [
  unread("a listing", "/many/"),
  unread("a tar", "/many/?archive=tar"),
]);

const TABLE = Array(256).fill("a").join("|") + "\n" +
  Array(256).fill("-").join("|") + "\n" + "|\n".repeat(255) + "\n";

/** Clients that ask for the listing of a folder with such a README. */
function readme(what: string, path: string): Attack {
  return {
    name: `a README of ${what}`,
    async attack(stranger) {
      const lines = await Promise.all(
        Array.from({ length: 10 }, () => stranger.connect()),
      );
      for (const line of lines) await line.send(get(path));
      await stranger.bystanders(5);
      for (const line of lines) line.leave();
      assertMatch(await stranger.ask(get(path)), /^HTTP\/1\.1 200 /);
    },
  };
}

testAttacks("the command line that shows a README", {
  args: ["0", "-d", "$SITE", "--readme"],
  permissions: ["-NR", "--v8-flags=--max-old-space-size=150"],
  files: {
    "tables/README.md": TABLE.repeat(40),
    "references/README.md": `[a]: <${"&".repeat(20_000)}>\n\n` +
      "[a]".repeat(4_000),
    "addresses/README.md": "http://a.b/(".repeat(5_000),
  },
}, [
  readme("tables whose rows are filled up", "/tables/"),
  readme("one address that is used often", "/references/"),
  readme("addresses within addresses", "/addresses/"),
]);
