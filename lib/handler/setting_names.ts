// The names of a handler's settings. A setting is a field of the instances, but
// a few belong to the class: the server reads these before there is an instance,
// and nothing would read one that stands in the wrong place.

import { kindOf } from "../facts/kind.ts";
import { HttpRequestHandler } from "./http_request_handler.ts";
import { type ProbedClass, probeOf } from "./probe.ts";

/** What a server reads of the class. */
const CLASS_SETTINGS = [
  "prefix",
  "owns",
  "programFiles",
  "uploadPlace",
  "checkSettings",
];

/** What an instance holds of its connection and of the current request. */
const REQUEST_FIELDS = [
  "clientAddress",
  "localAddress",
  "server",
  "requestLine",
  "command",
  "requestVersion",
  "fields",
  "path",
  "closeConnection",
];

/** A class of handlers. */
type HandlerClass = ProbedClass<object> & { readonly prototype: object };

/**
 * Makes sure that a class has settings of these names.
 *
 * @param handlerClass The class.
 * @param settings Values by name.
 * @throws {TypeError} If it has not.
 */
export function requireSettings(
  handlerClass: HandlerClass,
  settings: unknown,
): void {
  const { name: className } = handlerClass;
  if (typeof settings !== "object" || settings === null) {
    throw new TypeError(
      `Cannot set ${kindOf(settings)} on ${className}: want an object`,
    );
  }
  const probe = probeOf(handlerClass);
  for (const name of Object.keys(settings)) {
    if (isSetting(probe, name)) continue;
    if (CLASS_SETTINGS.includes(name)) throw belongsToClass(className, name);
    const known = Object.keys(probe).filter((key) => isSetting(probe, key));
    throw new TypeError(
      `There is no setting "${name}" of ${className}: there are ` +
        known.join(", "),
    );
  }
}

/**
 * Makes sure that the settings of a class stand where they are read. The fields
 * of a class are seen on an instance of it only, and to make one may have
 * effects: that is done for a class alone that looks wrong.
 *
 * @param handlerClass The class.
 * @throws {TypeError} If one of the class is one of its instances, or the other
 * way round.
 */
export function requireSettingsInPlace(handlerClass: HandlerClass): void {
  const { name: className } = handlerClass;
  for (const name of CLASS_SETTINGS) {
    // A name that the server reads of no such class is free for any use.
    if (!(name in handlerClass)) continue;
    if (name in handlerClass.prototype || hasField(handlerClass, name)) {
      throw belongsToClass(className, name);
    }
  }
  for (const [index, owner] of ancestry(handlerClass).entries()) {
    const above = ancestry(handlerClass)[index + 1];
    if (above === undefined || owner === HttpRequestHandler) return;
    const ignored = staticNames(owner).find((name) =>
      isIgnored(owner, above, name)
    );
    if (ignored === undefined) continue;
    throw new TypeError(
      `Cannot serve with ${className}: declare its ${ignored} without static`,
    );
  }
}

/** Whether instances of a class have a field of this name. */
function hasField(handlerClass: HandlerClass, name: string): boolean {
  const isMentioned = ancestry(handlerClass)
    .filter((owner) => owner.prototype instanceof HttpRequestHandler)
    .some((owner) => mentions(String(owner), name));
  return isMentioned && name in (tryProbe(handlerClass) ?? {});
}

/** Whether the source of a class names it elsewhere than behind `static`. */
function mentions(source: string, name: string): boolean {
  return source.split(name).slice(0, -1)
    .some((before) => !before.trimEnd().endsWith("static"));
}

/**
 * Whether a static property changes nothing of the instances: their field has
 * the value that it has in the class above. A class may have one that it makes
 * its fields of.
 */
function isIgnored(
  handlerClass: HandlerClass,
  above: HandlerClass,
  name: string,
): boolean {
  const inherited = tryProbe(above);
  if (inherited === undefined || !isSetting(inherited, name)) return false;
  const probe = tryProbe(handlerClass);
  return probe !== undefined &&
    Object.is(Reflect.get(inherited, name), Reflect.get(probe, name));
}

/** A class that needs a real connection says nothing before it has one. */
function tryProbe(handlerClass: HandlerClass): object | undefined {
  try {
    return probeOf(handlerClass);
  } catch {
    return undefined;
  }
}

/** Whether a name is that of a field that may be set. */
function isSetting(probe: object, name: string): boolean {
  if (REQUEST_FIELDS.includes(name)) return false;
  return Object.hasOwn(probe, name) ||
    hasSetter(Object.getPrototypeOf(probe), name);
}

function hasSetter(prototype: object | null, name: string): boolean {
  if (prototype === null) return false;
  const property = Object.getOwnPropertyDescriptor(prototype, name);
  return property === undefined
    ? hasSetter(Object.getPrototypeOf(prototype), name)
    : property.set !== undefined && name !== "__proto__";
}

/** The names of what a class itself declares as static. */
function staticNames(handlerClass: HandlerClass): string[] {
  const names = Object.getOwnPropertyNames(handlerClass);
  // Those that each class has, and what is rightly static.
  const own = ["length", "name", "prototype", ...CLASS_SETTINGS];
  return names.filter((name) => !own.includes(name));
}

/** A class and those above it, the nearest first. */
function ancestry(handlerClass: HandlerClass): HandlerClass[] {
  const above: HandlerClass | null = Object.getPrototypeOf(handlerClass);
  return above === null || above === Function.prototype
    ? [handlerClass]
    : [handlerClass, ...ancestry(above)];
}

function belongsToClass(className: string, name: string): TypeError {
  return new TypeError(
    `Cannot set ${name} on instances of ${className}: declare ` +
      `\`static override ${name}\``,
  );
}
