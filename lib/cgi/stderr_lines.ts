// Turns what a program writes to its standard error into lines for the log.
// A program may write without end and without a newline: a line is cut, and
// after so many lines the rest of the run is dropped.

/** How much of a program's standard error reaches the log. */
export interface StderrLimits {
  /** Octets of one line; the rest of it is dropped. */
  readonly lineBytes: number;
  /** Lines of one run; the rest is read and dropped. */
  readonly lines: number;
}

/** The limits on what one run may log. */
export const STDERR_LIMITS: StderrLimits = { lineBytes: 2048, lines: 200 };

/** Splits standard error into lines, bounded. */
export class StderrLines {
  readonly #log: (line: string) => void;
  readonly #limits: StderrLimits;
  #line: Uint8Array = NOTHING;
  #length = 0;
  #cut = false;
  #logged = 0;

  /** Hands every line to `log`, without its line end. */
  constructor(
    log: (line: string) => void,
    limits: StderrLimits = STDERR_LIMITS,
  ) {
    this.#log = log;
    this.#limits = limits;
  }

  /** Takes the next octets. */
  push(octets: Uint8Array): void {
    // Most programs are silent, and need no room for a line.
    if (this.#line === NOTHING) {
      this.#line = new Uint8Array(this.#limits.lineBytes);
    }
    for (let start = 0; start < octets.length;) {
      if (this.#logged > this.#limits.lines) return;
      const end = octets.indexOf(0x0a, start);
      this.#append(octets.subarray(start, end < 0 ? octets.length : end));
      if (end < 0) return;
      this.#flush();
      start = end + 1;
    }
  }

  /** Logs a last line that has no line end. */
  end(): void {
    if (this.#length > 0) this.#flush();
  }

  #append(part: Uint8Array): void {
    const room = this.#line.length - this.#length;
    if (part.length > room) this.#cut = true;
    this.#line.set(part.subarray(0, room), this.#length);
    this.#length += Math.min(part.length, room);
  }

  #flush(): void {
    const text = decoder.decode(this.#line.subarray(0, this.#length));
    const line = text.replace(/\r$/, "") + (this.#cut ? "…" : "");
    this.#length = 0;
    this.#cut = false;
    this.#logged++;
    if (this.#logged > this.#limits.lines) {
      this.#log(`more than ${this.#limits.lines} lines: the rest is dropped`);
    } else {
      this.#log(line);
    }
  }
}

const NOTHING = new Uint8Array(0);

const decoder = new TextDecoder();
