// <rule-matches src rule order> shows what the rule of a collection finds, soon after it is typed.
const PAUSE_MS = 400;

class RuleMatches extends HTMLElement {
  connectedCallback() {
    this.fields = ["rule", "order"].map((name) => document.getElementById(this.getAttribute(name)));
    this.listener = () => this.wait();
    for (const field of this.fields) field?.addEventListener("input", this.listener);
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
    this.asking?.abort();
    for (const field of this.fields) field?.removeEventListener("input", this.listener);
  }

  wait() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.refresh(), PAUSE_MS);
  }

  async refresh() {
    this.asking?.abort();
    this.asking = new AbortController();
    const [rule, order] = this.fields.map((field) => field?.value ?? "");
    const failed = this.querySelector("[data-failed]");
    try {
      const answer = await fetch(`${this.getAttribute("src")}?${new URLSearchParams({ rule, order })}`, {
        signal: this.asking.signal,
      });
      if (!answer.ok) throw new Error(answer.statusText);
      this.querySelector("[role=status]").innerHTML = await answer.text();
      failed.hidden = true;
    } catch (error) {
      if (error.name !== "AbortError") failed.hidden = false;
    }
  }
}

customElements.define("rule-matches", RuleMatches);
