// Attacks on what takes files.

import { type Attack, sends, testAttacks } from "./_attack.ts";

const ATTACKS: readonly Attack[] = [
  {
    name: "leaving inside a file that is put",
    attack: sends(
      "PUT /new.txt HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nabc",
      { ending: "leave", times: 5 },
    ),
  },
];

testAttacks("the command line with --upload", {
  args: ["0", "-d", "$SITE", "--upload"],
  permissions: ["-NRW"],
}, ATTACKS);
