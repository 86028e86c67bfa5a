// The page that `sendError` sends.

import { mediaTypeOf } from "../facts/content_type.ts";

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

/** What stands on the page of an error. */
export interface ErrorTexts {
  /** The status code. */
  readonly code: number;
  /** The message. */
  readonly message: string;
  /** The explanation. */
  readonly explain: string;
}

/**
 * Fills in the page of an error.
 *
 * @param format The page with its three placeholders.
 * @param texts The status code, and the message and explanation, which are
 * escaped here as the media type wants it.
 * @param contentType The media type of the page: in JSON the placeholders stand
 * inside of strings, plain text has no escapes, anything else is markup.
 */
export function formatErrorPage(
  format: string,
  texts: ErrorTexts,
  contentType: string = ERROR_CONTENT_TYPE,
): string {
  const escape = escapeFor(mediaTypeOf(contentType));
  return format.replace(
    /%\((code|message|explain)\)[ds]/g,
    (_, name: keyof ErrorTexts) => escape(String(texts[name])),
  );
}

function escapeFor(mediaType: string): (text: string) => string {
  if (/[/+]json$/.test(mediaType)) return escapeJson;
  return mediaType === "text/plain" ? String : escapeMarkup;
}

function escapeJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** Quotation marks stay: nothing here is put into an attribute. */
function escapeMarkup(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(
    ">",
    "&gt;",
  );
}
