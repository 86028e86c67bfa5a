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

const DEEP = `${"n".repeat(240)}/`.repeat(14);
const DEEP_FILES = 3_000;

testAttacks("the command line with a deep folder", {
  args: ["0", "-d", "$SITE", "--archive"],
  files: Object.fromEntries(
    Array.from({ length: DEEP_FILES }, (_, at) => [`${DEEP}${at}`, ""]),
  ),
}, [{
  name: "25 clients that stop reading before the end of a zip of long paths",
  async attack(stranger) {
    const lines = await Promise.all(Array.from({ length: 25 }, async () => {
      const line = await stranger.connect();
      await line.send(get("/?archive=zip"));
      const nearEnd = DEEP_FILES * DEEP.length * 0.9;
      for (let read = 0; read < nearEnd;) {
        const text = await line.readSome();
        if (text === undefined) break;
        read += text.length;
      }
      return line;
    }));
    await stranger.bystanders(5);
    for (const line of lines) line.leave();
  },
}]);
