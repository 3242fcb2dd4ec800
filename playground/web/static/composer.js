// Writing: what is suggested while somebody types, the form that a command turns the box into, and answers to messages.
import { hold } from "./drops.js";
import { CONTROLS } from "./forms.js";
import { suggest } from "./suggestions.js";

const box = document.getElementById("message-box");
const text = box.elements.text;
const command = document.getElementById("command");
const replying = box.querySelector(".replying");
let draft = ""; // what stood in the box before a command was begun with the button
let opening = false; // a command's form is on its way; what is typed meanwhile goes into it

// -- Messages

suggest(text, document.getElementById("suggestions"), {
  eager: true,
  ask: () => {
    const begun = text.value.startsWith("/") ? text.value : mentionBegun();
    return !opening && begun && [`${text.dataset.suggestions}?text=${encodeURIComponent(begun)}`];
  },
  choose: (value) => (value.startsWith("/") ? openCommand(value) : mention(value)),
});

const mentionBegun = () => /(?:^|\s)(@\S*)$/.exec(text.value.slice(0, text.selectionStart))?.[1];

function mention(name) {
  const end = text.selectionStart;
  text.setRangeText(`${name} `, end - (mentionBegun() ?? "").length, end, "end");
}

box.addEventListener("submit", (event) => {
  if (!opening && (text.value.trim() || box.elements.files.files.length)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);

function reply(id, author) {
  box.elements.reply_to.value = id;
  box.elements.no_ping.checked = false;
  replying.querySelector("b").textContent = author;
  replying.hidden = !id;
  text.focus();
}

// -- Commands

async function openCommand(spelling) {
  const address = `${text.dataset.command}?spelling=${encodeURIComponent(spelling)}`;
  opening = true;
  if (!text.value.startsWith(`${spelling} `)) text.value = `${spelling} `;
  await htmx.ajax("GET", address, { source: command, target: command, swap: "innerHTML" });
  opening = false;
  const form = command.querySelector("form");
  if (!form) return; // it was refused, with a notice
  const rest = text.value.slice(spelling.length + 1);
  box.hidden = true;
  form.querySelectorAll("[data-completes]").forEach(complete);
  const first = form.querySelector(`.field:not([hidden]) :is(${CONTROLS})`) ?? form.querySelector("[type=submit]");
  if (first.matches("textarea, [type=text]")) first.value = rest;
  text.value = "";
  first.focus();
}

function leaveCommand() {
  const { activeElement } = document;
  const isElsewhere = activeElement !== document.body && !command.contains(activeElement);
  command.replaceChildren();
  box.hidden = false;
  text.value = draft;
  draft = "";
  if (!isElsewhere) text.focus(); // else they went on with something else while the bot was asked
}

function complete(input) {
  const { form, dataset } = input;
  const sent = form.elements.namedItem(dataset.completes);
  suggest(input, document.getElementById(input.getAttribute("aria-controls")), {
    waitMs: 150,
    ask: () => {
      const wanted = new URLSearchParams({ option: dataset.completes, text: input.value });
      const texts = [...new FormData(form)].filter(([, value]) => typeof value === "string");
      return [`${form.dataset.completions}&${wanted}`, { method: "POST", body: new URLSearchParams(texts) }];
    },
    choose: (value, name) => {
      sent.value = value;
      input.value = name;
    },
  });
  input.addEventListener("input", () => (sent.value = input.value));
}

const optionField = (name) => command.querySelector(`[data-optional="${CSS.escape(name)}"]`);
const adder = (name) => command.querySelector(`[data-adds="${CSS.escape(name)}"]`);

function include(field) {
  field.hidden = false;
  adder(field.dataset.optional).parentElement.hidden = true;
}

function leaveOut(field) {
  for (const control of field.querySelectorAll("input, select, textarea")) {
    if (control.type === "file") hold(control, []);
    else control.value = "";
  }
  field.hidden = true;
  const button = adder(field.dataset.optional);
  button.parentElement.hidden = false;
  button.focus();
}

document.addEventListener("held", ({ target }) => {
  const field = target.closest("[data-optional]");
  if (field && target.files.length) include(field);
});

// -- What is pressed, and what came of it

document.addEventListener("click", ({ target }) => {
  const pressed = target.closest("button");
  if (!pressed) return;
  const { replyTo, adds, leavesOut, leavesCommand, stopsReplying, startsCommand } = pressed.dataset;
  if (replyTo) reply(replyTo, pressed.closest(".message").querySelector(".by b").textContent);
  if (stopsReplying !== undefined) reply("", "");
  if (leavesCommand !== undefined) leaveCommand();
  if (leavesOut !== undefined) leaveOut(pressed.closest(".field"));
  if (startsCommand) startCommand(startsCommand);
  if (adds) {
    include(optionField(adds));
    optionField(adds).querySelector(CONTROLS).focus();
  }
});

function startCommand(begun) {
  if (!text.value.startsWith("/")) draft = text.value;
  text.value = begun;
  text.focus();
  text.dispatchEvent(new Event("input", { bubbles: true }));
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented || document.querySelector("dialog[open]")) return;
  if (command.contains(event.target)) leaveCommand();
  else if (box.contains(event.target)) reply("", "");
});

document.addEventListener("sent", ({ target }) => {
  if (target === box) {
    box.reset();
    reply("", "");
  } else if (command.contains(target)) leaveCommand();
  else target.closest?.("dialog")?.close();
});

// The command that opened a dialog is gone when the dialog closes: the box has the focus then.
document.addEventListener("close", () => document.activeElement === document.body && text.focus(), true);
