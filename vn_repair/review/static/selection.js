// Words selected in the source, as offsets of code points in the article's text.

function sourceCell(node) {
  const element = node instanceof Element ? node : node && node.parentElement;
  return element ? element.closest(".cell.source") : null;
}

function offsetAt(cell, node, offset) {
  const before = document.createRange();
  before.setStart(cell, 0);
  before.setEnd(node, offset);
  let at = null;
  for (const run of cell.querySelectorAll("[data-o]")) {
    const start = Number(run.dataset.o);
    if (at === null) at = start;
    if (!before.intersectsNode(run)) break;
    const part = document.createRange();
    part.selectNodeContents(run);
    if (part.compareBoundaryPoints(Range.END_TO_END, before) > 0) part.setEnd(node, offset);
    const text = part.toString();
    // A hidden character is shown by its number, and is one.
    at = start + (run.classList.contains("hidden-character") ? (text ? 1 : 0) : [...text].length);
  }
  return at;
}

// {key, rect} of the selection, or null; of one that leaves its paragraph, the part inside.
export function selected() {
  const selection = document.getSelection();
  if (!selection || selection.isCollapsed || !selection.rangeCount) return null;
  const range = selection.getRangeAt(0);
  const cell = sourceCell(range.startContainer) || sourceCell(range.endContainer);
  if (!cell) return null;
  const inside = document.createRange();
  inside.selectNodeContents(cell.querySelector("p"));
  if (cell.contains(range.startContainer)) inside.setStart(range.startContainer, range.startOffset);
  if (cell.contains(range.endContainer)) inside.setEnd(range.endContainer, range.endOffset);
  const start = offsetAt(cell, inside.startContainer, inside.startOffset);
  const end = offsetAt(cell, inside.endContainer, inside.endOffset);
  if (start === null || end <= start) return null;
  return { key: `${start}-${end}`, rect: range.getBoundingClientRect() };
}

// The sentence around an element of the source, in the same form.
export function sentenceOf(element) {
  const sentence = element && element.closest(".s");
  const cell = sourceCell(element);
  if (!sentence || !cell) return null;
  const runs = sentence.querySelectorAll("[data-o]");
  const last = runs[runs.length - 1];
  const start = Number(runs[0].dataset.o);
  const length = last.classList.contains("hidden-character") ? 1 : [...last.textContent].length;
  return { key: `${start}-${Number(last.dataset.o) + length}` };
}
