import * as std from "npm:deno-std@^1.4.0/assert/mod.js";

// deno-lint-ignore no-explicit-any -- a constructor takes any arguments
type Constructor<T> = abstract new (...args: any[]) => T;

export const AssertionError: typeof Error = std.AssertionError;

export function assert(expr: unknown, msg?: string): asserts expr {
  std.assert(expr, msg);
}

export function assertFalse(
  expr: unknown,
  msg?: string,
): asserts expr is false {
  std.assertFalse(expr, msg);
}

export function assertExists<T>(
  actual: T,
  msg?: string,
): asserts actual is NonNullable<T> {
  std.assertExists(actual, msg);
}

export function assertEquals<T>(actual: T, expected: T, msg?: string): void {
  std.assertEquals(actual, expected, msg);
}

export function assertNotEquals<T>(actual: T, expected: T, msg?: string): void {
  std.assertNotEquals(actual, expected, msg);
}

export function assertStrictEquals<T>(
  actual: unknown,
  expected: T,
  msg?: string,
): asserts actual is T {
  std.assertStrictEquals(actual, expected, msg);
}

export function assertNotStrictEquals<T>(
  actual: T,
  expected: T,
  msg?: string,
): void {
  std.assertNotStrictEquals(actual, expected, msg);
}

export function assertMatch(
  actual: string,
  expected: RegExp,
  msg?: string,
): void {
  std.assertMatch(actual, expected, msg);
}

export function assertNotMatch(
  actual: string,
  expected: RegExp,
  msg?: string,
): void {
  std.assertNotMatch(actual, expected, msg);
}

export function assertStringIncludes(
  actual: string,
  expected: string,
  msg?: string,
): void {
  std.assertStringIncludes(actual, expected, msg);
}

export function assertGreater<T>(actual: T, expected: T, msg?: string): void {
  std.assertGreater(actual, expected, msg);
}

export function assertLess<T>(actual: T, expected: T, msg?: string): void {
  std.assertLess(actual, expected, msg);
}

export function assertGreaterOrEqual<T>(
  actual: T,
  expected: T,
  msg?: string,
): void {
  std.assertGreaterOrEqual(actual, expected, msg);
}

export function assertLessOrEqual<T>(
  actual: T,
  expected: T,
  msg?: string,
): void {
  std.assertLessOrEqual(actual, expected, msg);
}

export function assertInstanceOf<T>(
  actual: unknown,
  expectedType: Constructor<T>,
  msg?: string,
): asserts actual is T {
  std.assertInstanceOf(actual, expectedType, msg);
}

export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  ErrorClass: Constructor<E>,
  msgIncludes?: string,
  msg?: string,
): E {
  return std.assertThrows(fn, ErrorClass, msgIncludes, msg);
}

export function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  ErrorClass: Constructor<E>,
  msgIncludes?: string,
  msg?: string,
): Promise<E> {
  return std.assertRejects(fn, ErrorClass, msgIncludes, msg);
}

export function assertArrayIncludes<T>(
  actual: ArrayLike<T>,
  expected: ArrayLike<T>,
  msg?: string,
): void {
  std.assertArrayIncludes(actual, expected, msg);
}

export function fail(msg?: string): never {
  throw new AssertionError(`Failed assertion${msg ? `: ${msg}` : "."}`);
}
