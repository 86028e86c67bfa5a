// The client's end of a server's connections.

import type { TcpServer } from "../../mod.ts";

const encoder = new TextEncoder();

/** The text of a file of test data. */
export function testdata(name: string): string {
  return Deno.readTextFileSync(new URL(`../testdata/${name}`, import.meta.url));
}

/** A connection to a server, for text in which LF stands for CRLF. */
export class Client implements Disposable {
  readonly conn: Deno.Conn;
  #isClosed = false;
  #unread = "";

  constructor(conn: Deno.Conn) {
    this.conn = conn;
  }

  static async connect(server: TcpServer): Promise<Client> {
    const { serverAddress } = server;
    return new Client(
      serverAddress.transport === "unix"
        ? await Deno.connect({ transport: "unix", path: serverAddress.path })
        : await Deno.connect({ port: server.serverPort }),
    );
  }

  async send(text: string): Promise<void> {
    let octets = encoder.encode(text.replaceAll("\n", "\r\n"));
    while (octets.length > 0) {
      octets = octets.subarray(await this.conn.write(octets));
    }
  }

  /** Everything up to the end of the connection, or until it is reset. */
  async readAll(): Promise<string> {
    while (await this.#more());
    return this.#take(this.#unread.length);
  }

  /** Everything up to and including `end`. */
  async readTo(end: string): Promise<string> {
    for (;;) {
      const at = this.#unread.indexOf(end);
      if (at >= 0) return this.#take(at + end.length);
      if (!(await this.#more())) throw new Error(`No ${end}: ${this.#unread}`);
    }
  }

  /** Sends text, half-closes, and reads everything. */
  async ask(text: string): Promise<string> {
    await this.send(text);
    await this.conn.closeWrite();
    return await this.readAll();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.conn.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #take(length: number): string {
    const text = this.#unread.slice(0, length);
    this.#unread = this.#unread.slice(length);
    return text;
  }

  async #more(): Promise<boolean> {
    const octets = new Uint8Array(65_536);
    const count = await this.conn.read(octets).catch(() => null);
    if (count === null) return false;
    this.#unread += new TextDecoder().decode(octets.subarray(0, count))
      .replaceAll("\r\n", "\n");
    return true;
  }
}
