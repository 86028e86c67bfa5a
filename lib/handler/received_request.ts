// The asking half of a handler: what the current request says, and its body in
// the usual forms. The answering half is `response_pipeline.ts`.

import { handled } from "../bytes/stream.ts";
import type { Exchange } from "../protocol/exchange.ts";
import { FieldList } from "../protocol/field_list.ts";
import type { HttpVersion, RequestHead } from "../protocol/request_head.ts";
import {
  splitByteTarget,
  splitTarget,
  type Target,
} from "../protocol/target.ts";
import { collectBytes, decodeText, parseJson } from "./content.ts";
import { readForm } from "./form.ts";
import { limitBody } from "./limited_request.ts";
import { belowPrefix } from "./prefix.ts";
import { ResponsePipeline } from "./response_pipeline.ts";
import type { Connection } from "./connection.ts";
import { toWebHeaders, toWebRequest } from "./web_request.ts";

const NO_FIELDS = new FieldList([], []);

/**
 * The current request as its handler sees it.
 *
 * - Fields to use: `command`, `path`, `pathname`, `query`, `fields`, `headers`,
 *   `request`, `requestVersion`, `requestLine`, `rawRequestLine`, `trailers`,
 *   `signal`, `rfile`.
 * - Methods to use: `bytes`, `text`, `json`, `formData`.
 */
export abstract class ReceivedRequest extends ResponsePipeline {
  /** The method of the request, as `"GET"`; `""` before one was parsed. */
  command = "";
  /** The version by which the request is answered. */
  requestVersion: HttpVersion = "HTTP/1.1";
  /** The header fields in the order and spelling in which they came. */
  fields: FieldList = NO_FIELDS;

  #connection: { readonly exchange: Exchange };
  #prefix: string;
  #splitPath: (path: string) => Target;
  #path = "";
  #target: Target | undefined;
  #headers: Headers | undefined;
  #request: Request | undefined;
  /** The path as the client sent it. */
  #receivedPath = "";

  /**
   * Makes a handler without a request.
   *
   * @param connection Where requests come from.
   * @param mount Where the handler's class is mounted, and what paths it takes.
   */
  constructor(
    connection: Connection & { readonly exchange: Exchange },
    mount: { readonly prefix: string; readonly takesPathBytes: boolean },
  ) {
    super(connection);
    this.#connection = connection;
    this.#prefix = mount.prefix;
    this.#splitPath = mount.takesPathBytes ? splitByteTarget : splitTarget;
  }

  /**
   * The request target in origin-form, with its query, as Python's `path`:
   * leading slashes are one slash. A method may set it before it calls another,
   * which then finds `pathname` and `query` changed with it.
   */
  get path(): string {
    return this.#path;
  }

  set path(value: string) {
    // Behind two slashes a browser would read a host, as in a redirect.
    this.#path = value.startsWith("//") ? value.replace(/^\/+/, "/") : value;
    this.#target = undefined;
    this.#request = undefined;
  }

  /**
   * The path below the class's prefix: percent-decoded once, dot segments
   * resolved, repeated slashes joined. It is what routes were matched against.
   *
   * @throws {HttpError} 400 if `path` was set to one with malformed escapes.
   */
  get pathname(): string {
    return this.#split().pathname;
  }

  /** What follows the `?` of the target, still encoded; `""` without one. */
  get query(): string {
    return this.#split().query;
  }

  /** The requests and responses of the connection. */
  protected override get exchange(): Exchange {
    return this.#connection.exchange;
  }

  /** The request line as received, with its line end. */
  get rawRequestLine(): Uint8Array {
    return this.exchange.rawRequestLine;
  }

  /** The header fields as web `Headers`. */
  get headers(): Headers {
    return this.#headers ??= toWebHeaders(this.fields);
  }

