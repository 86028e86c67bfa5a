// How others come to the server: by its addresses, `--open` and `--qr`.

import type { HttpServer } from "../server/http_server.ts";
import { CommandError } from "./command_error.ts";
import { requirePermission } from "./permission.ts";
import { urlOf } from "./place.ts";

const WILDCARDS = ["0.0.0.0", "::"];

const INTERFACES = { name: "sys", kind: "networkInterfaces" } as const;

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

/**
 * The addresses at which others in the network reach a server that listens at
 * all of them. Nothing is asked for: without permission there are none.
 *
 * @param server The server.
 * @returns A URL each; none for a server that has one address, which it has told.
 */
export async function networkUrls(server: HttpServer): Promise<string[]> {
  const { serverName } = server;
  if (!WILDCARDS.includes(serverName)) return [];
  const { state } = await Deno.permissions.query(INTERFACES);
  if (state !== "granted") return [];
  return Deno.networkInterfaces()
    .filter(({ family, address }) =>
      (family === "IPv4" || serverName === "::") && isReachable(address)
    )
    .map(({ address }) => urlOf(server, address))
    .filter((url) => url !== undefined);
}

/** Neither loopback nor link-local: the latter name an interface as well. */
function isReachable(address: string): boolean {
  return !/^(?:127\.|169\.254\.|::1$|fe80:)/i.test(address);
}

function localName({ serverName }: HttpServer): string {
  return WILDCARDS.includes(serverName) ? "localhost" : serverName;
}

/** The address of this machine in its network. */
async function lanAddress(): Promise<string> {
  await requirePermission(
    INTERFACES,
    "find the address for the QR code",
    "--allow-sys=networkInterfaces",
  );
  const found = Deno.networkInterfaces().find(({ family, address }) =>
    family === "IPv4" && isReachable(address)
  );
  return found?.address ?? "localhost";
}
