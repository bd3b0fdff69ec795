// <topic-tree> lets a topic be dragged onto another one, or to the top: it sends the form that "Move" leads to.
class TopicTree extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    for (const row of this.querySelectorAll("[data-move]")) row.draggable = true;
    this.addEventListener("dragstart", (event) => this.take(event));
    this.addEventListener("dragover", (event) => this.offer(event));
    this.addEventListener("drop", (event) => this.place(event));
    this.addEventListener("dragend", () => this.letGo());
  }

  take(event) {
    this.row = event.target.closest("[data-move]");
    if (!this.row) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", this.row.querySelector("a").textContent);
    this.dataset.dragging = "";
  }

  // Where the topic may go: not onto itself, nor onto what is below it.
  placeAt(event) {
    const place = event.target.closest("[data-topic]");
    return place && this.row && !this.row.closest("li").contains(place) ? place : null;
  }

  offer(event) {
    this.mark(this.placeAt(event));
    if (this.marked) event.preventDefault();
  }

  place(event) {
    const place = this.placeAt(event);
    if (!place) return;
    event.preventDefault();
    this.form.action = this.row.dataset.move;
    this.form.elements.below.value = place.dataset.topic;
    this.form.submit();
  }

  letGo() {
    this.mark(null);
    this.row = null;
    delete this.dataset.dragging;
  }

  mark(place) {
    this.marked?.classList.remove("hub-tree__place");
    this.marked = place;
    place?.classList.add("hub-tree__place");
  }
}
customElements.define("topic-tree", TopicTree);
