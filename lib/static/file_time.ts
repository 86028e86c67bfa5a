// Times of files. A file system may hold one that no `Date` can, 300,000 years
// from now, and whoever may change a file may give it such a time.

/**
 * Reads a time of a file.
 *
 * @param date What the platform says.
 * @returns Milliseconds since 1970; undefined where it does not say, or cannot.
 */
export function millisecondsOf(date: Date | null): number | undefined {
  const time = date?.getTime();
  return time === undefined || Number.isNaN(time) ? undefined : time;
}
