// Requests that are nearly right. In: a seed. Out: an endless row of inputs, the
// same for the same seed, made of good requests by a few changes of the kinds
// that parsers stumble over.

/** Good requests of all framings. */
const GOOD = [
  "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
  "HEAD /h HTTP/1.1\r\nHost: a\r\nAccept: */*\r\n\r\n",
  "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
  "GET http://b/c?d HTTP/1.1\r\nHost: a\r\nX-Y: z\r\n\r\n",
  "GET /%41/./b/../c?d=%zz HTTP/1.1\r\nHost: [::1]:80\r\n\r\n",
  "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
  "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
  "POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
  "PUT /p HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
  "POST /p HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n" +
  "Content-Length: 2\r\n\r\nhi",
  "POST /p HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" +
  "5\r\nhello\r\n0\r\n\r\n",
  "POST /p HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n" +
  'TE: trailers\r\n\r\n1;a="b"\r\nx\r\nA;c\r\n0123456789\r\n0\r\nT: u\r\n\r\n',
];

/** What is put in: what separates, what disguises, and whole lines. */
const PIECES = [
  "\r",
  "\n",
  "\r\n",
  "\r\n\r\n",
  "\r\n ",
  "\0",
  "\v",
  "\x7f",
  "\x80",
  "\xff",
  " ",
  "\t",
  ":",
  ";",
  ",",
  '"',
  "\\",
  "%",
  "/",
  "?",
  "#",
  "+",
  "-",
  "0",
  "0x",
  "9999999999",
  "ffffffffffffffff",
  "HTTP/1.1",
  "HTTP/1.0",
  "HTTP/2.0",
  "chunked",
  "0\r\n\r\n",
  "Host: b\r\n",
  "Content-Length: 5\r\n",
  "Content-Length: 0\r\n",
  "Transfer-Encoding: chunked\r\n",
  "Transfer-Encoding: gzip\r\n",
  "Connection: close\r\n",
  "Expect: 100-continue\r\n",
  "X: y\r\n",
  "GET /i HTTP/1.1\r\nHost: a\r\n\r\n",
];

/** Numbers from a seed: mulberry32. */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** An integer from 0 to `sides - 1`. */
  roll(sides: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % sides;
  }

  /** One of `list`. */
  pick(list: readonly string[]): string {
    return list[this.roll(list.length)] ?? "";
  }
}

/** One input: one to three requests with up to four changes. */
export function makeInput(dice: Dice): string {
  let text = "";
  for (let i = 0; i <= dice.roll(3); i++) text += dice.pick(GOOD);
  for (let i = dice.roll(5); i > 0; i--) text = mutate(text, dice);
  return text;
}

/** Where `text` may be cut, in rising order. */
export function makeSplits(text: string, dice: Dice): number[] {
  const splits = Array.from(
    { length: 1 + dice.roll(4) },
    () => dice.roll(text.length + 1),
  );
  return splits.sort((a, b) => a - b);
}

function mutate(text: string, dice: Dice): string {
  const at = dice.roll(text.length + 1);
  const head = text.slice(0, at);
  const tail = text.slice(at);
  const span = 1 + dice.roll(12);
  switch (dice.roll(7)) {
    case 0:
      return head + dice.pick(PIECES) + tail;
    case 1:
      return head + dice.pick(PIECES) + tail.slice(span);
    case 2:
      return head + String.fromCharCode(dice.roll(256)) + tail.slice(1);
    case 3:
      return head + tail.slice(span);
    case 4:
      return head + tail.slice(0, span) + tail;
    case 5:
      return head + dice.pick(GOOD).slice(dice.roll(40)) + tail;
    default:
      return head;
  }
}
