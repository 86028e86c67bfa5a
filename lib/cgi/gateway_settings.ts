// The settings that CGI and FastCGI share, each a field with a safe default.

import { HttpRequestHandler } from "../handler/http_request_handler.ts";

/** What can be set on a `GatewayRequestHandler`. */
export abstract class GatewaySettings extends HttpRequestHandler {
  /**
   * The directory that `/` stands for, DOCUMENT_ROOT.
   *
   * @default {"."}
   */
  root = ".";
  /**
   * Single programs: the pathname each is mounted at, and its file.
   *
   * @default {{}}
   */
  programs: Readonly<Record<string, string>> = {};
  /**
   * Whether symbolic links may lead out of `root` to programs; else such a link
   * is 404, and the log says so. Those of `programs` may lie anywhere.
   *
   * @default {false}
   */
  followSymlinks = false;
  /**
   * Names of the files that answer for their folder; the first that is there
   * counts. One that is a program answers the request for the folder, whatever
   * the method; one that is none leaves the folder to the next handler class.
   *
   * @default {["index.html", "index.htm", "index.php", "index.cgi"]}
   */
  indexPages: readonly string[] = [
    "index.html",
    "index.htm",
    "index.php",
    "index.cgi",
  ];
  /**
   * Variables that every program gets, over those of the request.
   *
   * @default {{}}
   */
  env: Readonly<Record<string, string>> = {};
  /**
   * Whether programs see the Authorization field, as HTTP_AUTHORIZATION: for
   * programs that authenticate by themselves.
   *
   * @default {false}
   */
  passAuthorization = false;
  /**
   * SERVER_NAME; by default the host that the request names, and the server's
   * own name when it names none.
   *
   * @default {undefined}
   */
  serverName: string | undefined = undefined;
  /**
   * The status of an answer that a program fails to give: 502, or 500 as other
   * servers have it.
   *
   * @default {502}
   */
  badOutputStatus = 502;
  /**
   * Milliseconds from the last octet of the request to the first of the
   * output; past it the program is ended and the client gets 504.
   *
   * @default {60_000}
   */
  firstByteTimeout = 60_000;
  /**
   * Milliseconds that a whole run may take; past it the program is ended.
   *
   * @default {600_000}
   */
  runTimeout = 600_000;
  /**
   * Requests that may wait for a program's turn; the next one gets 503.
   *
   * @default {128}
   */
  maxQueue = 128;
  /**
   * Milliseconds that one may wait; past it 503.
   *
   * @default {30_000}
   */
  queueTimeout = 30_000;
  /**
   * Milliseconds after which a client that reads slowly counts as slow. No more
   * than half of the programs may wait for their clients, to read or to send a
   * large body; a further one that reads slowly is cut off.
   *
   * @default {10_000}
   */
  clientPatience = 10_000;
  /**
   * Seconds after which a client that got 503 may try again.
   *
   * @default {5}
   */
  retryAfter = 5;
  /**
   * Octets of a body that are kept in memory before its program starts. More of
   * one without a length go to a temporary file; a body of a greater length
   * goes through as it comes, or to a file while half of the programs wait for
   * their clients already.
   *
   * @default {65_536}
   */
  spoolMemory = 65_536;
  /**
   * Octets of bodies in temporary files, of all requests together. No body may
   * have more of it than it leaves: one without a length and over a half gets
   * 413, and one for which others leave too little 503.
   *
   * @default {2_147_483_648}
   */
  spoolBytes = 2_147_483_648;
}
