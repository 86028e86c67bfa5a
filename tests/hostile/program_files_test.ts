// Attacks on the files of programs: to see them, and to have others run.

import { type Attack, sends, testAttacks } from "./_attack.ts";
import { get } from "./_request.ts";
import { SECRET } from "./_target.ts";

/** Ways to a file that is run, and not by its own path. */
const SOURCES: readonly Attack[] = [
  get("/"),
  get("/folder/"),
  get("/folder"),
  get("/folder//."),
  get("/folder/", "Range: bytes=0-9"),
  get("/folder/", "Accept-Encoding: gzip"),
  get("/folder/?archive=tar"),
  get("/folder/%E9"),
  get("/page.php.gz"),
  get("/page.php."),
  get("/page.php%20"),
  get("/PAGE.PHP"),
  get("/nothing", "Accept: text/html"),
  get("/?archive=tar"),
  get("/?archive=zip"),
  get("/page.php", "Range: bytes=0-9"),
  get("/page.php/path"),
  get("/page.php/%E9"),
  get("/page.php%E9"),
  get("/%C0%AE%C0%AE/page.php"),
].map((request): Attack => ({
  name: `the source of a program: ${request.slice(0, request.indexOf("\r"))}`,
  attack: sends(request),
}));

testAttacks("the command line with --cgi-interpreter", {
  args: [
    ...["0", "-d", "$SITE", "--cgi", "--cgi-interpreter", ".php=true"],
    ...["--archive", "--compress", "--readme"],
    ...["--not-found", "page.php", "--spa=page.php"],
  ],
  permissions: ["-NR", "--allow-run"],
  files: {
    "page.php": `<?php # ${SECRET}`,
    "page.php.gz": SECRET,
    "PAGE.PHP": SECRET,
    "page.php.": SECRET,
    "page.php ": SECRET,
    "folder/index.php": SECRET,
    "cgi-bin/data.txt": SECRET,
  },
}, SOURCES);

const PROGRAM = "#!/bin/sh\nprintf 'Content-Type: text/plain\\n\\nown\\n'\n";

const USER = `Authorization: Basic ${btoa("ada:correct horse")}`;

function send(method: string, path: string, body: string, field = ""): string {
  return `${method} ${path} HTTP/1.1\r\nHost: localhost\r\n` +
    `Connection: close\r\n${USER}\r\n${field}` +
    `Content-Length: ${body.length}\r\n\r\n${body}`;
}

/** Ways to have a file run that was uploaded. */
const UPLOADS: readonly Attack[] = [
  "evil.php",
  "evil.PHP",
  "evil.php.",
  "evil.php.gz",
  "evil.jpg.php",
  "evil.php/",
  "php.ini",
  "php-cgi-fcgi.ini",
  ".user.ini",
  "cgi-bin/evil",
  "cgi-bin/own",
].flatMap((path): Attack[] => {
  const [, folder = "", name = ""] = /^(.*\/)?(.*)$/.exec(path) ?? [];
  const part = '--B\r\nContent-Disposition: form-data; name="file"; ' +
    `filename="${name}"\r\n\r\nevil\r\n--B--\r\n`;
  const type = "Content-Type: multipart/form-data; boundary=B\r\n";
  // A program that is there runs, whatever the method.
  const wants = /^HTTP\/1\.1 (4|200 [^]*\nown\n$)/;
  return [
    {
      name: `putting what would be run: ${path}`,
      attack: sends(send("PUT", `/${path}`, "evil"), { wants }),
    },
    {
      name: `posting what would be run: ${path}`,
      attack: sends(send("POST", `/${folder}`, part, type), { wants }),
    },
  ];
});

testAttacks("the command line with --upload and --cgi", {
  args: [
    ...["0", "-d", "$SITE", "--upload", "--cgi"],
    ...["--cgi-interpreter", ".php=true", "--auth-file", "$TOP/users"],
  ],
  permissions: ["-NRW", "--allow-run"],
  bystanderFields: `${USER}\r\n`,
  files: { // The password is "correct horse".
    "../users":
      "ada:$2b$10$QU0CDhLjj2W97zFcQHWIT.a.AxMknseSTuR6E8341PFpaXMCD.4ra\n",
    "cgi-bin/own": PROGRAM,
  },
}, UPLOADS);
