// <describe-form> saves the form of a deposit a moment after something changed, shows what an outsider will see and whether
// it shares a publisher's version, and waits for the reading of its files: an untouched form is loaded again, filled in; a
// touched one offers to fill what is empty.
const SAVE_MS = 1200;
const ASK_MS = 1000;
const RETRY_MS = 5000;

class DescribeForm extends HTMLElement {
  isTouched = false;
  isSaving = false;

  connectedCallback() {
    this.form = this.querySelector("form");
    this.state = this.querySelector("[data-saved-state]");
    this.version = this.form.elements.version;
    this.form.addEventListener("input", () => this.touch());
    this.form.addEventListener("change", () => this.touch());
    this.form.addEventListener("submit", (event) => this.leave(event));
    addEventListener("beforeunload", (event) => {
      if (this.isTouched && !this.isLeaving) event.preventDefault();
    });
    if ("reading" in this.dataset) this.ask();
    document.getElementById("problems")?.focus();
  }

  // What is being saved is sent when that has ended: its version would be the last one's, in conflict with itself.
  leave(event) {
    clearTimeout(this.timer);
    if (this.isSaving) {
      event.preventDefault();
      this.sendLater = () => this.form.requestSubmit(event.submitter);
    } else {
      this.isLeaving = true;
    }
  }

  touch(wait = SAVE_MS) {
    this.isTouched = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), wait);
  }

  async save() {
    if (this.isSaving || this.isLeaving) return this.touch();
    this.isSaving = true;
    this.isTouched = false;
    this.state.textContent = this.dataset.saving;
    const body = new FormData(this.form);
    body.set("do", "save");
    try {
      const answer = await fetch(this.form.action, { method: "POST", body, headers: { Accept: "application/json" } });
      this.take(answer.status, await answer.json());
    } catch {
      this.state.textContent = this.dataset.unsaved;
      this.sendLater = null;
      this.touch(RETRY_MS);
    }
    this.isSaving = false;
    const send = this.sendLater;
    this.sendLater = null;
    send?.();
  }

  take(status, told) {
    if (told.conflict) {
      this.querySelector("[data-conflict]").hidden = false;
      this.state.textContent = "";
      this.isLeaving = true;
    } else if (status === 200) {
      this.version.value = told.version;
      this.state.textContent = this.dataset.saved;
      document.getElementById("outsider").innerHTML = told.preview;
      this.querySelector("[data-publishers]").hidden = !told.is_publishers;
    } else {
      this.state.textContent = told.error ?? this.dataset.unsaved;
    }
  }

  async ask() {
    try {
      const told = await (await fetch(this.dataset.stateUrl)).json();
      this.querySelector("[data-progress]").innerHTML = told.html;
      if (told.finished) return this.fill();
    } catch {
      // No connection, or signed out: asked again.
    }
    setTimeout(() => this.ask(), ASK_MS);
  }

  fill() {
    const isUntouched = !this.isTouched && this.version.value === "0" && !this.isSaving;
    if (isUntouched) location.reload();
    else this.querySelector("[data-offer]").hidden = false;
  }
}

customElements.define("describe-form", DescribeForm);
