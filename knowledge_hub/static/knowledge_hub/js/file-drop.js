// <file-drop> around the upload form: files are sent as soon as they are dropped or chosen, two at a time, each with a
// line that tells how far it is. A connection that is lost is waited for; a file that is sent again has the same key, so
// it is taken once. Without this script the form is a form. One paper by itself leads to its description at once.
const AT_ONCE = 2;
const RETRY_MS = 3000;
const MOST_TRIES = 20;

class FileDrop extends HTMLElement {
  waiting = [];
  running = 0;
  arrived = [];

  connectedCallback() {
    this.form = this.querySelector("form");
    this.input = this.querySelector("input[type=file]");
    this.list = this.querySelector(".uploads");
    this.form.querySelector("button").hidden = true;
    this.input.addEventListener("change", () => {
      this.take([...this.input.files]);
      this.input.value = "";
    });
    for (const name of ["dragenter", "dragover"]) {
      this.addEventListener(name, (event) => {
        event.preventDefault();
        this.form.classList.add("is-over");
      });
    }
    this.addEventListener("dragleave", (event) => {
      if (!this.contains(event.relatedTarget)) this.form.classList.remove("is-over");
    });
    this.addEventListener("drop", (event) => {
      event.preventDefault();
      this.form.classList.remove("is-over");
      this.take([...event.dataTransfer.files]);
    });
    addEventListener("beforeunload", (event) => {
      if (this.running) event.preventDefault();
    });
  }

  // A bibliography goes with the files beside it, in one request: they belong together.
  take(files) {
    const isBibliography = files.some((file) => /\.(bib|bibtex|ris|json)$/i.test(file.name));
    this.isAlone = files.length === 1 && !this.running && !this.waiting.length;
    for (const group of isBibliography ? [files] : files.map((file) => [file])) this.add(group);
    this.next();
  }

  add(files) {
    const upload = { files, key: crypto.randomUUID?.() ?? String(Math.random()).slice(2), tries: 0, line: new UploadLine(this, files) };
    const refusal = files.map((file) => this.refuse(file)).find(Boolean);
    this.list.append(upload.line.element);
    if (refusal) upload.line.fail(refusal);
    else this.waiting.push(upload);
  }

  refuse(file) {
    if (file.size > Number(this.dataset.limit)) return this.dataset.large;
    const isTaken = this.dataset.accepted.split(",").some((ending) => file.name.toLowerCase().endsWith(ending));
    return isTaken ? "" : this.dataset.kind;
  }

  next() {
    while (this.running < AT_ONCE && this.waiting.length) this.send(this.waiting.shift());
  }

  send(upload) {
    this.running += 1;
    const body = new FormData(this.form);
    body.delete("files");
    body.set("key", upload.key);
    for (const file of upload.files) body.append("files", file, file.name);
    const request = new XMLHttpRequest();
    request.open("POST", this.form.action);
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", (event) => upload.line.progress(event.loaded / event.total));
    request.addEventListener("loadend", () => {
      this.running -= 1;
      this.answer(request, upload);
      this.next();
    });
    request.send(body);
  }

  answer(request, upload) {
    let told = null;
    try {
      told = JSON.parse(request.responseText);
    } catch {
      // Cut off, or an error page: as if nothing had been said.
    }
    if (told?.deposits) return this.done(upload, told);
    upload.tries += 1;
    const isWorthTrying = (request.status === 0 || request.status >= 500) && upload.tries < MOST_TRIES;
    if (!isWorthTrying) return upload.line.fail(this.dataset.failed, () => { upload.tries = 0; this.waiting.push(upload); this.next(); });
    upload.line.say(this.dataset.lost);
    setTimeout(() => { this.waiting.push(upload); this.next(); }, RETRY_MS);
  }

  done(upload, { deposits, refused }) {
    if (this.isAlone && deposits.length === 1 && !refused.length && !this.running) return location.assign(deposits[0].url);
    upload.line.done(refused);
    document.querySelector("deposit-queue")?.refresh();
  }
}

// One upload in the list: name, progress, and what became of it.
class UploadLine {
  constructor(drop, files) {
    this.drop = drop;
    this.element = document.createElement("li");
    this.element.dataset.status = "uploading";
    const body = this.element.appendChild(document.createElement("div"));
    body.className = "file-body";
    const name = body.appendChild(document.createElement("h3"));
    name.textContent = files.map((file) => file.name).join(", ");
    this.state = body.appendChild(document.createElement("p"));
    this.state.className = "small quiet";
    this.state.textContent = drop.dataset.waits;
    this.bar = body.appendChild(document.createElement("progress"));
    this.bar.max = 1;
    this.bar.value = 0;
    this.bar.setAttribute("aria-label", name.textContent);
    this.body = body;
  }

  progress(share) {
    this.bar.value = share;
    this.state.textContent = this.drop.dataset.sent.replace("{percent}", Math.floor(100 * share));
  }

  say(sentence) {
    this.state.textContent = sentence;
  }

  fail(sentence, again) {
    this.element.dataset.status = "failed";
    this.bar.remove();
    this.state.className = "field-error";
    this.state.textContent = sentence;
    if (!again) return;
    const button = this.body.appendChild(document.createElement("button"));
    button.type = "button";
    button.className = "button button-plain button-small";
    button.textContent = this.drop.dataset.again;
    button.addEventListener("click", () => {
      button.remove();
      this.state.className = "small quiet";
      this.state.before(this.bar);
      again();
    });
  }

  done(refused) {
    if (!refused.length) return this.element.remove();
    this.fail(refused.map(({ name, sentence }) => `${name}: ${sentence}`).join(" "));
  }
}

customElements.define("file-drop", FileDrop);
