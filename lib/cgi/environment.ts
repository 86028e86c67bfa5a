// The meta-variables of RFC 3875 §4.1: one request in, the whole environment
// of its program out. Nothing of the server's own environment is in it except
// the names that the caller allows. FastCGI sends the same map as FCGI_PARAMS.
// What a client sent that is not UTF-8 stands in the values as `byte_text.ts`
// has it.

import { join } from "@std/path";
import { decodeByteText } from "../bytes/byte_text.ts";
import { latin1Octets } from "../bytes/octets.ts";
import type { Program } from "./program.ts";

/** What the environment of a program is made of. */
export interface EnvironmentSource {
  /** The request method, as sent. */
  readonly command: string;
  /** The request target as sent, REQUEST_URI. */
  readonly target: string;
  /** The query as sent, without `?`; empty when absent. */
  readonly query: string;
  /** The version of the request, such as `HTTP/1.1`. */
  readonly requestVersion: string;
  /** The fields as sent, in order; values hold one octet per character. */
  readonly fields: Iterable<readonly [name: string, value: string]>;
  /** The length of the decoded body, `undefined` when there is no body. */
  readonly contentLength: number | undefined;
  /**
   * Whether this is a local redirect: fields about the body then speak of the
   * request before it.
   */
  readonly isRedirected: boolean;
  /** Who asks. */
  readonly clientAddress: Deno.Addr;
  /** Where the client has reached the server, if that is known. */
  readonly localAddress: Deno.Addr | undefined;
  /** The host that the request was directed to, IPv6 in brackets. */
  readonly serverName: string;
  /** The port that the request arrived at. */
  readonly serverPort: number;
  /** The same as the `Server` field of the response. */
  readonly serverSoftware: string;
  /** Whether the connection is TLS. */
  readonly secure: boolean;
  /** The pathname the handler is mounted at, empty at the root. */
  readonly prefix: string;
  /** The absolute directory that `/` stands for, DOCUMENT_ROOT. */
  readonly root: string;
  /** The program that will run. */
  readonly program: Program;
  /** Who the server authenticated, if it did. */
  readonly authenticated: Authenticated | undefined;
  /** Whether the program may see the Authorization field. */
  readonly passAuthorization: boolean;
}

/** A user whom the server itself has authenticated. */
export interface Authenticated {
  /** The scheme, such as `Basic`: AUTH_TYPE. */
  readonly type: string;
  /** The user: REMOTE_USER. */
  readonly user: string;
}

/** The search path of programs when the server's own may not be read. */
export const DEFAULT_PATH = "/usr/local/bin:/usr/bin:/bin";

/**
 * Builds the meta-variables of one request. A variable without a value is
 * absent, except QUERY_STRING and SCRIPT_NAME, which are always set.
 */
export function requestEnvironment(
  source: EnvironmentSource,
): Record<string, string> {
  const { program } = source;
  const scriptName = source.prefix + program.scriptName;
  return {
    ...fieldVariables(source.fields, source.passAuthorization),
    ...bodyVariables(source),
    ...peerVariables(source),
    ...userVariables(source.authenticated),
    ...pathVariables(program, source.root),
    DOCUMENT_ROOT: source.root,
    GATEWAY_INTERFACE: "CGI/1.1",
    QUERY_STRING: source.query,
    // php-cgi refuses to run without it, so that it cannot be asked directly.
    REDIRECT_STATUS: "200",
    REQUEST_METHOD: source.command,
    REQUEST_SCHEME: source.secure ? "https" : "http",
    REQUEST_URI: source.target,
    SCRIPT_FILENAME: program.file,
    SCRIPT_NAME: scriptName,
    SERVER_NAME: source.serverName,
    SERVER_PORT: String(source.serverPort),
    SERVER_PROTOCOL: source.requestVersion,
    SERVER_SOFTWARE: source.serverSoftware,
    ...(source.secure ? { HTTPS: "on" } : {}),
  };
}

/**
 * Reads the allowed names from the server's own environment, without a
 * permission prompt: a name that may not be read is left out. PATH is always
 * there.
 */
export function inheritedEnvironment(
  names: readonly string[],
): Record<string, string> {
  const inherited: Record<string, string> = { PATH: DEFAULT_PATH };
  for (const variable of names) {
    const query = Deno.permissions.querySync({ name: "env", variable });
    if (query.state !== "granted") continue;
    const value = Deno.env.get(variable);
    if (value !== undefined) inherited[variable] = value;
  }
  return inherited;
}

/**
 * The words of an indexed query (RFC 3875 §4.4): a GET or HEAD query without
 * an unencoded `=`, split on `+`, each word decoded and its shell-active
 * characters escaped (§7.2). No words at all if any of them cannot be made. A
 * word that begins with `-` cannot: the program
 * would take it for an option (CVE-2012-1823).
 */
