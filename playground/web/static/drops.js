// Files: chosen, dropped or pasted, each with a preview and a button that takes it away again.
const kept = new WeakMap(); // what an input holds; the browser's own dialog would forget what was there before

/** Let an input hold these files, and show them. */
export function hold(input, files) {
  const list = new DataTransfer();
  for (const file of files) list.items.add(file);
  input.files = list.files;
  kept.set(input, files);
  previewsOf(input).replaceChildren(...files.map((file) => preview(input, file)));
  input.dispatchEvent(new Event("held", { bubbles: true }));
}

const previewsOf = (input) => (input.closest(".field") || input.form).querySelector(".previews");

function preview(input, file) {
  const item = document.createElement("li");
  if (file.type.startsWith("image/")) {
    const image = document.createElement("img");
    image.alt = "";
    image.src = URL.createObjectURL(file);
    image.addEventListener("load", () => URL.revokeObjectURL(image.src));
    item.append(image);
  }
  const name = document.createElement("span");
  name.textContent = file.name;
  const remove = document.createElement("button");
  remove.type = "button";
  remove.className = "bare";
  remove.textContent = "✕";
  remove.setAttribute("aria-label", `Remove ${file.name}`);
  remove.addEventListener("click", () => {
    hold(input, kept.get(input).filter((each) => each !== file));
    input.focus();
  });
  item.append(name, remove);
  return item;
}

document.addEventListener("change", ({ target }) => {
  if (target.type !== "file") return;
  const before = target.multiple ? (kept.get(target) ?? []) : [];
  hold(target, [...before, ...target.files]);
});
document.addEventListener("reset", ({ target }) => {
  for (const input of target.querySelectorAll("input[type=file]")) hold(input, []);
});

/** Give files to the field where they fall; else to where there is room in what is being filled in. */
function give(files, at) {
  const field = at.closest?.(".field-drop");
  let left = [...files];
  for (const input of field ? field.querySelectorAll("input[type=file]") : rooms()) {
    const taken = input.multiple ? left : left.slice(0, 1);
    if (taken.length) hold(input, input.multiple ? [...(kept.get(input) ?? []), ...taken] : taken);
    left = left.slice(taken.length);
  }
}

function rooms() {
  const open = ["dialog[open]", "#command form", "#message-box"].map((each) => document.querySelector(each));
  const inputs = [...open.find(Boolean).querySelectorAll("input[type=file]")];
  return inputs.filter((input) => input.multiple || !input.files.length);
}

const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");
const showDropping = (dropping) => document.body.classList.toggle("dropping", dropping);

document.addEventListener("dragover", (event) => {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  showDropping(true);
});
document.addEventListener("dragleave", (event) => event.relatedTarget ?? showDropping(false));
document.addEventListener("drop", (event) => {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  showDropping(false);
  give(event.dataTransfer.files, event.target);
});
document.addEventListener("paste", (event) => {
  const { files, types } = event.clipboardData;
  if (!files.length || types.includes("text/plain")) return;
  event.preventDefault();
  give(files, event.target);
});
