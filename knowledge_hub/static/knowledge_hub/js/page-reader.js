// Keys for the page reader: ← and → turn the page, p and n go to the page before and after with the words searched.
// They follow the links that stand on the page, so they do what those do.
const KEYS = { ArrowLeft: "previous-page", ArrowRight: "next-page", p: "previous-hit", n: "next-hit" };

document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const link = KEYS[event.key] && document.querySelector(`[data-key="${KEYS[event.key]}"]`);
  if (link) link.click();
});

// The rail opens where the reader is.
document.querySelector(".reader-rail [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
