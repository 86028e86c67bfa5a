// Handlers that leave code running behind their responses.

import { Fixed } from "./_talk.ts";

/** A handler whose responses have the fields that it sends, and no others. */
export class Plain extends Fixed {
  override sendResponse(code: number): void {
    this.sendResponseOnly(code);
  }
}

/** Settles after so many turns of the microtask queue. */
export async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await undefined;
}

/** Requests without a body. */
export function gets(...paths: string[]): string {
  return paths.map((path) => `GET ${path} HTTP/1.1\nHost: a\n\n`).join("");
}
