// The classes that `known_handlers_test.ts` attacks.

import { HttpError, HttpRequestHandler, verb } from "../../mod.ts";
import { serve } from "./_serve.ts";

class Site extends HttpRequestHandler {
  @verb("GET", "/echo-in-head")
  echoInHead(): void {
    this.sendResponse(200);
    this.sendHeader("X-Echo", decodeURIComponent(this.query));
    this.endHeaders();
  }

  @verb("GET", "/echo-in-phrase")
  echoInPhrase(): void {
    this.sendResponse(200, decodeURIComponent(this.query));
    this.endHeaders();
  }

  @verb("GET", "/echo-in-redirect")
  echoInRedirect(): Response {
    return Response.redirect(`http://localhost/${this.query}`);
  }

  @verb("GET", "/echo-in-error")
  echoInError(): never {
    throw new HttpError(404, decodeURIComponent(this.query));
  }

  @verb("GET", "/throws")
  throwError(): never {
    throw new Error("at the handler's");
  }

  @verb("POST", "/unread")
  leaveUnread(): Response {
    return new Response("unread\n");
  }

  @verb("POST", "/read")
  async read(): Promise<Response> {
    return new Response(`read ${await this.text()}\n`);
  }

  @verb("GET", "/smuggled")
  smuggled(): Response {
    return new Response("smuggled\n");
  }
}

class Admin extends HttpRequestHandler {
  static override prefix = "/admin";

  @verb("GET", "/secret")
  secret(): Response {
    return new Response("for administrators\n");
  }

  override dispatch(): never {
    throw new HttpError(403);
  }
}

await serve([Site, Admin]);
