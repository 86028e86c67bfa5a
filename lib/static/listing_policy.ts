// The Content-Security-Policy of the listing page, which allows just its own
// inline parts by their digests: a file name that managed to become markup still
// could not run or fetch anything.

const digests = new Map<string, Promise<string>>();
function digest(text: string): Promise<string> {
  let known = digests.get(text);
  if (known === undefined) {
    const bytes = new TextEncoder().encode(text);
    known = crypto.subtle.digest("SHA-256", bytes)
      .then((hash) => `'sha256-${new Uint8Array(hash).toBase64()}'`);
    digests.set(text, known);
  }
  return known;
}

/**
 * Writes the Content-Security-Policy of a page with these inline parts.
 *
 * @param styles The texts of its style elements.
 * @param scripts The texts of its script elements.
 * @returns The policy: nothing from elsewhere, nothing inline but these.
 */
export async function contentSecurityPolicy(
  styles: readonly string[],
  scripts: readonly string[],
): Promise<string> {
  const [style, script] = await Promise.all(
    [styles, scripts].map((texts) => Promise.all(texts.map(digest))),
  );
  return `default-src 'none'; style-src ${style?.join(" ")}; ` +
    `script-src ${
      script?.join(" ")
    }; img-src 'self' data:; media-src 'self'; ` +
    `connect-src 'self'; form-action 'self'; base-uri 'self'; ` +
    `frame-ancestors 'self'`;
}
