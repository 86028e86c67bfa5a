import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { parseBasic } from "../../lib/static/basic_credentials.ts";

function basic(text: string): string {
  return `Basic ${new TextEncoder().encode(text).toBase64()}`;
}

const SECRET = { user: "ada", password: "secret" };

const fields: {
  field: string | undefined;
  want: { user: string; password: string } | undefined;
}[] = [
  { field: basic("ada:secret"), want: SECRET },
  { field: basic("ada:secret").replace("Basic", "bAsIc "), want: SECRET },
  { field: basic("ada:"), want: { user: "ada", password: "" } },
  { field: basic(":"), want: { user: "", password: "" } },
  { field: basic("a:b:c"), want: { user: "a", password: "b:c" } },
  { field: basic("ä:ö€"), want: { user: "ä", password: "ö€" } },
  {
    field: basic("\uFEFFa:b"),
    want: { user: "\uFEFFa", password: "b" },
  },
  { field: basic("adasecret"), want: undefined },
  { field: basic("ada:secret\0"), want: undefined },
  { field: basic("ada\0:secret"), want: undefined },
  { field: basic("ada:sec\nret"), want: undefined },
  { field: basic("ada:secret\x7f"), want: undefined },
  { field: "Basic !!!", want: undefined },
  { field: "Basic YQ", want: undefined },
  { field: "Basic YQ=Q", want: undefined },
  { field: "Basic", want: undefined },
  { field: "Basic ", want: undefined },
  { field: `Basic ${btoa("ada:\xff")}`, want: undefined },
  { field: basic("ada:secret").replace("Basic", "Bearer"), want: undefined },
  { field: `${basic("ada:secret")}, x`, want: undefined },
  { field: `${basic("ada:secret")} `, want: undefined },
  { field: "", want: undefined },
  { field: undefined, want: undefined },
];

Deno.test("parseBasic() reads credentials", async (t) => {
  for (const { field, want } of fields) {
    await t.step(JSON.stringify(field) ?? "none", () => {
      assertEquals(parseBasic(field), want);
    });
  }
});

Deno.test("parseBasic() throws for nothing, and reads what btoa() writes", () => {
  const text = fc.string({ unit: "binary" });
  fc.assert(fc.property(text, (field) => {
    parseBasic(field);
    parseBasic(`Basic ${field}`);
  }));
  fc.assert(fc.property(fc.uint8Array(), (bytes) => {
    const found = parseBasic(`Basic ${bytes.toBase64()}`);
    if (found === undefined) return;
    const pair = `${found.user}:${found.password}`;
    assertEquals(new TextEncoder().encode(pair), bytes);
    // deno-lint-ignore no-control-regex -- what must not be there
    assert(!/[\x00-\x1f\x7f]/.test(pair));
  }));
});
