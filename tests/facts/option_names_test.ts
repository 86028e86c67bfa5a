import { assertThrows } from "@std/assert";
import { requireKnownNames } from "../../lib/facts/option_names.ts";

Deno.test("requireKnownNames() refuses misspelt names", () => {
  requireKnownNames({ prot: undefined, headTimeout: 1, port: 1 }, ["port"]);
  for (const name of ["headTimout", "prot", "toString", "__proto__"]) {
    assertThrows(
      () => requireKnownNames(JSON.parse(`{"${name}": 0}`), ["port"]),
      TypeError,
      `There is no option "${name}": there are port, requestLineBytes, `,
    );
  }
});
