/** The page of results where no server answers: the whole index is in the browser, and so are the results. */

import { Asking } from "./lookup/asking.js";

const SHOWN = 20;
const FACETS = ["type", "year", "place"];
const page = document.getElementById("results");
const words = JSON.parse(document.getElementById("result-words").textContent);
const [list, status, side, more] = ["found", "total", "facets", "more"].map((id) => document.getElementById(id));
const form = document.querySelector("form[role=search]");
const pages = new URL(page.dataset.pages, document.baseURI);
const asking = new Asking(new URL(page.dataset.lookup, document.baseURI).href);
const asked = new URL(location.href).searchParams;
let limit = SHOWN;
let opened = null;

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

const plural = (forms, count) =>
  (new Intl.PluralRules(words.language).select(count) === "one" ? forms[0] : forms[1]).replace("{count}", count.toLocaleString(words.language));

/** The day, month or year of a date as it is stated, in the page's language. */
function dayOf(stated) {
  if (!stated || stated.length < 7) return stated ?? "";
  const [year, month, day] = stated.slice(0, 10).split("-").map(Number);
  const shown = day ? { day: "numeric", month: "long", year: "numeric" } : { month: "long", year: "numeric" };
  return new Intl.DateTimeFormat(words.language, { ...shown, timeZone: "UTC" }).format(Date.UTC(year, month - 1, day || 1));
}

function result(found) {
  const link = element("a", { class: "p-name", href: new URL(`${found.id}/`, pages).href }, element("bdi", {}, found.name));
  const details = [words.kinds[found.type], dayOf(found.date), found.town].filter(Boolean).join(" · ");
  return element("li", { class: "line" }, element("div", { class: "what" }, element("p", {}, link), element("p", { class: "more" }, details)));
}

function facet(name, values) {
  const links = values.map(([value, count]) => {
    const chosen = asked.get(name) === value;
    const to = new URLSearchParams(asked);
    if (chosen) to.delete(name);
    else to.set(name, value);
    const link = element("a", { href: `?${to}` }, words.kinds[value] ?? value, " ", element("span", { class: "count" }, count.toLocaleString(words.language)));
    if (chosen) {
      link.setAttribute("aria-current", "true");
      link.append(" ×", element("span", { class: "hidden" }, ` (${words.back})`));
    }
    return element("li", {}, link);
  });
  const id = `facet-${name}`;
  return element("section", { "aria-labelledby": id }, element("h2", { id }, words.facets[name]), element("ul", { class: "cloud" }, ...links));
}

async function show() {
  const query = asked.get("q") ?? "";
  const filters = Object.fromEntries(FACETS.map((name) => [name, asked.get(name) || undefined]));
  if (!query.trim() && !FACETS.some((name) => filters[name])) return;
  status.textContent = words.loading;
  try {
    opened ??= asking.open(false); // with what is said of things: names alone would give other counts
    await opened;
    const found = await asking.ask("search", { query, options: { limit, facets: true, ...filters } });
    list.replaceChildren(...found.results.map(result));
    status.textContent = found.total ? plural(words.count, found.total) : words.none;
    more.hidden = found.results.length < limit;
    side.replaceChildren(...FACETS.filter((name) => found.facets[name].length > 1 || asked.get(name)).map((name) => facet(name, found.facets[name])));
  } catch {
    status.textContent = words.failed;
    opened = null;
  }
}

form.elements.q.value = asked.get("q") ?? "";
more.addEventListener("click", () => {
  limit += SHOWN;
  show();
});
show();
