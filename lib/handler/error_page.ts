// The page that `sendError` sends.

/**
 * The page of an error: `%(code)d`, `%(message)s` and `%(explain)s` stand for
 * the status, its phrase or message, and the explanation.
 */
export const ERROR_MESSAGE_FORMAT = `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>%(code)d %(message)s</title>
<style>body { font: 1em/1.5 system-ui, sans-serif; margin: 3em auto; max-width: 36em; padding: 0 1em }</style>
</head>
<body>
<h1>%(code)d</h1>
<p><strong>%(message)s</strong></p>
<p>%(explain)s.</p>
</body>
</html>
`;

/** The media type of {@linkcode ERROR_MESSAGE_FORMAT}. */
export const ERROR_CONTENT_TYPE = "text/html;charset=utf-8";

/**
 * Fills in the page of an error.
 *
 * @param format The page with its three placeholders.
 * @param code The status code.
 * @param message The message, which is escaped here.
 * @param explain The explanation, which is escaped here.
 */
export function formatErrorPage(
  format: string,
  code: number,
  message: string,
  explain: string,
): string {
  return format.replace(
    /%\((code|message|explain)\)[ds]/g,
    (_, name) =>
      name === "code"
        ? String(code)
        : escapeMarkup(name === "message" ? message : explain),
  );
}

/** Quotation marks stay: nothing here is put into an attribute. */
function escapeMarkup(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(
    ">",
    "&gt;",
  );
}
