// Express on Node, with its defaults.
import express from "express";
import process from "node:process";

const app = express();
app.get("/", (_request, response) => {
  response.type("text/plain").send("Hello, World!\n");
});
app.get("/hello/:name", (request, response) => {
  response.type("text/plain").send(`Hello, ${request.params.name}\n`);
});
app.listen(Number(process.argv[2]), "127.0.0.1");
