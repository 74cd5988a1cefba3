// Single-letter shortcuts, which can be switched off, and the table of them.

const SETTING = "vn-repair-keys";
const help = document.getElementById("help");
const box = document.getElementById("keys-on");

export function keysOn() {
  return localStorage.getItem(SETTING) !== "off";
}

// `actions` maps a key to what it does; `typing` keys work while a field has the focus.
export function listen(actions, typing) {
  box.checked = keysOn();
  box.addEventListener("change", () => localStorage.setItem(SETTING, box.checked ? "on" : "off"));
  document.getElementById("help-button").addEventListener("click", () => help.showModal());
  help.querySelector("[data-close]").addEventListener("click", () => help.close());
  document.addEventListener("keydown", (event) => {
    if (help.open || event.isComposing) return;
    const command = (event.ctrlKey || event.metaKey ? "Ctrl+" : "") + event.key;
    if (typing[command] && typing[command](event)) {
      event.preventDefault();
      return;
    }
    if (event.target.closest("input, select, textarea, [contenteditable]")) return;
    if (event.altKey || (!keysOn() && event.key.length === 1 && !command.startsWith("Ctrl+"))) return;
    const action = event.key === "?" ? () => help.showModal() : actions[command];
    if (!action) return;
    event.preventDefault();
    action(event);
  });
}
