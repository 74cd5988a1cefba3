// An article under review: which item is looked at, what is decided, and what the server sends back.

import { get, post, say, word } from "./server.js";
import { selected, sentenceOf } from "./selection.js";
import { listen } from "./keys.js";
import { dim, marksOf, panelCovers, replaceRows, showCurrent } from "./texts.js";

const body = document.body;
const number = body.dataset.article;
const path = `/articles/${number}`;
const panel = document.getElementById("panel");
const card = document.getElementById("card");
const floating = document.getElementById("selection");
const filters = { status: document.getElementById("filter-status"), label: document.getElementById("filter-label") };
const channel = "BroadcastChannel" in window ? new BroadcastChannel("vn-repair-review") : null;
const state = { version: Number(body.dataset.version), items: JSON.parse(body.dataset.items), current: null, asked: null };

// Items come as [key, label, status, open, decided].
function matches([, label, status, open, decided]) {
  const wanted = filters.status.value;
  if (filters.label.value && filters.label.value !== label) return false;
  return !wanted || (wanted === "open" ? open : wanted === "decided" ? decided : status === wanted);
}

function startOf(key) { return Number(key.split("-")[0]); }
function form() { return card.querySelector("form.edit:not([hidden])"); }

function unsaved() {
  const open = form();
  return Boolean(open) && [...open.elements].some((field) => (field.tagName === "SELECT"
    ? [...field.options].some((option) => option.selected !== option.defaultSelected)
    : field.type !== "hidden" && field.tagName !== "BUTTON" && field.value !== field.defaultValue));
}

function mayLeave() { return !unsaved() || window.confirm(word("confirm_leave")); }

function setCard(html) {
  card.innerHTML = html; // escaped by the server
  const shown = card.querySelector(".card[data-item]");
  state.current = shown ? shown.dataset.item : state.current;
  panel.scrollTop = 0;
}

async function load(query) {
  if (state.asked) state.asked.abort();
  state.asked = new AbortController();
  const answer = await get(`${path}/card?${new URLSearchParams(query)}`, state.asked.signal);
  if (!answer) return false;
  const html = await answer.text();
  if (Number(answer.headers.get("X-Version")) !== state.version) await refresh(false);
  setCard(html);
  return true;
}

async function go(key, { focus = true } = {}) {
  if (!key || !mayLeave()) return;
  if (!(await load({ item: key }))) return;
  const mark = showCurrent(state.current, true);
  if (focus && mark && !panelCovers()) mark.focus({ preventScroll: true });
  const url = new URL(location.href);
  url.searchParams.set("item", state.current);
  url.searchParams.delete("said");
  history.replaceState(null, "", url);
}

function step(by, wanted = matches) {
  const keys = state.items.filter((item) => wanted(item) || item[0] === state.current).map((item) => item[0]);
  const at = keys.indexOf(state.current);
  const next = keys[at + by];
  if (next && next !== state.current) go(next);
  else if (!keys.length) say(word("no_match"));
}

function openItem(item) { return item[3] && (!filters.label.value || filters.label.value === item[1]); }

// After a decision: the next item that waits, from the top again after the last.
async function advance(key) {
  const waiting = state.items.filter(openItem);
  const next = waiting.find((item) => startOf(item[0]) > startOf(key)) || waiting[0];
  await go(next ? next[0] : key);
  return Boolean(next);
}

function apply(data) {
  state.version = data.version;
  state.items = data.items;
  const focused = document.activeElement && document.activeElement.closest("mark");
  replaceRows(data.rows);
  document.getElementById("progress").innerHTML = data.progress;
  for (const input of document.querySelectorAll('input[name="version"]')) input.value = data.version;
  body.dataset.done = data.done ? "1" : "0";
  for (const button of document.querySelectorAll("#finish button")) button.hidden = (button.dataset.when === "done") !== data.done;
  document.querySelector('#history [value="undo"]').disabled = !data.undo;
  document.querySelector('#history [value="redo"]').disabled = !data.redo;
  applyFilter();
  const first = showCurrent(state.current, false);
  if (focused && first && !focused.isConnected) first.focus({ preventScroll: true });
}

async function refresh(tell = true) {
  const answer = await get(`${path}/rows`);
  if (!answer) return;
  apply(await answer.json());
  if (!form() && state.current) {
    const current = await get(`${path}/card?${new URLSearchParams({ item: state.current })}`);
    if (current) setCard(await current.text());
    showCurrent(state.current, false);
  }
  if (tell) say(word("changed"));
}

async function act(fields) {
  const done = await post(path, { ...fields, version: state.version });
  if (!done) return;
  if (done.conflict) {
    apply(done.data);
    if (!form()) await load({ item: state.current });
    showCurrent(state.current, true);
    say(done.data.error, true);
    return;
  }
  if (!done.ok) {
    say(done.data.error, true);
    return;
  }
  apply(done.data);
  if (channel) channel.postMessage({ article: number, version: state.version });
  const open = form();
  if (open) open.hidden = true; // saved: nothing is lost by leaving it
  const { action } = fields;
  let more = true;
  if (action === "undo" || action === "redo" || action === "clear") await go(done.data.item || state.current);
  else if (["accept", "reject", "edit"].includes(action)) more = await advance(done.data.item || state.current);
  else if (action === "translate") await go(state.current);
  say(more ? done.data.message : `${done.data.message} ${word("all_decided")}`);
}

