// What is checked of a handler class before it serves anything: mistakes that
// people make who come from Python, or from another framework.

import { kindOf } from "../facts/kind.ts";
import { checkPrefix } from "./prefix.ts";

/** A class, as far as it is looked at. */
interface CheckedClass {
  readonly name: string;
  readonly prefix?: string;
}

/**
 * Checks a class that is to answer requests.
 *
 * @param handlerClass The class.
 * @throws {TypeError} If it is no class of handlers, has a malformed prefix, or
 * methods in Python's style, which nothing would call.
 */
export function checkHandlerClass(handlerClass: CheckedClass): void {
  const name = handlerClass.name || "an unnamed class";
  const { prefix = "" } = handlerClass;
  const prototype: unknown = Reflect.get(handlerClass, "prototype");
  if (prototype === undefined) {
    throw new TypeError(
      "Cannot serve with a function: fromFetch() of @verb/http/fetch makes a " +
        "handler class of it",
    );
  }
  if (!isObject(prototype) || !("handleOneRequest" in prototype)) {
    throw new TypeError(
      `Cannot serve with ${name}: it does not extend HttpRequestHandler`,
    );
  }
  checkPrefix(prefix, name);
  const method = pythonMethod(prototype);
  if (method !== undefined) {
    throw new TypeError(
      `Cannot serve with ${name}: declare ${method} with ` +
        `@verb("${method.slice("do_".length)}")`,
    );
  }
}

/** A class that has settings which may not fit. */
interface SetClass {
  checkSettings?(): void;
}

/**
 * Has classes check their settings, before a server is made of them.
 *
 * @param classes The classes.
 * @throws {TypeError} If one cannot serve with the settings that it has.
 */
export function checkSettings(classes: readonly SetClass[]): void {
  for (const handlerClass of classes) handlerClass.checkSettings?.();
}

/**
 * Checks a class that is to serve bare connections.
 *
 * @param handlerClass What was given for the class.
 * @throws {TypeError} If it is no class of handlers.
 */
export function requireHandlerClass(handlerClass: unknown): void {
  if (typeof handlerClass !== "function") {
    throw new TypeError(
      `Cannot serve with ${kindOf(handlerClass)}: want a handler class`,
    );
  }
  const prototype: unknown = Reflect.get(handlerClass, "prototype");
  if (isObject(prototype) && "handle" in prototype && "recover" in prototype) {
    return;
  }
  throw new TypeError(
    `Cannot serve with ${handlerClass.name || "an unnamed class"}: it does ` +
      "not extend StreamRequestHandler, or has no method handle",
  );
}

/** The first method with a name such as `do_GET`, in the class or above it. */
function pythonMethod(prototype: object): string | undefined {
  for (
    let owner: unknown = prototype;
    isObject(owner);
    owner = Object.getPrototypeOf(owner)
  ) {
    const names = Object.getOwnPropertyNames(owner);
    const found = names.find((name) => /^do_[A-Z]+$/.test(name));
    if (found !== undefined) return found;
  }
  return undefined;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
