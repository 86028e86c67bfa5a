import { verifyPassword } from "../../lib/static/password_hash.ts";

const hash = "$2b$04$tvCb1yNB7c3LLifA6CarXOUaVPv0DNREoy/pQwcFJX3GSNXlAZeg.";
const right = await verifyPassword("secret", hash);
const wrong = await verifyPassword("Secret", hash);
// deno-lint-ignore no-console -- what the test looks at
console.log(right, wrong);
