// What a byte may be part of, as tables: heads are checked byte by byte, before
// anything of them becomes a string.

import { isFieldValue, isToken } from "./grammar.ts";

/** A table with 1 for each byte of which a text alone is one of `kind`. */
function tableOf(kind: (text: string) => boolean): Uint8Array {
  return Uint8Array.from(
    { length: 256 },
    (_, byte) => Number(kind(String.fromCharCode(byte))),
  );
}

/** 1 for the bytes of tokens (RFC 9110 section 5.6.2). */
export const TOKEN_BYTES: Uint8Array = tableOf(isToken);

/** 1 for the bytes of field values (RFC 9110 section 5.5). */
export const VALUE_BYTES: Uint8Array = tableOf(isFieldValue);
