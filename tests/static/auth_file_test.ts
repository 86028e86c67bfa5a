import { assertEquals, assertThrows } from "@std/assert";
import { parseAuthFile } from "../../lib/static/auth_file.ts";

const PBKDF2 =
  "$pbkdf2-sha256$i=1000$AAECAwQFBgcICQoLDA0ODw$Tvsru20utY6o3q7VRBeuL9h_1QqKhWhwk2PaYNRWBgY";
const BCRYPT = "$2b$04$tvCb1yNB7c3LLifA6CarXOUaVPv0DNREoy/pQwcFJX3GSNXlAZeg.";

const files: { name: string; text: string; want: string[] }[] = [
  { name: "nothing", text: "", want: [] },
  { name: "a comment", text: "# ada:secret", want: [] },
  { name: "empty lines", text: "\n \r\n\t\n", want: [] },
  { name: "one without a line end", text: `ada:${PBKDF2}`, want: ["ada"] },
  {
    name: "CRLF",
    text: `ada:${PBKDF2}\r\nbob:${BCRYPT}\r\n`,
    want: ["ada", "bob"],
  },
  { name: "a byte order mark", text: `\uFEFFada:${PBKDF2}\n`, want: ["ada"] },
  {
    name: "one before a comment",
    text: `\uFEFF# x\nada:${PBKDF2}\n`,
    want: ["ada"],
  },
  { name: "spaces behind the hash", text: `ada:${BCRYPT} \n`, want: ["ada"] },
  { name: "a name with spaces", text: `ada l.:${BCRYPT}\n`, want: ["ada l."] },
];

Deno.test("parseAuthFile() reads name:hash", async (t) => {
  for (const { name, text, want } of files) {
    await t.step(name, () => {
      const users = parseAuthFile(text);
      assertEquals([...users.keys()], want);
      for (const hash of users.values()) {
        assertEquals([PBKDF2, BCRYPT].includes(hash), true, hash);
      }
    });
  }
});

const broken: { line: string; message: string }[] = [
  "ada:secret",
  "ada",
  `:${PBKDF2}`,
  "ada:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=",
  "ada:$apr1$salt$hash",
  "ada:",
  ` # no comment`,
  `ada:${PBKDF2}:x`,
  `ada:${PBKDF2}\rbob:${BCRYPT}`,
].map((line) => ({ line, message: "Cannot read line 2 of the auth file" }));

Deno.test("parseAuthFile() refuses what is not a hash", async (t) => {
  for (const { line, message } of broken) {
    await t.step(line, () => {
      assertThrows(() => parseAuthFile(`# one\n${line}`), SyntaxError, message);
    });
  }
});

Deno.test("parseAuthFile() refuses a second line for a user", () => {
  assertThrows(
    () => parseAuthFile(`ada:${PBKDF2}\nbob:${BCRYPT}\nada:${BCRYPT}`),
    SyntaxError,
    'line 3 of the auth file: it names "ada" again',
  );
});
