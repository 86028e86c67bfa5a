// The responses of a connection beside a model of them: the steps in any order,
// to any kind of client, one that takes a part of a write at a time. What is on
// the wire is read back by a strict client.

import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { ByteWriter } from "../../lib/bytes/byte_writer.ts";
import { forbidsContent } from "../../lib/facts/status.ts";
import { WireResponse } from "../../lib/protocol/response_writer.ts";
import { readAnswers } from "../fuzz/_responses.ts";
import { call, checkModel, turn } from "../_model.ts";
import { Peer, POISON } from "../_peer.ts";

/** A response, as its handler gives it. */
interface Given {
  readonly context: Readonly<typeof CONTEXT>;
  phase: "start" | "head" | "body";
  status: number;
  fields: [string, string][];
  declared: number | undefined;
  announces: boolean;
  body: string;
  trailers: [string, string][];
}

interface Model {
  /** Complete responses, and the one that is not. */
  readonly complete: Given[];
  now: Given | undefined;
  /** Whether the connection ends with the last one. */
  isOver: boolean;
}

/** What the request and the connection say; each response has its own. */
const CONTEXT = {
  isHead: false,
  isHttp11: true,
  takesTrailers: false,
  closes: false,
  version: "HTTP/1.1" as const,
  isClientDone: false,
};

class Real {
  readonly peer = new Peer();
  readonly writer = new ByteWriter(this.peer);
  readonly context = { ...CONTEXT };
  readonly response = new WireResponse(this.writer, this.context);
}

/** Whether trailers follow the body, and a length before it says nothing. */
function sendsTrailers({ announces, context, status }: Given): boolean {
  return announces && context.takesTrailers && !forbidsContent(status);
}

/** How much has to be written still, where the head says how much. */
function missing(given: Given): number | undefined {
  const { declared, body } = given;
  if (declared === undefined || sendsTrailers(given)) return undefined;
  return declared - body.length;
}

/** A step that throws, and changes nothing, but in its own phase. */
const step = (
  phase: Given["phase"],
  name: string,
  run: (given: Given, real: Real, model: Model) => void,
) =>
  call<Model, Real>(name, (model, real) => {
    const { now } = model;
    if (now?.phase === phase) return run(now, real, model);
    const nobody = { ...given(CONTEXT), announces: true };
    // A write is told by its promise that it is late, and `end` is not told.
    if (now === undefined && /^(?:write|end$)/.test(name)) return;
    assertThrows(() => run(nobody, real, model), Error, "Cannot");
  });

function given(context: Given["context"]): Given {
  return {
    context,
    phase: "start",
    status: 0,
    fields: [],
    declared: undefined,
    announces: false,
    body: "",
    trailers: [],
  };
}

const begin = (kind: Partial<typeof CONTEXT>) =>
  call<Model, Real>(`begin(${JSON.stringify(kind)})`, (model, real) => {
    Object.assign(real.context, CONTEXT, kind);
    model.now = given({ ...real.context });
    real.response.begin();
    assertEquals(real.response.isCommitted, false);
  }, (model) => model.now === undefined && !model.isOver);

const start = (status: number) =>
  step("start", `start(${status})`, (given, { response }) => {
    response.start(status, "X");
    given.phase = "head";
    given.status = status;
  });

const field = (name: string, value: string) =>
  step("head", `field(${name}: ${value})`, (given, { response }) => {
    response.field(name, value);
    given.fields.push([name, value]);
  });

const declare = (length: number) =>
  step("head", `declare(${length})`, (given, { response }) => {
    if (given.declared !== undefined) return;
    response.field("Content-Length", String(length));
    given.declared = length;
  });

const announce = step("head", "announce", (given, { response }) => {
  response.field("Trailer", "X-T");
  given.announces = true;
});

const endHead = step("head", "endHead", (given, { response }) => {
  response.endHead();
  given.phase = "body";
});

/** All steps up to the body, which by chance alone are seldom in order. */
const open = (kind: Partial<typeof CONTEXT>, announces: boolean) =>
  call<Model, Real>(`open(${JSON.stringify(kind)})`, (model, real) => {
    begin(kind).run(model, real);
    start(200).run(model, real);
    if (announces) announce.run(model, real);
    endHead.run(model, real);
  }, (model) => model.now === undefined && !model.isOver);

const write = (size: number, isText: boolean) =>
  step("body", `write(${size}, ${isText})`, (given, real) => {
    const count = Math.min(size, missing(given) ?? size);
    // No digit of a chunk's size.
    const letter = 0x67 + given.body.length % 19;
    const text = String.fromCharCode(letter).repeat(count);
    const bytes = new Uint8Array(count).fill(letter);
    real.peer.foreign.add(bytes.buffer);
    const written = real.response.write(isText ? text : bytes);
    const reuse = () => void bytes.fill(POISON);
    written.then(reuse, reuse);
    given.body += text;
  });

