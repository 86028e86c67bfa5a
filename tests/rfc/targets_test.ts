// RFC 3986: targets that clients send. The target reaches the handler as it
// came; what has no meaning as a path is refused.
import { refused, request, table, taken } from "./_row.ts";

/** A target that is taken as it came. */
const path = (rule: string, target: string) =>
  taken(rule, request(`GET ${target}`), `GET ${target}`);
const bad = (rule: string, target: string) =>
  refused(rule, request(`GET ${target}`), "400 Bad Request");

table("RFC 3986 2: characters", [
  path("3986 2.1, an escaped space", "/file%20name.txt"),
  path("3986 2.1, escaped UTF-8", "/caf%C3%A9"),
  path("3986 2.1, an escaped slash", "/a%2Fb"),
  path("3986 2.1, an escaped line end", "/path%0D%0Ainjected"),
  bad("3986 2.1, an escaped NUL", "/file%00.txt"),
  bad("3986 2.1, an escape that is none", "/path%ZZencoded"),
  bad("3986 2.1, half an escape", "/a%2"),
  bad("3986 2.1, a percent sign alone", "/a%"),
  bad("3986 2.1, bytes beyond ASCII", "/\xc3\xa9"),
  bad("3986 2.1, a quote", '/a"b'),
  bad("3986 2.1, an angle", "/a<b"),
  bad("3986 2.1, a backslash", "/a\\b/c"),
]);

table("RFC 3986 3: paths and queries", [
  path("3986 3.3, twenty segments", "/segment".repeat(20)),
  taken("3986 3.3, two slashes at the start", request("GET //"), "GET /"),
  taken("3986 3.3, slashes within", request("GET //a///b/c"), "GET /a///b/c"),
  path("3986 3.3, @", "/@user/posts"),
  path("3986 3.3, ^", "/a^b/c"),
  path("3986 3.3, |", "/a|b/c"),
  path("3986 3.3, brackets", "/a[b]/c"),
  path("3986 3.3, a colon", "/a:b/c@d"),
  path("3986 3.3, parameters", "/res;jsessionid=abc123"),
  path(
    "3986 3.3, all that may stand in a path",
    "/a-b_c.d!e$f&g'h(i)j*k+l,m;n=o:p@q/r~s",
  ),
  path("3986 3.3, a tilde", "/~user/file.html"),
  path("3986 3.4, an empty query", "/?"),
  path("3986 3.4, two question marks", "/??q=1"),
  path("3986 3.4, a query with a slash and a colon", "/?a=http://b/c:d?e"),
  path("3986 3.4, edges of pairs", "/?&a=1&&b=&=val&c"),
  path("3986 3.4, a key that repeats", "/?tag=red&tag=green&tag=blue"),
  path("3986 3.4, a plus sign", "/?q=hello+world&n=42"),
  path("3986 3.4, braces and a bar", "/?a={b|c}"),
  path("3986 3.4, a query of four kilobytes", `/?q=${"x".repeat(4096)}`),
  path("3986 3.4, a hundred parameters", `/?${"p=v&".repeat(100)}`),
  bad("3986 3.5, a fragment", "/page#section"),
]);

table("RFC 3986 6.2.2: dots", [
  path("3986 6.2.2, a dot segment", "/./foo/."),
  path("3986 6.2.2, two dots", "/../../etc/passwd"),
  path("3986 6.2.2, escaped dots", "/%2E%2E/etc/passwd"),
  path("3986 6.2.2, dots that are escaped twice", "/%252E%252E/secret"),
]);
