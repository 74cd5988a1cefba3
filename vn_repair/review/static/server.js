// Requests to this page's own server, and what is said to the reader.

const words = JSON.parse(document.body.dataset.words || "{}");
const notice = document.getElementById("notice");
let fading = 0;

export function word(key, values = {}) {
  return (words[key] || key).replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

// Shown for a while, and read out by screen readers (the element is a live region).
export function say(text, lasting = false) {
  if (!notice || !text) return;
  notice.textContent = "";
  clearTimeout(fading);
  requestAnimationFrame(() => { notice.textContent = text; });
  if (!lasting) fading = setTimeout(() => { notice.textContent = ""; }, 4500);
}

// The answer of a request, or null after saying why there is none.
async function ask(path, options) {
  let answer;
  try {
    answer = await fetch(path, { credentials: "same-origin", cache: "no-store", ...options });
  } catch (error) {
    if (error.name !== "AbortError") say(word("offline"), true);
    return null;
  }
  if (answer.status === 403) {
    say(word("denied"), true);
    return null;
  }
  return answer;
}

export async function get(path, signal) {
  const answer = await ask(path, { signal, headers: { Accept: "application/json, text/html" } });
  if (!answer) return null;
  if (answer.ok) return answer;
  const told = await answer.json().catch(() => ({}));
  say(told.error || String(answer.status));
  return null;
}

// The fields are sent as JSON; the result is {ok, conflict, data}.
export async function post(path, fields) {
  const answer = await ask(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    body: JSON.stringify(fields),
  });
  if (!answer) return null;
  const data = await answer.json().catch(() => ({ error: String(answer.status) }));
  return { ok: answer.ok, conflict: answer.status === 409, data };
}
