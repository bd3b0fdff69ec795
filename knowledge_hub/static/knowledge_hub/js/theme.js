// The choice of light or dark, kept in the cookie that the server reads. Without this script the form is sent and
// the server sets the same cookie.
const YEAR_SECONDS = 365 * 24 * 3600;
const form = document.querySelector("form.theme");

function show(choice) {
  if (choice === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = choice;
  for (const button of form.querySelectorAll("button")) {
    button.setAttribute("aria-pressed", String(button.value === choice));
  }
}

form?.addEventListener("submit", (event) => {
  event.preventDefault();
  const choice = event.submitter.value;
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `theme=${choice}; path=/; max-age=${YEAR_SECONDS}; samesite=lax${secure}`;
  show(choice);
});
