// A local user who can write in the served folder, and swaps a folder in it for
// a link to one outside, over and over, while a stranger asks for what is in it
// and puts files there. Nothing of what lies outside is sent, and nothing is
// written there.

import { assert } from "@std/assert";
import { type Attack, testAttacks } from "./_attack.ts";
import { get } from "./_request.ts";
import type { Stranger } from "./_stranger.ts";
import { SECRET } from "./_target.ts";

/** Milliseconds of swapping in each row. */
const LENGTH = 1_000;

const FILES = {
  "in/page.txt": "inside\n",
  "in/sub/file.txt": "inside\n",
  "../out/page.txt": SECRET,
  "../out/sub/file.txt": SECRET,
  [`../out/sub/${SECRET}`]: "",
};

const PUT = "PUT /in/put.txt HTTP/1.1\r\nHost: localhost\r\n" +
  "Content-Length: 8\r\nConnection: close\r\n\r\nuploaded";

const READING = [
  "/in/page.txt",
  "/in/sub/",
  "/in/sub/file.txt",
  "/in/?archive=tar",
  "/?archive=tar",
].map((path): Attack => ({
  name: `what is swapped is asked for: ${path}`,
  attack: (stranger) => whileSwapped(stranger, [get(path)]),
}));

const WRITING: readonly Attack[] = [{
  name: "a file is put into what is swapped",
  async attack(stranger) {
    await whileSwapped(stranger, [PUT, get("/in/put.txt")]);
    // However many of them have failed, one is there in the end.
    await stranger.ask(PUT);
  },
  leaves: ["in/put.txt"],
}];

/** How the server is started; only with descriptors is writing certain. */
const WAYS = [
  { permissions: "-NRW", attacks: READING },
  { permissions: "-A", attacks: [...READING, ...WRITING] },
];

for (const { permissions, attacks } of WAYS) {
  testAttacks(`a folder that is swapped, with ${permissions},`, {
    args: ["0", "-d", "$SITE", "--archive", "--upload"],
    permissions: [permissions],
    files: FILES,
  }, attacks);
}

/** Sends the requests again and again; nothing is swapped in the end. */
async function whileSwapped(
  stranger: Stranger,
  requests: readonly string[],
): Promise<void> {
  const { top, site } = stranger.target;
  await Deno.symlink("../out", `${top}/link`);
  const until = performance.now() + LENGTH;
  let isAsking = true;
  const asking = Promise.all(Array.from({ length: 4 }, async () => {
    while (performance.now() < until) {
      for (const request of requests) {
        const response = await stranger.ask(request);
        assert(!response.includes(SECRET), response);
      }
    }
  })).finally(() => isAsking = false);
  // It is waited for below.
  asking.catch(() => {});
  while (isAsking) {
    await swap(`${site}/in`, `${top}/link`, `${top}/spare`);
    await swap(`${site}/in`, `${top}/spare`, `${top}/link`);
  }
  await asking;
  await Deno.remove(`${top}/link`);
}

/** Puts one thing in the place of another, which goes to a third. */
async function swap(place: string, by: string, to: string): Promise<void> {
  await Deno.rename(place, to);
  await Deno.rename(by, place);
}
