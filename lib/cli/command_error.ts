// What ends the command before it serves.

/** A reason not to serve, told in one line. */
export class CommandError extends Error {
  /** The class's name, for logs. */
  override readonly name = "CommandError";
  /** The exit status of the process. */
  readonly exitCode: number;

  /**
   * Makes a reason.
   *
   * @param message One line, lower case, no period.
   * @param exitCode The exit status: 2 for what the user has to put right, 1
   * for what may pass by itself.
   */
  constructor(message: string, exitCode = 2) {
    super(message);
    this.exitCode = exitCode;
  }
}
