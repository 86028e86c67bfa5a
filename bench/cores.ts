/**
 * Which core runs what: the server on the first, the load on the second, where
 * there are two and `taskset` is there to pin them.
 *
 * @module
 */

const PINNED = navigator.hardwareConcurrency > 1 && hasTaskset();

/** Whether server and load each have a core of their own. */
export function coresArePinned(): boolean {
  return PINNED;
}

/** The words before a command that runs it on the server's core. */
export function serverPrefix(): string[] {
  return PINNED ? ["taskset", "--cpu-list", "0"] : [];
}

/** The words before a command that runs it on the load's core. */
export function loadPrefix(): string[] {
  return PINNED ? ["taskset", "--cpu-list", "1"] : [];
}

function hasTaskset(): boolean {
  try {
    return new Deno.Command("taskset", { args: ["--version"] }).outputSync()
      .success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
