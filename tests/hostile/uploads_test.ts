// Attacks on what takes files.

import { assertMatch } from "@std/assert";
import { type Attack, sends, testAttacks } from "./_attack.ts";
import { get, post } from "./_request.ts";

const MULTIPART = "multipart/form-data; boundary=B";

/** One part of a form, with what stands between the quotes of its file name. */
function part(filename: string, content: string): string {
  return '--B\r\nContent-Disposition: form-data; name="file"; ' +
    `filename="${filename}"\r\n\r\n${content}\r\n`;
}

/** A form that is posted whole. */
function form(...parts: string[]): string {
  return post("/", parts.join("") + "--B--\r\n", MULTIPART, "length");
}

/** The beginning of a form of which more is announced. */
function beginning(body: string): string {
  return form(part("new.txt", "x".repeat(200_000)))
    .replace(/\r\n\r\n[^]*/, `\r\n\r\n${body}`);
}

const CUT = part("new.txt", "abc").slice(0, -2);
const LARGE = "x".repeat(200_000);

const BREAKING_OFF: readonly Attack[] = [
  {
    name: "a form that ends inside a file",
    attack: sends(post("/", CUT, MULTIPART, "length"), {
      wants: "HTTP/1.1 400 ",
    }),
  },
  {
    name: "half-closing inside a file of a form",
    attack: sends(beginning(CUT), { ending: "half", wants: "HTTP/1.1 400 " }),
  },
  ...(["leave", "reset", "hold"] as const).flatMap((ending): Attack[] => [
    {
      name: `${ending} inside a file of a form`,
      attack: sends(beginning(CUT), { ending, times: 20 }),
    },
    {
      name: `${ending} inside a large file of a form`,
      attack: sends(beginning(part("new.txt", LARGE.slice(500))), {
        ending,
        times: 20,
      }),
    },
    {
      name: `${ending} inside a file that is put`,
      attack: sends(
        "PUT /new.txt HTTP/1.1\r\nHost: localhost\r\n" +
          "Content-Length: 9\r\n\r\nabc",
        { ending, times: 20 },
      ),
    },
  ]),
  {
    name: "a form whose second file breaks off",
    leaves: ["one.txt"],
    attack: sends(
      post("/", part("one.txt", "1") + CUT, MULTIPART, "length"),
      { wants: /^HTTP\/1\.1 400 [^]*one\.txt<td>201<td>Stored\n/ },
    ),
  },
];

const NAMES: readonly Attack[] = [
  ".",
  "..",
  "../up.txt",
  "/etc/up.txt",
  "..\\up.txt",
  "C:up.txt",
  "\\\\server\\up.txt",
  "a\x1b[31m.txt",
  "nul",
  "up.txt.",
].flatMap((name): Attack[] => [
  {
    name: `a file of a form called ${JSON.stringify(name)}`,
    attack: sends(form(part(name, "x")), { wants: "HTTP/1.1 403 " }),
  },
]);

const FORMS: readonly Attack[] = [
  {
    name: "a conflict, and a large file behind it",
    leaves: ["new.txt"],
    attack: sends(form(part("bystander.txt", "x"), part("new.txt", LARGE)), {
      wants: /^HTTP\/1\.1 409 [^]*bystander\.txt<td>409<td>File exists\n/,
    }),
  },
  {
    name: "a name of 250 escapes, on standard error too",
    attack: sends(form(part("\x1b".repeat(250), "x")), {
      wants: "HTTP/1.1 403 ",
    }),
  },
  {
    name: "a name that is too long",
    attack: sends(form(part("x".repeat(256), "x")), {
      wants: "HTTP/1.1 400 ",
    }),
  },
  {
    name: "a head without end",
    attack: sends(form(part(`a"\r\nX: "${"y".repeat(1_000_000)}`, "")), {
      wants: "HTTP/1.1 413 ",
    }),
  },
  {
    name: "thousands of fields that hold nothing",
    attack: sends(
      () =>
        form(
          '--B\r\nContent-Disposition: form-data; name=""\r\n\r\n\r\n'
            .repeat(20_000),
        ),
      { wants: "HTTP/1.1 413 " },
    ),
  },
  {
    name: "a file of line ends that may each begin a delimiter",
    leaves: ["new.txt"],
    attack: sends(() => form(part("new.txt", "\r\n--".repeat(1_000_000))), {
      wants: "HTTP/1.1 303 ",
    }),
  },
  {
    name: "thousands of refused names that swell in the page of the report",
    attack: sends(
      () => form(part("/" + "&".repeat(7_900), "x").repeat(9_990)),
      { wants: "HTTP/1.1 413 " },
    ),
  },
  {
    name: "a preamble of 4 MB and no form",
    attack: sends(() => post("/", "x".repeat(4_000_000), MULTIPART, "length"), {
      wants: "HTTP/1.1 400 ",
    }),
  },
];

/** A form sent by a page of another site: what the browser says of it. */
function fromPage(host: string, ...fields: string[]): string {
  const lines = [`Host: ${host}`, ...fields].join("\r\n");
  return form(part("new.txt", "x")).replace("Host: localhost", lines);
}

const PAGES: readonly Attack[] = [
  {
    name: "a form of another site's page",
    attack: sends(fromPage("127.0.0.1", "Origin: http://evil.example"), {
      wants: "HTTP/1.1 403 ",
    }),
  },
  {
    name: "a form of a page of another scheme",
    attack: sends(fromPage("127.0.0.1", "Origin: https://127.0.0.1"), {
      wants: "HTTP/1.1 403 ",
    }),
  },
  {
    name: "a form of a sandboxed page",
    attack: sends(fromPage("127.0.0.1", "Origin: null"), {
      wants: "HTTP/1.1 403 ",
    }),
  },
  {
    name: "a form of a page whose name leads here (DNS rebinding)",
    attack: sends(fromPage("evil.example", "Origin: http://evil.example"), {
      wants: "HTTP/1.1 421 ",
    }),
  },
  {
    name: "a file that a page reads whose name leads here (DNS rebinding)",
    attack: sends(
      get("/bystander.txt").replace("localhost", "evil.example"),
      { wants: "HTTP/1.1 421 " },
    ),
  },
];

testAttacks("the command line with --upload", {
  args: ["0", "-d", "$SITE", "--upload"],
  permissions: ["-NRW"],
}, [...BREAKING_OFF, ...NAMES, ...FORMS, ...PAGES]);

testAttacks("the command line with --upload and --compress", {
  args: ["0", "-d", "$SITE", "--upload", "--compress"],
  permissions: ["-NRW"],
}, [{
  name: "a compressed sibling of a file that may not be replaced",
  leaves: ["bystander.txt.gz"],
  async attack(stranger) {
    const put = "PUT /bystander.txt.gz HTTP/1.1\r\nHost: localhost\r\n" +
      "Content-Length: 5\r\nConnection: close\r\n\r\nother";
    assertMatch(await stranger.ask(put), /^HTTP\/1\.1 201 /);
    const response = await stranger.ask(
      get("/bystander.txt", "Accept-Encoding: gzip"),
    );
    assertMatch(response, /\r\n\r\nbystander\n$/);
  },
}]);
