// Attacks on what serves files: ways out of the folder, and names that are
// more than names.

import { type Attack, sends, testAttacks } from "./_attack.ts";
import { get } from "./_request.ts";

/** Spellings of a file beside the served folder. */
const WAYS_OUT = [
  "/../secret.txt",
  "/./../secret.txt",
  "/folder/../../secret.txt",
  "/%2e%2e/secret.txt",
  "/.%2e/secret.txt",
  "/%2e%2e%2fsecret.txt",
  "/..%2fsecret.txt",
  "/..%5csecret.txt",
  "/..\\secret.txt",
  "/%252e%252e/secret.txt",
  "/%c0%ae%c0%ae/secret.txt",
  "//../secret.txt",
  "/bystander.txt/../../secret.txt",
  "/..%00/secret.txt",
  "/..;/secret.txt",
  "http://localhost/../secret.txt",
];

const ATTACKS: readonly Attack[] = WAYS_OUT.map((path): Attack => ({
  name: `a way out of the folder: ${path}`,
  attack: sends(get(path), { wants: /^HTTP\/1\.1 (4|301)/ }),
}));

/** More than the system buffers for a connection. */
const LARGE = new Uint8Array(20_000_000);

/** Clients that ask for a large file and do not read: 128 KiB each. */
const SLOW_READERS: readonly Attack[] = [
  {
    name: "400 readers of a large file that do not read",
    peak: 400 * 128 * 1024 + 60_000_000,
    attack: sends(get("/folder/large.bin"), { ending: "hold", times: 400 }),
  },
];

const ARCHIVE_ATTACKS = ["tar", "zip"].flatMap((format): Attack[] => {
  const request = get(`/?archive=${format}`);
  return [
    {
      name: `the head of a ${format}`,
      attack: sends(request.replace("GET", "HEAD"), {
        times: 5,
        wants: /^HTTP\/1\.1 200 [^]*\r\n\r\n$/,
      }),
    },
    {
      name: `leaving inside a ${format}`,
      attack: sends(request, { ending: "leave", times: 5 }),
    },
    {
      name: `a reset inside a ${format}`,
      attack: sends(request, { ending: "reset", times: 5 }),
    },
    {
      name: `not reading a ${format}`,
      attack: sends(request, { ending: "hold", times: 20 }),
      peak: 20 * 256 * 1024 + 100_000_000,
    },
  ];
});

testAttacks("the command line", {
  args: ["0", "-d", "$SITE"],
  files: { "folder/file.txt": "file\n", "folder/large.bin": LARGE },
}, [...ATTACKS, ...SLOW_READERS]);

testAttacks("the command line with --archive", {
  args: ["0", "-d", "$SITE", "--archive"],
  files: { "folder/1.bin": LARGE, "folder/2.bin": LARGE },
}, ARCHIVE_ATTACKS);
