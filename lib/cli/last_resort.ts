// What becomes of an error that nobody has caught: the command reports it and
// goes on, since one request must not end all others. Only the command does so;
// what an application makes of its own errors is not for a library to decide.

import { printReport } from "../handler/error_report.ts";

/**
 * Reports errors that nobody has caught, which would end the process.
 *
 * @param prepare Called before each report.
 * @returns Stops it when it is disposed of.
 */
export function outliveErrors(prepare: () => void): Disposable {
  const report = (event: Event, error: unknown) => {
    event.preventDefault();
    prepare();
    printReport("Uncaught exception", error);
  };
  const onError = (event: ErrorEvent) => report(event, event.error);
  const onRejection = (event: PromiseRejectionEvent) =>
    report(event, event.reason);
  addEventListener("error", onError);
  addEventListener("unhandledrejection", onRejection);
  return {
    [Symbol.dispose](): void {
      removeEventListener("error", onError);
      removeEventListener("unhandledrejection", onRejection);
    },
  };
}
