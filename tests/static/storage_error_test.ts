import { assertEquals } from "@std/assert";
import { HttpError } from "../../lib/facts/errors.ts";
import { storageError } from "../../lib/static/storage_error.ts";
import { folderOf } from "./_folder.ts";

type Row = readonly [
  name: string,
  attempt: () => Promise<unknown>,
  want: number,
  /** Where it is outside of the folder: Deno asks for all permissions there. */
  place?: string,
];

/**
 * Permission to write everywhere is not enough for devices and the kernel: only
 * the attempt tells.
 */
function mayOpen(path: string): boolean {
  try {
    Deno.openSync(path, { write: true }).close();
  } catch (error) {
    return !(error instanceof Deno.errors.NotCapable);
  }
  return true;
}

const CREATE = { write: true, createNew: true };

Deno.test("storageError() knows what the system refuses", {
  ignore: Deno.build.os !== "linux",
}, async (t) => {
  await using folder = await folderOf({ "file": "", "sub/": "" });
  const { path } = folder;
  const rows: Row[] = [
    [
      "a full disk",
      async () => {
        using full = await Deno.open("/dev/full", { write: true });
        await full.write(new Uint8Array(10));
      },
      507,
      "/dev/full",
    ],
    [
      "a name that is too long",
      () => Deno.open(`${path}/${"x".repeat(256)}`, CREATE),
      400,
    ],
    ["a NUL in the name", () => Deno.open(`${path}/a\0b`, CREATE), 400],
    ["a file that exists", () => Deno.open(`${path}/file`, CREATE), 409],
    ["a folder that does not", () => Deno.open(`${path}/none/x`, CREATE), 409],
    ["a file for a folder", () => Deno.open(`${path}/file/x`, CREATE), 409],
    [
      "a folder for a file",
      () => Deno.rename(`${path}/file`, `${path}/sub`),
      409,
    ],
    [
      "a folder that cannot be written to",
      () => Deno.open("/sys/kernel/x", CREATE),
      403,
      "/sys/kernel/x",
    ],
  ];
  for (const [name, attempt, want, place] of rows) {
    await t.step({
      name,
      ignore: place !== undefined && !mayOpen(place),
      async fn() {
        const cause = await attempt().then(() => undefined, (error) => error);
        const error = storageError(cause);
        if (!(error instanceof HttpError)) throw cause;
        assertEquals(error.status, want);
        assertEquals(error.cause, cause);
        // What the client is told holds no path of the server.
        assertEquals(error.message.includes("/"), false);
      },
    });
  }
});

Deno.test("storageError() leaves other errors as they are", () => {
  const faults = [
    new Error("boom"),
    Object.assign(new Error("disk"), { code: "EIO" }),
    new HttpError(413, "File too large"),
    "text",
    undefined,
  ];
  for (const fault of faults) assertEquals(storageError(fault), fault);
});
