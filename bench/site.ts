/**
 * The folder that the file servers serve: files of three sizes, listings of
 * three sizes, and the smallest CGI script.
 *
 * @module
 */

/** The paths of the files, and how many octets each has. */
export const FILES = {
  "/1k.txt": 1_024,
  "/64k.bin": 65_536,
  "/10m.bin": 10_485_760,
} as const;

/** How many entries the folders to list have. */
export const LISTINGS: readonly number[] = [10, 100, 1_000];

/** The target of the CGI script. */
export const SCRIPT = "/cgi-bin/hello.sh";

// With a length, because wrk takes an answer that ends with its connection,
// as Python's would, for an error.
const SCRIPT_TEXT = `#!/bin/sh
printf 'Content-Type: text/plain\\r\\nContent-Length: 14\\r\\n\\r\\nHello, World!\\n'
`;

/** A temporary site, removed when disposed of. */
export interface Site extends AsyncDisposable {
  /** The folder to serve. */
  readonly folder: string;
}

/** Makes the site. */
export async function makeSite(): Promise<Site> {
  const parent = await Deno.makeTempDir({ prefix: "verb_bench_" });
  const folder = `${parent}/site`;
  await Deno.mkdir(`${folder}/cgi-bin`, { recursive: true });
  for (const [path, octets] of Object.entries(FILES)) {
    await Deno.writeFile(folder + path, new Uint8Array(octets).fill(0x61));
  }
  for (const entries of LISTINGS) await makeListing(folder, entries);
  await Deno.writeTextFile(folder + SCRIPT, SCRIPT_TEXT, { mode: 0o755 });
  // Python drops its privileges before it runs a script.
  await Deno.chmod(parent, 0o755);
  return {
    folder,
    [Symbol.asyncDispose]: () => Deno.remove(parent, { recursive: true }),
  };
}

async function makeListing(folder: string, entries: number): Promise<void> {
  const path = `${folder}/list${entries}`;
  await Deno.mkdir(path);
  for (let entry = 0; entry < entries; entry++) {
    await Deno.writeTextFile(`${path}/entry-${entry}.txt`, "");
  }
}
