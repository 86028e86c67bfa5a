// How others come to the server: `--open` and `--qr`.

import type { HttpServer } from "../server/http_server.ts";
import { CommandError } from "./command_error.ts";
import { requirePermission } from "./permission.ts";
import { urlOf } from "./place.ts";

const WILDCARDS = ["0.0.0.0", "::"];

/** What opens a URL on each system. */
const OPENERS: Readonly<Record<string, readonly [string, ...string[]]>> = {
  darwin: ["open"],
  windows: ["rundll32", "url.dll,FileProtocolHandler"],
};

/**
 * Opens a browser on this machine.
 *
 * @param server The server.
 * @throws {CommandError} If it may not be started, or there is none.
 */
export async function openBrowser(server: HttpServer): Promise<void> {
  const url = urlOf(server, localName(server));
  if (url === undefined) return;
  const [command, ...args] = OPENERS[Deno.build.os] ?? ["xdg-open"];
  await requirePermission(
    { name: "run", command },
    "open a browser",
    `--allow-run=${command}`,
  );
  try {
    const browser = new Deno.Command(command, {
      args: [...args, url],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    browser.unref();
  } catch {
    throw new CommandError(`cannot open a browser: there is no ${command}`);
  }
}

/**
 * Draws the address of a server as a QR code, for a telephone on the same
 * network.
 *
 * @param server The server.
 * @returns The code, and the URL below it.
 * @throws {CommandError} If the network may not be asked for the address.
 */
export async function drawQrCode(server: HttpServer): Promise<string> {
  const isEverywhere = WILDCARDS.includes(server.serverName);
  const url = urlOf(server, isEverywhere ? await lanAddress() : undefined);
  if (url === undefined) return "";
  const { renderUnicodeCompact } = await import("uqr");
  return `${renderUnicodeCompact(url)}\n${url}\n`;
}

function localName({ serverName }: HttpServer): string {
  return WILDCARDS.includes(serverName) ? "localhost" : serverName;
}

/** The address of this machine in its network. */
async function lanAddress(): Promise<string> {
  await requirePermission(
    { name: "sys", kind: "networkInterfaces" },
    "find the address for the QR code",
    "--allow-sys=networkInterfaces",
  );
  const found = Deno.networkInterfaces().find(({ family, address }) =>
    family === "IPv4" && !address.startsWith("127.") &&
    !address.startsWith("169.254.")
  );
  return found?.address ?? "localhost";
}
