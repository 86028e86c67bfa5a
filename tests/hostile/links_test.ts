// Attacks by somebody who can write in the served folder: symbolic links that
// lead out of it.

import { assert } from "@std/assert";
import { type Attack, testAttacks } from "./_attack.ts";
import { get } from "./_request.ts";
import type { Stranger } from "./_stranger.ts";

/** What only the folder around the served one holds. */
const OUTSIDE = /secret beside|"tmp\/"|>tmp\/?</;

/** Makes a link, asks for what is behind it, and removes it. */
async function behindLink(
  stranger: Stranger,
  to: string,
  request: string,
): Promise<void> {
  const { site } = stranger.target;
  await Deno.symlink(to, `${site}/link`);
  try {
    const response = await stranger.ask(request);
    assert(!OUTSIDE.test(response), response.slice(0, 1_000));
  } finally {
    await Deno.remove(`${site}/link`);
  }
}

const put = (path: string) =>
  `PUT ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n` +
  "Content-Length: 7\r\n\r\nwritten";

const LINKS: readonly Attack[] = ([
  ["../secret.txt", get("/link")],
  ["..", get("/link/secret.txt")],
  ["..", get("/link/")],
  ["..", get("/link/?archive=tar")],
  ["..", get("/?archive=tar")],
  ["../secret.txt", get("/?archive=zip")],
  ["..", put("/link/written.txt")],
  ["../secret.txt", put("/link")],
  ["../written.txt", put("/link")],
  ["/proc/self/environ", get("/link")],
  ["/dev/zero", get("/link")],
  ["link", get("/link")],
] as const).map(([to, request]) => ({
  name: `a link to ${to}: ${request.slice(0, request.indexOf(" HTTP"))}`,
  attack: (stranger) => behindLink(stranger, to, request),
}));

testAttacks("the command line with links out of its folder", {
  args: ["0", "-d", "$SITE", "--archive", "--upload"],
  permissions: ["-NRW"],
}, LINKS);
