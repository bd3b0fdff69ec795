// <row-list> puts the rows of a list in order without leaving the page: by dragging a row at its number, or by its buttons
// and Alt with the arrow keys. The places of its fields are counted anew; what happened is said. Without this script the
// buttons send the form.
class RowList extends HTMLElement {
  connectedCallback() {
    this.list = this.querySelector("ol");
    this.status = this.querySelector("[data-status]");
    this.addEventListener("click", (event) => this.press(event));
    this.addEventListener("keydown", (event) => this.key(event));
    this.addEventListener("input", (event) => this.rename(event.target));
    this.list.addEventListener("pointerdown", (event) => this.lift(event));
  }

  get rows() {
    return [...this.list.querySelectorAll(":scope > [data-row]")];
  }

  press(event) {
    const button = event.target.closest("button");
    if (!button) return;
    const row = button.closest("[data-row]");
    const act = {
      add: () => this.add(),
      up: () => this.move(row, -1, button),
      down: () => this.move(row, 1, button),
      remove: () => this.remove(row),
    }[Object.keys(button.dataset).find((name) => ["add", "up", "down", "remove"].includes(name))];
    if (!act) return;
    event.preventDefault();
    act();
  }

  key(event) {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const row = event.target.closest("[data-row]");
    if (!step || !event.altKey || !row) return;
    event.preventDefault();
    this.move(row, step, event.target);
  }

  move(row, step, focused) {
    const rows = this.rows;
    const other = rows[rows.indexOf(row) + step];
    if (!other) return;
    step < 0 ? other.before(row) : other.after(row);
    focused.focus();
    this.changed(row);
  }

  remove(row) {
    const next = row.nextElementSibling ?? row.previousElementSibling;
    row.remove();
    (next?.querySelector("summary") ?? this.querySelector("[data-add]")).focus();
    this.changed();
  }

  add() {
    const row = this.querySelector("template").content.cloneNode(true).firstElementChild;
    this.list.append(row);
    this.changed();
    row.querySelector("input").focus();
  }

  // The row that is held follows the pointer past the middle of its neighbours.
  lift(event) {
    const handle = event.target.closest("[data-handle]");
    if (!handle) return;
    event.preventDefault();
    const row = handle.closest("[data-row]");
    row.classList.add("is-held");
    const follow = ({ clientY }) => {
      const after = this.rows.filter((one) => one !== row).find((one) => {
        const { top, height } = one.getBoundingClientRect();
        return clientY < top + height / 2;
      });
      if (after !== row.nextElementSibling) after ? after.before(row) : this.list.append(row);
    };
    const drop = () => {
      row.classList.remove("is-held");
      removeEventListener("pointermove", follow);
      this.changed(row);
    };
    addEventListener("pointermove", follow);
    addEventListener("pointerup", drop, { once: true });
    addEventListener("pointercancel", drop, { once: true });
  }

  // A name that is typed anew is nobody's until the hub has looked again.
  rename(field) {
    const row = field.closest("[data-row]");
    if (!row || !["given_name", "family_name"].includes(field.dataset.column)) return;
    const [given, family] = ["given_name", "family_name"].map((name) => row.querySelector(`[data-column=${name}]`).value);
    row.querySelector("[data-name-shown]").textContent = `${given} ${family}`.trim();
    for (const person of row.querySelectorAll("[data-column=person]")) person.type === "radio" ? (person.checked = false) : (person.value = "");
  }

  changed(moved) {
    this.rows.forEach((row, place) => this.number(row, place));
    if (moved) {
      const name = moved.querySelector("[data-name-shown]").textContent;
      this.status.textContent = this.dataset.moved.replace("{name}", name).replace("{place}", this.rows.indexOf(moved) + 1);
    }
    this.dispatchEvent(new Event("change", { bubbles: true }));
  }

  number(row, place) {
    const renumber = (text) => text.replace(new RegExp(`${this.dataset.name}([-:])([0-9]+)|(:)([0-9]+)$`), (_all, dash) => (dash ? `${this.dataset.name}${dash}${place}` : `:${place}`));
    row.querySelector("[data-handle]").textContent = place + 1;
    // Names are changed by way of another one: two groups of radio buttons with one name would lose their choice.
    for (const field of row.querySelectorAll("[name]")) {
      const isChecked = field.checked;
      if (field.tagName === "BUTTON") field.value = renumber(field.value);
      else field.name = renumber(field.name);
      if (isChecked !== undefined) field.checked = isChecked;
    }
    for (const attribute of ["id", "for", "aria-describedby"]) {
      for (const element of row.querySelectorAll(`[${attribute}]`)) element.setAttribute(attribute, renumber(element.getAttribute(attribute)));
    }
  }
}

customElements.define("row-list", RowList);
