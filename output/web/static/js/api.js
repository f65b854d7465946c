// Tries the API where it is described: asks what the form says, and shows the answer below it.

const LONGEST = 50_000; // characters of an answer that are shown

/** @param {HTMLFormElement} form @returns {string} the address that the filled form asks for */
function asked(form) {
  const query = new URLSearchParams();
  let path = form.dataset.path;
  for (const [name, value] of new FormData(form)) {
    const text = String(value).trim();
    if (path.includes(`{${name}}`)) path = path.replace(`{${name}}`, encodeURIComponent(text));
    else if (text) query.append(name, text);
  }
  const found = query.toString();
  return found ? `${path}?${found}` : path;
}

/** @param {string} text @param {string} kind @returns {string} the text, JSON indented */
function readable(text, kind) {
  if (!kind.includes("json")) return text;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text; // lines of JSON, or a part of it
  }
}

/** @param {HTMLFormElement} form */
async function ask(form) {
  const shown = form.nextElementSibling;
  const [status, link, answer] = ["[role=status]", "a", "pre"].map((each) => shown.querySelector(each));
  const url = new URL(asked(form), location.href);
  shown.hidden = false;
  status.textContent = status.dataset.asking;
  link.textContent = decodeURI(url.href);
  link.href = url.href;
  answer.textContent = "";
  try {
    const found = await fetch(url, { credentials: "omit" });
    const text = readable(await found.text(), found.headers.get("content-type") ?? "");
    const cut = text.length > LONGEST ? ` · ${status.dataset.cut}` : "";
    status.textContent = `${found.status} ${found.statusText} · ${found.headers.get("content-type") ?? ""}${cut}`;
    answer.textContent = text.slice(0, LONGEST);
  } catch {
    status.textContent = status.dataset.failed;
  }
}

for (const form of document.querySelectorAll("form[data-path]")) {
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask(form);
  });
}
