import { assertEquals, assertThrows } from "@std/assert";
import {
  decodeEnd,
  encodeBegin,
  encodePairs,
  encodePart,
  encodeStream,
  type FastCgiRecord,
  RECORD_TYPE,
  RecordDecoder,
} from "../../lib/cgi/fastcgi_record.ts";

function hex(octets: Uint8Array): string {
  return Array.from(octets, (octet) => octet.toString(16).padStart(2, "0"))
    .join(" ");
}

const ENCODED: readonly { name: string; octets: Uint8Array; want: string }[] = [
  {
    name: "BEGIN_REQUEST that keeps the connection",
    octets: encodeBegin(1, true),
    want: "01 01 00 01 00 08 00 00 00 01 01 00 00 00 00 00",
  },
  {
    name: "BEGIN_REQUEST that closes it",
    octets: encodeBegin(258, false),
    want: "01 01 01 02 00 08 00 00 00 01 00 00 00 00 00 00",
  },
  {
    name: "an empty stream",
    octets: encodeStream(RECORD_TYPE.stdin, 1, new Uint8Array(0)),
    want: "01 05 00 01 00 00 00 00",
  },
  {
    name: "a stream and its end",
    octets: encodeStream(RECORD_TYPE.stdin, 1, Uint8Array.of(9, 8)),
    want: "01 05 00 01 00 02 00 00 09 08 01 05 00 01 00 00 00 00",
  },
  {
    name: "a part of a stream",
    octets: encodePart(RECORD_TYPE.stdin, 1, Uint8Array.of(9)),
    want: "01 05 00 01 00 01 00 00 09",
  },
  {
    name: "short name-value pairs",
    octets: encodePairs({ A: "bc", D: "" }),
    want: "01 02 41 62 63 01 00 44",
  },
  {
    name: "a value that is not UTF-8",
    octets: encodePairs({ A: "\udce9é" }),
    want: "01 03 41 e9 c3 a9",
  },
];

Deno.test("FastCGI records have the octets of the specification", async (t) => {
  for (const { name, octets, want } of ENCODED) {
    await t.step(name, () => assertEquals(hex(octets), want));
  }
});

Deno.test("encodePairs() gives a long value four octets of length", () => {
  const octets = encodePairs({ A: "x".repeat(128) });
  assertEquals(hex(octets.subarray(0, 7)), "01 80 00 00 80 41 78");
  assertEquals(octets.length, 1 + 4 + 1 + 128);
});

/** The records in pieces of the given size. */
function decode(octets: Uint8Array, size: number): FastCgiRecord[] {
  const decoder = new RecordDecoder();
  const records: FastCgiRecord[] = [];
  for (let at = 0; at < octets.length; at += size) {
    decoder.push(octets.subarray(at, at + size));
    for (;;) {
      const record = decoder.next();
      if (record === undefined) break;
      records.push({ ...record, content: record.content.slice() });
    }
  }
  assertEquals(decoder.isBetweenRecords, true);
  return records;
}

Deno.test("RecordDecoder reads records from pieces of any size", () => {
  // The second record has two octets of padding.
  const octets = Uint8Array.from([
    ...[1, 6, 0, 1, 0, 3, 0, 0, 97, 98, 99],
    ...[1, 7, 1, 2, 0, 1, 2, 0, 33, 0, 0],
    ...[1, 3, 0, 1, 0, 8, 0, 0, 0, 0, 0, 7, 2, 0, 0, 0],
  ]);
  for (let size = 1; size <= octets.length; size++) {
    assertEquals(decode(octets, size), [
      { type: 6, requestId: 1, content: Uint8Array.of(97, 98, 99) },
      { type: 7, requestId: 258, content: Uint8Array.of(33) },
      {
        type: 3,
        requestId: 1,
        content: Uint8Array.of(0, 0, 0, 7, 2, 0, 0, 0),
      },
    ]);
  }
});

Deno.test("encodePart() splits what one record cannot hold", () => {
  const content = new Uint8Array(200_000).fill(7);
  const records = decode(encodePart(RECORD_TYPE.stdin, 1, content), 65_536);
  assertEquals(records.map((record) => record.content.length), [
    65_528,
    65_528,
    65_528,
    3_416,
  ]);
});

Deno.test("RecordDecoder refuses another protocol version", () => {
  const decoder = new RecordDecoder();
  decoder.push(new TextEncoder().encode("HTTP/1.1 200 OK\r\n"));
  assertThrows(
    () => decoder.next(),
    RangeError,
    "Cannot read a FastCGI record: version 72",
  );
});

Deno.test("decodeEnd() finds both statuses", () => {
  const end = decodeEnd(Uint8Array.of(0, 0, 1, 7, 2, 0, 0, 0));
  assertEquals(end, { appStatus: 263, protocolStatus: 2 });
  assertEquals(decodeEnd(Uint8Array.of(0)), undefined);
});
