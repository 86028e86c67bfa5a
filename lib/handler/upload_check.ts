// Which handler classes may stand side by side. What strangers may store must
// not lie where programs run: it would be run itself where a guard has a hole,
// and what programs read, load or are configured by needs no hole.

import { type RunningClass, runsFiles, sharesTree } from "./program_guard.ts";

/** Where a handler class stores what clients send. */
export interface UploadPlace {
  /** The absolute path of the folder, with links resolved. */
  readonly folder: string;
  /** Whether only those may store files whom the server knows. */
  readonly isGuarded: boolean;
}

/** What is asked of a handler class. */
interface NamedClass extends Partial<RunningClass> {
  readonly name: string;
  uploadPlace?(): UploadPlace;
}

/**
 * Makes sure that no stranger can store files where programs run.
 *
 * @param classes The classes of a server.
 * @throws {TypeError} If one of them takes files from everybody into a tree in
 * which another one runs some.
 */
export function requireGuardedUploads(classes: readonly NamedClass[]): void {
  const runners = classes.filter(runsFiles);
  // A class alone is not asked: making an instance that could answer asks this.
  if (classes.length === 1 || runners.length === 0) return;
  for (const taker of classes) {
    const place = taker.uploadPlace?.();
    if (place === undefined || place.isGuarded) continue;
    for (const runner of runners) {
      if (!sharesTree(place.folder, runner.programFiles())) continue;
      throw new TypeError(
        `Cannot serve ${taker.name} beside ${runner.name}: whoever uploads ` +
          `to ${place.folder} could have programs run. Give ${taker.name} an ` +
          "`access` that names users, or a root without programs",
      );
    }
  }
}
