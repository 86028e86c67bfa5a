import { assertEquals, assertStringIncludes } from "@std/assert";
import { UploadRequestHandler } from "../../lib/static/mod.ts";
import { exchange } from "../../lib/testing/mod.ts";
import { folderOf } from "./_folder.ts";

/** What the system says when a disk is full. */
function full(): Promise<never> {
  const error = new Error("No space left on device (os error 28)");
  return Promise.reject(Object.assign(error, { code: "ENOSPC" }));
}

/** Has a method of the platform fail for as long as the stub lives. */
function fill<Owner extends object>(
  owner: Owner,
  name: keyof Owner,
): Disposable {
  const before = owner[name];
  Object.assign(owner, { [name]: full });
  return {
    [Symbol.dispose]: () => {
      Object.assign(owner, { [name]: before });
    },
  };
}

const FORM = "--x\r\n" +
  'Content-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n' +
  "hello\r\n--x--\r\n";

const REQUESTS = {
  PUT: "PUT /a.txt HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" +
    "Content-Length: 5\r\n\r\nhello",
  "a form": "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" +
    "Content-Type: multipart/form-data; boundary=x\r\n" +
    `Content-Length: ${FORM.length}\r\n\r\n${FORM}`,
};

const STEPS = {
  "the file is made": () => fill(Deno, "open"),
  "its content is written": () => fill(Deno.FsFile.prototype, "write"),
  "it gets its name": () => {
    using stack = new DisposableStack();
    stack.use(fill(Deno, "link"));
    stack.use(fill(Deno, "rename"));
    return stack.move();
  },
};

for (const [request, text] of Object.entries(REQUESTS)) {
  for (const [step, stub] of Object.entries(STEPS)) {
    for (const overwrite of [false, true]) {
      Deno.test(`a full disk is 507: ${request}, overwrite ${overwrite}, when ${step}`, async () => {
        await using folder = await folderOf({ "b.txt": "b" });
        const Drop = UploadRequestHandler.with({
          root: folder.path,
          overwrite,
        });
        const errors: unknown[] = [];
        let response = "";
        {
          using _stub = stub();
          response = new TextDecoder().decode(
            await exchange(Drop, text, {
              onError: (error) => errors.push(error),
            }),
          );
        }
        assertStringIncludes(response, "HTTP/1.1 507 ");
        assertStringIncludes(response, "There is no room for the file");
        assertEquals(errors, []);
        const left = await Array.fromAsync(Deno.readDir(folder.path));
        assertEquals(left.map(({ name }) => name), ["b.txt"]);
      });
    }
  }
}
