// Requests as raw bytes.

/** A GET of a path, with further field lines. */
export function get(path: string, ...fields: string[]): string {
  const lines = [`GET ${path} HTTP/1.1`, "Host: localhost", ...fields];
  return `${lines.join("\r\n")}\r\nConnection: close\r\n\r\n`;
}

/** A POST of bytes that are in chunks already, or of a known length. */
export function post(
  path: string,
  body: string,
  contentType: string,
  framing: "chunked" | "length" = "chunked",
): string {
  const field = framing === "chunked"
    ? "Transfer-Encoding: chunked"
    : `Content-Length: ${body.length}`;
  return `POST ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n` +
    `Content-Type: ${contentType}\r\n${field}\r\n\r\n${body}`;
}
