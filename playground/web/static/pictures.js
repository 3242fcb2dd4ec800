// A picture opens large, above the page; arrows lead to the others of its message; Esc, a click or the button closes it.
// Without this, its link opens the file.
const byHand = ({ button, ctrlKey, metaKey, shiftKey, altKey }) => button === 0 && !(ctrlKey || metaKey || shiftKey || altKey);

const isUncovered = (link) => link.checkVisibility({ visibilityProperty: true }); // it may be a spoiler
const ARROWS = { ArrowLeft: -1, ArrowRight: 1 };

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-lightbox]");
  if (!link || !byHand(event)) return;
  event.preventDefault();
  document.getElementById("dialogs").append(large(link));
});

function large(link) {
  const dialog = made("dialog", { className: "lightbox", ariaLabel: "Picture" });
  const shown = made("img");
  const words = made("p");
  const show = (each) => {
    link = each;
    Object.assign(shown, { src: each.href, alt: each.querySelector("img").alt });
    words.replaceChildren(shown.alt, " ", made("a", { href: each.href, target: "_blank", textContent: "Open original" }));
  };
  const pictures = [...link.closest(".gallery, .message").querySelectorAll("a[data-lightbox]")].filter(isUncovered);
  const turn = (by) => show(pictures.at((pictures.indexOf(link) + by) % pictures.length));
  const button = (label, sign, onclick) => made("button", { type: "button", className: "bare", ariaLabel: label, textContent: sign, onclick });
  const buttons = made("div", {}, button("Close the picture", "✕", () => dialog.close()));
  if (pictures.length > 1) buttons.prepend(button("Previous picture", "‹", () => turn(-1)), button("Next picture", "›", () => turn(1)));
  dialog.append(buttons, shown, words);
  dialog.addEventListener("keydown", ({ key }) => key in ARROWS && turn(ARROWS[key]));
  dialog.addEventListener("click", ({ target }) => target.closest("p, button") || dialog.close());
  show(link);
  return dialog;
}

function made(tag, properties, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

// A menu has done its work once something in it is sent off.
document.addEventListener("submit", ({ target }) => target.closest("[popover]")?.hidePopover());
