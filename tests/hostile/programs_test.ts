// Attacks on what runs programs.

import { type Attack, sends, testAttacks } from "./_attack.ts";
import { get } from "./_request.ts";

const HEAD = "#!/bin/sh\nprintf 'Content-Type: text/plain\\n\\n'\n";

const ATTACKS: readonly Attack[] = [
  {
    name: "leaving a program that never ends",
    attack: sends(get("/cgi-bin/sleeps"), { ending: "leave", times: 3 }),
  },
  {
    name: "leaving a program that floods",
    attack: sends(get("/cgi-bin/floods"), { ending: "leave", times: 3 }),
  },
  ...["/cgi-bin/%73ource", "/cgi-bin//source", "/./cgi-bin/source"].map(
    (path): Attack => ({
      name: `a program by another spelling is run: ${path}`,
      attack: sends(get(path), { wants: /^HTTP\/1\.1 (?![^]*#!)/ }),
    }),
  ),
];

testAttacks("the command line with --cgi", {
  args: ["0", "-d", "$SITE", "--cgi"],
  permissions: ["-NR", "--allow-run", "--allow-ffi"],
  files: {
    "cgi-bin/sleeps": `${HEAD}sleep 1000\n`,
    "cgi-bin/floods": `${HEAD}exec cat /dev/zero\n`,
    "cgi-bin/source": `${HEAD}echo run\n`,
  },
}, ATTACKS);
