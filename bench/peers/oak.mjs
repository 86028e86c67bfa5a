// Oak on Deno.serve. Its npm build answers with undici's Response, which
// Deno.serve does not take, so each answer is copied into Deno's own; its
// listen(), through node:http, is slower still. The build on JSR needs neither.
import { Application, Router } from "npm:@oakserver/oak@^14.1.0";

const router = new Router();
router.get("/", (context) => {
  context.response.body = "Hello, World!\n";
});

const app = new Application();
app.use(router.routes());

const port = Number(Deno.args[0]);
Deno.serve({ hostname: "127.0.0.1", port, onListen() {} }, async (request) => {
  const { body, status, headers } = await app.handle(request);
  return new Response(body, { status, headers: [...headers] });
});
