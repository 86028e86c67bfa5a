// Attacks on handler classes.

import { type Attack, sends, testAttacks } from "./_attack.ts";
import { post } from "./_request.ts";

const ATTACKS: readonly Attack[] = [
  {
    name: "a form of one part that is not ended",
    attack: sends(
      post(
        "/form",
        '--B\r\nContent-Disposition: form-data; name=f; filename="x"' +
          "\r\n\r\nabc",
        "multipart/form-data; boundary=B",
        "length",
      ),
      { wants: "HTTP/1.1 400 " },
    ),
  },
  {
    name: "JSON that is not ended",
    attack: sends(
      post("/json", "[".repeat(1_000_000), "application/json", "length"),
      {
        wants: "HTTP/1.1 400 ",
      },
    ),
  },
];

testAttacks("handler classes", {
  script: "tests/hostile/handler_app.ts",
}, ATTACKS);
