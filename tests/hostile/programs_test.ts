// Attacks on what runs programs.

import { assertMatch } from "@std/assert";
import { type Attack, sends, testAttacks } from "./_attack.ts";
import { get, post } from "./_request.ts";
import type { Stranger } from "./_stranger.ts";

const HEAD = "#!/bin/sh\nprintf 'Content-Type: text/plain\\n\\n'\n";

/** A program still runs for who asks for it. */
async function runs(stranger: Stranger): Promise<void> {
  const response = await stranger.ask(get("/cgi-bin/source"));
  assertMatch(response, /^HTTP\/1\.1 200 [^]*run\n/);
}

const ATTACKS: readonly Attack[] = [
  {
    name: "leaving a program that never ends",
    attack: sends(get("/cgi-bin/sleeps"), { ending: "leave", times: 3 }),
  },
  {
    name: "a reset of a program that never ends",
    attack: sends(get("/cgi-bin/sleeps"), { ending: "reset", times: 20 }),
  },
  {
    name: "a reset behind a body that a program leaves unread",
    attack: sends(
      `POST /cgi-bin/sleeps HTTP/1.1\r\nHost: localhost\r\n` +
        `Content-Length: 1000000\r\n\r\n${"x".repeat(200_000)}`,
      { ending: "reset", times: 20 },
    ),
  },
  {
    name: "leaving a program that floods",
    attack: sends(get("/cgi-bin/floods"), { ending: "leave", times: 3 }),
  },
  ...[{ length: 10, sent: 1 }, { length: 100_000, sent: 80_000 }].map(
    ({ length, sent }): Attack => ({
      name: `${sent} of ${length} bytes, and silence, to more than all slots`,
      async attack(stranger) {
        const head = `POST /cgi-bin/reads HTTP/1.1\r\nHost: localhost\r\n` +
          `Content-Length: ${length}\r\n\r\n`;
        for (let client = 0; client < 40; client++) {
          const line = await stranger.connect();
          await line.send(head + "x".repeat(sent));
        }
        for (let request = 0; request < 3; request++) await runs(stranger);
      },
    }),
  ),
  {
    name: "a body of one-byte chunks on many connections",
    attack: sends(
      post("/cgi-bin/reads", `${"1\r\nx\r\n".repeat(60_000)}0\r\n\r\n`, "a/b"),
      { times: 30, wants: /^HTTP\/1\.1 200 [^]*60000/ },
    ),
    peak: 150_000_000,
  },
  {
    name: "a chunked body for which there is no file",
    attack: sends(
      post(
        "/cgi-bin/reads",
        `fffff\r\n${"x".repeat(0xfffff)}\r\n0\r\n\r\n`,
        "a/b",
      ),
      { wants: "HTTP/1.1 411 " },
    ),
  },
  ...["/cgi-bin/%73ource", "/cgi-bin//source", "/./cgi-bin/source"].map(
    (path): Attack => ({
      name: `a program by another spelling is run: ${path}`,
      attack: sends(get(path), { wants: /^HTTP\/1\.1 (?![^]*#!)/ }),
    }),
  ),
];

/** Slow uploads to more than all slots; then others send bodies of theirs. */
const CROWDS: readonly Attack[] = ["Content-Length", "Transfer-Encoding"].map(
  (framing) => ({
    name: `large slow uploads, and then another by ${framing}`,
    async attack(stranger) {
      const head = "POST /cgi-bin/reads HTTP/1.1\r\nHost: localhost\r\n";
      for (let client = 0; client < 40; client++) {
        const line = await stranger.connect();
        await line.send(
          `${head}Content-Length: 100000000\r\n\r\n${"x".repeat(80_000)}`,
        );
      }
      const body = "x".repeat(200_000);
      const rest = framing === "Content-Length"
        ? `Content-Length: 200000\r\n\r\n${body}`
        : `Transfer-Encoding: chunked\r\n\r\n30d40\r\n${body}\r\n0\r\n\r\n`;
      const response = await stranger.ask(
        `${head}Connection: close\r\n${rest}`,
      );
      assertMatch(response, /^HTTP\/1\.1 200 [^]*200000\n/);
    },
  }),
);

const FILES = {
  "cgi-bin/sleeps": `${HEAD}sleep 1000\n`,
  "cgi-bin/floods": `${HEAD}exec cat /dev/zero\n`,
  "cgi-bin/reads": `${HEAD}wc -c\n`,
  "cgi-bin/source": `${HEAD}echo run\n`,
};

testAttacks("the command line with --cgi", {
  args: ["0", "-d", "$SITE", "--cgi"],
  permissions: ["-NR", "--allow-run", "--allow-ffi"],
  files: FILES,
}, ATTACKS);

testAttacks("the command line with --cgi and temporary files", {
  args: ["0", "-d", "$SITE", "--cgi"],
  permissions: ["-NRW", "--allow-run", "--allow-ffi"],
  files: FILES,
}, CROWDS);
