// Attacks by somebody who can write in the served folder: symbolic links that
// lead out of it, and folders that are swapped for links while they are used.

import { assert, assertEquals } from "@std/assert";
import { type Attack, testAttacks } from "./_attack.ts";
import { get } from "./_request.ts";
import type { Stranger } from "./_stranger.ts";

/** What only the folder around the served one holds. */
const OUTSIDE = /secret beside|"tmp\/"|>tmp\/?</;

/**
 * Swaps `swapped` between a folder and a link to the folder around it until its
 * standard input ends, and leaves neither.
 */
const SWAPPER = `
import os, random, shutil, sys, threading, time
site, top = sys.argv[1], sys.argv[2]
swapped, folder, link = (f"{site}/{name}" for name in ("swapped", ".folder", ".link"))
os.mkdir(folder)
open(f"{folder}/secret.txt", "w").write("inside")
os.symlink(top, link)
done = []
threading.Thread(target=lambda: (sys.stdin.read(), done.append(1))).start()
print("begun", flush=True)
while not done:
    for name in (folder, link):
        os.rename(name, swapped)
        time.sleep(random.random() * 0.004)
        os.rename(swapped, name)
shutil.rmtree(folder)
os.unlink(link)
`;

/** Sends a request again and again while the folder is swapped. */
function whileSwapped(
  name: string,
  request: (round: number) => string,
): Attack {
  return {
    name: `a folder that is swapped for a link: ${name}`,
    async attack(stranger) {
      const { site, top } = stranger.target;
      const swapper = new Deno.Command("python3", {
        args: ["-c", SWAPPER, site, top],
        stdin: "piped",
        stdout: "piped",
      }).spawn();
      await swapper.stdout.getReader().read();
      for (let round = 0; round < 150; round++) {
        const response = await stranger.ask(request(round));
        assert(!OUTSIDE.test(response), response.slice(0, 1_000));
        assertEquals(response.slice(0, 9), "HTTP/1.1 ");
      }
      await swapper.stdin.close();
      assertEquals((await swapper.status).code, 0);
    },
  };
}

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

const SWAPS: readonly Attack[] = [
  whileSwapped("a file", () => get("/swapped/secret.txt")),
  whileSwapped("a listing", () => get("/swapped/")),
  whileSwapped("an archive", () => get("/swapped/?archive=tar")),
  whileSwapped("an upload", (round) => put(`/swapped/${round}.txt`)),
];

testAttacks("the command line, links and swaps,", {
  args: ["0", "-d", "$SITE", "--archive", "--upload"],
  permissions: ["-NRW"],
}, [...LINKS, ...SWAPS]);
