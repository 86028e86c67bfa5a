// The table of flags. The first five and --tls-* are Python's.

import { isFieldValue, isToken } from "../facts/grammar.ts";
import { hostNameOf } from "../facts/host_name.ts";
import { CommandError } from "./command_error.ts";
import type { FlagGroup } from "./flag.ts";
import type { CommandOptions } from "./options.ts";

/** All flags, in the groups of the help. */
export const FLAGS: readonly FlagGroup<CommandOptions>[] = [
  {
    title: "Server:",
    flags: [
      {
        name: "bind",
        short: "b",
        values: ["ADDR"],
        help: "address or unix:PATH; may be repeated (127.0.0.1)",
        set: (options, address) => options.binds.push(address),
      },
      {
        name: "host",
        values: ["NAME"],
        help: "also answer for this name; other names get 421",
        set(options, name) {
          if (hostNameOf(name) !== name.toLowerCase()) {
            throw new CommandError(`cannot take "${name}" for a name`);
          }
          options.hosts.push(name);
        },
      },
      {
        name: "directory",
        short: "d",
        values: ["DIR"],
        help: "folder, or single file, to serve (.)",
        set: (options, path) => options.directory = path,
      },
      {
        name: "protocol",
        short: "p",
        values: ["VERSION"],
        help: "HTTP/1.1 or HTTP/1.0 (HTTP/1.1)",
        set(options, version) {
          if (version !== "HTTP/1.0" && version !== "HTTP/1.1") {
            throw new CommandError(
              `cannot speak "${version}", but HTTP/1.0 and HTTP/1.1`,
            );
          }
          options.protocolVersion = version;
        },
      },
      {
        name: "tls-cert",
        values: ["FILE"],
        help: "certificate chain, PEM: serve HTTPS",
        set: (options, path) => options.tlsCert = path,
      },
      {
        name: "tls-key",
        values: ["FILE"],
        help: "its key, PEM (in the same file)",
        set: (options, path) => options.tlsKey = path,
      },
      {
        name: "tls-password-file",
        values: ["FILE"],
        help: "password of the key",
        set: (options, path) => options.tlsPasswordFile = path,
      },
      {
        name: "parallel",
        values: ["N"],
        fallback: String(navigator.hardwareConcurrency),
        help: "isolates that share the port (one per core)",
        set(options, count) {
          options.parallel = parseCount(count);
          if (options.parallel === 0) throw new CommandError("want 1 or more");
        },
      },
      {
        name: "quiet",
        short: "q",
        help: "no access log",
        set: (options) => options.quiet = true,
      },
    ],
  },
  {
    title: "Answers:",
    flags: [
      {
        name: "header",
        short: "H",
        values: ["NAME", "VALUE"],
        help: "field for every answer; may be repeated",
        set({ files }, name, value = "") {
          if (!isToken(name) || !isFieldValue(value)) {
            const field = JSON.stringify(`${name}: ${value}`);
            throw new CommandError(`cannot send the field ${field}`);
          }
          files.extraHeaders = [...files.extraHeaders ?? [], [name, value]];
        },
      },
      {
        name: "content-type",
        values: ["TYPE"],
        help: "where unknown (application/octet-stream)",
        set({ files }, type) {
          if (!isFieldValue(type)) {
            throw new CommandError(`cannot send the type "${type}"`);
          }
          files.defaultContentType = type;
        },
      },
      {
        name: "compress",
        help: "br and gzip, and ready-made .br, .zst, .gz",
        set({ files }) {
          files.compress = true;
          files.precompressed = true;
        },
      },
      {
        name: "cache",
        values: ["SECONDS"],
        help: "max-age; for ever for names as app.3f9a2c1b.js",
        set({ files }, seconds) {
          files.cacheControl = `max-age=${parseCount(seconds)}`;
          files.immutable = true;
        },
      },
      {
        name: "cors",
        values: ["ORIGIN"],
        fallback: "*",
        help: "let other sites' pages read (*)",
        set({ files }, origin) {
          if (origin !== "*" && !isOrigin(origin)) {
            throw new CommandError(
              `cannot take "${origin}" for an origin, want https://HOST`,
            );
          }
          files.corsOrigin = origin;
        },
      },
      {
        name: "isolate",
        help: "COOP and COEP, for WebAssembly threads",
        set: ({ files }) => files.crossOriginIsolation = true,
      },
    ],
  },
  {
    title: "Site:",
    flags: [
      {
        name: "spa",
        values: ["PAGE"],
        fallback: "index.html",
        help: "page for paths where nothing is (index.html)",
        set: ({ files }, page) => files.spaPage = page,
      },
      {
        name: "clean-urls",
        help: "/about is about.html",
        set: ({ files }) => files.cleanUrls = true,
      },
      {
        name: "not-found",
        values: ["PAGE"],
        help: "page of the 404",
        set: ({ files }, page) => files.notFoundPage = page,
      },
      {
        name: "no-listing",
        help: "no listing of folders without an index page",
        set: ({ files }) => files.listing = false,
      },
      {
        name: "thumbnails",
        help: "pictures and films in the listing",
        set: ({ files }) => files.thumbnails = true,
      },
      {
        name: "readme",
        help: "the folder's README below the listing",
        set: ({ files }) => files.readme = true,
      },
      {
        name: "archive",
        help: "download folders as .tar and .zip",
        set: ({ files }) => files.archives = ["tar", "zip"],
      },
      {
        name: "upload",
        help: "take new files, by the listing or PUT",
        set: (options) => options.upload = true,
      },
    ],
  },
  {
    title: "Access:",
    flags: [
      {
        name: "auth-file",
        values: ["FILE"],
        help: "users, one name:hash a line, by htpasswd -B",
        set: (options, path) => options.authFile = path,
      },
      {
        name: "auth-env",
        values: ["NAME"],
        fallback: "VERB_AUTH",
        help: "the same lines in a variable (VERB_AUTH)",
        set(options, name) {
          if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
            throw new CommandError(`no variable is named "${name}"`);
          }
          options.authEnv = name;
        },
      },
      {
        name: "allow",
        values: ["NET"],
        help: "clients, as 10.0.0.0/8; may be repeated (all)",
        set: (options, network) => options.allowed.push(network),
      },
      {
        name: "dotfiles",
        help: "serve and list names that begin with a dot",
        set: ({ files }) => files.dotfiles = true,
      },
      {
        name: "follow-symlinks",
        help: "also out of the folder",
        set: ({ files }) => files.followSymlinks = true,
      },
    ],
  },
  {
    title: "Programs:",
    flags: [
      {
        name: "cgi",
        help: "run the programs in /cgi-bin and /htbin",
        set: (options) => options.cgi = true,
      },
      {
        name: "cgi-dir",
        values: ["PATH"],
        help: "run those in this path instead; may be repeated",
        set(options, path) {
          options.cgi = true;
          const paths = options.programs.cgiDirectories ?? [];
          options.programs.cgiDirectories = [...paths, parsePathname(path)];
        },
      },
      {
        name: "cgi-interpreter",
        values: ["RULE"],
        help: ".php=php-cgi, index.php too; may be repeated",
        set(options, rule) {
          const [, extension, command] = /^(\.[^=/]+)=(.+)$/.exec(rule) ?? [];
          if (extension === undefined || command === undefined) {
            throw new CommandError(`cannot read "${rule}", want .EXT=CMD`);
          }
          options.programs.interpreters = {
            ...options.programs.interpreters,
            [extension]: command,
          };
        },
      },
    ],
  },
  {
    title: "And:",
    flags: [
      {
        name: "open",
        help: "open a browser",
        set: (options) => options.open = true,
      },
      {
        name: "qr",
        help: "show the address as a QR code",
        set: (options) => options.qr = true,
      },
      {
        name: "help",
        short: "h",
        help: "show this and exit",
        set: (options) => options.help = true,
      },
      {
        name: "version",
        short: "V",
        help: "show the version and exit",
        set: (options) => options.version = true,
      },
    ],
  },
];

/** What browsers send: neither a path nor a slash at the end. */
function isOrigin(text: string): boolean {
  return URL.canParse(text) && /^https?:\/\/[^/?#]+$/.test(text);
}

function parseCount(text: string): number {
  if (!/^[0-9]{1,9}$/.test(text)) {
    throw new CommandError(`cannot read "${text}" as a number`);
  }
  return Number(text);
}

function parsePathname(text: string): string {
  const pathname = `/${text}`.replace(/\/+/g, "/").replace(/\/$/, "");
  if (pathname === "") throw new CommandError("cannot be the root");
  return pathname;
}
