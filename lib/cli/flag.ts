// What a flag is. The table of all of them is in `flags.ts`; `parse.ts` reads
// command lines by it and `help.ts` prints it.

/** One flag of the command line, of a command with options of type `Options`. */
export interface Flag<Options> {
  /** The long name without its dashes. */
  readonly name: string;
  /** The letter that also stands for it. */
  readonly short?: string;
  /** The names of its values, as the help shows them; none for a switch. */
  readonly values?: readonly string[];
  /**
   * The value of a flag that came without one: `--name` and `--name=VALUE` are
   * both right, `--name VALUE` is not.
   */
  readonly fallback?: string;
  /** What it does, in some 50 characters. */
  readonly help: string;
  /**
   * Takes the flag into the options; called for each time it was given.
   *
   * @throws {CommandError} If a value is wrong; the flag's name is put in front.
   */
  readonly set: (options: Options, ...values: string[]) => void;
}

/** Flags that stand together in the help. */
export interface FlagGroup<Options> {
  /** The heading. */
  readonly title: string;
  /** The flags. */
  readonly flags: readonly Flag<Options>[];
}
