// Words every moment on the page, <time datetime data-style>, in the time zone of the browser, and counts those in the
// style R. The language is the one of the person's Discord client; the panel is English, as the words around its moments.
// The server's text is put back whenever a morph has passed; it is replaced before it is painted.
const TICK_MILLISECONDS = 1000;
const FORMATS = {
  t: { timeStyle: "short" },
  T: { timeStyle: "medium" },
  d: { dateStyle: "short" },
  D: { dateStyle: "long" },
  f: { dateStyle: "long", timeStyle: "short" },
  F: { dateStyle: "full", timeStyle: "short" },
  s: { dateStyle: "short", timeStyle: "short" },
  S: { dateStyle: "short", timeStyle: "medium" },
};
const UNITS = [["year", 31556952], ["month", 2629746], ["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];

const wordings = new Map(); // of each locale on the page

function wordingOf(locale) {
  if (!wordings.has(locale)) {
    const formats = Object.entries(FORMATS).map(([style, shape]) => [style, new Intl.DateTimeFormat(locale, shape)]);
    wordings.set(locale, { formats: new Map(formats), relative: new Intl.RelativeTimeFormat(locale, { numeric: "auto" }) });
  }
  return wordings.get(locale);
}

function distance(moment, relative) {
  const seconds = Math.trunc((moment - Date.now()) / 1000);
  const [unit, length] = UNITS.find(([, each]) => Math.abs(seconds) >= each) ?? UNITS.at(-1);
  return relative.format(Math.trunc(seconds / length), unit);
}

function word(time) {
  const moment = new Date(time.dateTime);
  const style = time.dataset.style;
  const { formats, relative } = wordingOf(time.closest("[data-locale]").dataset.locale);
  const words = style === "R" ? distance(moment, relative) : formats.get(style).format(moment);
  const inFull = formats.get("F").format(moment);
  if (time.textContent !== words) time.textContent = words; // what is right already is no change to hear of again
  if (time.title !== inFull) time.title = inFull;
}

const wordAll = (selector) => document.querySelectorAll(selector).forEach(word);

new MutationObserver(() => wordAll("time[data-style]")).observe(document.body, {
  subtree: true,
  childList: true,
  characterData: true,
  attributeFilter: ["datetime", "data-style", "title"],
});
setInterval(() => wordAll("time[data-style=R]"), TICK_MILLISECONDS);
wordAll("time[data-style]");
