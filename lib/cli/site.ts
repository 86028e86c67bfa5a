// The handler classes that a command line asks for.

import { join, resolve } from "@std/path";
import type { HttpHandlerClass } from "../handler/http_request_handler.ts";
import {
  Access,
  type Confinement,
  parseAuthFile,
  StaticRequestHandler,
  UploadRequestHandler,
} from "../static/mod.ts";
import { CommandError } from "./command_error.ts";
import type { CommandOptions } from "./options.ts";
import {
  readNamedFile,
  readNamedVariable,
  reasonOf,
  requirePermission,
  requireRead,
} from "./permission.ts";
import { isSocket } from "./place.ts";
import { requireRun, runsPrograms } from "./run_permission.ts";
import { secretTest } from "./secret_file.ts";
import { logUnknownHost } from "./unknown_host.ts";

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
  if (!isFile) await requirePages(path, options);
  const access = await readAccess(options);
  if (options.upload && runsPrograms(options) && access?.asksForUser !== true) {
    throw new CommandError(
      "--upload with --cgi lets whoever uploads have programs run: add " +
        "--auth-file or --auth-env",
    );
  }
  if (options.upload) {
    const flag = `--allow-write=${path}, or -W`;
    await requirePermission({ name: "write", path }, "take uploads", flag);
  }
  const Class = options.upload ? UploadRequestHandler : StaticRequestHandler;
  const withholds = secretTest(options);
  class Guarded extends Class {
    protected override get confinement(): Confinement {
      return { ...super.confinement, withholds };
    }
    override sendError(
      ...args: Parameters<StaticRequestHandler["sendError"]>
    ): ReturnType<StaticRequestHandler["sendError"]> {
      logUnknownHost(this, args[0]);
      return super.sendError(...args);
    }
  }
  const files = Guarded.with({
    ...options.files,
    ...(isFile ? { singleFile: path } : { root: path }),
    protocolVersion,
    ...(access === undefined ? {} : { access }),
  });
  if (!runsPrograms(options)) return [files];
  if (isFile) {
    throw new CommandError(`cannot run programs: ${path} is no folder`);
  }
  await requireFolders(path, options.programs.cgiDirectories ?? []);
  await requireRun(options);
  const { AdmittedPrograms } = await import("./admitted_programs.ts");
  const programs = class extends AdmittedPrograms {
    override access = access;
    override protocolVersion = protocolVersion;
  };
  const suffixes = Object.keys(options.programs.interpreters ?? {});
  const settings = {
    // An interpreter alone runs its suffix, and no folder.
    ...(options.cgi ? {} : { cgiDirectories: [] }),
    ...options.programs,
    followSymlinks: options.files.followSymlinks ?? false,
    indexPages: [
      ...["index.html", "index.htm", "index.cgi"],
      ...suffixes.map((suffix) => `index${suffix}`),
    ],
    root: path,
  };
  return [programs.with(settings), files];
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

/** A page that is not there would never be seen. */
async function requirePages(
  path: string,
  { files }: CommandOptions,
): Promise<void> {
  const { spaPage, notFoundPage } = files;
  for (const [flag, page] of [["spa", spaPage], ["not-found", notFoundPage]]) {
    if (page === undefined || await requireServable(join(path, page))) continue;
    throw new CommandError(`--${flag}: ${page} is no file`);
  }
}

/** A folder by another spelling would run nothing, and be served as files. */
async function requireFolders(
  root: string,
  folders: readonly string[],
): Promise<void> {
  for (const folder of folders) {
    const path = join(root, folder);
    const info = await Deno.stat(path).catch(() => undefined);
    if (info?.isDirectory) continue;
    throw new CommandError(`--cgi-dir: there is no folder ${path}`);
  }
}

/** The guard that is asked for; undefined only if none is. */
async function readAccess(
  options: CommandOptions,
): Promise<Access | undefined> {
  const users = await readUsers(options);
  const { allowed, binds } = options;
  if (allowed.length > 0 && binds.some(isSocket)) {
    throw new CommandError(
      "--allow: the clients of a Unix socket have no address",
    );
  }
  if (users === undefined && allowed.length === 0) return undefined;
  try {
    return new Access({
      ...(users === undefined ? {} : { users }),
      ...(allowed.length === 0 ? {} : { addresses: allowed }),
    });
  } catch (error) {
    throw new CommandError(`--allow: ${reasonOf(error)}`);
  }
}

/** The users that are asked for; undefined only if none are. */
async function readUsers(
  { authFile, authEnv }: CommandOptions,
): Promise<ReadonlyMap<string, string> | undefined> {
  if (authFile !== undefined && authEnv !== undefined) {
    throw new CommandError("give either --auth-file or --auth-env");
  }
  if (authFile !== undefined) {
    return parseUsers(await readNamedFile(authFile), authFile);
  }
  if (authEnv !== undefined) {
    return parseUsers(await readNamedVariable(authEnv), `$${authEnv}`);
  }
  return undefined;
}

function parseUsers(lines: string, source: string): Map<string, string> {
  try {
    const users = parseAuthFile(lines);
    if (users.size > 0) return users;
  } catch (error) {
    throw new CommandError(`${source}: ${reasonOf(error)}`);
  }
  throw new CommandError(`${source} names no user: nobody could get in`);
}
