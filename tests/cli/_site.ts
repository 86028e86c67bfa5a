// A small site, and the programs of others that fetch it.

/** A page with a stylesheet and an image. */
export const PAGE =
  `<!doctype html><title>page</title><link rel=stylesheet href=s.css>
<img src=i.svg alt="">
`;
/** Its stylesheet. */
export const STYLE = "h1 { color: green }\n";
/** Its image. */
export const IMAGE =
  `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>\n`;

/** Makes a folder with these files, which is removed in the end. */
export async function makeSite(): Promise<{ path: string } & AsyncDisposable> {
  const path = await Deno.makeTempDir();
  await Deno.writeTextFile(`${path}/index.html`, PAGE);
  await Deno.writeTextFile(`${path}/s.css`, STYLE);
  await Deno.writeTextFile(`${path}/i.svg`, IMAGE);
  return {
    path,
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

/** The output of another program. */
export async function output(
  program: string,
  ...args: string[]
): Promise<string> {
  const { stdout, stderr, code } = await new Deno.Command(program, { args })
    .output();
  const text = new TextDecoder().decode(stdout);
  if (code !== 0) {
    throw new Error(`${program}: ${code} ${new TextDecoder().decode(stderr)}`);
  }
  return text;
}
