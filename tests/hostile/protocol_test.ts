// Attacks on the parsers of a request.

import { type Attack, sends, testAttacks } from "./_attack.ts";
import { get } from "./_request.ts";

const SPACES = " ".repeat(60_000);

/** Fields whose values are lists, and what they may begin and end with. */
const LISTED:
  readonly (readonly [name: string, first: string, last: string])[] = [
    ["Transfer-Encoding", "a", "b"],
    ["Authorization", "Basic a", "b"],
    ["Connection", "a", "b"],
    ["Cookie", "a=b;", "c"],
    ["Origin", "http://a", "b"],
    ["TE", "trailers", "x"],
    ["Range", "bytes=0-0,", "x"],
    ["If-Match", '"a"', "b"],
    ["If-None-Match", '"a"', "b"],
    ["If-Range", '"a"', "b"],
    ["Accept-Encoding", "gzip", ";q=1"],
    ["Accept", "text/html", ";q=1"],
    ["Content-Length", "1", "1"],
    ["Expect", "100-continue", "x"],
    ["Host", "a", "b"],
    ["If-Modified-Since", "Thu, 01 Jan 1970", "GMT"],
  ];

const ATTACKS: readonly Attack[] = [
  ...LISTED.map(([name, first, last]): Attack => ({
    name: `60,000 spaces inside ${name}, eight times`,
    attack: sends(get("/bystander.txt", `${name}: ${first}${SPACES}${last}`), {
      times: 8,
      wants: "HTTP/1.1 ",
    }),
  })),
  {
    name: "fields that drip in behind a long request line",
    async attack(stranger) {
      const line = await stranger.connect();
      await line.send(`GET /${"x".repeat(16_000)} HTTP/1.1\r\nHost: a\r\n`);
      await line.drip(`A: ${"b".repeat(10_000)}`);
      await line.send("\r\nConnection: close\r\n\r\n");
      await line.readTo("HTTP/1.1 404 ");
    },
  },
  {
    name: "a chunk extension that drips in",
    async attack(stranger) {
      const line = await stranger.connect();
      await line.send(
        "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
      );
      await line.drip(`0;${"b".repeat(10_000)}`);
      await line.send("\r\n\r\n");
      await line.readTo("HTTP/1.1 200 ");
    },
  },
  {
    name: "a request line that drips in",
    async attack(stranger) {
      const line = await stranger.connect();
      await line.drip(`GET /${"x".repeat(15_000)}`);
      await line.send(
        " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
      );
      await line.readTo("HTTP/1.1 404 ");
    },
  },
];

testAttacks("the command line", { args: ["0", "-d", "$SITE"] }, ATTACKS);
