// Reads the list of the mutants that no test can tell from their source:
//
//     lib/facts/kind.ts
//     Why nothing tells these apart, on a line or more.
//     - a line of the source
//     + what a mutant says instead
//     + what another one says

/** A change to a source that changes nothing that can be seen. */
export interface Equivalent {
  readonly source: string;
  /** What stands in the source, on one line. */
  readonly from: string;
  /** What the mutant says instead. */
  readonly to: string;
}

/**
 * Reads the list.
 *
 * @throws {SyntaxError} If a mutant has no source or no reason.
 */
export async function readEquivalents(): Promise<Equivalent[]> {
  const list = new URL("equivalents.txt", import.meta.url);
  return parse(await Deno.readTextFile(list));
}

function parse(list: string): Equivalent[] {
  const equivalents: Equivalent[] = [];
  let [source, why, from] = ["", "", ""];
  for (const line of list.split("\n")) {
    if (line.startsWith("lib/")) [source, why] = [line, ""];
    else if (line === "") why = "";
    else if (line.startsWith("- ")) from = line.slice(2);
    else if (!line.startsWith("+ ")) why += line;
    else if (source === "" || why === "") {
      throw new SyntaxError(`No source or no reason for ${line}`);
    } else equivalents.push({ source, from, to: line.slice(2) });
  }
  return equivalents;
}
