// Attacks on the connections themselves.

import { type Attack, sends, testAttacks } from "./_attack.ts";
import { get } from "./_request.ts";

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
];

testAttacks("the command line", { args: ["0", "-d", "$SITE"] }, ATTACKS);

const ATTACKS_ON_HANDLERS: readonly Attack[] = [
  {
    name: "400 connections that are reset before they are accepted",
    async attack(stranger) {
      const line = await stranger.connect();
      await line.send(get("/busy"));
      await sends("", { ending: "reset", times: 400 })(stranger);
      await line.readTo("done");
    },
  },
];

testAttacks("handler classes and their connections", {
  script: "tests/hostile/server_app.ts",
}, ATTACKS_ON_HANDLERS);
