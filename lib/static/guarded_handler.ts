// What holds for every request and response of the class, whatever its method:
// who may get in, and the fields of the settings.

import { errorPageFormat } from "../handler/error_page.ts";
import { encodePathname } from "../protocol/target.ts";
import { crossOriginFields, isPreflight } from "./cross_origin.ts";
import { StaticSettings } from "./static_settings.ts";

/** Lets in whom `access` lets in, and adds the fields that every response gets. */
export abstract class GuardedHandler extends StaticSettings {
  /** The page of an error, which looks as the listing does and leads to its top. */
  override errorMessageFormat: string = errorFormatOf(this.constructor);

  #sentNames: Set<string> | undefined;

  /** Runs the method of the request, for those whom `access` lets in. */
  override dispatch(): void | Promise<void> {
    if (this.access === undefined) return super.dispatch();
    return this.admit().then(() => super.dispatch());
  }

  /** Starts the head anew, and with it the memory of what was sent. */
  override sendResponseOnly(code: number, message?: string): void {
    this.#sentNames?.clear();
    super.sendResponseOnly(code, message);
  }

  /** Adds a field to the head. */
  override sendHeader(name: string, value: string): void {
    if (this.extraHeaders.length > 0) {
      (this.#sentNames ??= new Set()).add(name.toLowerCase());
    }
    super.sendHeader(name, value);
  }

  /** Adds the fields that every answer gets, and ends the head. */
  override endHeaders(): void {
    for (
      const [name, value] of crossOriginFields(this, this.command, this.fields)
    ) this.sendHeader(name, value);
    for (const [name, value] of this.extraHeaders) {
      if (this.#sentNames?.has(name.toLowerCase())) continue;
      super.sendHeader(name, value);
    }
    super.endHeaders();
  }

  /**
   * Lets the client in by `access`; called before any method of the class. May
   * be overridden.
   *
   * @throws {HttpError} 401, 403, or 429 after too many failed attempts.
   */
  protected async admit(): Promise<void> {
    const { access } = this;
    // Browsers send no credentials with a preflight (Fetch standard).
    if (this.corsOrigin !== "" && isPreflight(this.command, this.fields)) {
      access?.admitAddress(this);
    } else await access?.admit(this);
  }
}

function errorFormatOf(handlerClass: object): string {
  const prefix: unknown = Reflect.get(handlerClass, "prefix");
  const home = encodePathname(`${prefix ?? ""}/`);
  return errorPageFormat(
    `<header><nav aria-label="Breadcrumb"><a href="${home}">Home</a></nav></header>\n`,
  );
}
