// <deposit-queue> asks every second how far the drafts are, as long as one of them is being read, and puts the lines that
// changed in place. The element that has the focus stays.
const EVERY_MS = 1000;

class DepositQueue extends HTMLElement {
  connectedCallback() {
    if (this.querySelector("[data-reading]")) this.wait();
  }

  wait() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.refresh(), EVERY_MS);
  }

  async refresh() {
    try {
      const answer = await fetch(this.dataset.url, { headers: { "X-Requested-With": "fetch" } });
      if (!answer.ok || answer.redirected) return;
      this.show(await answer.text());
    } catch {
      // No connection: what is on the page stays, and the next question may be answered.
    }
    if (this.querySelector("[data-reading]")) this.wait();
  }

  show(html) {
    const fresh = new DOMParser().parseFromString(html, "text/html").querySelector("section");
    if (!fresh) return;
    const shown = this.querySelector("section");
    const known = new Map([...shown.querySelectorAll("[data-deposit]")].map((line) => [line.dataset.deposit, line]));
    for (const line of fresh.querySelectorAll("[data-deposit]")) {
      const old = known.get(line.dataset.deposit);
      if (old && (old.isEqualNode(line) || old.contains(document.activeElement))) line.replaceWith(old);
    }
    shown.replaceWith(document.adoptNode(fresh));
  }
}

customElements.define("deposit-queue", DepositQueue);