  /**
   * The request as a web `Request`, made on first use; reading its body reads
   * `rfile`. What collects the body of it and of its clones is bound by
   * `bufferedBodyBytes`, `jsonBytes` and `formFields` and throws `HttpError`;
   * `new Request(request)` makes one that is not.
   *
   * @throws {HttpError} 400 for a host that a URL cannot have and for a
   * Content-Type that is too long, 501 for CONNECT, TRACE and `post`, which a
   * `Request` cannot have.
   */
  get request(): Request {
    return this.#request ??= limitBody(
      this.#carried ?? toWebRequest({
        origin: this.#origin,
        path: this.#path,
        method: this.command,
        headers: this.headers,
        content: this.exchange.content,
        signal: this.signal,
      }),
      this.server.limits,
    );
  }

  /**
   * Aborted when the client goes away before the answer is complete: its
   * connection is reset, or a write fails. One that only ends its side may still
   * read. To notice that the server reads ahead, so ask for it only where the
   * answer takes long.
   */
  get signal(): AbortSignal {
    return this.exchange.signal;
  }

  /** The trailer fields of the request; empty until its body was read. */
  get trailers(): FieldList {
    return this.exchange.content.trailers;
  }

  /**
   * The whole body. It may be asked for again, in this form and the others:
   * all get the same array, whose bytes must then stay as they are.
   *
   * @throws {Error} If some of the body was read by `rfile`.
   * @throws {HttpError} 413 over the limit, 400 if it is malformed.
   */
  bytes(): Promise<Uint8Array> {
    return handled(collectBytes(
      this.exchange.content,
      this.server.limits.bufferedBodyBytes,
    ));
  }

  /**
   * The whole body as UTF-8 text.
   *
   * @throws {HttpError} 413 over the limit, 400 if it is malformed.
   */
  text(): Promise<string> {
    return handled(this.bytes().then(decodeText));
  }

  /**
   * The whole body as JSON.
   *
   * @throws {HttpError} 413 over the limit, 415 for a Content-Type other than
   * JSON, 400 if it is malformed.
   */
  json(): Promise<unknown> {
    const contentType = this.fields.get("content-type");
    const { bufferedBodyBytes, jsonBytes } = this.server.limits;
    const max = Math.min(bufferedBodyBytes, jsonBytes);
    return handled(
      collectBytes(this.exchange.content, max)
        .then((bytes) => parseJson(bytes, contentType)),
    );
  }

  /**
   * The whole body as a form, urlencoded or multipart.
   *
   * @throws {HttpError} 413 over a limit, 415 for another Content-Type, 400 if
   * it is malformed.
   */
  formData(): Promise<FormData> {
    return handled(readForm(
      this.exchange.content,
      this.fields.get("content-type"),
      this.server.limits,
    ));
  }

  /**
   * Makes a head that was parsed the current request.
   *
   * @param head The head.
   */
  protected takeHead(head: RequestHead): void {
    this.command = head.method;
    // What a forwarded request was received with is its target.
    this.path = head.target;
    this.#receivedPath = this.#path;
    this.path = head.path;
    this.requestVersion = head.version;
    this.requestLine = head.line;
    this.fields = head.fields;
    this.#headers = undefined;
  }

  /** Forgets the last request: the one place where that is done. */
  protected forget(): void {
    this.command = "";
    this.path = "";
    this.requestLine = "";
    this.fields = NO_FIELDS;
    this.#headers = undefined;
  }

  /** The host's own `Request`, unless the handler asks for something else now. */
  get #carried(): Request | undefined {
    const { request } = this.exchange;
    return request?.method === this.command &&
        this.#path === this.#receivedPath
      ? request
      : undefined;
  }

  get #origin(): string {
    const { serverName, serverPort, isSecure } = this.server;
    const name = serverName.includes(":") ? `[${serverName}]` : serverName;
    const host = this.fields.get("host") ?? `${name}:${serverPort}`;
    return (isSecure ? "https://" : "http://") + host;
  }

  #split(): Target {
    return this.#target ??= this.#splitBelowPrefix();
  }

  #splitBelowPrefix(): Target {
    const target = this.#splitPath(this.#path);
    const below = belowPrefix(target.pathname, this.#prefix);
    return below === undefined || below === target.pathname
      ? target
      : { pathname: below, query: target.query };
  }
}