function applyFilter() {
  dim(new Set(state.items.filter((item) => !matches(item)).map((item) => item[0])));
}

function edit() {
  const open = card.querySelector("form.edit");
  if (!open) return;
  open.hidden = false;
  const decide = card.querySelector("form.decide");
  if (decide) decide.hidden = true;
  open.querySelector("textarea").focus();
  open.querySelector("textarea").select();
}

async function cancel() {
  if (!form() || !mayLeave()) return;
  const open = form();
  open.reset();
  open.hidden = true;
  await go(state.current || (state.items[0] && state.items[0][0]));
}

async function add() {
  const chosen = selected() || sentenceOf(marksOf(state.current).find((mark) => mark.matches(".m")));
  if (!chosen) { say(word("select_first")); return; }
  if (!mayLeave() || !(await load({ new: chosen.key }))) return;
  floating.hidden = true;
  showCurrent(state.current, false);
  edit();
}

async function translate(row) {
  if (!mayLeave() || !(await load({ row }))) return;
  card.querySelector("textarea").focus();
}

function finish() {
  const done = body.dataset.done === "1";
  const open = state.items.filter((item) => item[3]).length;
  if (!done && open && !window.confirm(word("confirm_done", { n: open }))) return;
  act({ action: done ? "reopen" : "done" });
}

function press(selector) {
  const button = card.querySelector(selector);
  if (button && !button.closest("[hidden]")) button.click();
}

document.addEventListener("submit", (event) => {
  if (event.target.method !== "post") return;
  event.preventDefault();
  if (event.target.id === "finish") { finish(); return; }
  const fields = Object.fromEntries(new FormData(event.target, event.submitter));
  act(fields);
});

document.addEventListener("click", (event) => {
  const mark = event.target.closest("mark[data-item]");
  if (mark && document.getSelection().isCollapsed) go(mark.dataset.item);
  const button = event.target.closest("button");
  if (!button) return;
  if ("edit" in button.dataset) edit();
  if ("cancel" in button.dataset) cancel();
  if (button.dataset.step) step(Number(button.dataset.step));
  if (button.dataset.translate) translate(button.dataset.translate);
  if (button.dataset.key === "n") add();
});

document.addEventListener("selectionchange", () => {
  const chosen = selected();
  floating.hidden = !chosen;
  if (!chosen) return;
  floating.style.left = `${Math.max(8, Math.min(chosen.rect.left + window.scrollX, document.documentElement.clientWidth - 190))}px`;
  floating.style.top = `${chosen.rect.bottom + window.scrollY + 8}px`;
});
floating.addEventListener("pointerdown", (event) => event.preventDefault()); // keep the selection

for (const select of Object.values(filters)) {
  select.addEventListener("change", () => {
    applyFilter();
    const now = state.items.find((item) => item[0] === state.current);
    if (!now || !matches(now)) {
      const first = state.items.find(matches);
      if (first) go(first[0], { focus: false });
      else say(word("no_match"));
    }
  });
}

async function look() {
  if (document.visibilityState !== "visible") return;
  const answer = await get(`/state?article=${number}`);
  if (answer && (await answer.json()).version !== state.version) await refresh();
}
document.addEventListener("visibilitychange", look);
window.addEventListener("focus", look);
if (channel) {
  channel.addEventListener("message", ({ data }) => {
    if (data.article === number && data.version > state.version) refresh();
  });
}
window.addEventListener("beforeunload", (event) => { if (unsaved()) event.preventDefault(); });

function follow(id) { const link = document.getElementById(id); if (link) link.click(); }
const choose = Object.fromEntries([1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => [String(n), () => press(`.choices [data-key="${n}"]`)]));
listen({
  ...choose,
  j: () => step(1), k: () => step(-1), o: () => step(1, openItem),
  a: () => press('.decide [data-key="a"]'), r: () => press('.decide [data-key="r"]'), x: () => press('[data-key="x"]'),
  e: edit, n: add, d: finish, u: () => act({ action: "undo" }), U: () => act({ action: "redo" }),
  "Ctrl+z": () => act({ action: "undo" }), "Ctrl+y": () => act({ action: "redo" }), "Ctrl+Z": () => act({ action: "redo" }),
  t: () => { const [mark] = marksOf(state.current); if (mark) translate(mark.closest(".row").dataset.row); },
  "[": () => follow("previous"), "]": () => follow("next"), l: () => { location.href = "/"; },
  "/": () => { location.href = "/#search"; },
  Enter: (event) => { const mark = event.target.closest("mark"); if (mark) go(mark.dataset.item); else event.target.click(); },
}, {
  "Ctrl+Enter": () => { if (form()) form().requestSubmit(); return Boolean(form()); },
  Escape: () => { cancel(); return Boolean(form()); },
});

const shown = card.querySelector(".card[data-item]");
state.current = shown ? shown.dataset.item : null;
showCurrent(state.current, new URL(location.href).searchParams.has("item") || scrollY === 0);
const told = document.getElementById("notice").textContent;
if (told) say(told);
