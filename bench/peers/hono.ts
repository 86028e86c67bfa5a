/**
 * Hono on `Deno.serve`.
 *
 * @module
 */

import { Hono } from "npm:hono@^4.13.0";

const app = new Hono();
app.get("/", (context) => context.text("Hello, World!\n"));
app.get(
  "/hello/:name",
  (context) => context.text(`Hello, ${context.req.param("name")}\n`),
);

const port = Number(Deno.args[0]);
Deno.serve({ hostname: "127.0.0.1", port, onListen() {} }, app.fetch);
