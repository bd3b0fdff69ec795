// <search-suggest for="id"> completes what is typed into a search box: a combobox with a list of topics, people, titles
// and words (https://www.w3.org/WAI/ARIA/apg/patterns/combobox/). Without this script the box is a box.
// A topic, a person or a title leads to its page; a word completes the question.
const WAIT_MS = 120;
const SHORTEST = 2;

export class SearchSuggest extends HTMLElement {
  answers = new Map();
  options = [];
  active = -1;

  connectedCallback() {
    this.input = document.getElementById(this.getAttribute("for"));
    this.list = make("div", { role: "listbox", id: `${this.input.id}-suggestions`, "aria-label": this.dataset.list });
    this.status = make("p", { role: "status", class: "visually-hidden" });
    this.replaceChildren(this.list, this.status);
    for (const [name, value] of Object.entries({
      role: "combobox", "aria-autocomplete": "list", "aria-controls": this.list.id, autocomplete: "off",
    })) this.input.setAttribute(name, value);
    // A box of several lines is no combobox, and says nothing of being expanded (ARIA in HTML).
    if (this.input.matches("textarea")) this.input.removeAttribute("role");
    this.close();
    this.input.addEventListener("input", (event) => { if (!event.isComposing) this.ask(WAIT_MS); });
    this.input.addEventListener("compositionend", () => this.ask(WAIT_MS));
    this.input.addEventListener("keydown", (event) => this.press(event));
    this.input.addEventListener("blur", () => this.close());
    this.input.form.addEventListener("submit", () => this.close());
    // The box keeps the focus, so that a tap on the list does not close it first.
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.choose(this.options.indexOf(option));
    });
  }

  disconnectedCallback() {
    this.close();
  }

  expand(isOpen) {
    if (this.input.hasAttribute("role")) this.input.setAttribute("aria-expanded", String(isOpen));
  }

  get isOpen() {
    return !this.list.hidden;
  }

  // Ask for completions after a pause in typing; whatever was asked before is out of date.
  ask(wait) {
    this.forget();
    const text = this.input.value.trimStart();
    if (text.trim().length < SHORTEST) return this.close();
    this.timer = setTimeout(async () => {
      const request = (this.request = new AbortController());
      try {
        const suggestions = await this.fetch(text, request.signal);
        if (!request.signal.aborted) this.show(suggestions);
      } catch (error) {
        // Offline, or no index to ask: the box works all the same.
        if (error.name !== "AbortError") this.close();
      }
    }, wait);
  }

  forget() {
    clearTimeout(this.timer);
    this.request?.abort();
  }

  async fetch(text, signal) {
    if (!this.answers.has(text)) {
      const parameters = new URLSearchParams({ q: text, lang: document.documentElement.lang });
      const answer = await fetch(`${this.dataset.url}?${parameters}`, { signal });
      if (!answer.ok) throw new Error(answer.statusText);
      this.answers.set(text, (await answer.json()).suggestions);
    }
    return this.answers.get(text);
  }

  show(suggestions) {
    const kinds = this.dataset.kinds.split(" ");
    const shown = suggestions.filter(({ kind, text }) => kinds.includes(kind) && text !== this.input.value);
    if (!shown.length || document.activeElement !== this.input) return this.close();
    this.fillList(kinds.flatMap((kind) => this.group(kind, shown.filter((one) => one.kind === kind))), shown.length);
  }

  fillList(elements, count) {
    this.list.replaceChildren(...elements);
    this.options = [...this.list.querySelectorAll("[role=option]")];
    this.options.forEach((option, place) => { option.id = `${this.list.id}-${place}`; });
    this.list.hidden = false;
    this.expand(true);
    this.activate(-1);
    this.status.textContent = count === 1 && this.dataset.one ? this.dataset.one : this.dataset.many.replace("{count}", count);
  }

  group(kind, suggestions) {
    if (!suggestions.length) return [];
    const heading = make("div", { id: `${this.list.id}-${kind}`, class: "suggest-kind", role: "presentation" });
    heading.textContent = this.dataset[kind];
    const group = make("div", { role: "group", "aria-labelledby": heading.id, "data-kind": kind });
    group.append(heading, ...suggestions.map(({ text, url }) => {
      const option = make("div", { role: "option", "aria-selected": "false", ...(url ? { "data-url": url } : {}) });
      option.textContent = text;
      return option;
    }));
    return [group];
  }

  close() {
    this.forget();
    this.list.hidden = true;
    this.list.replaceChildren();
    this.options = [];
    this.active = -1;
    this.status.textContent = "";
    this.expand(false);
    this.input.removeAttribute("aria-activedescendant");
  }

  press(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey) return;
    const handler = {
      ArrowDown: () => (this.isOpen ? this.activate(this.active + 1) : this.ask(0)),
      ArrowUp: this.isOpen && (() => (event.altKey ? this.close() : this.activate(this.active - 1))),
      Enter: this.active >= 0 && (() => this.choose(this.active)),
      Escape: this.isOpen && (() => this.close()),
    }[event.key];
    if (!handler) return;
    event.preventDefault();
    handler();
  }

  // Beyond either end comes the box itself, then the other end.
  activate(place) {
    const count = this.options.length;
    this.active = place < -1 ? count - 1 : place >= count ? -1 : place;
    this.options.forEach((option, at) => option.setAttribute("aria-selected", String(at === this.active)));
    const option = this.options[this.active];
    if (!option) return this.input.removeAttribute("aria-activedescendant");
    this.input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  choose(place) {
    const option = this.options[place];
    const { url } = option.dataset;
    if (url) {
      location.assign(url);
    } else {
      this.input.value = option.textContent;
      this.input.setSelectionRange(this.input.value.length, this.input.value.length);
      this.input.focus();
    }
    this.close();
  }
}

function make(name, attributes) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

customElements.define("search-suggest", SearchSuggest);
