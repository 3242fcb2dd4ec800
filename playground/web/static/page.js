// What HTML cannot do alone: the panel, and dialogs that open when they arrive.
import "./time.js";
import "./composer.js";
import "./pictures.js";
import "./curtain.js";
import "./newest.js";

const curtain = document.getElementById("curtain");
const draw = document.getElementById("draw-curtain");
const close = document.getElementById("close-curtain");

function drawCurtain(open) {
  curtain.hidden = !open;
  draw.setAttribute("aria-expanded", String(open));
  sessionStorage.setItem("curtain", open ? "open" : "");
}
function leaveCurtain() {
  drawCurtain(false);
  draw.focus();
}
draw.addEventListener("click", () => {
  drawCurtain(curtain.hidden);
  if (!curtain.hidden) close.focus();
});
close.addEventListener("click", leaveCurtain);
curtain.addEventListener("keydown", (event) => event.key === "Escape" && leaveCurtain());
// A button may show what it does behind the scenes: the part of the panel with that id.
document.addEventListener("click", ({ target }) => {
  const shown = document.getElementById(target.closest("[data-shows]")?.dataset.shows);
  if (!shown) return;
  drawCurtain(true);
  shown.closest("details").open = true;
  shown.scrollIntoView({ block: "center" });
});
drawCurtain(sessionStorage.getItem("curtain") === "open");

// What is sent again as soon as it changes comes over a connection that only the playground itself can end.
const gone = document.getElementById("gone");
const live = document.getElementById("live");
live.addEventListener("htmx:sse:error", () => (gone.hidden = false));
live.addEventListener("htmx:sse:after:connection", () => (gone.hidden = true));
// The extension connects again by itself, except where the first connection failed: to htmx, that was a request like any other.
for (const failure of ["htmx:error", "htmx:response:error"]) {
  live.addEventListener(failure, () => {
    gone.hidden = false;
    setTimeout(() => htmx.trigger(live, "reconnect"), 1000);
  });
}

// A dialog is shown as soon as it arrives, and leaves the page when it closes.
new MutationObserver(() => {
  for (const dialog of document.querySelectorAll("#dialogs dialog:not([open])")) {
    dialog.addEventListener("close", () => dialog.remove());
    dialog.showModal();
  }
}).observe(document.getElementById("dialogs"), { childList: true, subtree: true });

document.addEventListener("click", (event) => {
  event.target.closest("[data-closes]")?.closest("dialog, .notice")?.dispatchEvent(new Event("dismissed", { bubbles: true }));
});
document.addEventListener("dismissed", ({ target }) => (target.tagName === "DIALOG" ? target.close() : target.remove()));

// A double click presses once: the answer to its first click may be there before the second, and the picture be paid twice.
document.addEventListener("click", (event) => {
  if (event.detail > 1 && event.target.closest("button:not([type=button])")) event.preventDefault();
}, true);
