import { assertEquals } from "@std/assert";
import { HttpError, HttpRequestHandler, HttpServer, verb } from "../../mod.ts";
import { answering, type Fixed, GET, talk } from "./_talk.ts";

interface Row {
  readonly name: string;
  readonly answer: (this: Fixed) => void | Promise<void>;
  readonly input?: string;
  readonly want: string;
  readonly errors?: readonly string[];
}

const ROWS: readonly Row[] = [
  {
    name: "octets both ways, as they are on the wire",
    input: "POST / HTTP/1.1\nHost: a\nContent-Length: 3\n\nabcGET / not HTTP",
    async answer() {
      const { rfile, wfile } = this.detach();
      let text = "";
      for (let p; (p = await rfile.read(4)) !== null;) {
        text += new TextDecoder().decode(p) + "|";
      }
      wfile.write(text);
    },
    want: "abcG|ET /| not| HTT|P|",
  },
  {
    name: "a head that was begun goes ahead",
    input: "GET / HTTP/1.1\nHost: a\nUpgrade: shout\n\nhello\n",
    async answer() {
      this.sendResponseOnly(101);
      this.sendHeader("Connection", "Upgrade");
      this.sendHeader("Upgrade", "shout");
      this.endHeaders();
      const { rfile, wfile } = this.detach();
      const line = await rfile.readLine();
      wfile.write(new TextDecoder().decode(line ?? undefined).toUpperCase());
    },
    want: "HTTP/1.1 101 Switching Protocols\nUpgrade: shout\n" +
      "Connection: Upgrade\n\nHELLO\n",
  },
  {
    name: "nothing at all",
    input: GET + GET,
    answer() {
      this.detach();
    },
    want: "",
  },
  {
    name: "an error is reported and writes nothing",
    async answer() {
      const { wfile } = this.detach();
      await wfile.write("half");
      throw new Error("broken");
    },
    want: "half",
    errors: ["Error: broken"],
  },
  {
    name: "an HttpError has nobody to answer",
    answer() {
      this.detach();
      throw new HttpError(404);
    },
    want: "",
  },
];

Deno.test("detach() takes the connection out of HTTP", async (t) => {
  for (const { name, answer, input = GET, want, errors = [] } of ROWS) {
    await t.step(name, async () => {
      const seen = await talk(answering(answer), input);
      assertEquals(seen.text, want);
      assertEquals(seen.errors, [...errors]);
    });
  }
});

Deno.test("detach() takes no connection that waits for its next request", async () => {
  const late = Promise.withResolvers<unknown>();
  class Late extends HttpRequestHandler {
    @verb("GET")
    get() {
      setTimeout(() => {
        try {
          late.resolve(this.detach());
        } catch (error) {
          late.resolve(error);
        }
      }, 5);
      return new Response("in time");
    }
  }
  await using server = new HttpServer({ port: 0 }, Late);
  void server.serveForever();
  using client = await Deno.connect({ port: server.serverPort });
  const request = "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
  await client.write(new TextEncoder().encode(request));
  assertEquals(
    String(await late.promise),
    "Error: Cannot take the connection: the response is complete",
  );
});
