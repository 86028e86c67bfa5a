// The handlers that are carried by both transports.

import { HttpError, HttpRequestHandler, verb } from "../../mod.ts";
import { ERROR_MESSAGE_FORMAT } from "../../lib/handler/error_page.ts";
import { StaticRequestHandler } from "../../lib/static/mod.ts";

const encoder = new TextEncoder();

/** Answers in every way there is. */
export class App extends HttpRequestHandler {
  override serverVersion = "verb";
  override dateTimeString(): string {
    return "today";
  }

  #head(code: number, reason?: string) {
    this.sendResponse(code, reason);
    this.sendHeader("Content-Type", "text/plain");
  }

  #say(text: string) {
    this.#head(200);
    this.endHeaders();
    this.wfile.write(text);
  }

  @verb("GET", "/pipeline")
  pipeline() {
    this.#say("hello, wörld\n");
  }

  @verb("GET", "/empty")
  empty() {
    this.#head(200);
    this.endHeaders();
  }

  @verb("GET", "/declared")
  declared() {
    this.#head(200);
    this.sendHeader("Content-Length", "4");
    this.endHeaders();
    this.wfile.write("four");
  }

  @verb("GET", "/declared-wrong")
  declaredWrong() {
    this.#head(200);
    this.sendHeader("Content-Length", "5");
    this.endHeaders();
    this.wfile.write("four");
  }

  @verb("GET", "/large")
  async large() {
    this.#head(200);
    this.endHeaders();
    for (let i = 0; i < 100; i++) {
      await this.wfile.write(encoder.encode(`${i % 10}`.repeat(1000)));
    }
  }

  @verb("GET", "/flushed")
  async flushed() {
    this.#head(200);
    this.endHeaders();
    await this.flushHeaders();
    await this.wfile.write("one, ");
    await this.wfile.flush();
    await this.wfile.write("two");
  }

  @verb("GET", "/writable")
  async writable() {
    this.#head(200);
    this.endHeaders();
    await ReadableStream.from(["by ", "stream"])
      .pipeThrough(new TextEncoderStream()).pipeTo(this.wfile.writable);
  }

  @verb("GET", "/fields")
  fieldsOfAllKinds() {
    this.#head(200);
    this.sendHeader("Set-Cookie", "a=1");
    this.sendHeader("Set-Cookie", "b=2");
    this.sendHeader("X-Latin", "caf\xe9");
    this.sendHeader("Connection", "keep-alive");
    this.endHeaders();
  }

  @verb("GET", "/bad-field")
  badField() {
    this.#head(200);
    this.sendHeader("X-Split", "a\r\nSet-Cookie: b=2");
    this.endHeaders();
  }

  @verb("GET", "/status/:code")
  status({ code }: { code: string }) {
    this.#head(Number(code));
    this.endHeaders();
    this.wfile.write("a body");
  }

  @verb("GET", "/reason")
  reason() {
    this.#head(200, "Fine by me");
    this.endHeaders();
  }

  @verb("GET", "/hints")
  async hints() {
    await this.sendInformational(103, [["Link", "</a.css>; rel=preload"]]);
    this.#say("hinted");
  }

  @verb("GET", "/trailers")
  async withTrailers() {
    this.#head(200);
    this.sendHeader("Trailer", "X-Sum");
    this.endHeaders();
    await this.wfile.write("summed");
    this.sendTrailer("X-Sum", "6");
  }

  @verb("GET", "/trailers-unannounced")
  trailersUnannounced() {
    this.#head(200);
    this.endHeaders();
    this.sendTrailer("X-Sum", "6");
  }

  @verb("GET", "/detached")
  detached() {
    const { wfile } = this.detach();
    wfile.write("HTTP/1.1 200 Mine\r\n\r\nraw");
    return wfile.flush();
  }

  @verb("GET", "/response")
  response() {
    return new Response("a response");
  }

  @verb("GET", "/response-json")
  jsonResponse() {
    return Response.json({ a: [1, null] }, { status: 201 });
  }

  @verb("GET", "/response-null")
  nothing() {
    return new Response(null, { status: 204, headers: { "X-None": "1" } });
  }

  @verb("GET", "/response-stream")
  stream() {
    async function* pieces() {
      yield "one, ";
      await new Promise((resolve) => setTimeout(resolve));
      yield "two, ";
      yield "three";
    }
    return new Response(
      ReadableStream.from(pieces()).pipeThrough(new TextEncoderStream()),
      { headers: { "Content-Type": "text/plain" } },
    );
  }

  @verb("GET", "/response-error")
  error() {
    return Response.error();
  }

  @verb("GET", "/response-used")
  async used() {
    const response = new Response("gone");
    await response.text();
    return response;
  }

  @verb("GET", "/thrown")
  thrown() {
    this.#say("this must not be seen");
    throw new HttpError(402, "Pay <first>", {
      explain: "It is not free",
      headers: [["X-Price", "3"]],
    });
  }

  @verb("GET", "/broken")
  broken() {
    throw new Error("a secret");
  }

  @verb("GET", "/rejected")
  async rejected() {
    await Promise.reject(new HttpError(409));
  }

  @verb("GET", "/silent")
  silent() {}

  @verb("GET", "/forward")
  forwarded() {
    return this.forward("/params/far?x=1");
  }

  @verb("GET", "/params/:id")
  @verb("PUT", "/params/:id")
  params({ id }: { id: string }) {
    const { command, path, pathname, query, requestLine, requestVersion } =
      this;
    this.#say(
      JSON.stringify({
        id,
        command,
        path,
        pathname,
        query,
        requestLine,
        requestVersion,
        raw: new TextDecoder().decode(this.rawRequestLine),
        field: this.fields.get("x-field") ?? null,
        header: this.headers.get("X-Field"),
        url: this.request.url,
      }),
    );
  }

  @verb("POST", "/form")
  async form() {
    const form = await this.formData();
    const parts: string[] = [];
    for (const [name, value] of form) {
      parts.push(
        typeof value === "string"
          ? `${name}=${value}`
          : `${name}=${value.name} ${value.type} ${await value.text()}`,
      );
    }
    this.#say(parts.join("\n"));
  }

  @verb("POST", "/json")
  async parse() {
    this.#say(JSON.stringify(await this.json()));
  }

  @verb("POST", "/text")
  async body() {
    this.#say(await this.text());
  }

  @verb("POST", "/copy")
  async copy() {
    this.#head(200);
    this.endHeaders();
    for (let piece; (piece = await this.rfile.read(7)) !== null;) {
      await this.wfile.write(piece);
    }
  }

  @verb("POST", "/lines")
  async lines() {
    const lines: string[] = [];
    for (let line; (line = await this.rfile.readLine(8)) !== null;) {
      lines.push(new TextDecoder().decode(line));
    }
    this.#say(JSON.stringify(lines));
  }

  @verb("POST", "/unread")
  unread() {
    this.#say("not read");
  }

  @verb("POST", "/passed-on")
  passOn() {
    return new Response(this.request.body);
  }
}

/** Changes every answer in the steps, as Python programs do. */
export class Shared extends HttpRequestHandler {
  static override prefix = "/shared";
  override serverVersion = "verb";
  override dateTimeString(): string {
    return "today";
  }

  override endHeaders() {
    this.sendHeader("Access-Control-Allow-Origin", "*");
    super.endHeaders();
  }

  @verb("GET", "/pipeline")
  pipeline() {
    this.sendResponse(204);
    this.endHeaders();
  }

  @verb("GET", "/response")
  response() {
    return new Response("for all");
  }
}

/** A folder. */
export class Files extends StaticRequestHandler {
  override errorMessageFormat = ERROR_MESSAGE_FORMAT;
  static override prefix = "/files";
  override serverVersion = "verb";
  override dateTimeString(timestamp?: number): string {
    return timestamp === undefined ? "today" : super.dateTimeString(timestamp);
  }
  /** The tag of a file hangs on the hour, too, and on the disk. */
  override sendHeader(name: string, value: string): void {
    const isTag = name === "ETag";
    super.sendHeader(
      name,
      isTag ? value.replace(/^W\/|-\w+(?="$)/g, "") : value,
    );
  }
}
