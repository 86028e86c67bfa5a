// What the server holds for one client that goes as far as the limits let it:
// memory and descriptors, as the system counts them. The table is also in
// docs/security.md.

import { assert, assertEquals } from "@std/assert";
import { get } from "./_request.ts";
import { type Line, Stranger } from "./_stranger.ts";
import { type Holdings, Target } from "./_target.ts";

const KIB = 1024;
const MIB = 1024 * KIB;

/** What the runtime may take for itself, however many clients there are. */
const SLACK = 90 * MIB;

/** The names in a folder whose listing is longer than the system buffers. */
const ENTRIES = 40_000;

/** One shape of request. */
interface Shape {
  /** What a client does. */
  readonly name: string;
  /** The most memory for each client, in bytes. */
  readonly memory: number;
  /** The most descriptors for each client, its connection included. */
  readonly descriptors: number;
  /** How many clients do it: enough to tell their share from the slack. */
  readonly clients: number;
  /** What each of them sends. */
  readonly sends: () => string;
  /** What each of them waits for: else nothing is read. */
  readonly awaits?: RegExp;
  /** The files that are served. */
  readonly files?: () => Record<string, string | Uint8Array>;
}

const SHAPES: readonly Shape[] = [
  {
    name: "is silent on a connection that is kept alive",
    memory: 64 * KIB,
    descriptors: 1,
    clients: 2_000,
    sends: () => keepAlive("/bystander.txt"),
    awaits: /bystander\n$/,
  },
  {
    name: "sends a head at its limits, but for its end",
    memory: 320 * KIB,
    descriptors: 1,
    clients: 400,
    sends: () =>
      `GET /${"a".repeat(16_000)} HTTP/1.1\r\nHost: a\r\nA: ${
        "b".repeat(65_000)
      }`,
  },
  {
    name: "sends 16 MiB to be collected",
    memory: 48 * MIB,
    descriptors: 1,
    clients: 4,
    sends: () => post("/hold/bytes", " ".repeat(16 * MIB)),
    awaits: /held\n/,
  },
  {
    name: "sends 4 MiB to be collected, in chunks of one byte",
    memory: 12 * MIB,
    descriptors: 1,
    clients: 1,
    sends: () =>
      "POST /hold/bytes HTTP/1.1\r\nHost: a\r\n" +
      "Transfer-Encoding: chunked\r\n\r\n" +
      "1\r\n \r\n".repeat(4 * MIB) + "0\r\n\r\n",
    awaits: /held\n/,
  },
  {
    name: "sends 1 MiB of JSON",
    memory: 40 * MIB,
    descriptors: 1,
    clients: 4,
    sends: () => post("/hold/json", `[${"{},".repeat(349_000)}0]`),
    awaits: /held\n/,
  },
  {
    name: "sends a form of 10,000 fields",
    memory: 2 * MIB,
    descriptors: 1,
    clients: 60,
    sends: () =>
      post(
        "/hold/form",
        "a&".repeat(9_999),
        "application/x-www-form-urlencoded",
      ),
    awaits: /held\n/,
  },
  {
    name: "sends a form of 10,000 files",
    memory: 8 * MIB,
    descriptors: 1,
    clients: 16,
    sends: () =>
      post(
        "/hold/form",
        "--B\r\nContent-Disposition: form-data; name=a; filename=b\r\n\r\n\r\n"
          .repeat(10_000) + "--B--",
        "multipart/form-data; boundary=B",
      ),
    awaits: /held\n/,
  },
  {
    name: "sends 20,000 requests and reads no response",
    memory: 512 * KIB,
    descriptors: 1,
    clients: 300,
    sends: () => keepAlive("/bystander.txt").repeat(20_000),
  },
  {
    name: "asks for a large file and does not read it",
    memory: 128 * KIB,
    descriptors: 2,
    clients: 800,
    sends: () => keepAlive("/site/large"),
    files: () => ({ large: new Uint8Array(32 * MIB) }),
  },
  {
    name: "asks for 64 parts of a large file and does not read them",
    memory: 256 * KIB,
    descriptors: 2,
    clients: 400,
    sends: () => keepAlive("/site/large", `Range: bytes=${parts(64)}\r\n`),
    files: () => ({ large: new Uint8Array(64 * MIB) }),
  },
  {
    name: "does not read what a handler writes",
    memory: 384 * KIB,
    descriptors: 1,
    clients: 400,
    sends: () => keepAlive("/hold/output"),
  },
  {
    name: "does not read the listing of 40,000 files",
    memory: 16 * MIB,
    descriptors: 2,
    // Their names are as many as all clients together may make it hold.
    clients: 5,
    sends: () => keepAlive("/site/many/"),
    files: manyFiles,
  },
  {
    name: "does not read the archive of a folder",
    memory: 512 * KIB,
    descriptors: 3,
    clients: 400,
    sends: () => keepAlive("/site/?archive=tar"),
    files: () => ({ large: new Uint8Array(32 * MIB) }),
  },
  {
    name: "uploads to a program without saying how much",
    memory: 1 * MIB,
    descriptors: 2,
    clients: 100,
    sends: () =>
      "POST /programs/cgi-bin/slow HTTP/1.1\r\nHost: a\r\n" +
      "Transfer-Encoding: chunked\r\n\r\n" +
      `10000\r\n${" ".repeat(65_536)}\r\n`.repeat(20),
    files: program,
  },
  {
    name: "waits for a program",
    memory: 512 * KIB,
    descriptors: 3,
    clients: 16,
    sends: () => keepAlive("/programs/cgi-bin/slow"),
    awaits: /\r\n\r\n/,
    files: program,
  },
];

