import { assertEquals } from "@std/assert";
import { HttpRequestHandler, verb } from "../../mod.ts";
import { toFetch } from "../../lib/fetch/mod.ts";
import {
  type ErrorSink,
  formatError,
  printError,
  report,
} from "../../lib/handler/error_report.ts";

const CLIENT: Deno.NetAddr = { transport: "tcp", hostname: "::1", port: 7 };

/** An error whose stack is its message and one line. */
function failure(message: string, options?: ErrorOptions): Error {
  const error = new Error(message, options);
  error.stack = `Error: ${message}\n    at here`;
  return error;
}

/** What is printed while `use` runs. */
async function printedBy(
  use: () => void | Promise<void>,
  print: (text: string) => void = () => {},
): Promise<string[]> {
  const { error } = console;
  const lines: string[] = [];
  // deno-lint-ignore no-console -- what is printed is looked at
  console.error = (text) => {
    lines.push(text);
    print(text);
  };
  try {
    await use();
  } finally {
    // deno-lint-ignore no-console -- put back
    console.error = error;
  }
  return lines;
}

Deno.test("formatError() shows an error so that it forges nothing", async (t) => {
  const circle = failure("round");
  circle.cause = circle;
  const hostile = Object.defineProperty(new Error("x"), "stack", {
    get: () => {
      throw new Error("no");
    },
  });
  const rows:
    readonly (readonly [name: string, error: unknown, text: string])[] = [
      ["a stack", failure("plain"), "Error: plain\n    at here"],
      [
        "controls, as in the access log",
        failure("open 'a\x1b[2J\x07\x7f\x9b\r\\'"),
        "Error: open 'a\\x1b[2J\\x07\\x7f\\x9b\\x0d\\\\'\n    at here",
      ],
      [
        "a message of several lines cannot be a line of the log",
        failure('x\n1.2.3.4 - - [now] "GET /" 200 -'),
        'Error: x\n    1.2.3.4 - - [now] "GET /" 200 -\n    at here',
      ],
      [
        "a cause",
        failure("outer", { cause: failure("in\nner") }),
        "Error: outer\n    at here\n    Caused by: Error: in\n    ner\n    at here",
      ],
      [
        "a cause that is its own",
        circle,
        Array(9).fill("Error: round\n    at here").join("\n    Caused by: "),
      ],
      ["text", "just\x1btext", "just\\x1btext"],
      ["nothing", undefined, "undefined"],
      ["an object", { code: "\x1b" }, '{"code":"\\\\u001b"}'],
      ["what cannot be read", hostile, "an error that cannot be described"],
      [
        "what cannot be serialized",
        { toJSON: 1n },
        "an error that cannot be described",
      ],
    ];
  for (const [name, error, text] of rows) {
    await t.step(name, () => assertEquals(formatError(error), text));
  }
});

Deno.test("printError() names the client and never throws", async () => {
  const lines = await printedBy(() => {
    printError("a", CLIENT);
    printError("b", { transport: "unix", path: "/socket" });
    printError("c", { ...CLIENT, hostname: "" });
    printError("d");
  }, () => {
    throw new Error("No space left on device");
  });
  assertEquals(lines, [
    "Exception while serving ::1:7: a",
    "Exception while serving a local socket: b",
    "Exception while serving: c",
    "Exception while serving: d",
  ]);
});

Deno.test("report() prints what handleError() fails at", async (t) => {
  const sinks: Readonly<Record<string, ErrorSink>> = {
    "it throws": {
      handleError() {
        throw "worse";
      },
    },
    "it rejects": {
      async handleError() {
        await Promise.reject("worse");
      },
    },
  };
  for (const [name, sink] of Object.entries(sinks)) {
    await t.step(name, async () => {
      const lines = await printedBy(async () => {
        report(sink, "bad", CLIENT);
        // A rejection is known two turns after it was made.
        for (let turn = 0; turn < 4; turn++) await null;
      });
      assertEquals(lines, [
        "Exception while serving ::1:7: bad",
        "Exception while serving ::1:7: worse",
      ]);
    });
  }
});

class Page extends HttpRequestHandler {
  @verb("GET", "/")
  page(): Response {
    return new Response("page");
  }

  @verb("GET", "/broken")
  broken(): Response {
    throw failure("broken");
  }
}

Deno.test("An access log that fails costs no client its response", async (t) => {
  const logs: Readonly<Record<string, (line: string) => void>> = {
    "it throws": () => {
      throw failure("full");
    },
    "it rejects": () => Promise.reject(failure("full")),
  };
  for (const [name, accessLog] of Object.entries(logs)) {
    await t.step(name, async () => {
      const reports: string[] = [];
      const onError = (error: unknown) => reports.push(String(error));
      const handler = toFetch(Page, { accessLog, onError });
      const response = await handler(new Request("http://a/"));
      assertEquals(await response.text(), "page");
      assertEquals(reports, ["Error: full"]);
    });
  }
});

Deno.test("A handleError() that fails costs no client its response", async () => {
  const onError = () => {
    throw failure("worse");
  };
  const lines = await printedBy(async () => {
    const handler = toFetch(Page, { onError });
    const response = await handler(new Request("http://a/broken"));
    assertEquals(response.status, 500);
    await response.body?.cancel();
  });
  assertEquals(lines, [
    "Exception while serving: Error: broken\n    at here",
    "Exception while serving: Error: worse\n    at here",
  ]);
});

Deno.test("toFetch() outlives an onError() that fails past the head", async () => {
  class Cut extends HttpRequestHandler {
    @verb("GET")
    async cut(): Promise<void> {
      this.sendResponse(200);
      this.endHeaders();
      await this.flushHeaders();
    }
    override finish(): void {
      throw failure("finish");
    }
  }
  const reported = Promise.withResolvers<void>();
  const onError = () => {
    reported.resolve();
    throw failure("worse");
  };
  const lines = await printedBy(async () => {
    const response = await toFetch(Cut, { onError })(new Request("http://a/"));
    await response.text().catch(() => {});
    await reported.promise;
  });
  assertEquals(lines, [
    "Exception while serving: Error: finish\n    at here",
    "Exception while serving: Error: worse\n    at here",
  ]);
});

Deno.test("formatError() shortens an error that quotes a body, but not its stack", () => {
  const cause = failure("x\n".repeat(1_000_000));
  const text = formatError(failure("\x1b".repeat(16_000_000), { cause }));
  assertEquals(text.length < 150_000, true);
  assertEquals(text.startsWith("Error: \\x1b\\x1b"), true);
  assertEquals(text.endsWith("\n    x\n    x\n    \n    at here"), true);
  assertEquals(text.match(/ … \d+ characters … /g)?.length, 1);
});
