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

testAttacks("the command line", {
  args: ["0", "-d", "$SITE"],
  files: { "folder/file.txt": "file\n" },
}, ATTACKS);
