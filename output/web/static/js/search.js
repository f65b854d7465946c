/** Search as you type: the ordinary search field becomes a combobox whose list is made in the browser (ARIA 1.2). */

import { Asking } from "./lookup/asking.js";
import { spokenDay } from "./saying.js";

const LIMIT = 8;
const stated = document.getElementById("search-words");
const words = stated ? JSON.parse(stated.textContent) : null;
let asking = null;
let fields = 0;

function enhance(input) {
  const form = input.form;
  const id = `suggested-${++fields}`;
  const list = document.createElement("ul");
  list.id = id;
  list.className = "suggested";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", words.list);
  list.hidden = true;
  const status = document.createElement("p");
  status.className = "hidden";
  status.setAttribute("role", "status");
  form.append(list, status);
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", id]]) {
    input.setAttribute(name, value);
  }
  input.setAttribute("autocomplete", "off");

  let current = -1;
  let asked = 0;

  function close() {
    list.hidden = true;
    list.replaceChildren();
    list.setAttribute("aria-busy", "false");
    current = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function choose(number) {
    const options = [...list.children];
    current = number;
    options.forEach((option, k) => option.setAttribute("aria-selected", String(k === number)));
    if (number < 0) input.removeAttribute("aria-activedescendant");
    else {
      input.setAttribute("aria-activedescendant", options[number].id);
      options[number].scrollIntoView({ block: "nearest" });
    }
  }

  function show(results) {
    const chosen = list.children[current]?.dataset.to;
    list.replaceChildren(
      ...results.map((found, k) => {
        const option = document.createElement("li");
        option.id = `${id}-${k}`;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.dataset.to = new URL(`${found.id}/`, new URL(words.pages, document.baseURI)).href;
        const name = document.createElement("bdi");
        name.textContent = found.name;
        const more = document.createElement("span");
        const off = Object.hasOwn(words.statuses, found.status ?? "") && words.statuses[found.status];
        more.textContent = [words.types[found.type], off, found.date && spokenDay(found.date, words.language, "short"), found.town].filter(Boolean).join(" · ");
        option.append(name, " ", more);
        return option;
      }),
    );
    // An answer may come late: what was chosen in the list before it stays chosen.
    choose([...list.children].findIndex((option) => option.dataset.to === chosen));
    list.hidden = !results.length;
    list.setAttribute("aria-busy", "false");
    input.setAttribute("aria-expanded", String(results.length > 0));
    status.textContent = results.length ? say(words.count, results.length) : words.none;
  }

  async function suggest() {
    const query = input.value;
    const number = ++asked;
    list.setAttribute("aria-busy", "true");
    if (!query.trim()) {
      close();
      status.textContent = "";
      return;
    }
    const type = form.elements.type?.value;
    try {
      const { results } = await asking.ask("search", { query, options: { limit: LIMIT, type: type || undefined } });
      if (number === asked && document.activeElement === input) show(results);
    } catch {
      close(); // the form still goes to the page of results
    }
  }

  input.addEventListener("focus", begin);
  input.addEventListener("input", () => {
    begin();
    choose(-1);
    suggest();
  });
  input.addEventListener("blur", () => setTimeout(close, 150));
  input.addEventListener("keydown", (event) => {
    const count = list.children.length;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!count) {
        if (event.key === "ArrowDown") suggest();
        return;
      }
      const step = event.key === "ArrowDown" ? 1 : -1;
      // Past either end is the field itself.
      choose(((current + 1 + step + count + 1) % (count + 1)) - 1);
      event.preventDefault();
    } else if (event.key === "Enter" && current >= 0) {
      location.assign(list.children[current].dataset.to);
      event.preventDefault();
    } else if (event.key === "Escape" && !list.hidden) {
      close();
      event.preventDefault();
    }
  });
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) location.assign(option.dataset.to);
  });
}

function begin() {
  if (asking) return;
  asking = new Asking(new URL(words.data, document.baseURI).href);
  asking.open(false).catch(() => {});
}

const say = (forms, count) =>
  (new Intl.PluralRules(words.language).select(count) === "one" ? forms[0] : forms[1]).replace("{count}", String(count));

if (words) document.querySelectorAll("form[role=search] input[type=search][name=q]").forEach(enhance);
