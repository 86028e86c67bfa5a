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
}

/** Thrown when a program cannot be started or breaks off. */
export class ProgramError extends Error {
  override readonly name = "ProgramError";
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
