// HTTP dates (RFC 9110 section 5.6.7): written as IMF-fixdate, read in all
// three forms. A date that no calendar has is not a date.

const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const LONG_DAYS = [
  "Sunday",
  "Monday",
  "Tuesday",
  "Wednesday",
  "Thursday",
  "Friday",
  "Saturday",
];
/** The English names of the months, cut to three letters. */
export const MONTHS: readonly string[] = [
  "Jan",
  "Feb",
  "Mar",
  "Apr",
  "May",
  "Jun",
  "Jul",
  "Aug",
  "Sep",
  "Oct",
  "Nov",
  "Dec",
];

/** `Sun, 06 Nov 1994 08:49:37 GMT` */
const IMF_FIXDATE =
  /^([A-Z][a-z]{2}), (\d{2}) ([A-Z][a-z]{2}) (\d{4}) (\d{2}):(\d{2}):(\d{2}) GMT$/;
/** `Sunday, 06-Nov-94 08:49:37 GMT` */
const RFC_850 =
  /^([A-Z][a-z]{5,8}), (\d{2})-([A-Z][a-z]{2})-(\d{2}) (\d{2}):(\d{2}):(\d{2}) GMT$/;
/** `Sun Nov  6 08:49:37 1994` */
const ASCTIME =
  /^([A-Z][a-z]{2}) ([A-Z][a-z]{2}) ([ \d]\d) (\d{2}):(\d{2}):(\d{2}) (\d{4})$/;

let cachedSecond = NaN;
let cachedText = "";

/**
 * Writes a time as an HTTP date, `Sun, 06 Nov 1994 08:49:37 GMT`.
 *
 * @param time Epoch milliseconds; the part below a second is dropped.
 * @returns The date as IMF-fixdate.
 */
export function formatHttpDate(time: number): string {
  const second = Math.floor(time / 1000);
  // A server writes the same second thousands of times.
  if (second !== cachedSecond) {
    cachedText = new Date(second * 1000).toUTCString();
    cachedSecond = second;
  }
  return cachedText;
}

/**
 * Reads an HTTP date in any of the three forms of RFC 9110 section 5.6.7.
 *
 * @param text The field value.
 * @returns Epoch milliseconds, or `undefined` if the text is no date.
 */
export function parseHttpDate(text: string): number | undefined {
  let match = IMF_FIXDATE.exec(text);
  if (match !== null) {
    const [, day, date, month, year, h, m, s] = match;
    return toTime(DAYS, day, Number(year), month, date, h, m, s);
  }
  match = RFC_850.exec(text);
  if (match !== null) {
    const [, day, date, month, year, h, m, s] = match;
    return toTime(LONG_DAYS, day, fullYear(Number(year)), month, date, h, m, s);
  }
  match = ASCTIME.exec(text);
  if (match !== null) {
    const [, day, month, date, h, m, s, year] = match;
    return toTime(DAYS, day, Number(year), month, date, h, m, s);
  }
  return undefined;
}

function toTime(
  days: readonly string[],
  day = "",
  year: number,
  month = "",
  date = "",
  hours = "",
  minutes = "",
  seconds = "",
): number | undefined {
  const monthIndex = MONTHS.indexOf(month);
  const h = Number(hours);
  const m = Number(minutes);
  const s = Number(seconds);
  // 60 is a leap second, which epoch time counts as the next second.
  if (h > 23 || m > 59 || s > 60) return undefined;
  const midnight = new Date(0);
  midnight.setUTCFullYear(year, monthIndex, Number(date));
  // A month or a day that no calendar has has become another one.
  if (
    midnight.getUTCMonth() !== monthIndex ||
    midnight.getUTCDay() !== days.indexOf(day)
  ) {
    return undefined;
  }
  return midnight.getTime() + ((h * 60 + m) * 60 + s) * 1000;
}

/**
 * A two-digit year that seems more than 50 years ahead is the last one with
 * these digits (RFC 9110 section 5.6.7).
 */
function fullYear(digits: number): number {
  const now = new Date().getUTCFullYear();
  const year = now - now % 100 + digits;
  return year > now + 50 ? year - 100 : year;
}
