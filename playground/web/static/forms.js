// Says what is wrong with a form at the field that it is about, and takes that back once it is changed.
export const CONTROLS = "input:not([type=hidden]), select, textarea";

/** Put a sentence at the field of that name, or (null) at the form as a whole. */
function mark(form, name, why) {
  const field = name && form.querySelector(`[name="${CSS.escape(name)}"]`)?.closest(".field");
  if (!field) return void (form.querySelector(".form-error").textContent = why);
  const control = field.querySelector(CONTROLS);
  say(field, control, why);
  lead(field, control);
}

function say(field, control, why) {
  field.querySelector(".error").textContent = why;
  control?.setAttribute("aria-invalid", "true");
}

/** Lead to a field: its sentence last, since the field may be taller than what scrolls. */
function lead(field, control) {
  control?.focus();
  for (const part of [field, field.querySelector(".error")]) part.scrollIntoView({ block: "nearest" });
}
document.addEventListener("marked", ({ target, detail }) => {
  if (target !== document) mark(target, detail.field, detail.why); // else the form has been left meanwhile
});

// What the browser itself refuses reads like what the stand-in refuses.
document.addEventListener("invalid", (event) => {
  const control = event.target;
  const field = control.closest(".field");
  if (!field) return;
  event.preventDefault();
  say(field, control, control.validationMessage);
  if (control === control.form.querySelector(":is(input, select, textarea):invalid")) lead(field, control);
}, true);

function unmark(event) {
  const field = event.target.closest(".field");
  field?.querySelectorAll("[aria-invalid]").forEach((control) => control.removeAttribute("aria-invalid"));
  field?.querySelector(".error")?.replaceChildren();
}
for (const changed of ["input", "change", "held"]) document.addEventListener(changed, unmark);

// Enter sends what stands in a box of text, Shift+Enter breaks the line.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.defaultPrevented) return;
  if (!event.target.matches("#composer textarea")) return;
  event.preventDefault();
  event.target.form.requestSubmit();
});

// While the bot is asked, the form says so.
document.addEventListener("htmx:before:request", ({ target }) => {
  if (!target.matches?.("form")) return;
  target.setAttribute("aria-busy", "true");
  target.querySelector(".form-error")?.replaceChildren();
});
document.addEventListener("htmx:finally:request", ({ target }) => target.removeAttribute?.("aria-busy"));
