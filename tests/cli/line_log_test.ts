import { assertEquals } from "@std/assert";
import { bold, cyan, dim, green, red, yellow } from "@std/fmt/colors";
import { colorLine, LineLog } from "../../lib/cli/line_log.ts";

function fakeOutput({ most = Infinity } = {}) {
  const written: string[] = [];
  return {
    written,
    isTerminal: () => false,
    writeSync(octets: Uint8Array): number {
      const taken = octets.subarray(0, most);
      written.push(new TextDecoder().decode(taken));
      return taken.length;
    },
  };
}

/** Settles after the timers that are due. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

Deno.test("LineLog joins the lines of a turn in one write", async () => {
  const output = fakeOutput();
  const log = new LineLog(output);
  log.write("one");
  log.write("two");
  assertEquals(output.written, []);
  await nextTurn();
  log.write("three");
  await nextTurn();
  assertEquals(output.written, ["one\ntwo\n", "three\n"]);
});

Deno.test("LineLog.flush() writes at once and only once", async () => {
  const output = fakeOutput();
  const log = new LineLog(output);
  log.write("one");
  log.flush();
  log.flush();
  assertEquals(output.written, ["one\n"]);
  await nextTurn();
  assertEquals(output.written, ["one\n"]);
});

Deno.test("LineLog writes on after a short write", () => {
  const output = fakeOutput({ most: 3 });
  const log = new LineLog(output);
  log.write("four");
  log.flush();
  assertEquals(output.written, ["fou", "r\n"]);
});

Deno.test("LineLog waits for a pipe that is full", () => {
  const output = fakeOutput();
  let refusals = 2;
  const log = new LineLog({
    ...output,
    writeSync(octets) {
      if (refusals-- > 0) throw new Deno.errors.WouldBlock();
      return output.writeSync(octets);
    },
  });
  log.write("one");
  log.flush();
  assertEquals(output.written, ["one\n"]);
});

Deno.test("LineLog goes on when nobody reads it any more", () => {
  let attempts = 0;
  const log = new LineLog({
    isTerminal: () => false,
    writeSync() {
      attempts++;
      throw new Deno.errors.BrokenPipe();
    },
  });
  log.write("one");
  log.flush();
  log.write("two");
  log.flush();
  assertEquals(attempts, 2);
});

Deno.test("colorLine() paints the status of a request", async (t) => {
  const front = "127.0.0.1 - - [21/Nov/2026 10:00:00]";
  const dimmed = `127.0.0.1 - - ${dim("[21/Nov/2026 10:00:00]")}`;
  const get = `"GET /a"b HTTP/1.1"`;
  const table: [line: string, colored: string][] = [
    [`${front} ${get} 200 -`, `${dimmed} ${get} ${green("200")} -`],
    [`${front} ${get} 206 7`, `${dimmed} ${get} ${green("206")} 7`],
    [`${front} ${get} 304 -`, `${dimmed} ${get} ${cyan("304")} -`],
    [`${front} ${get} 404 -`, `${dimmed} ${get} ${yellow("404")} -`],
    [`${front} ${get} 500 -`, `${dimmed} ${get} ${red("500")} -`],
    [`${front} ${get} 103 -`, `${dimmed} ${get} ${bold("103")} -`],
    [`${front} ${get} - -`, `${front} ${get} - -`],
    [`${front} code 404, message x`, `${front} code 404, message x`],
  ];
  for (const [line, colored] of table) {
    await t.step(line, () => assertEquals(colorLine(line), colored));
  }
});
