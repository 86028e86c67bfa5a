// Attacks on the connections themselves.

import { assert } from "@std/assert";
import { type Attack, sends, testAttacks } from "./_attack.ts";
import { get, post } from "./_request.ts";
import type { Target } from "./_target.ts";

const GET = "GET /bystander.txt HTTP/1.1\r\nHost: localhost\r\n\r\n";

const ATTACKS: readonly Attack[] = [
  {
    name: "400 connections that are closed at once",
    attack: sends("", { ending: "leave", times: 400 }),
  },
  {
    name: "200 connections that stay silent",
    attack: sends("", { ending: "hold", times: 200 }),
  },
  {
    name: "200 connections that stop inside a head",
    attack: sends("GET / HTTP/1.1\r\nHost: loc", {
      ending: "hold",
      times: 200,
    }),
  },
  {
    name: "10 connections that ask 20,000 times and read nothing",
    async attack(stranger) {
      const requests = GET.repeat(20_000);
      for (let count = 0; count < 10; count++) {
        void (await stranger.connect()).send(requests);
      }
      await stranger.bystanders(10);
    },
    peak: 200_000_000,
  },
];

testAttacks("the command line", { args: ["0", "-d", "$SITE"] }, ATTACKS);

const ATTACKS_ON_HANDLERS: readonly Attack[] = [
  {
    name: "10 connections that ask 20,000 times for a millisecond of work",
    async attack(stranger) {
      const request = "GET /millisecond HTTP/1.1\r\nHost: localhost\r\n\r\n";
      const requests = request.repeat(20_000);
      for (let count = 0; count < 10; count++) {
        void (await stranger.connect()).send(requests);
      }
      await stranger.bystanders(10);
    },
  },
  {
    name: "5 clients that read as fast as a handler writes rows",
    async attack(stranger) {
      for (let count = 0; count < 5; count++) {
        const line = await stranger.connect();
        await line.send(get("/rows"));
        void line.readTo();
      }
      await stranger.bystanders(10);
    },
  },
  {
    name: "20 connections that send a body in chunks of one byte",
    attack: sends(
      () => post("/begins", "1\r\na\r\n".repeat(100_000), "text/plain"),
      { ending: "hold", times: 20 },
    ),
  },
  {
    name: "400 connections that are reset before they are accepted",
    async attack(stranger) {
      const line = await stranger.connect();
      await line.send(get("/busy"));
      await sends("", { ending: "reset", times: 400 })(stranger);
      await line.readTo("done");
    },
  },
  {
    name: "an error that quotes control characters and a line of the log",
    attack: sends(
      get("/fails/%1b[2J%0a127.0.0.1%20-%20-%20[now]%20%22GET%22%20200"),
      { wants: "HTTP/1.1 500 " },
    ),
    says: /^(Exception while serving 127\.0\.0\.1:\d+: Error: | {4})/,
  },
  {
    name: "an error that quotes a body of 16 MB",
    async attack(stranger) {
      const { target } = stranger;
      const before = target.stderr.length;
      const body = "\x1b".repeat(16_000_000);
      await sends(post("/fails", body, "text/plain", "length"), {
        wants: "HTTP/1.1 500 ",
      })(stranger);
      assert(target.stderr.length - before < 200_000, "the log has it all");
    },
    says: /^(Exception while serving 127\.0\.0\.1:\d+: Error: | {4})/,
  },
  {
    name: "a body that ends too early for a handler that waits elsewhere",
    attack: sends(post("/begins", "5\r\nab", "text/plain"), {
      ending: "half",
      wants: "HTTP/1.1 400 ",
    }),
  },
  {
    name: "a reset of a handler that never ends",
    attack: sends(get("/silent"), { ending: "reset", times: 20 }),
  },
  {
    name: "leaving a handler that never ends to write",
    attack: sends(get("/writing"), { ending: "leave", times: 20 }),
  },
];

testAttacks("handler classes and their connections", {
  script: "tests/hostile/server_app.ts",
}, ATTACKS_ON_HANDLERS);

/** Waits until a process has said that it has no descriptor left, or has ended. */
async function untilExhausted(target: Target): Promise<void> {
  const until = performance.now() + 5_000;
  while (target.isAlive && performance.now() < until) {
    if (target.stderr.includes("Too many open files")) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

// Not the command line, whose bystanders would need a descriptor for their file.
testAttacks("handler classes with few descriptors", {
  script: "tests/hostile/server_app.ts",
  descriptors: 70,
}, [
  {
    name: "more connections than there are descriptors",
    async attack(stranger) {
      // Half a second after its start Deno opens what it needs for signals, and
      // aborts if it cannot.
      await new Promise((resolve) => setTimeout(resolve, 600));
      const line = await stranger.connect();
      for (let i = 0; i < 100; i++) await stranger.connect();
      await untilExhausted(stranger.target);
      // An error whose stack leads through sources that were not mapped yet.
      await line.send(get("/fails/now"));
      await line.readTo("HTTP/1.1 500 ");
      stranger[Symbol.dispose]();
    },
    // The runtime warns of a file that NODE_EXTRA_CA_CERTS names.
    says: /^(Exception while serving | {4}|Warning: )/,
  },
]);
