// What a command line asks for, with the defaults of what it does not say.

import type { CgiSettings } from "../cgi/mod.ts";
import type { Settings } from "../handler/with_settings.ts";
import type { HttpVersion } from "../protocol/request_head.ts";
import type { UploadRequestHandler } from "../static/mod.ts";

/** What a command line asks for. */
export interface CommandOptions {
  /** Show the help, and nothing else. */
  help: boolean;
  /** Show the version, and nothing else. */
  version: boolean;
  /** The port; undefined for `$PORT` or 8000. */
  port: number | undefined;
  /** Where to listen: addresses, names, `unix:PATH`; empty for loopback. */
  binds: string[];
  /** Names by which clients may ask. */
  hosts: string[];
  /** The folder, or the single file, to serve. */
  directory: string;
  /** The version to speak. */
  protocolVersion: HttpVersion;
  /** How many isolates serve. */
  parallel: number;
  /** Whether there is no access log. */
  quiet: boolean;
  /** The file of the certificate chain, in PEM form. */
  tlsCert: string | undefined;
  /** The file of the key; undefined when it is in that of the certificate. */
  tlsKey: string | undefined;
  /** The file of the password of the key. */
  tlsPasswordFile: string | undefined;
  /** The file of users and hashed passwords. */
  authFile: string | undefined;
  /** The variable that holds the lines of an auth file. */
  authEnv: string | undefined;
  /** The addresses and networks that may connect; empty for all. */
  allowed: string[];
  /** Whether files may be uploaded. */
  upload: boolean;
  /** Whether programs are run. */
  cgi: boolean;
  /** Settings of the class that runs programs. */
  programs: CgiSettings;
  /** Settings of the class that serves files. */
  files: Settings<UploadRequestHandler>;
  /** Whether a browser is started. */
  open: boolean;
  /** Whether the address is shown as a QR code. */
  qr: boolean;
}

/** What an empty command line asks for. */
export function defaultOptions(): CommandOptions {
  return {
    help: false,
    version: false,
    port: undefined,
    binds: [],
    hosts: [],
    directory: ".",
    protocolVersion: "HTTP/1.1",
    parallel: 1,
    quiet: false,
    tlsCert: undefined,
    tlsKey: undefined,
    tlsPasswordFile: undefined,
    authFile: undefined,
    authEnv: undefined,
    allowed: [],
    upload: false,
    cgi: false,
    programs: {},
    files: {},
    open: false,
    qr: false,
  };
}
