// Fields of other documents than RFC 9110, taken as they are.
import { passed, request, table, taken } from "./_row.ts";

table("Fields of other documents", [
  passed(
    "6265 4.2, a cookie",
    "Cookie: sessionid=abcdef0123456789; theme=dark",
  ),
  passed("6265 4.2, quotes", 'Cookie: session="abc def"; ttl=300'),
  passed("6265 4.2, prefixes", "Cookie: __Host-session=abc; __Secure-csrf=xyz"),
  passed("6265 4.2, forty cookies", `Cookie: ${"ck=val; ".repeat(40)}z=1`),
  taken(
    "6265 5.4, two lines",
    request("GET /", "Cookie: a=1", "Cookie: b=2"),
    "GET /",
    "cookie: a=1; b=2",
  ),
  passed("6454 7, an origin", "Origin: https://example.com"),
  passed("6454 7, null", "Origin: null"),
  passed(
    "6750 2.1, a token",
    "Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjMifQ.dozjg",
  ),
  passed(
    "7239 4, Forwarded",
    "Forwarded: for=192.0.2.43;proto=https;by=203.0.113.43",
  ),
  passed(
    "7239 7, its forerunner",
    "X-Forwarded-For: 203.0.113.7, 198.51.100.42",
  ),
  passed(
    "9111 5.2, directives",
    "Cache-Control: max-age=0, no-cache, no-store, private",
  ),
  passed("9111 5.4, Pragma", "Pragma: no-cache"),
  passed("9111 5.5, Warning", 'Warning: 110 anderson "Response is Stale"'),
  passed("9218 4, Priority", "Priority: u=1, i"),
  passed("Fetch metadata", "Sec-Fetch-Mode: navigate"),
  passed("Client hints", 'Sec-CH-UA: "Chromium";v="119", "Not?A_Brand";v="24"'),
  passed("Upgrade insecure requests", "Upgrade-Insecure-Requests: 1"),
  passed("Do not track", "DNT: 1"),
  passed("Save data", "Save-Data: on"),
  passed(
    "An identifier of the client's own",
    "X-Request-Id: 7c8a4f93-2d1e-4f6b-8c0a-1f4e6d2b3a9c",
  ),
]);
