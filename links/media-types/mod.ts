import * as std from "npm:deno-std@^1.4.0/media_types/mod.js";

export const contentType: (extensionOrType: string) => string | undefined =
  std.contentType;
export const typeByExtension: (extension: string) => string | undefined =
  std.typeByExtension;
export const parseMediaType: (
  type: string,
) => [mediaType: string, params: Record<string, string> | undefined] =
  std.parseMediaType;
