// The text side of the page: which marks are looked at, which sentences belong together, which rows changed.

const texts = document.getElementById("texts");
const panel = document.getElementById("panel");
const TOP = 120; // pixels that the bar and the column heads take, with room to breathe

export function marksOf(key) {
  return [...texts.querySelectorAll(`mark[data-item="${CSS.escape(key || "")}"]`)];
}

// Light up a sentence in all columns of its row.
export function linkSentences(sentence) {
  for (const old of texts.querySelectorAll(".s.same")) old.classList.remove("same");
  const row = sentence && sentence.closest(".row");
  if (!row) return;
  const wanted = sentence.dataset.s.split(" ");
  for (const other of row.querySelectorAll(".s")) {
    if (other.dataset.s.split(" ").some((name) => wanted.includes(name))) other.classList.add("same");
  }
}

// Whether the panel covers the lower part of the window, as it does on a phone.
export function panelCovers() {
  return getComputedStyle(panel).position === "fixed";
}

// Outline an item's marks, make its first the one stop of the Tab key, and return that.
export function showCurrent(key, scroll) {
  for (const old of texts.querySelectorAll("mark.current")) {
    old.classList.remove("current");
    if (old.matches(".m")) old.tabIndex = -1;
  }
  linkSentences(null);
  const now = marksOf(key);
  now.forEach((mark) => mark.classList.add("current"));
  const first = now.find((mark) => mark.matches(".m[role]")) || now[0];
  if (!first) return null;
  first.tabIndex = 0;
  linkSentences(first.closest(".s"));
  if (scroll) {
    const box = first.getBoundingClientRect();
    const low = window.innerHeight - (panelCovers() ? panel.offsetHeight : 0) - 24;
    if (box.top < TOP || box.bottom > low) {
      window.scrollBy({ top: box.top - TOP - (low - TOP) * 0.3, behavior: "instant" });
    }
  }
  return first;
}

// Rows as the server sends them, by their number; everything in them is escaped.
export function replaceRows(rows) {
  for (const [index, html] of Object.entries(rows)) {
    const template = document.createElement("template");
    template.innerHTML = html;
    const old = document.getElementById(`row-${index}`);
    if (old) old.replaceWith(template.content.firstElementChild);
  }
}

// Fade the marks of items that the filter leaves out.
export function dim(off) {
  for (const mark of texts.querySelectorAll("mark")) mark.classList.toggle("dim", off.has(mark.dataset.item));
}

texts.addEventListener("pointerover", (event) => linkSentences(event.target.closest(".s")));
