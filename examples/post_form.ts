// deno run --allow-net=127.0.0.1 examples/post_form.ts [port]
//
// Python's `cgi.FieldStorage`: prints the headers of each request and the
// fields of each form, urlencoded or with files.

import { HttpRequestHandler, HttpServer, verb } from "@verb/http";

const PAGE = `<!doctype html><title>A form</title>
<form method="post" enctype="multipart/form-data">
<input name="name"> <input name="file" type="file"> <button>Send</button>
</form>`;

class Form extends HttpRequestHandler {
  @verb("GET", "/")
  page() {
    return new Response(PAGE, { headers: { "Content-Type": "text/html" } });
  }

  @verb("POST", "/")
  async post() {
    for (const [name, value] of this.fields) console.log(`${name}: ${value}`);
    const lines = [];
    for (const [name, value] of await this.formData()) {
      lines.push(
        value instanceof File
          ? `${name}: ${value.name}, ${value.size} bytes`
          : `${name}: ${value}`,
      );
    }
    return new Response(lines.join("\n") + "\n");
  }
}

const [port = "8000"] = Deno.args;
await using server = new HttpServer({ port: Number(port) }, Form);
console.log(`http://127.0.0.1:${server.serverPort}/`);
await server.serveForever();
