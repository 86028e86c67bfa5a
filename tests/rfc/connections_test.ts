// RFC 9112 sections 8 and 9, ends of requests and of connections.
import { get, ok, refused, request, table, taken } from "./_row.ts";

const post = (...fields: string[]) => request("POST /", ...fields);
const CLOSE = "Connection: close";
const BYE = ok("GET /\nconnection: close", CLOSE);

table("RFC 9112 8 and 9: ends and connections", [
  refused(
    "9112 8, a head that ends early",
    "GET / HTTP/1.1\r\nHost: a\r\nX-A: ",
    "400 Bad Request",
  ),
  refused(
    "9112 8, a body that ends early",
    post("Content-Length: 10") + "hello",
    "400 Bad Request",
  ),
  {
    rule: "9112 9.3, three requests on one connection, in order",
    raw: get() + request("OPTIONS /x") + request("DELETE /y"),
    want: ok("GET /") + ok("OPTIONS /x") + ok("DELETE /y"),
  },
  {
    rule: "9112 9.3, a request behind a body",
    raw: post("Content-Length: 5") + "hello" + get(),
    want: ok("POST /\ncontent-length: 5\nhello") + ok("GET /"),
  },
  {
    rule: "9112 9.3, HEAD before GET",
    raw: request("HEAD /") + get(),
    want: ok("HEAD /").slice(0, -"HEAD /".length) + ok("GET /"),
  },
  {
    rule: "9112 9.3, twenty requests at once",
    raw: get().repeat(20),
    want: ok("GET /").repeat(20),
  },
  {
    rule: "9112 9.3, an empty line between requests",
    raw: `${get()}\r\n${get()}`,
    want: ok("GET /").repeat(2),
  },
  {
    rule: "9112 9.3, keep-alive on HTTP/1.0",
    raw: "GET / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n" +
      "GET / HTTP/1.0\r\nHost: a\r\n\r\n",
    want: ok("GET /\nconnection: keep-alive", "Connection: keep-alive") +
      ok("GET /", CLOSE),
  },
  { rule: "9112 9.6, close", raw: get(CLOSE) + get(), want: BYE },
  {
    rule: "9112 9.6, close behind a tab",
    raw: get("Connection:\tclose") + get(),
    want: BYE,
  },
  {
    rule: "9112 9.6, close in a list",
    raw: get("Connection: x-option , close") + get(),
    want: ok("GET /\nconnection: x-option , close", CLOSE),
  },
  {
    rule: "9112 9.6, close beside keep-alive, on two lines",
    raw: get("Connection: keep-alive", CLOSE) + get(),
    want: ok("GET /\nconnection: keep-alive, close", CLOSE),
  },
  {
    rule: "9112 9.6, close twice",
    raw: get("Connection: close, close") + get(),
    want: ok("GET /\nconnection: close, close", CLOSE),
  },
  {
    rule: "9112 9.6, close in capitals",
    raw: get("Connection: CLOSE") + get(),
    want: ok("GET /\nconnection: CLOSE", CLOSE),
  },
  taken(
    "9112 9.6, a name that has close in it",
    get("Connection: closer"),
    "GET /",
    "connection: closer",
  ),
]);