const trailer = (value: string) =>
  step("body", `trailer(${value})`, (given, { response }) => {
    const send = () => response.trailer("X-T", value);
    if (!given.announces) return void assertThrows(send, TypeError);
    send();
    given.trailers.push(["X-T", value]);
  });

const end = step("body", "end", (given, real, model) => {
  const finish = () => real.response.end();
  const { isHead } = given.context;
  const lacks = missing(given) ?? 0;
  if (lacks > 0 && !isHead && !forbidsContent(given.status)) {
    return void assertThrows(finish, Error, "Cannot end");
  }
  finish();
  model.complete.push(given);
  model.now = undefined;
  model.isOver = real.response.endsConnection;
});

const reset = call<Model, Real>("reset", (model, { response }) => {
  if (model.now === undefined || response.isCommitted) {
    return void assertThrows(
      () => response.reset(),
      Error,
      "Cannot start over",
    );
  }
  response.reset();
  model.now = given(model.now.context);
});

const other = (name: "flush" | "probe" | "inform") =>
  call<Model, Real>(name, (model, { response }) => {
    if (name === "flush") return void response.flush();
    if (name === "probe") return response.probe();
    const inform = () => response.inform(103, "Hints", [["X-H", "1"]]);
    if (model.now !== undefined && !response.isCommitted) void inform();
    else assertThrows(inform, Error, "Cannot send 103");
  });

const take = (most: number) =>
  call<Model, Real>(`take(${most})`, (_, { peer }) => void peer.take(most));

const nextTurn = call<Model, Real>("turn", () => turn());

/** Completes the response that has begun, as a handler would. */
function complete(model: Model, real: Real): void {
  const { now } = model;
  if (now === undefined) return;
  if (now.phase === "start") start(200).run(model, real);
  if (now.phase === "head") endHead.run(model, real);
  write(missing(now) ?? 0, false).run(model, real);
  end.run(model, real);
}

async function compare(model: Model, real: Real): Promise<void> {
  complete(model, real);
  void real.response.flush();
  for (await turn(); real.peer.isTaking; await turn()) real.peer.take(Infinity);
  const text = new TextDecoder("latin1").decode(real.peer.taken.bytes);
  const all = readAnswers(
    text,
    (i) => model.complete[i]?.context.isHead === true,
  );
  const got = all.filter(({ status }) => status >= 200);
  for (const [at, { status }] of all.entries()) {
    const next = all.slice(0, at).filter((one) => one.status >= 200).length;
    // Clients of 1.0 know no interim responses.
    if (status < 200) assertEquals(isHttp11(model.complete[next]), true);
  }
  assertEquals(got.length, model.complete.length);
  for (const [i, given] of model.complete.entries()) {
    const { status, fields, context } = given;
    const hasContent = !context.isHead && !forbidsContent(status);
    const own = got[i]?.fields.filter(([name]) => /^X-/.test(name));
    assertEquals([got[i]?.status, own], [status, fields]);
    const body = hasContent ? given.body : "";
    // Not by assertEquals: its message would hold megabytes.
    assertEquals(got[i]?.body === body, true, `body ${i} is another`);
    const hasTrailers = hasContent && sendsTrailers(given);
    assertEquals(got[i]?.trailers, hasTrailers ? given.trailers : []);
    if (context.closes) assertEquals(got[i]?.closes, true);
  }
}

function isHttp11(given: Given | undefined): boolean {
  return given?.context.isHttp11 !== false;
}

const often = <T>(calls: fc.Arbitrary<T>) => [calls, calls, calls];
const size = fc.constantFrom(0, 1, 100, 8_193, 16_384, 20_000, 70_000);
const kind = fc.constantFrom<Partial<typeof CONTEXT>>(
  {},
  { isHead: true },
  { takesTrailers: true },
  { takesTrailers: true, isHead: true },
  { isHttp11: false },
  { closes: true },
);

Deno.test("A client reads the responses that were given, in whatever steps", () =>
  checkModel<Model, Real>({
    start: () => ({
      model: { complete: [], now: undefined, isOver: false },
      real: new Real(),
    }),
    calls: [
      ...often(fc.tuple(kind, fc.boolean()).map((args) => open(...args))),
      kind.map(begin),
      fc.constantFrom(200, 204, 304, 404).map(start),
      fc.constant(endHead),
      ...often(fc.tuple(size, fc.boolean()).map((args) => write(...args))),
      ...often(fc.constant(end)),
      ...often(fc.constant(nextTurn)),
      fc.constantFrom(10, 20_000, Infinity).map(take),
      fc.constantFrom("a", "b\xe9").map((value) => field("X-F", value)),
      size.map(declare),
      fc.constant(announce),
      ...often(fc.constantFrom("1", "2").map(trailer)),
      fc.constant(reset),
      ...often(fc.constant(other("probe"))),
      ...often(fc.constant(other("flush"))),
      fc.constant(other("inform")),
    ],
    end: compare,
    runs: 1_000,
    length: 60,
  }));
