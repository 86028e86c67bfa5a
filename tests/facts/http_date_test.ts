import { assertEquals } from "@std/assert";
import { formatHttpDate, parseHttpDate } from "../../lib/facts/http_date.ts";

const TIME = Date.UTC(1994, 10, 6, 8, 49, 37);

Deno.test("formatHttpDate() writes IMF-fixdate", () => {
  assertEquals(formatHttpDate(TIME), "Sun, 06 Nov 1994 08:49:37 GMT");
  assertEquals(formatHttpDate(TIME + 999), "Sun, 06 Nov 1994 08:49:37 GMT");
  assertEquals(formatHttpDate(TIME + 1000), "Sun, 06 Nov 1994 08:49:38 GMT");
  assertEquals(formatHttpDate(0), "Thu, 01 Jan 1970 00:00:00 GMT");
});

Deno.test("parseHttpDate() reads the three forms", () => {
  for (
    const [text, time] of [
      ["Sun, 06 Nov 1994 08:49:37 GMT", TIME],
      ["Sunday, 06-Nov-94 08:49:37 GMT", TIME],
      ["Sun Nov  6 08:49:37 1994", TIME],
      ["Wed Nov 16 08:49:37 1994", Date.UTC(1994, 10, 16, 8, 49, 37)],
      ["Thu, 29 Feb 2024 23:59:59 GMT", Date.UTC(2024, 1, 29, 23, 59, 59)],
      ["Sat, 31 Dec 2016 23:59:60 GMT", Date.UTC(2017, 0, 1)],
      ["Thu, 01 Jan 1970 00:00:00 GMT", 0],
      ["Sat, 01 Jan 0000 00:00:00 GMT", -62167219200000],
    ] as const
  ) {
    assertEquals(parseHttpDate(text), time, text);
  }
});

Deno.test("parseHttpDate() knows each month and each day of the week", () => {
  const names = { weekday: "long", month: "short", timeZone: "UTC" } as const;
  for (let month = 0; month < 12; month++) {
    for (let date = 10; date < 17; date++) {
      const time = Date.UTC(2024, month, date);
      const parts = new Intl.DateTimeFormat("en", names).formatToParts(time);
      const partOf = (wanted: string) =>
        parts.find(({ type }) => type === wanted)?.value ?? "";
      const [day, name] = [partOf("weekday"), partOf("month")];
      for (
        const text of [
          `${day.slice(0, 3)}, ${date} ${name} 2024 00:00:00 GMT`,
          `${day}, ${date}-${name}-24 00:00:00 GMT`,
          `${day.slice(0, 3)} ${name} ${date} 00:00:00 2024`,
        ]
      ) {
        assertEquals(parseHttpDate(text), time, text);
      }
    }
  }
});

Deno.test("parseHttpDate() takes two digits for the nearest such year", () => {
  const now = new Date().getUTCFullYear();
  for (const ahead of [-49, -1, 0, 1, 49, 50]) {
    const day = new Date(Date.UTC(now + ahead, 0, 1));
    const name = day.toLocaleDateString("en", {
      weekday: "long",
      timeZone: "UTC",
    });
    const digits = String((now + ahead) % 100).padStart(2, "0");
    const text = `${name}, 01-Jan-${digits} 00:00:00 GMT`;
    assertEquals(parseHttpDate(text), day.getTime(), text);
  }
});

Deno.test("parseHttpDate() refuses what no calendar has", () => {
  for (
    const text of [
      "",
      "0",
      "now",
      "Mon, 06 Nov 1994 08:49:37 GMT",
      "sun, 06 Nov 1994 08:49:37 GMT",
      "Sun, 06 nov 1994 08:49:37 GMT",
      "Sun, 6 Nov 1994 08:49:37 GMT",
      "Sun, 06 Nov 94 08:49:37 GMT",
      "Sun, 06 Nov 1994 08:49:37 UTC",
      "Sun, 06 Nov 1994 08:49:37",
      "Sun, 06 Nov 1994 08:49:37 GMT ",
      " Sun, 06 Nov 1994 08:49:37 GMT",
      " Sunday, 06-Nov-94 08:49:37 GMT",
      "Sunday, 06-Nov-94 08:49:37 GMT ",
      " Sun Nov  6 08:49:37 1994",
      "Sun Nov  6 08:49:37 1994 ",
      "Sun, 06 Nov 1994 24:00:00 GMT",
      "Sun, 06 Nov 1994 08:60:37 GMT",
      "Sun, 06 Nov 1994 08:49:61 GMT",
      "Fri, 29 Feb 2023 00:00:00 GMT",
      "Fri, 31 Apr 2026 00:00:00 GMT",
      "Fri, 00 May 2026 00:00:00 GMT",
      "1994-11-06T08:49:37Z",
    ]
  ) {
    assertEquals(parseHttpDate(text), undefined, text);
  }
});
