// Which methods respond without a wait. Code that runs without a wait meets no
// late code, so for such a method the guard against it, which takes a third of a
// microsecond, is not asked to do anything.

/** The methods of a handler class, as far as they were called. */
export class PromptMethods {
  /** Whether each call so far has ended without a wait. */
  readonly #isPrompt = new Map<PropertyKey, boolean>();

  /**
   * Tells whether a method has never waited, which it may still do.
   *
   * @param name The name of the method.
   */
  has(name: PropertyKey): boolean {
    return this.#isPrompt.get(name) === true;
  }

  /**
   * Takes note of a call.
   *
   * @param name The name of the method.
   * @param waits Whether there is a promise of its end.
   */
  learn(name: PropertyKey, waits: boolean): void {
    if (waits) this.#isPrompt.set(name, false);
    else if (!this.#isPrompt.has(name)) this.#isPrompt.set(name, true);
  }
}

const methodsOf = new WeakMap<object, PromptMethods>();

/**
 * What is known of the methods of a handler class.
 *
 * @param handlerClass The class.
 */
export function promptMethodsOf(handlerClass: object): PromptMethods {
  let methods = methodsOf.get(handlerClass);
  if (methods === undefined) {
    methods = new PromptMethods();
    methodsOf.set(handlerClass, methods);
  }
  return methods;
}
