// What a server is given to serve with: one handler class or several.

import { kindOf } from "../facts/kind.ts";
import { checkSettings } from "./handler_class.ts";
import type { HttpHandlerClass } from "./http_request_handler.ts";
import { Router } from "./router.ts";
import { requireSettingsInPlace } from "./setting_names.ts";

/**
 * Makes the router of handler classes, each of which can serve.
 *
 * @param classes The handler class, or several.
 * @returns Their router.
 * @throws {TypeError} If there is no class, or one that cannot serve.
 */
export function routerOf(
  classes: HttpHandlerClass | readonly HttpHandlerClass[],
): Router<HttpHandlerClass> {
  const list: unknown = typeof classes === "function" ? [classes] : classes;
  if (!Array.isArray(list)) throw noClass(list);
  for (const one of list) if (typeof one !== "function") throw noClass(one);
  const router = new Router<HttpHandlerClass>(list);
  for (const handlerClass of list) requireSettingsInPlace(handlerClass);
  checkSettings(list);
  return router;
}

function noClass(given: unknown): TypeError {
  return new TypeError(
    `Cannot serve with ${kindOf(given)}: want a handler class, or an array ` +
      "of such",
  );
}