function keepAlive(path: string, fields = ""): string {
  return `GET ${path} HTTP/1.1\r\nHost: a\r\n${fields}\r\n`;
}

function post(path: string, body: string, type = "application/json"): string {
  return `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Type: ${type}\r\n` +
    `Content-Length: ${body.length}\r\n\r\n${body}`;
}

/** As many ranges, with some bytes between them. */
function parts(count: number): string {
  return Array.from({ length: count }, (_, i) => {
    const first = i * MIB;
    return `${first}-${first + MIB / 2}`;
  }).join(",");
}

function manyFiles(): Record<string, string> {
  return Object.fromEntries(
    Array.from(
      { length: ENTRIES },
      (_, i) => [`many/a-file-with-a-name-${i}.txt`, ""],
    ),
  );
}

function program(): Record<string, string> {
  return {
    "cgi-bin/slow": "#!/bin/sh\nprintf 'Content-Type: a/b\\n\\n'\n" +
      "read -r _\nexec sleep 60\n",
  };
}

/** Milliseconds between two looks. */
const LOOK_INTERVAL = 250;
/** So many looks in a row have to see the same. */
const SAME_LOOKS = 4;
/** The most looks. */
const MAX_LOOKS = 80;

/** Waits until the memory in use does not change any more. */
async function settled(target: Target): Promise<Holdings> {
  let holdings = await target.holdings();
  let same = 0;
  for (let i = 0; same < SAME_LOOKS && i < MAX_LOOKS; i++) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_INTERVAL));
    const now = await target.holdings();
    const change = Math.abs(now.memory - holdings.memory);
    same = change < MIB ? same + 1 : 0;
    holdings = now;
  }
  return holdings;
}

function descriptorsOf({ descriptors }: Holdings): number {
  return [...descriptors.values()].reduce((sum, count) => sum + count, 0);
}

/** Lets the clients of a shape do what they do, and measures. */
async function measure(
  { clients, sends, awaits, files }: Shape,
): Promise<{ memory: number; descriptors: number }> {
  await using target = await Target.start({
    script: "tests/hostile/bounds_app.ts",
    args: ["$SITE"],
    permissions: ["--allow-all"],
    files: files?.() ?? {},
  });
  using stranger = new Stranger(target, () => Promise.resolve());
  // What the runtime does first is not for these clients.
  for (const path of ["/bystander.txt", "/site/bystander.txt"]) {
    await stranger.ask(get(path));
  }
  const before = await target.holdings();
  await target.forgetPeak();
  const text = new TextEncoder().encode(sends());
  const lines: Line[] = [];
  for (let i = 0; i < clients; i++) lines.push(await stranger.connect());
  for (const line of lines) void line.send(text);
  if (awaits !== undefined) {
    for (const line of lines) await line.readTo(awaits);
  }
  const after = await settled(target);
  return {
    memory: Math.max(0, after.peak - before.memory - SLACK) / clients,
    descriptors: (descriptorsOf(after) - descriptorsOf(before)) / clients,
  };
}

function format(bytes: number): string {
  return bytes < MIB ? `${bytes / KIB} KiB` : `${bytes / MIB} MiB`;
}

Deno.test("The server holds no more for a client than it says", {
  ignore: Deno.build.os !== "linux",
}, async (t) => {
  for (const shape of SHAPES) {
    await t.step(shape.name, async () => {
      const { memory, descriptors } = await measure(shape);
      assert(memory <= shape.memory, `${Math.round(memory / KIB)} KiB each`);
      // Some are the runtime's own.
      assert(descriptors <= shape.descriptors + 4 / shape.clients);
    });
  }
});

Deno.test("docs/security.md has the table of what is held", async () => {
  const url = new URL("../../docs/security.md", import.meta.url);
  const rows = (await Deno.readTextFile(url)).split("\n")
    .filter((line) => line.startsWith("|"))
    .map((line) => line.split("|").slice(1, 4).map((cell) => cell.trim()));
  for (const { name, memory, descriptors } of SHAPES) {
    const row = rows.find(([first]) => first === name);
    assertEquals(row, [name, format(memory), String(descriptors)]);
  }
});
