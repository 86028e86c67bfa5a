// The control to upload files on the listing page. Without a script it is a form
// with a button; with it, what is chosen or dropped is sent at once, a request
// for each file, and can be cancelled.

import { compact } from "./compact.ts";

/** The markup; what the script needs is hidden until it runs. */
export const UPLOAD_FORM: string =
  `<form method=post enctype=multipart/form-data>
<label>Upload files <input type=file name=file multiple></label>
<button>Upload</button>
<p role=status></p>
<button type=button hidden>Cancel</button>
<progress aria-label="Upload progress" hidden></progress>
<div role=alert hidden><ul></ul></div>
</form>
`;

/**
 * Sends files by PUT and folders by MKCOL, each folder before what is in it. Why
 * something was refused is read off the page of the error.
 */
export const UPLOAD_SCRIPT: string = compact(`
  const form = document.querySelector("form");
  const find = (selector) => form.querySelector(selector);
  const [pick, told, bar, cancel, alarm] = ["input", "p", "progress", "[type=button]", "[role=alert]"].map(find);
  const label = find("label");
  find("button").hidden = true;
  form.className = "js";
  told.textContent = "or drop files and folders anywhere";
  let request;
  const reasonOf = ({ status, responseText }) => {
    if (status === 0) return "the connection was lost";
    return /<strong>([^<]+)/.exec(responseText)?.[1] ?? "error " + status;
  };
  const ask = (name, file, onProgress) => new Promise((resolve) => {
    request = new XMLHttpRequest();
    const path = name.split("/").map(encodeURIComponent).join("/");
    request.open(file ? "PUT" : "MKCOL", file ? path : path + "/");
    if (file) request.setRequestHeader("Content-Type", file.type || "application/octet-stream");
    request.upload.onprogress = onProgress;
    request.onload = ({ target }) => {
      const isThere = target.status < 300 || !file && target.status === 405;
      resolve(isThere ? "" : reasonOf(target));
    };
    request.onerror = ({ target }) => resolve(reasonOf(target));
    request.onabort = () => resolve("cancelled");
    request.send(file);
  });
  const show = (isSending) => {
    label.hidden = isSending;
    bar.hidden = cancel.hidden = !isSending;
    bar.value = 0;
    alarm.hidden = true;
  };
  const report = (failed, text, isChanged) => {
    const lines = failed.slice(0, 50);
    if (failed.length > lines.length) lines.push("and " + (failed.length - lines.length) + " more");
    find("ul").replaceChildren(...lines.map((line) => {
      const item = document.createElement("li");
      item.textContent = line;
      return item;
    }));
    alarm.hidden = failed.length === 0;
    told.textContent = text + " ";
    if (!isChanged) return;
    const again = document.createElement("a");
    again.href = location.href;
    again.textContent = "Show the folder";
    told.append(again);
  };
  const send = async (list) => {
    if (list.length === 0 || !cancel.hidden) return;
    const files = list.filter(({ file }) => file);
    const size = files.reduce((sum, { file }) => sum + file.size, 0) || 1;
    const failed = [];
    let isCancelled = false;
    let stored = 0;
    let sent = 0;
    show(true);
    cancel.onclick = () => {
      isCancelled = true;
      request.abort();
    };
    for (const { name, file } of list) {
      if (isCancelled) break;
      told.textContent = "Uploading " + name;
      const reason = await ask(name, file, ({ loaded }) => bar.value = (sent + loaded) / size);
      if (reason === "") stored += file ? 1 : 0;
      else if (!isCancelled) failed.push(name + ": " + reason);
      sent += file?.size ?? 0;
      bar.value = sent / size;
    }
    if (failed.length === 0 && !isCancelled) return location.reload();
    show(false);
    pick.value = "";
    report(failed, (isCancelled ? "Cancelled: " : "") + stored + " of " + files.length + " files stored.", stored > 0);
  };
  const walk = async (entry, folder) => {
    const name = folder + entry.name;
    if (entry.isFile) return [{ name, file: await new Promise((...ends) => entry.file(...ends)) }];
    const found = [{ name }];
    const reader = entry.createReader();
    for (;;) {
      const some = await new Promise((...ends) => reader.readEntries(...ends));
      if (some.length === 0) return found;
      for (const one of some) found.push(...await walk(one, name + "/"));
    }
  };
  form.onsubmit = (event) => event.preventDefault();
  const sendFiles = (files) => send([...files].map((file) => ({ name: file.name, file })));
  pick.onchange = () => sendFiles(pick.files);
  const { classList } = document.documentElement;
  for (const kind of ["dragenter", "dragover"]) {
    addEventListener(kind, (event) => {
      if (!event.dataTransfer.types.includes("Files")) return;
      event.preventDefault();
      classList.add("over");
    });
  }
  addEventListener("dragleave", (event) => event.relatedTarget || classList.remove("over"));
  addEventListener("drop", async (event) => {
    event.preventDefault();
    classList.remove("over");
    const { items, files } = event.dataTransfer;
    const entries = [...items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry);
    if (entries.length === 0) return sendFiles(files);
    try {
      send((await Promise.all(entries.map((entry) => walk(entry, "")))).flat());
    } catch ({ message }) {
      show(false);
      report([message], "Nothing was sent.");
    }
  });
`);
