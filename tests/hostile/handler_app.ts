// The classes that `handler_test.ts` attacks.

import { HttpError, HttpRequestHandler, verb } from "../../mod.ts";
import { serve } from "./_serve.ts";

class Collecting extends HttpRequestHandler {
  @verb("POST", "/bytes")
  async readBytes(): Promise<Response> {
    return new Response(`${(await this.bytes()).length}\n`);
  }

  @verb("POST", "/text")
  async readText(): Promise<Response> {
    return new Response(`${(await this.text()).length}\n`);
  }

  @verb("POST", "/json")
  async readJson(): Promise<Response> {
    return new Response(`${JSON.stringify(await this.json()).length}\n`);
  }

  @verb("POST", "/form")
  async readForm(): Promise<Response> {
    return new Response(`${[...await this.formData()].length}\n`);
  }
}

class Failing extends HttpRequestHandler {
  @verb("GET", "/error-with-line-ends")
  failWithLineEnds(): never {
    throw new HttpError(503, "", { headers: [["X", "a\r\nSet-Cookie: b=c"]] });
  }
}

await serve([Collecting, Failing]);
