// Attacks on the connections themselves.

import { type Attack, sends, testAttacks } from "./_attack.ts";

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
