// <bulk-progress> asks every two seconds how far a change is, and shows the whole page anew when it is over.
const EVERY_MS = 2000;

class BulkProgress extends HTMLElement {
  connectedCallback() {
    this.timer = setInterval(() => this.refresh(), EVERY_MS);
  }

  disconnectedCallback() {
    clearInterval(this.timer);
  }

  async refresh() {
    try {
      const answer = await fetch(location.href);
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector("bulk-progress");
      if (!fresh) return location.reload();
      this.querySelector("[role=status]").textContent = fresh.querySelector("[role=status]").textContent;
      this.querySelector("progress").value = fresh.querySelector("progress").value;
    } catch {
      // No connection: what is on the page stays, and the next question may be answered.
    }
  }
}

customElements.define("bulk-progress", BulkProgress);
