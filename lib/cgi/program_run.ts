// What a program that answers a request looks like from the handler, whether
// it is a process of its own or a FastCGI application.

/** One run of a program for one request. */
export interface ProgramRun extends AsyncDisposable {
  /** Resolves to the next octets of output, `null` at its end. */
  read(): Promise<Uint8Array | null>;
  /**
   * Hands octets of the request body over; resolves when more may follow, to
   * `false` once the program takes no more.
   */
  write(octets: Uint8Array): Promise<boolean>;
  /** Says that the request body has ended. */
  closeInput(): Promise<void>;
  /** Ends the run early; `read` then soon reports the end. */
  stop(): void;
  /** Resolves to how the run ended, once its output has. */
  outcome(): Promise<Outcome>;
}

/** How a run ended. */
export interface Outcome {
  /** The exit status of the program. */
  readonly code: number;
  /** The signal that killed it, `null` if it ended by itself. */
  readonly signal: string | null;
}

/** Thrown when a program cannot be started or breaks off. */
export class ProgramError extends Error {
  /** The class's name, for logs. */
  override readonly name: string = "ProgramError";
  /** The status that the client gets if nothing has been sent yet. */
  readonly status: 502 | 503;

  /** Says in the message what could not be done. */
  constructor(
    message: string,
    options?: ErrorOptions & { status?: 502 | 503 },
  ) {
    super(message, options);
    this.status = options?.status ?? 502;
  }
}
