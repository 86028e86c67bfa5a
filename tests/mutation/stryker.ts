// Runs Stryker on one source: it changes the source in one place after the
// other, and looks whether the tests fail. The report that it writes is all
// that is used of it.

const STRYKER = "npm:@stryker-mutator/core@10.1.1";

/** A change to a source, as two lines of a difference. */
export interface Mutant {
  /** The source's path from the root. */
  readonly source: string;
  readonly line: number;
  /** What stands there, on one line. */
  readonly from: string;
  /** What the mutant says instead. */
  readonly to: string;
  /** Whether the tests failed, or did not end. */
  readonly isKilled: boolean;
  /** Whether they did not end. */
  readonly isEndless: boolean;
}

/** A place in a report: lines and columns count from 1. */
interface Place {
  line: number;
  column: number;
}

/** The part of a report that is used. */
interface Report {
  files: Record<string, {
    source: string;
    mutants: {
      status: string;
      replacement: string;
      location: { start: Place; end: Place };
    }[];
  }>;
}

/**
 * Makes and tries all mutants of a source.
 *
 * @param source Its path from the root.
 * @param tests The tests that must tell them apart.
 * @throws {Error} If Stryker fails, as it does if the tests fail without any
 * mutant.
 */
export async function mutantsOf(
  source: string,
  tests: readonly string[],
): Promise<Mutant[]> {
  const folder = await Deno.makeTempDir();
  try {
    await run(folder, source, tests);
    const text = await Deno.readTextFile(`${folder}/report.json`);
    return readReport(source, JSON.parse(text));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function run(
  folder: string,
  source: string,
  tests: readonly string[],
): Promise<void> {
  await Deno.writeTextFile(
    `${folder}/stryker.json`,
    JSON.stringify({
      mutate: [source],
      // Otherwise it looks for plugins in a node_modules folder.
      plugins: [],
      testRunner: "command",
      commandRunner: { command: testCommand(tests) },
      disableTypeChecks: false,
      concurrency: 2,
      // What takes so much longer than without a mutant will not end.
      timeoutFactor: 4,
      timeoutMS: 5_000,
      reporters: ["json"],
      jsonReporter: { fileName: `${folder}/report.json` },
      tempDirName: `${folder}/sandbox`,
      // The copy that is mutated holds what the tests import, and no more.
      ignorePatterns: [
        "/**/*",
        "!/mod.ts",
        "!/lib/**",
        "!/links/**",
        "!/tests/**",
        "!/examples/**",
        "!/deno.json",
        "!/deno.lock",
        "!/import_map.json",
      ],
      symlinkNodeModules: false,
    }),
  );
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--allow-all",
      "--no-config",
      "--node-modules-dir=none",
      "--lock=tests/mutation/deno.lock",
      STRYKER,
      "run",
      `${folder}/stryker.json`,
    ],
  }).output();
  if (success) return;
  const decoder = new TextDecoder();
  throw new Error(
    `Cannot try ${source}:\n${decoder.decode(stdout)}${decoder.decode(stderr)}`,
  );
}

/** Mutants may do anything: they may read, and use the network. */
function testCommand(tests: readonly string[]): string {
  const args = [
    "test",
    "--lock=deno.lock",
    "--no-check",
    "--no-prompt",
    "--node-modules-dir=none",
    "--fail-fast",
    "--preload=tests/mutation/first_failure.ts",
    "--allow-env",
    "--allow-net",
    "--allow-read",
    ...tests,
  ];
  return [Deno.execPath(), ...args].join(" ");
}

function readReport(source: string, report: Report): Mutant[] {
  return Object.values(report.files).flatMap((file) => {
    const lines = file.source.split("\n");
    return file.mutants.map(({ status, replacement, location }) => {
      const { start, end } = location;
      const before = lines[start.line - 1]?.slice(0, start.column - 1) ?? "";
      const after = lines[end.line - 1]?.slice(end.column - 1) ?? "";
      const whole = lines.slice(start.line - 1, end.line).join("\n");
      return {
        source,
        line: start.line,
        from: shortened(onOneLine(whole)),
        to: onOneLine(before + replacement + after),
        isKilled: status === "Killed" || status === "Timeout",
        isEndless: status === "Timeout",
      };
    });
  });
}

function onOneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

/** A mutant of a whole list or function is told by how that begins. */
function shortened(line: string): string {
  return line.length > 120 ? line.slice(0, 120) + "…" : line;
}
