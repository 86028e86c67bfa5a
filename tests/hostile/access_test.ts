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

testAttacks(
  "the command line with --auth-file, --cgi and --upload",
  {
    args: ["0", "-d", "$SITE", "--auth-file", "$TOP/users", "--cgi", "--upload"]
      .concat("--archive"),
    permissions: ["-NRW", "--allow-run", "--allow-ffi"],
    files: {
      "../users":
        "ada:$2b$04$tvCb1yNB7c3LLifA6CarXOUaVPv0DNREoy/pQwcFJX3GSNXlAZeg.\n",
      "cgi-bin/source": "#!/bin/sh\nprintf 'Content-Type: a/b\\n\\nrun'\n",
    },
    bystanderFields: `${credentials("ada:secret")}\r\n`,
  },
  [
    "GET /cgi-bin/source",
    "POST /cgi-bin/source",
    "OPTIONS /cgi-bin/source",
    "TRACE /cgi-bin/source",
    "GET /cgi-bin/missing",
    "GET /cgi-bin",
    "GET /?archive=tar",
    "PUT /evil.txt",
    "POST /",
    "OPTIONS /",
    "DELETE /bystander.txt",
    "PROPFIND /",
    "OPTIONS *",
  ].map((request): Attack => ({
    name: `without credentials: ${request}`,
    attack: sends(
      `${request} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n` +
        "Content-Length: 0\r\n\r\n",
      { wants: "HTTP/1.1 401 " },
    ),
  })),
);

testAttacks("the command line with --auth-file and a dear hash", {
  args: ["0", "-d", "$SITE", "--auth-file", "$TOP/users"],
  files: {
    "../users":
      "ada:$2b$11$u8eK0iSaTsAd9s.k0ZDINuWR6LHWFCzYASC1QtFNB05OoRAQoR0tS\n",
  },
  bystanderFields: `${GOOD}\r\n`,
}, [
  {
    name: "16 passwords at once, each of which takes an eighth of a second",
    attack: (stranger) => guess(stranger, 16),
  },
  {
    name: "200 passwords at once",
    attack: (stranger) => guess(stranger, 200),
  },
]);
