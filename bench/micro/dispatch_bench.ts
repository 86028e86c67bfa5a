// From a verb and a path to a method, whatever the number of routes.

import { HttpRequestHandler, verb } from "../../mod.ts";
import { Router } from "../../lib/handler/router.ts";
import { manyRoutes } from "../many_routes.ts";

class Everything extends HttpRequestHandler {
  @verb("GET")
  answer(): void {}
}

const anyPath = new Router([Everything]);
Deno.bench("Router.match(), no pattern", () => {
  anyPath.match("GET", "/hello/world");
});

for (const count of [1, 30, 1_000]) {
  const routesOn = await manyRoutes(count);
  const router = new Router([routesOn(HttpRequestHandler, verb)]);
  const last = `/route-${count - 1}/world`;

  Deno.bench(`Router.match(), the last of ${count} routes`, () => {
    router.match("GET", last);
  });

  Deno.bench(`Router.match(), none of ${count} routes`, () => {
    router.match("GET", "/nowhere/at/all");
  });
}
