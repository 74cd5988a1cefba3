// The list: shortcuts to the search field and between articles, and a look at how far the loading is.

const search = document.getElementById("search");
const names = [...document.querySelectorAll(".name")];

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea")) return;
  if (localStorage.getItem("vn-repair-keys") === "off") return;
  const at = names.indexOf(document.activeElement);
  const moves = { j: at + 1, k: at < 0 ? 0 : at - 1 };
  if (event.key === "/") search.focus();
  else if (event.key in moves && names[moves[event.key]]) names[moves[event.key]].focus();
  else return;
  event.preventDefault();
});

for (const select of document.querySelectorAll(".search select")) {
  select.addEventListener("change", () => select.form.requestSubmit());
}

if (document.body.dataset.loading === "1") {
  // Fresh rows as they come, unless someone is typing or choosing.
  const look = async () => {
    const answer = await fetch("/state", { cache: "no-store" }).catch(() => null);
    const state = answer && answer.ok ? await answer.json() : null;
    const busy = document.activeElement && document.activeElement.closest("form, .name");
    if (state && !busy) location.reload();
    else setTimeout(look, 2000);
  };
  setTimeout(look, 2000);
}
