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
