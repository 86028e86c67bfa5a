// The clock of a test.

/**
 * Puts the clock an hour ahead: files that were made before have been left
 * alone for long, which their times cannot be set to say.
 */
export function anHourLater(): Disposable {
  const { now } = Date;
  Date.now = () => now() + 3_600_000;
  return {
    [Symbol.dispose]() {
      Date.now = now;
    },
  };
}
