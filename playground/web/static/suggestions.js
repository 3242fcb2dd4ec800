// A list of suggestions for what is being typed, in the way of ARIA's comboboxes: the focus stays in the text.

/**
 * Offer suggestions for `input` in `list`, an element with the role listbox.
 *
 * `ask` returns what to fetch for the options, as `[address, init]`, or nothing where there is nothing to suggest;
 * `choose` takes the value and the words of the chosen one. If `eager`, the first is always about to be chosen: whoever
 * sends the form, by Enter or by its button, means that one.
 */
export function suggest(input, list, { ask, choose, eager = false, waitMs = 0 }) {
  let asking = new AbortController();
  let arriving = null;
  const options = () => [...list.querySelectorAll("[role=option]:not([aria-disabled])")];
  const pointed = () => (list.hidden ? null : list.querySelector("[aria-selected=true]"));

  function show(open) {
    list.hidden = !open;
    if (input.getAttribute("role") === "combobox") input.setAttribute("aria-expanded", String(open));
    if (!open) input.removeAttribute("aria-activedescendant");
  }
  function point(option) {
    pointed()?.setAttribute("aria-selected", "false");
    option.setAttribute("aria-selected", "true");
    input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }
  function take(option) {
    close();
    choose(option.dataset.value, option.textContent.trim());
  }
  function close() {
    asking.abort();
    show(false);
  }
  async function refresh() {
    asking.abort();
    asking = new AbortController();
    const { signal } = asking;
    const wanted = ask();
    if (!wanted) return show(false);
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    const [address, init] = wanted;
    const html = signal.aborted || (await fetch(address, { ...init, signal }).then((answer) => answer.text()).catch(() => ""));
    if (!signal.aborted) return fill(html);
  }
  /** Show the options, and say whether one was spelt out and is chosen already. */
  function fill(html) {
    list.innerHTML = html;
    [...list.children].forEach((option, index) => (option.id = `${list.id}-${index}`));
    show(list.childElementCount > 0);
    const [first] = options();
    if (!eager || !first) return false;
    const isSpeltOut = input.value.startsWith(`${first.dataset.value} `);
    if (isSpeltOut) take(first);
    else point(first);
    return isSpeltOut;
  }
  function move(step) {
    const all = options();
    const at = all.indexOf(pointed());
    if (all.length) point(all.at((at < 0 && step < 0 ? 0 : at) + step) ?? all[0]);
  }
  /** Choose instead of sending; what is on its way decides, once it has come, which of them it is. */
  async function settle(event) {
    if (!arriving && !pointed()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const isChosen = await arriving;
    if (pointed()) take(pointed());
    else if (!isChosen) input.form.requestSubmit();
  }

  input.addEventListener("input", async () => {
    const latest = (arriving = refresh());
    await latest;
    if (arriving === latest) arriving = null;
  });
  input.addEventListener("blur", close);
  if (eager) input.form.addEventListener("submit", settle, true);
  else input.addEventListener("focus", refresh);
  const staysInText = [list, ...(eager ? input.form.querySelectorAll("[type=submit]") : [])];
  for (const each of staysInText) each.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", ({ target }) => {
    const option = target.closest("[role=option]:not([aria-disabled])");
    if (option) take(option);
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || event.shiftKey) return;
    const chooses = event.key === "Tab" || (event.key === "Enter" && !eager); // else Enter sends, and that chooses
    if (chooses && pointed()) take(pointed());
    else if (event.key === "ArrowDown" && !list.hidden) move(1);
    else if (event.key === "ArrowUp" && !list.hidden) move(-1);
    else if (event.key === "Escape" && !list.hidden) close();
    else return;
    event.preventDefault();
  });
}
