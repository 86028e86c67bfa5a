// The reports of errors that no client is told of. An error quotes what it was
// about, and that may be a name that a client has chosen: printed, it must not
// move the cursor of a terminal nor forge a line of the log.

import { escapeControls, shorten } from "./access_log.ts";

/** What takes reports: the part of a server that is used. */
export interface ErrorSink {
  /** See {@linkcode ServerInfo.handleError}. */
  handleError(error: unknown, clientAddress: Deno.Addr): void;
}

/** What stands before each line but the first: no line of the log begins so. */
const INDENT = "    ";

/** How many causes of an error are told; one may be its own cause. */
const MAX_CAUSES = 8;

/**
 * Calls what may be overridden with anything, where no failure may get through:
 * a method that returns nothing may be asynchronous all the same.
 *
 * @param action What is called.
 * @param onFailure Takes what it throws, or what its promise rejects with.
 */
export function attempt(
  action: () => unknown,
  onFailure: (error: unknown) => void,
): void {
  try {
    const outcome = action();
    if (outcome instanceof Promise) outcome.catch(onFailure);
  } catch (error) {
    onFailure(error);
  }
}

/**
 * Gives an error to whoever takes them. Never throws: what fails while it takes
 * the error is printed with it.
 *
 * @param sink Who takes errors.
 * @param error What was thrown.
 * @param clientAddress Whose request it was.
 */
export function report(
  sink: ErrorSink,
  error: unknown,
  clientAddress: Deno.Addr,
): void {
  attempt(() => sink.handleError(error, clientAddress), (failure) => {
    printError(error, clientAddress);
    printError(failure, clientAddress);
  });
}

/** Whose logs and reports go to a server. */
export interface Reporter {
  /** The server. */
  readonly server: ErrorSink;
  /** Where the client is. */
  readonly clientAddress: Deno.Addr;
}

/**
 * Calls what logs, which may be overridden with anything: a log that fails costs
 * no client its response.
 *
 * @param handler Whose log it is, and whose failure is reported.
 * @param write Writes to it.
 */
export function tryToLog(handler: Reporter, write: () => unknown): void {
  attempt(
    write,
    (error) => report(handler.server, error, handler.clientAddress),
  );
}

/**
 * Prints an error on standard error. Never throws.
 *
 * @param error What was thrown.
 * @param clientAddress Whose request it was; undefined if that is unknown.
 */
export function printError(error: unknown, clientAddress?: Deno.Addr): void {
  const client = clientAddress === undefined ? "" : nameOf(clientAddress);
  const context = client === "" ? "" : ` ${client}`;
  printReport(`Exception while serving${context}`, error);
}

/**
 * Prints an error on standard error behind a few words. Never throws.
 *
 * @param context When it was thrown.
 * @param error What was thrown.
 */
export function printReport(context: string, error: unknown): void {
  try {
    // deno-lint-ignore no-console -- the one place that reports
    console.error(`${context}: ${formatError(error)}`);
  } catch {
    // A full disk takes no report, and must not end the server.
  }
}

/**
 * An error as it may be printed: with its stack and causes, control characters
 * escaped as in the access log, and each line but the first indented. What is
 * very long is shortened.
 *
 * @param error What was thrown.
 */
export function formatError(error: unknown): string {
  const [first = "", ...others] = shorten(describe(error)).split("\n")
    .map(escapeControls);
  const indented = others.map((line) =>
    line.startsWith(INDENT) ? line : INDENT + line
  );
  return [first, ...indented].join("\n");
}

function describe(error: unknown): string {
  try {
    const texts = [textOf(error)];
    for (
      let cause = causeOf(error);
      cause !== undefined && texts.length <= MAX_CAUSES;
      cause = causeOf(cause)
    ) texts.push(`Caused by: ${textOf(cause)}`);
    return texts.join("\n");
  } catch {
    return "an error that cannot be described";
  }
}

function textOf(error: unknown): string {
  if (error instanceof Error) return error.stack ?? String(error);
  return typeof error === "object" ? JSON.stringify(error) : String(error);
}

function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : undefined;
}

function nameOf(address: Deno.Addr): string {
  if (!("hostname" in address)) return "a local socket";
  // Under fetch the platform may not say who the client is.
  return address.hostname === "" ? "" : `${address.hostname}:${address.port}`;
}
