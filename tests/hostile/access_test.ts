// Attacks on what asks who a client is.

import { type Attack, sends, testAttacks } from "./_attack.ts";
import { get } from "./_request.ts";

/** A field of credentials. */
function credentials(pair: string): string {
  return `Authorization: Basic ${btoa(pair)}`;
}

const GOOD = credentials("ada:correct horse");

const ATTACKS: readonly Attack[] = [
  {
    name: "nobody's request",
    attack: sends(get("/bystander.txt"), { wants: "HTTP/1.1 401 " }),
  },
  ...[
    "Authorization: Basic",
    "Authorization: Basic !!!!",
    `Authorization: Basic ${btoa("no colon")}`,
    `Authorization: Bearer ${btoa("ada:correct horse")}`,
    credentials(":correct horse"),
    credentials("ada:"),
    credentials("ada:correct horse\0"),
    credentials("ada\0:correct horse"),
    credentials("ADA:correct horse"),
    `${GOOD}, ${GOOD}`,
  ].map((field): Attack => ({
    name: `not the credentials: ${field}`,
    attack: sends(get("/bystander.txt", field), {
      wants: /^HTTP\/1\.1 4\d\d /,
    }),
  })),
];

testAttacks("the command line with --auth-file", {
  args: ["0", "-d", "$SITE", "--auth-file", "$TOP/users"],
  files: {
    // The password is "correct horse".
    "../users":
      "ada:$2b$10$QU0CDhLjj2W97zFcQHWIT.a.AxMknseSTuR6E8341PFpaXMCD.4ra\n",
  },
  bystanderFields: `${GOOD}\r\n`,
}, ATTACKS);
