// The live loop in memory under inputs that are nearly right. What must hold for
// each of them is what `judge` says.

import { HttpRequestHandler, type Limits, verb } from "../../mod.ts";
import { exchange } from "../../lib/testing/mod.ts";
import { Dice, makeInput, makeSplits } from "./_mutation.ts";
import { readAnswers } from "./_responses.ts";

/** Limits that inputs of this size pass, and so meet from both sides. */
const TIGHT: Partial<Limits> = {
  requestLineBytes: 30,
  headBytes: 60,
  headerCount: 4,
  bodyBytes: 4,
  trailerBytes: 8,
  chunkExtensionBytes: 7,
  requestsPerConnection: 2,
};

/** How an input is cut; see `exchange`. */
type Splits = readonly number[] | "each";

/** What happened while one input was served. */
interface Outcome {
  text: string;
  runs: number;
  isHead: boolean[];
}

/**
 * Serves `count` inputs.
 *
 * @returns How many answers there were, by status.
 * @throws {Error} With the input, at the first that breaks an invariant.
 */
export async function fuzz(
  seed: number,
  count: number,
): Promise<Map<number, number>> {
  const dice = new Dice(seed);
  const statuses = new Map<number, number>();
  for (let i = 0; i < count; i++) {
    const input = makeInput(dice);
    const splits = dice.roll(6) === 0 ? "each" : makeSplits(input, dice);
    const limits = dice.roll(3) === 0 ? TIGHT : {};
    try {
      for (const status of await judge(input, splits, limits)) {
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      }
    } catch (error) {
      const shown = JSON.stringify({ seed, i, input, splits, limits });
      throw new Error(`Broken by ${shown}`, { cause: error });
    }
  }
  return statuses;
}

/**
 * Serves an input whole and cut.
 *
 * @returns The statuses of the answers.
 * @throws {Error} If the loop fails or does not end in order; the answers are
 * not well-formed; there are more of them than requests; octets follow a close;
 * or the cuts make a difference.
 */
async function judge(
  input: string,
  splits: Splits,
  limits: Partial<Limits>,
): Promise<number[]> {
  const { text, runs, isHead } = await serve(input, [], limits);
  // A refusal is the last answer; without its page it was one to HEAD.
  const hasNoPage = input.includes("HEAD ") && text.endsWith("\r\n\r\n");
  const answers = readAnswers(text, (i) => isHead[i] ?? hasNoPage)
    .filter(({ status }) => status >= 200);
  // Each request that ran ends with an empty line; one more may be refused.
  const requests = input.split("\r\n\r\n").length;
  if (answers.length > requests) {
    throw new Error(`${answers.length} answers to ${requests} requests`);
  }
  if (runs > answers.length) {
    throw new Error(`${runs} requests ran, ${answers.length} were answered`);
  }
  const cut = await serve(input, splits, limits);
  if (withoutInterim(cut.text) !== withoutInterim(text) || cut.runs !== runs) {
    throw new Error(`whole: ${text}\ncut: ${cut.text}`);
  }
  return answers.map(({ status }) => status);
}

async function serve(
  input: string,
  splits: Splits,
  limits: Partial<Limits>,
): Promise<Outcome> {
  const outcome: Outcome = { text: "", runs: 0, isHead: [] };
  class Target extends HttpRequestHandler {
    override errorMessageFormat = "%(message)s";
    override errorContentType = "text/plain";
    #body: Uint8Array = new Uint8Array();

    override sendResponse(code: number, message?: string): void {
      this.sendResponseOnly(code, message);
    }

    override handleOneRequest(): Promise<void> {
      return super.handleOneRequest().then(() => {
        outcome.isHead.push(this.command === "HEAD");
      });
    }

    // A body that nobody reads is skipped if it is here, and closes if not: the
    // cuts would make a difference by design.
    override async dispatch(): Promise<void> {
      this.#body = await this.bytes();
      await super.dispatch();
    }

    @verb("*")
    answer(): void {
      outcome.runs++;
      this.sendResponse(200);
      this.endHeaders();
      this.wfile.write(`${this.command} ${this.path} `);
      this.wfile.write(this.#body);
    }
  }
  const pieces: Uint8Array[] = [];
  await exchange(Target, input, {
    ...limits,
    splits,
    onWrite: (octets) => pieces.push(octets),
    onError: (error) => {
      throw error;
    },
  });
  for (const piece of pieces) {
    for (const octet of piece) outcome.text += String.fromCharCode(octet);
  }
  return outcome;
}

/** Whether a client is told to go on depends on what it has sent by then. */
function withoutInterim(text: string): string {
  return text.replaceAll("HTTP/1.1 100 Continue\r\n\r\n", "");
}
