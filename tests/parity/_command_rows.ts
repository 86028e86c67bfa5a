// TLS and the command line: rows 91 to 97.

import { HttpRequestHandler, HttpServer } from "../../mod.ts";
import { run, Serving } from "../cli/_command.ts";
import { folderOf } from "../static/_folder.ts";
import type { Row } from "./_row.ts";

const TLS = new URL("../testdata/tls/", import.meta.url);
const CERT = Deno.readTextFileSync(new URL("localhost.crt", TLS));
const KEY = Deno.readTextFileSync(new URL("localhost.key", TLS));
const BROKEN = "-----BEGIN CERTIFICATE-----\nabc\n-----END CERTIFICATE-----\n";

/** Whether a server starts with each pair of certificate and key. */
async function starts(
  ...pairs: { cert?: string; key?: string }[]
): Promise<string> {
  const seen: string[] = [];
  for (const pair of pairs) {
    try {
      await using _server = new HttpServer(
        { port: 0, ...pair },
        HttpRequestHandler,
      );
      seen.push("works");
    } catch (error) {
      seen.push(error instanceof Error ? "error" : "no error");
    }
  }
  return seen.join(" ");
}

/** The first line of the command and how it stops, with these flags. */
async function firstLine(...flags: string[]): Promise<string> {
  await using serving = await Serving.start([...flags, "0"]);
  const line = serving.firstLines.split("\n")[0] ?? "";
  await serving.stop();
  return line.replaceAll(String(serving.port), "PORT");
}

/** How the command ends that cannot start. */
async function refusal(...flags: string[]): Promise<string> {
  const { code, stdout, stderr } = await run(flags);
  const first = stderr.split("\n")[0] ?? "";
  return `${code === 0 ? "success" : "failure"} ` +
    `${stdout === "" ? "quiet" : "usage"} ${/^error/.exec(first)?.[0] ?? "-"}`;
}

/** A file fetched over the command with these flags. */
async function fetched(scheme: string, ...flags: string[]): Promise<string> {
  await using folder = await folderOf({ "a.txt": "bytes on disk\n" });
  await using serving = await Serving.start(
    [...flags, "-d", folder.path, "0"],
    { permissions: ["-NR"] },
  );
  const ca = await Deno.readTextFile(new URL("ca.crt", TLS));
  using client = Deno.createHttpClient({ caCerts: [ca] });
  const url = `${scheme}://localhost:${serving.port}/a.txt`;
  const text = await (await fetch(url, { client })).text();
  const line = /^Serving (HTTPS?) on (\S+) port \d+/.exec(serving.firstLines);
  await serving.stop();
  return `${line?.[1]} ${text}`;
}

/** Rows 91 to 97. */
export const COMMAND_ROWS: readonly Row[] = [
  {
    row: 91,
    name: "certificate and key in one file, and in two",
    see: () =>
      starts({ cert: CERT + KEY, key: CERT + KEY }, { cert: CERT, key: KEY }),
    python: "works works",
  },
  {
    row: 91,
    name: "a certificate that is broken, empty, without a key, a key, swapped",
    see: () =>
      starts(
        { cert: BROKEN, key: KEY },
        { cert: "", key: KEY },
        { cert: CERT },
        { cert: KEY, key: KEY },
        { cert: KEY, key: CERT },
      ),
    python: "error error error error error",
  },
  {
    row: 92,
    name: "where the command listens by default",
    see: () => firstLine(),
    python: "Serving HTTP on 0.0.0.0 port PORT (http://0.0.0.0:PORT/) ...",
    differs: {
      here: "Serving HTTP on 127.0.0.1 port PORT (http://127.0.0.1:PORT/) ...",
      why: "who serves to the network says so by --bind",
    },
  },
  {
    row: 93,
    name: "a protocol that nobody speaks, and a port that is none",
    see: async () =>
      `${await refusal("-p", "HTTP/9", "0")}; ${await refusal("99999")}`,
    python: "success quiet -; success quiet -",
    differs: {
      here: "failure quiet error; failure quiet error",
      why: "what cannot work is said at the start, not to the first client",
    },
  },
  {
    row: 94,
    name: "--tls-key and --tls-password-file without --tls-cert",
    see: async () =>
      `${await refusal("--tls-key", "x")}; ` +
      await refusal("--tls-password-file", "x"),
    python: "failure quiet error; failure quiet error",
  },
  {
    row: 95,
    name: "--help is on stdout, an unknown flag on stderr",
    see: async () => {
      const help = await run(["--help"]);
      return `${help.stdout.split(" ")[0]} ${help.stderr}; ` +
        await refusal("--unknown");
    },
    python: "usage: ; failure quiet error",
  },
  {
    row: 96,
    name: "addresses of both families",
    see: async () => {
      const lines: string[] = [];
      for (const address of ["::", "::1", "0.0.0.0", "127.0.0.1"]) {
        lines.push(await firstLine("-b", address));
      }
      return lines.map((line) => /on (\S+) port/.exec(line)?.[1]).join(" ");
    },
    python: ":: ::1 0.0.0.0 127.0.0.1",
  },
  {
    row: 97,
    name: "a file over HTTP",
    see: () => fetched("http"),
    python: "HTTP bytes on disk\n",
  },
  {
    row: 97,
    name: "a file over HTTPS, by a key with a password",
    see: async () => {
      await using folder = await folderOf({ password: "  secret \n" });
      return await fetched(
        "https",
        ...["--tls-cert", new URL("localhost.crt", TLS).pathname],
        ...["--tls-key", new URL("localhost_encrypted.key", TLS).pathname],
        ...["--tls-password-file", `${folder.path}/password`],
      );
    },
    python: "HTTPS bytes on disk\n",
  },
];
