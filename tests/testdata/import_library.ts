// What a program sees that imports the library and no more.
import { HttpServer } from "../../mod.ts";

await Deno.stdout.write(new TextEncoder().encode(`${typeof HttpServer}\n`));
