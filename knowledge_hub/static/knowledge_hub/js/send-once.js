// Forms of the CMS save themselves, also while they are being sent, and a new thing would be there twice. So a form is sent
// when it has saved itself, and from then on no longer does.
const PATIENCE_MS = 10_000;

let isSaving = false;
let sendLater = null;

const finish = () => {
  isSaving = false;
  sendLater?.();
};

// Heard last, when others may have called it off.
addEventListener("w-autosave:save", (event) => {
  isSaving = !event.defaultPrevented;
});
for (const end of ["success", "error", "deactivated"]) addEventListener(`w-autosave:${end}`, finish);

const savesItself = (form) => form.dataset.controller?.split(/\s+/).includes("w-autosave") === true;

addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    if (!savesItself(form)) return;
    if (!isSaving) {
      form.dataset.wAutosaveActiveValue = "false";
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    sendLater ??= () => send(form, event.submitter);
    setTimeout(finish, PATIENCE_MS);
  },
  { capture: true },
);

// As the button would, which Wagtail has switched off meanwhile.
function send(form, button) {
  sendLater = null;
  if (button?.name) {
    const pressed = document.createElement("input");
    Object.assign(pressed, { type: "hidden", name: button.name, value: button.value });
    form.append(pressed);
  }
  form.requestSubmit();
}

// Back on a page that the browser kept, one goes on editing.
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of [...document.forms].filter(savesItself)) form.dataset.wAutosaveActiveValue = "true";
});
