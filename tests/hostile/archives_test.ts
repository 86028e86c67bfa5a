// Attacks on what packs folders.

import { type Attack, sends, testAttacks } from "./_attack.ts";
import { get } from "./_request.ts";

const LARGE = "x".repeat(20_000_000);

const ATTACKS: readonly Attack[] = (["tar", "zip"] as const).flatMap(
  (format): Attack[] => [
    {
      name: `the head of a ${format} alone`,
      attack: sends(get(`/?archive=${format}`).replace("GET", "HEAD"), {
        wants: /^HTTP\/1\.1 200 [^]*\r\n\r\n$/,
        times: 20,
      }),
    },
    ...(["leave", "reset", "hold"] as const).map((ending): Attack => ({
      name: `${ending} at the beginning of a ${format}`,
      attack: sends(get(`/?archive=${format}`), { ending, times: 20 }),
    })),
    {
      name: `leaving inside a ${format}`,
      async attack(stranger) {
        await Promise.all(Array.from({ length: 20 }, async () => {
          const line = await stranger.connect();
          await line.send(get(`/?archive=${format}`));
          await line.readSome();
          line.leave();
        }));
      },
    },
  ],
);

testAttacks("the command line with --archive", {
  args: ["0", "-d", "$SITE", "--archive"],
  files: { "folder/large.bin": LARGE, "folder/small.txt": "small\n" },
}, ATTACKS);
