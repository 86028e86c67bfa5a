// The page that `sendError` sends.

import { mediaTypeOf } from "../facts/content_type.ts";
import { PAGE_STYLE } from "./page_style.ts";

/**
 * The page of an error: `%(code)d`, `%(message)s` and `%(explain)s` stand for
 * the status, its phrase or message, and the explanation.
 */
export const ERROR_MESSAGE_FORMAT: string = errorPageFormat("");

/**
 * Makes a page of an error with a way out of it.
 *
 * @param header Markup to stand above the error.
 */
export function errorPageFormat(header: string): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>%(code)d %(message)s</title>
<style>${PAGE_STYLE}nav{font-size:1.25rem;font-weight:600}main{max-width:36rem;margin-top:12vh}h1{margin:0;font-size:3rem;font-weight:300;color:var(--s)}</style>
</head>
<body>
${header}<main>
<h1>%(code)d</h1>
<p><strong>%(message)s</strong></p>
<p>%(explain)s.</p>
</main>
</body>
</html>
`;
}

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
