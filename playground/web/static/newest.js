// The newest message. A reader at the end of the channel stays there; a reader further up gets a button that leads to it.
const messages = document.getElementById("messages");
const button = document.getElementById("newest");

let atEnd = !messages.contains(document.getElementById(location.hash.slice(1)));
let scrolledTo = 0; // a scroll that leads upwards is the reader's; others may come from a room that has shrunk
const toEnd = () => atEnd && (messages.scrollTop = messages.scrollHeight);

let known = new Map(); // what was there already: the messages, and whether each has a picture
let wanted = null; // where the button leads

const shownIn = () => new Map([...messages.querySelectorAll("article")].map((each) => [each.id, pictureOf(each) !== null]));
const pictureOf = (message) => message.querySelector("[data-lightbox]");

function isInView(part) {
  const { top, bottom } = part.getBoundingClientRect();
  const room = messages.getBoundingClientRect();
  const middle = (top + bottom) / 2;
  return middle > room.top && middle < room.bottom;
}

/** Offer the newest message that arrived, or became a picture, out of view. */
function notice() {
  const now = shownIn();
  const [id, hasPicture] = [...now].findLast(([each, picture]) => !known.has(each) || (picture && !known.get(each))) ?? [];
  known = now;
  if (id && !atEnd) {
    const message = document.getElementById(id);
    wanted = pictureOf(message) ?? message;
    const isAbove = wanted.getBoundingClientRect().top < messages.getBoundingClientRect().top;
    button.textContent = `New ${hasPicture ? "picture" : "message"} ${isAbove ? "↑" : "↓"}`;
  }
  update();
}

function update() {
  if (wanted && (atEnd || !wanted.isConnected || isInView(wanted))) wanted = null;
  button.hidden = wanted === null;
}

button.addEventListener("click", () => {
  wanted.scrollIntoView({ block: "center" });
  wanted.closest("article").querySelector("a, button")?.focus({ preventScroll: true }); // the button itself is gone
  update();
});
messages.addEventListener("scroll", () => {
  const { scrollTop, scrollHeight, clientHeight } = messages;
  atEnd = scrollHeight - scrollTop - clientHeight < 80 || (atEnd && scrollTop >= scrolledTo);
  scrolledTo = scrollTop;
  update();
});
messages.addEventListener("load", toEnd, true);
new MutationObserver(() => {
  toEnd();
  notice();
}).observe(messages, { childList: true, subtree: true });
new ResizeObserver(toEnd).observe(messages); // the box below it grows and shrinks
known = shownIn();
toEnd();
