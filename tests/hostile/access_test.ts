// Attacks on what asks who a client is.

import { assertMatch } from "@std/assert";
import { type Attack, sends, testAttacks } from "./_attack.ts";
import { get } from "./_request.ts";
import type { Stranger } from "./_stranger.ts";

/** A field of credentials. */
function credentials(pair: string): string {
  return `Authorization: Basic ${btoa(pair)}`;
}

const GOOD = credentials("ada:correct horse");

/** Sends a wrong password on each of many connections, all at once. */
async function guess(stranger: Stranger, times: number): Promise<void> {
  await Promise.all(Array.from({ length: times }, async (_, index) => {
    const line = await stranger.connect();
    await line.send(get("/bystander.txt", credentials(`ada:${index}`)));
  }));
  await stranger.bystanders(3);
}

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
  {
    name: "a password after the other",
    async attack(stranger) {
      let response = "";
      for (let attempt = 0; attempt < 6; attempt++) {
        const field = credentials(`ada:${attempt}`);
        response = await stranger.ask(get("/bystander.txt", field));
      }
      assertMatch(response, /^HTTP\/1\.1 429 [^]*\r\nRetry-After: \d+\r\n/);
    },
  },
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

testAttacks("the command line with --auth-file and a dear hash", {
  args: ["0", "-d", "$SITE", "--auth-file", "$TOP/users"],
  files: {
    "../users":
      "ada:$2b$13$MXHEFEYY6Q2NzpaLjoTN4ec3/sjZwb/.I5LIQCOES4xhDd8BwpmKy\n",
  },
  bystanderFields: `${GOOD}\r\n`,
}, [
  {
    name: "16 passwords at once, each of which takes half a second of a core",
    attack: (stranger) => guess(stranger, 16),
  },
  {
    name: "200 passwords at once",
    attack: (stranger) => guess(stranger, 200),
  },
]);
