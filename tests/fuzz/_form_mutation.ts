// Multipart forms that are nearly right, by a seed: the boundary is `B`.

import { Dice } from "./_mutation.ts";

const A = 'Content-Disposition: form-data; name="a"';
const F = 'Content-Disposition: form-data; name="f"; filename="f.txt"';

const GOOD = [
  `--B\r\n${A}\r\n\r\n1\r\n--B--\r\n`,
  `--B\r\n${F}\r\nContent-Type: text/plain\r\n\r\n1\r\n--B\r\n${A}\r\n\r\n--B--`,
  `pre\r\n--B\r\n${A}\r\n\r\n\r\n--B--\r\npost`,
  `--B\r\n${A}\r\nContent-Type: multipart/mixed; boundary=C\r\n\r\n` +
  `--C\r\n${F}\r\n\r\nx\r\n--C--\r\n--B--\r\n`,
  `--B\r\n${A}; filename*=UTF-8''%e2%82%ac\r\n\r\n\r\n\r\n--B--`,
  "--B--",
];

/** What is put in. */
const PIECES = [
  "\r",
  "\n",
  "\r\n",
  "\r\n\r\n",
  "\r\n ",
  "\0",
  "\xff",
  " ",
  "\t",
  "-",
  "--",
  "--B",
  "--B--",
  "\r\n--B",
  "\r\n--B\r\n",
  "\r\n--B--",
  "\r\n--C",
  ":",
  ";",
  '"',
  "\\",
  "%",
  "=",
  "''",
  "; name=b",
  '; filename=""',
  "; filename*=UTF-8''%",
  `${A}\r\n`,
  "Content-Transfer-Encoding: base64\r\n",
  "X: y\r\n",
];

/**
 * Makes forms with up to four changes each.
 *
 * @param seed The same seed makes the same forms.
 * @param count How many.
 * @returns Text in which each character is a byte.
 */
export function* formMutations(seed: number, count: number): Generator<string> {
  const dice = new Dice(seed);
  for (let i = 0; i < count; i++) {
    let text = dice.pick(GOOD);
    for (let changes = dice.roll(5); changes > 0; changes--) {
      text = change(text, dice);
    }
    yield text;
  }
}

function change(text: string, dice: Dice): string {
  const at = dice.roll(text.length + 1);
  const head = text.slice(0, at);
  const tail = text.slice(at);
  const span = 1 + dice.roll(12);
  switch (dice.roll(6)) {
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
    default:
      return head;
  }
}
