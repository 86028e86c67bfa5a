// Attacks on what compresses on the way.

import { type Attack, sends, testAttacks } from "./_attack.ts";
import { get } from "./_request.ts";

/** Words that take a compressor some time: six megabytes of them. */
const WORDS = Array.from(
  { length: 200_000 },
  (_, at) => `${Math.sin(at).toString(36).slice(3)} words and words\n`,
).join("");

const ATTACKS: readonly Attack[] = ["br", "gzip"].flatMap((coding) =>
  (["leave", "hold", "read"] as const).map((ending) => ({
    name: `100 clients that ask for ${coding} at once, and ${ending}`,
    attack: sends(get("/words.txt", `Accept-Encoding: ${coding}`), {
      ending,
      times: 100,
    }),
  }))
);

testAttacks("the command line with --compress", {
  args: ["0", "-d", "$SITE", "--compress"],
  files: { "words.txt": WORDS },
}, ATTACKS);
