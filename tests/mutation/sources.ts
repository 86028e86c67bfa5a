// Which tests are run against the mutants of which source: the fewest that
// concern it, since they run once for each mutant.

import { dirname, join } from "@std/path";

/** The folders whose every line the tests must hold. */
export const FOLDERS: readonly string[] = [
  "lib/facts",
  "lib/bytes",
  "lib/protocol",
];

/** Tests that are run before the one that mirrors the source. */
const FURTHER_TESTS: Readonly<Record<string, readonly string[]>> = {
  "lib/bytes/byte_reader.ts": [
    "tests/bytes/byte_reader_window_test.ts",
    "tests/bytes/turn_sharing_test.ts",
  ],
  "lib/bytes/byte_writer.ts": [
    "tests/bytes/byte_writer_delivery_test.ts",
    "tests/bytes/byte_writer_probe_test.ts",
    "tests/bytes/turn_sharing_test.ts",
  ],
  "lib/protocol/framing.ts": ["tests/protocol/framing_decision_test.ts"],
  "lib/protocol/chunk_line.ts": ["tests/protocol/chunked_decoder_test.ts"],
  "lib/protocol/chunked_decoder.ts": [
    "tests/protocol/chunk_sequence_test.ts",
  ],
  "lib/protocol/exchange.ts": ["tests/protocol/wire_exchange_test.ts"],
  "lib/protocol/late_error.ts": ["tests/protocol/response_body_test.ts"],
  "lib/protocol/field_scanner.ts": ["tests/protocol/head_scanner_test.ts"],
  "lib/protocol/multipart_reader.ts": [
    "tests/protocol/multipart_waiting_test.ts",
  ],
  "lib/protocol/request_line.ts": [
    "tests/protocol/request_parts_test.ts",
    "tests/protocol/head_scanner_test.ts",
  ],
  "lib/protocol/request_body.ts": [
    "tests/protocol/body_state_test.ts",
    "tests/protocol/body_reading_test.ts",
  ],
  "lib/protocol/request_head.ts": [
    "tests/protocol/head_scanner_test.ts",
    "tests/protocol/request_parts_test.ts",
  ],
  "lib/protocol/response_head.ts": [
    "tests/protocol/response_writer_test.ts",
  ],
  "lib/protocol/wire_exchange.ts": [
    "tests/protocol/exchange_state_test.ts",
    "tests/protocol/exchange_end_test.ts",
  ],
  "lib/protocol/response_writer.ts": [
    "tests/protocol/wire_response_test.ts",
    "tests/protocol/wire_response_between_test.ts",
    "tests/protocol/response_trailer_test.ts",
    "tests/protocol/response_misuse_test.ts",
  ],
};

/**
 * The sources at a path, in order.
 *
 * @param path A folder or a file, from the root.
 */
export async function sourcesAt(path: string): Promise<string[]> {
  if (path.endsWith(".ts")) return [path];
  const entries = await Array.fromAsync(Deno.readDir(path));
  return entries.filter(({ name }) => name.endsWith(".ts"))
    .map(({ name }) => join(path, name)).sort();
}

/**
 * The tests of a source.
 *
 * @param source Its path from the root.
 * @throws {Error} If it has none.
 */
export async function testsOf(source: string): Promise<string[]> {
  const mirror = source.replace("lib/", "tests/").replace(".ts", "_test.ts");
  const tests = [...FURTHER_TESTS[source] ?? []];
  if (await isFile(mirror)) tests.push(mirror);
  if (tests.length === 0) throw new Error(`No test is known for ${source}`);
  return tests;
}

async function isFile(path: string): Promise<boolean> {
  const entries = await Array.fromAsync(Deno.readDir(dirname(path)));
  return entries.some(({ name }) => join(dirname(path), name) === path);
}
