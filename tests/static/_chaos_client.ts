// A client that asks for files and sends some, and goes at a random moment in a
// random manner. In: dice. Out: what it has heard.

import { connect } from "node:net";
import type { Dice } from "../fuzz/_mutation.ts";
import { formPart } from "./_upload.ts";

/** What a client asks for. */
const PATHS = [
  "/",
  "/small.txt",
  "/large.txt",
  "/sub/",
  "/sub/deep.txt",
  "/swapped",
  "/swapped/",
  "/swapped/x.txt",
  "/?archive=tar",
  "/?archive=zip",
  "/sub/?archive=tar",
  "/none",
];

const FIELDS = [
  "",
  "Range: bytes=10-20\r\n",
  "Range: bytes=0-9,1000000-1500000\r\n",
  "Accept-Encoding: gzip\r\n",
  "Accept: application/json\r\n",
  'If-None-Match: "x"\r\n',
];

/** Names that are stored, refused, or there already. */
const NAMES = ["a", "b", "c", "small.txt", "swapped", "..", "a\\b", "sub"];

/** How a client goes. */
const ENDINGS = ["reads", "half-closes", "leaves", "resets", "stays"];

/** Milliseconds for which a client stays that says nothing more. */
const STAY = 150;

/** Milliseconds after which a client goes that waits for a response. */
const WAIT = 500;

/** Sends one to three requests, of which the last may break off. */
export async function visit(port: number, dice: Dice): Promise<string> {
  let bytes = "";
  for (let i = dice.roll(3); i >= 0; i--) {
    // Mostly the last request says that it is.
    const isLast = i === 0 && dice.roll(5) > 0;
    bytes += makeRequest(dice, isLast ? "Connection: close\r\n" : "");
  }
  // Every other client goes in the middle of what it says.
  const end = dice.roll(2) === 0 ? bytes.length : dice.roll(bytes.length);
  const sent = Uint8Array.from(bytes.slice(0, end), (c) => c.charCodeAt(0));
  const ending = dice.pick(ENDINGS);
  if (ending === "resets") return await reset(port, sent);
  try {
    return await converse(port, sent, ending, dice);
  } catch (error) {
    if (isGone(error)) return "";
    throw error;
  }
}

function makeRequest(dice: Dice, field: string): string {
  const head = `HTTP/1.1\r\nHost: localhost\r\n${field}`;
  switch (dice.roll(4)) {
    case 0:
      return putOf(dice, head);
    case 1:
      return postOf(dice, head);
    default: {
      const method = dice.pick(["GET", "GET", "GET", "HEAD"]);
      return `${method} ${dice.pick(PATHS)} ${head}${dice.pick(FIELDS)}\r\n`;
    }
  }
}

function putOf(dice: Dice, head: string): string {
  const path = dice.pick(["/", "/sub/", "/swapped/"]) + dice.pick(NAMES);
  const body = contentOf(dice);
  const length = `Content-Length: ${body.length}\r\n`;
  return `PUT ${encodeURI(path)} ${head}${length}\r\n${body}`;
}

function postOf(dice: Dice, head: string): string {
  let body = "";
  for (let i = dice.roll(4); i >= 0; i--) {
    body += formPart({ name: dice.pick(NAMES), content: contentOf(dice) });
  }
  body += "--EDGE--\r\n";
  const path = dice.pick(["/", "/sub/", "/swapped/", "/none/"]);
  return `POST ${path} ${head}` +
    "Content-Type: multipart/form-data; boundary=EDGE\r\n" +
    `Content-Length: ${body.length}\r\n\r\n${body}`;
}

function contentOf(dice: Dice): string {
  return "0123456789".repeat([0, 1, 100, 20_000][dice.roll(4)] ?? 0);
}

async function converse(
  port: number,
  bytes: Uint8Array,
  ending: string,
  dice: Dice,
): Promise<string> {
  using connection = await Deno.connect({ port });
  const timer = setTimeout(() => connection.close(), WAIT);
  try {
    return await talk(connection, bytes, ending, dice);
  } finally {
    clearTimeout(timer);
  }
}

async function talk(
  connection: Deno.Conn,
  bytes: Uint8Array,
  ending: string,
  dice: Dice,
): Promise<string> {
  let text = "";
  // While it sends it reads, or the two would wait for each other.
  const sending = send(connection, bytes, dice).catch(() => {});
  if (ending === "half-closes") {
    await sending;
    await connection.closeWrite();
  }
  if (ending === "stays") await new Promise((go) => setTimeout(go, STAY));
  const buffer = new Uint8Array(16_384);
  const mayRead = ending === "leaves" || ending === "stays"
    ? dice.roll(4)
    : Infinity;
  for (let reads = 0; reads < mayRead; reads++) {
    const count = await connection.read(buffer);
    if (count === null) break;
    text += new TextDecoder("latin1").decode(buffer.subarray(0, count));
  }
  return text;
}

/** Some clients send slowly: three pieces, with a turn of the loop between. */
async function send(
  connection: Deno.Conn,
  bytes: Uint8Array,
  dice: Dice,
): Promise<void> {
  const size = dice.roll(3) === 0 ? Math.ceil(bytes.length / 3) : bytes.length;
  for (let at = 0; at < bytes.length;) {
    const piece = bytes.subarray(at, at + Math.max(1, size));
    at += await connection.write(piece);
    if (at < bytes.length) await new Promise((go) => setTimeout(go, 5));
  }
}

/** Sends, and goes by RST. */
async function reset(port: number, bytes: Uint8Array): Promise<string> {
  const socket = connect({ port, host: "127.0.0.1" });
  socket.on("error", () => {});
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  socket.once("close", () => resolve());
  socket.once("connect", () => {
    socket.write(bytes, () => socket.resetAndDestroy());
  });
  await closed;
  return "";
}

function isGone(error: unknown): boolean {
  return error instanceof Deno.errors.ConnectionReset ||
    error instanceof Deno.errors.BadResource ||
    error instanceof Deno.errors.Interrupted ||
    error instanceof Deno.errors.BrokenPipe ||
    error instanceof Deno.errors.NotConnected;
}
