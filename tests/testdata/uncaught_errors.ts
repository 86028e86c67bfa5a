// The command, and errors that nobody catches each time it gets SIGUSR2.

import { main } from "../../lib/cli/main.ts";

Deno.addSignalListener("SIGUSR2", () => {
  setTimeout(() => {
    throw new Error("in a timer");
  }, 0);
  setTimeout(() => {
    void Promise.reject(new Error("in a promise \x1b[2J"));
  }, 0);
  const target = new EventTarget();
  target.addEventListener("told", () => {
    throw null;
  });
  target.dispatchEvent(new Event("told"));
  // deno-lint-ignore no-console -- this is a program
  setTimeout(() => console.log("All were thrown"), 10);
});

Deno.exitCode = await main();
