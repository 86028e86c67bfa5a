// The handler classes that a command line asks for.

import { resolve } from "@std/path";
import type { HttpHandlerClass } from "../handler/http_request_handler.ts";
import {
  Access,
  parseAuthFile,
  StaticRequestHandler,
  UploadRequestHandler,
} from "../static/mod.ts";
import { CommandError } from "./command_error.ts";
import type { CommandOptions } from "./options.ts";
import {
  readNamedFile,
  readVariable,
  reasonOf,
  requirePermission,
  requireRead,
} from "./permission.ts";

/** The variable that holds the lines of an auth file. */
const AUTH_VARIABLE = "VERB_AUTH";

/**
 * Makes the handler classes, the one with the first say first.
 *
 * @param options What the command line asks for.
 * @throws {CommandError} If there is nothing to serve, or no permission to.
 */
export async function handlerClasses(
  options: CommandOptions,
): Promise<HttpHandlerClass[]> {
  const { protocolVersion } = options;
  const path = resolve(options.directory);
  const isFile = await requireServable(path);
  const access = await readAccess(options);
  if (options.upload) {
    const flag = `--allow-write=${path}, or -W`;
    await requirePermission({ name: "write", path }, "take uploads", flag);
  }
  const Class = options.upload ? UploadRequestHandler : StaticRequestHandler;
  const files = Class.with({
    ...options.files,
    ...(isFile ? { singleFile: path } : { root: path }),
    protocolVersion,
    access,
  });
  if (!options.cgi) return [files];
  await requireRun();
  const { AdmittedPrograms } = await import("./admitted_programs.ts");
  const programs = class extends AdmittedPrograms {
    override access = access;
    override protocolVersion = protocolVersion;
  };
  return [programs.with({ ...options.programs, root: path }), files];
}

/** Whether what is to be served is a single file. */
async function requireServable(path: string): Promise<boolean> {
  await requireRead(path);
  try {
    return (await Deno.stat(path)).isFile;
  } catch (error) {
    throw new CommandError(`cannot serve ${path}: ${reasonOf(error)}`);
  }
}

async function readAccess(
  { authFile, allowed }: CommandOptions,
): Promise<Access | undefined> {
  const lines = authFile === undefined
    ? await readVariable(AUTH_VARIABLE)
    : await readNamedFile(authFile);
  if (lines === undefined && allowed.length === 0) return undefined;
  try {
    return new Access({
      ...(lines === undefined ? {} : { users: parseAuthFile(lines) }),
      ...(allowed.length === 0 ? {} : { addresses: allowed }),
    });
  } catch (error) {
    throw new CommandError(reasonOf(error));
  }
}

/** A list of programs, `--allow-run=php-cgi`, is as good as all. */
async function requireRun(): Promise<void> {
  const { state, partial } = await Deno.permissions.query({ name: "run" });
  if (state === "granted" || partial) return;
  const flag = "--allow-run, or --allow-run=PROGRAM,…";
  await requirePermission({ name: "run" }, "run programs", flag);
}
