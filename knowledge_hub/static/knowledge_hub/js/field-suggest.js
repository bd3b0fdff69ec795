// <field-suggest for="id"> completes a field of the deposit form with what the hub knows: a combobox
// (https://www.w3.org/WAI/ARIA/apg/patterns/combobox/). Choosing fills the fields of its row that have the same
// data-column. data-lines: the line that is typed in; data-commas: the word after the last comma, which becomes a topic.
import { SearchSuggest } from "./search-suggest.js";

class FieldSuggest extends SearchSuggest {
  get typed() {
    const { value, selectionStart } = this.input;
    if ("lines" in this.dataset) return value.slice(0, selectionStart).split("\n").at(-1).trim();
    return "commas" in this.dataset ? value.split(",").at(-1).trim() : value.trim();
  }

  async fetch(text, signal) {
    const { typed } = this;
    if (typed.length < 2) return [];
    if (!this.answers.has(typed)) {
      const answer = await fetch(`${this.dataset.url}?${new URLSearchParams({ q: typed })}`, { signal });
      if (!answer.ok) throw new Error(answer.statusText);
      this.answers.set(typed, (await answer.json()).options);
    }
    return this.answers.get(typed);
  }

  show(options) {
    if (!options.length || document.activeElement !== this.input) return this.close();
    this.found = options;
    this.fillList(options.map(({ text, note }) => {
      const option = document.createElement("div");
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.textContent = note ? `${text} (${note})` : text;
      return option;
    }), options.length);
  }

  choose(place) {
    const { values } = this.found[place];
    this.close();
    if (values.topic) this.addTopic(values.topic, this.found[place].text);
    else if ("line" in values) this.putLine(values.line);
    else this.fillRow(values);
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  fillRow(values) {
    const row = this.input.closest("[data-row], .related-row");
    for (const [column, value] of Object.entries(values)) {
      const fields = [...row.querySelectorAll(`[data-column=${column}]`)];
      if (column === "affiliations" && fields[0].value.trim()) continue;
      for (const field of fields) field.type === "radio" ? (field.checked = field.value === value) : (field.value = value);
    }
    if (values.identifier) this.input.value = values.identifier;
    const shown = row.querySelector("[data-name-shown]");
    if (shown) shown.textContent = `${values.given_name} ${values.family_name}`;
  }

  putLine(text) {
    const { value, selectionStart } = this.input;
    const start = value.lastIndexOf("\n", selectionStart - 1) + 1;
    const end = value.indexOf("\n", selectionStart);
    this.input.value = value.slice(0, start) + text + (end < 0 ? "" : value.slice(end));
  }

  addTopic(name, label) {
    this.input.value = this.input.value.split(",").slice(0, -1).map((word) => word.trim()).join(", ");
    const list = document.querySelector("[data-topics]");
    const known = [...list.querySelectorAll("input")].find((box) => box.value === name);
    if (known) { known.checked = true; return; }
    const box = document.createElement("input");
    Object.assign(box, { type: "checkbox", name: "topics", value: name, checked: true });
    const line = document.createElement("label");
    line.append(box, label);
    list.append(line);
  }
}

customElements.define("field-suggest", FieldSuggest);
