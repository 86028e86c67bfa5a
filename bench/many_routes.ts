/**
 * Makes handler classes of as many routes as asked for, each a method with its
 * own pattern. They are written out as modules, because decorators are syntax.
 *
 * @module
 */

import type { HttpRequestHandler, verb } from "../mod.ts";

/** What is given a class to extend and the decorator. */
export type RoutesOn = (
  base: typeof HttpRequestHandler,
  decorator: typeof verb,
) => typeof HttpRequestHandler;

/** Imports a function that makes a class with the routes `/route-N/:name`. */
export async function manyRoutes(count: number): Promise<RoutesOn> {
  const methods = Array.from({ length: count }, (_, nth) => `
    @verb("GET", "/route-${nth}/:name")
    route${nth}({ name }) {
      this.sendResponse(200);
      this.sendHeader("Content-Type", "text/plain; charset=utf-8");
      this.endHeaders();
      this.wfile.write(\`Hello, \${name}\\n\`);
    }
  `);
  const source = `
    export function routesOn(HttpRequestHandler, verb) {
      class Routes extends HttpRequestHandler {${methods.join("")}}
      return Routes;
    }
  `;
  const { routesOn }: { routesOn: RoutesOn } = await import(
    `data:application/typescript,${encodeURIComponent(source)}`
  );
  return routesOn;
}
