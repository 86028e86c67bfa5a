// `Class.with({ … })`: Python's `partial(Handler, directory=…)`. A setting is a
// field of the instance with a default, which a subclass may also override.

import { requireSettings } from "./setting_names.ts";

/** The fields of a handler that may be set: all but its methods. */
export type Settings<Handler> = {
  [
    Name in keyof Handler as Handler[Name] extends (...args: never[]) => unknown
      ? never
      : Name
  ]?: Handler[Name];
};

/**
 * Makes a subclass whose instances have these settings.
 *
 * @param handlerClass The class.
 * @param settings Values by field name.
 * @returns The subclass, of the same name.
 * @throws {TypeError} If there is no such setting.
 */
export function withSettings<
  // deno-lint-ignore no-explicit-any -- the language asks for it in a mixin
  Class extends new (...args: any[]) => object,
>(
  handlerClass: Class,
  settings: Settings<InstanceType<Class>>,
): Class {
  requireSettings(handlerClass, settings);
  const Configured = class extends handlerClass {
    // deno-lint-ignore no-explicit-any -- as above
    constructor(...args: any[]) {
      super(...args);
      Object.assign(this, settings);
    }
  };
  Object.defineProperty(Configured, "name", { value: handlerClass.name });
  return Configured;
}
