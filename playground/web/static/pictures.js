// A picture opens large, above the page; Esc, a click or the button closes it. Without this, its link opens the file.
const byHand = ({ button, ctrlKey, metaKey, shiftKey, altKey }) => button === 0 && !(ctrlKey || metaKey || shiftKey || altKey);

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-lightbox]");
  if (!link || !byHand(event)) return;
  event.preventDefault();
  document.getElementById("dialogs").append(large(link));
});

function large(link) {
  const { alt } = link.querySelector("img");
  const dialog = made("dialog", { className: "lightbox", ariaLabel: "Picture" });
  const close = made("button", { type: "button", className: "bare", textContent: "✕", ariaLabel: "Close the picture" });
  const words = made("p", {}, alt, " ", made("a", { href: link.href, target: "_blank", textContent: "Open original" }));
  close.dataset.closes = "";
  dialog.append(close, made("img", { src: link.href, alt }), words);
  dialog.addEventListener("click", ({ target }) => target.closest("p, button") || dialog.close());
  return dialog;
}

function made(tag, properties, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

// A menu has done its work once something in it is sent off.
document.addEventListener("submit", ({ target }) => target.closest("[popover]")?.hidePopover());
