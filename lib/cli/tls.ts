// The certificate and key of `--tls-cert`, `--tls-key` and
// `--tls-password-file`.

import { checkPair } from "../server/tls_listener.ts";
import { CommandError } from "./command_error.ts";
import type { CommandOptions } from "./options.ts";
import { readNamedFile, reasonOf } from "./permission.ts";

/** A certificate chain and its key in PEM form. */
export interface TlsFiles {
  /** The certificate chain. */
  readonly cert: string;
  /** The key, not encrypted. */
  readonly key: string;
}

const KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----[^]*?PRIVATE KEY-----\n?/;

/**
 * Reads the files of TLS.
 *
 * @param options What the command line asks for.
 * @returns The contents; undefined where TLS is not asked for.
 * @throws {CommandError} If a file is missing or holds something else, or the
 * key is encrypted and the password is not right.
 */
export async function readTlsFiles(
  options: CommandOptions,
): Promise<TlsFiles | undefined> {
  const { tlsCert, tlsKey, tlsPasswordFile } = options;
  if (tlsCert === undefined) {
    if (tlsKey === undefined && tlsPasswordFile === undefined) return undefined;
    throw new CommandError("--tls-key and --tls-password-file need --tls-cert");
  }
  const cert = await readNamedFile(tlsCert);
  if (!cert.includes("-----BEGIN CERTIFICATE-----")) {
    throw new CommandError(`--tls-cert: ${tlsCert} holds no PEM certificate`);
  }
  const keyFile = tlsKey ?? tlsCert;
  const text = tlsKey === undefined ? cert : await readNamedFile(tlsKey);
  const key = KEY.exec(text)?.[0];
  if (key === undefined) {
    throw new CommandError(`--tls-key: ${keyFile} holds no PEM private key`);
  }
  if (!key.includes("ENCRYPTED")) {
    requirePair({ cert, key }, tlsCert, keyFile);
    return { cert, key };
  }
  if (tlsPasswordFile === undefined) {
    throw new CommandError(
      `--tls-key: ${keyFile} is encrypted, give --tls-password-file`,
    );
  }
  const password = (await readNamedFile(tlsPasswordFile)).trim();
  const pair = { cert, key: await decryptKey(key, password, keyFile) };
  requirePair(pair, tlsCert, keyFile);
  return pair;
}

/** Says which file is wrong, as the server itself cannot. */
function requirePair(pair: TlsFiles, certFile: string, keyFile: string): void {
  try {
    checkPair(pair);
  } catch (error) {
    if (error instanceof TypeError) {
      throw new CommandError(
        `--tls-key: ${keyFile} is not the key of ${certFile}`,
      );
    }
    throw new CommandError(`--tls-cert: ${certFile}: ${reasonOf(error)}`);
  }
}

/** Deno's TLS takes plain keys only; the crypto module of Node opens others. */
async function decryptKey(
  key: string,
  passphrase: string,
  file: string,
): Promise<string> {
  const { createPrivateKey } = await import("node:crypto");
  try {
    return createPrivateKey({ key, passphrase })
      .export({ type: "pkcs8", format: "pem" }).toString();
  } catch {
    throw new CommandError(
      `--tls-key: cannot decrypt ${file}: the password is wrong, ` +
        "or the cipher unknown",
    );
  }
}
