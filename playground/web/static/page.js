// What HTML cannot do alone: the curtain, dialogs that open when they arrive, staying at the newest message.
import "./time.js";
import "./composer.js";
import "./pictures.js";
import "./curtain.js";

const curtain = document.getElementById("curtain");
const draw = document.getElementById("draw-curtain");
const messages = document.getElementById("messages");

function drawCurtain(open) {
  curtain.hidden = !open;
  draw.setAttribute("aria-expanded", String(open));
  sessionStorage.setItem("curtain", open ? "open" : "");
}
draw.addEventListener("click", () => drawCurtain(curtain.hidden));
document.getElementById("close-curtain").addEventListener("click", () => {
  drawCurtain(false);
  draw.focus();
});
drawCurtain(sessionStorage.getItem("curtain") === "open");

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

// Whoever looks at the newest message goes on seeing it; whoever scrolled up to read, or followed a link, stays there.
let atEnd = !messages.contains(document.getElementById(location.hash.slice(1)));
const toEnd = () => atEnd && (messages.scrollTop = messages.scrollHeight);
messages.addEventListener("scroll", () => (atEnd = messages.scrollHeight - messages.scrollTop - messages.clientHeight < 80));
messages.addEventListener("load", toEnd, true);
new MutationObserver(toEnd).observe(messages, { childList: true, subtree: true });
new ResizeObserver(toEnd).observe(messages); // the box below it grows and shrinks
toEnd();
