// What is unfolded stays unfolded: when the server sends a region again, and on the way to another page.
htmx.registerExtension("unfolded", {
  htmx_before_morph_attr: (element, { attrName }) => !(element.localName === "details" && attrName === "open"),
});

for (const fold of document.querySelectorAll("#curtain > section > details")) {
  const kept = sessionStorage.getItem(fold.id);
  if (kept !== null) fold.open = kept === "open";
  fold.addEventListener("toggle", () => sessionStorage.setItem(fold.id, fold.open ? "open" : ""));
}
