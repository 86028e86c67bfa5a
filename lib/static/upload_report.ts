// What became of the files of a form, as a page or as JSON. The names are a
// stranger's: they go into the page escaped.

import { escape } from "@std/html";
import type { Writer } from "../bytes/stream.ts";
import { PAGE_STYLE } from "../handler/page_style.ts";
import type { FileOutcome, FormOutcome } from "./upload_form.ts";

/** Rows of the page that are written at once. */
const ROWS = 100;

/** What is told of an upload. */
export interface UploadReport {
  /** The status of the response. */
  readonly status: number;
  /** One plain sentence about the form as a whole. */
  readonly message: string;
  /** What became of each file. */
  readonly files: FormOutcome["files"];
}

/**
 * Sums up what became of a form.
 *
 * @param outcome What became of it.
 * @returns The report; its status is 200 if all files were stored, else that of
 * the form's failure or of the first file that was not stored.
 */
export function summarize({ files, failure }: FormOutcome): UploadReport {
  const refused = files.filter(({ status }) => status !== 201);
  const count = `${files.length - refused.length} of ${files.length}`;
  const reason = failure?.message ? `. ${failure.message}` : "";
  return {
    status: failure?.status ?? refused[0]?.status ?? 200,
    message: `${count} files stored${reason}`,
    files,
  };
}

/**
 * Writes a report as a page, in pieces: thousands of files make megabytes of it.
 *
 * @param report The report.
 * @param folder The URL path of the folder, percent-encoded.
 * @param wfile Where it goes.
 */
export async function writeReportPage(
  { message, files }: UploadReport,
  folder: string,
  wfile: Writer,
): Promise<void> {
  await wfile.write(formatHead(message));
  for (let start = 0; start < files.length; start += ROWS) {
    const rows = files.slice(start, start + ROWS).map(formatRow);
    await wfile.write(rows.join(""));
  }
  await wfile.write(`</table>
<p><a href="${folder}">Back to the folder</a></p>
</main>
`);
}

function formatRow({ name, status, message }: FileOutcome): string {
  const look = status === 201 ? "" : ' class="failed"';
  return `<tr${look}><th scope="row">${escape(name)}<td>${status}` +
    `<td>${escape(message)}\n`;
}

function formatHead(message: string): string {
  const title = escape(message);
  return `<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<style>${PAGE_STYLE}h1{font-size:1.25rem}table{border-collapse:collapse;width:100%}th,td{padding:.5rem .6rem;text-align:left;vertical-align:top;font-weight:400;border-bottom:1px solid var(--l)}td{color:var(--s)}.failed td{color:var(--e)}</style>
<main>
<h1>${title}</h1>
<table>
`;
}