export function indexedQueryWords(command: string, query: string): string[] {
  if (command !== "GET" && command !== "HEAD") return [];
  if (query === "" || query.includes("=")) return [];
  const words: string[] = [];
  for (const encoded of query.split("+")) {
    const word = decodeWord(encoded);
    if (word === undefined || word === "" || word.startsWith("-")) return [];
    words.push(word.replace(SHELL_ACTIVE, "\\$&"));
  }
  return words;
}

/**
 * The host part of a Host field, `undefined` when it is not one: the name that
 * the request was directed to (RFC 3875 §4.1.14).
 */
export function hostName(host: string | undefined): string | undefined {
  const match = /^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._~-]+)(?::[0-9]*)?$/
    .exec(host ?? "");
  return match?.[1];
}

/** Fields that other variables hold, or that must not reach a program. */
const WITHHELD: ReadonlySet<string> = new Set([
  "content-length",
  "content-type",
  // Credentials for the server, not for the program (RFC 3875 §9.2).
  "authorization",
  "proxy-authorization",
  // HTTP_PROXY would redirect the program's own requests (httpoxy).
  "proxy",
  // The body that the program reads has no transfer coding any more (§4.2).
  "transfer-encoding",
]);

function fieldVariables(
  fields: EnvironmentSource["fields"],
  passAuthorization: boolean,
): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const [name, value] of fields) {
    // `X_Foo` and `X-Foo` would be one variable: only the honest form counts.
    if (!/^[A-Za-z0-9-]+$/.test(name)) continue;
    const lower = name.toLowerCase();
    const allowed = lower === "authorization" && passAuthorization;
    if (WITHHELD.has(lower) && !allowed) continue;
    const variable = "HTTP_" + lower.toUpperCase().replaceAll("-", "_");
    const known = variables[variable];
    const separator = lower === "cookie" ? "; " : ", ";
    variables[variable] = known === undefined
      ? systemText(value)
      : known + separator + systemText(value);
  }
  return variables;
}

/** §4.1.2 and §4.1.3: a length only with a body, a type only if it was sent. */
function bodyVariables(source: EnvironmentSource): Record<string, string> {
  const variables: Record<string, string> = {};
  if (source.contentLength !== undefined) {
    variables.CONTENT_LENGTH = String(source.contentLength);
  }
  if (source.isRedirected) return variables;
  for (const [name, value] of source.fields) {
    if (name.toLowerCase() !== "content-type") continue;
    variables.CONTENT_TYPE ??= systemText(value);
  }
  return variables;
}

function peerVariables(source: EnvironmentSource): Record<string, string> {
  const address = source.clientAddress;
  if (address.transport !== "tcp" && address.transport !== "udp") {
    // REMOTE_ADDR is always set (§4.1.8) and must be a network address: the
    // peer of a local socket is on this host.
    return { REMOTE_ADDR: "127.0.0.1" };
  }
  // No REMOTE_HOST (§4.1.9): the name of the client is not looked up.
  const { localAddress } = source;
  return {
    REMOTE_ADDR: address.hostname,
    REMOTE_PORT: String(address.port),
    ...(localAddress !== undefined && "hostname" in localAddress &&
      { SERVER_ADDR: localAddress.hostname }),
  };
}

/** §4.1.1 and §4.1.11: never from an Authorization field nobody verified. */
function userVariables(
  authenticated: Authenticated | undefined,
): Record<string, string> {
  if (authenticated === undefined) return {};
  return { AUTH_TYPE: authenticated.type, REMOTE_USER: authenticated.user };
}

/** §4.1.5 and §4.1.6: both or neither. */
function pathVariables(
  program: Program,
  root: string,
): Record<string, string> {
  if (program.pathInfo === "") return {};
  return {
    PATH_INFO: program.pathInfo,
    PATH_TRANSLATED: join(root, program.pathInfo),
  };
}

/** Field values hold one byte per character, and reach the program as bytes. */
function systemText(value: string): string {
  // deno-lint-ignore no-control-regex -- bytes, not text
  if (/^[\x00-\x7f]*$/.test(value)) return value;
  return decodeByteText(latin1Octets(value));
}

/** What a shell would act on, should the program hand a word to one. */
const SHELL_ACTIVE = /[&;`'"|*?~<>^()[\]{}$\\\n]/g;

function decodeWord(encoded: string): string | undefined {
  try {
    const word = decodeURIComponent(encoded);
    return word.includes("\0") ? undefined : word;
  } catch {
    return undefined;
  }
}
