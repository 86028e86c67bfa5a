// Inline scripts and styles are written to be read, and sent without what only
// the eye needs.

/**
 * Drops indentation and empty lines.
 *
 * @param text A script or a style sheet of which no text spans lines.
 */
export function compact(text: string): string {
  return text.split("\n").map((line) => line.trim())
    .filter((line) => line !== "").join("\n");
}
