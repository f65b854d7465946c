/** The page of results on a site without a server: found in the browser, by what the address asks for. */

import { Asking } from "./lookup/asking.js";

const LIMIT = 50;
const FILTERS = { type: "type", year: "year", place: "town", region: "region", source: "source" }; // and what the address calls them
const words = JSON.parse(document.getElementById("results-words").textContent);
const { language, types, data, pages } = JSON.parse(document.getElementById("search-words").textContent);
const heading = document.getElementById("results-count");
const asked = new URLSearchParams(location.search);
const query = (asked.get("q") ?? "").slice(0, 200);

const chosen = Object.fromEntries(
  Object.entries(FILTERS).map(([field, name]) => [field, asked.get(name)]).filter(([, value]) => value),
);

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children.filter(Boolean));
  return made;
}

function day(stated) {
  if (stated.length < 7) return stated;
  const [year, month, of] = stated.slice(0, 10).split("-").map(Number);
  const shown = of ? { day: "numeric", month: "long", year: "numeric" } : { month: "long", year: "numeric" };
  const locale = language === "en" ? "en-GB" : language;
  return new Intl.DateTimeFormat(locale, { ...shown, timeZone: "UTC" }).format(Date.UTC(year, month - 1, of || 1));
}

function line(found) {
  const link = element("a", { href: new URL(`${found.id}/`, new URL(pages, document.baseURI)).href }, element("bdi", {}, found.name));
  const more = [types[found.type], found.town, found.date && day(found.date)].filter(Boolean).join(" · ");
  return element("li", { class: "line" }, element("p", {}, link), element("p", { class: "more" }, more));
}

/** Links that ask for less: one a value, and one for all of them where one is chosen. */
function facet(field, counted) {
  const to = (value) => {
    const next = new URLSearchParams(asked);
    if (value === null) next.delete(FILTERS[field]);
    else next.set(FILTERS[field], value);
    return `?${next}`;
  };
  const items = counted.map(([value, count]) =>
    element("li", {}, element("a", { href: to(value) }, `${types[value] ?? value} (${count.toLocaleString(language)})`)),
  );
  if (chosen[field]) items.unshift(element("li", {}, element("a", { href: to(null) }, words.all)));
  return element("details", {}, element("summary", {}, words.facets[field]), element("ul", { class: "cloud" }, ...items));
}

async function show() {
  if (!query.trim() && !Object.keys(chosen).length) {
    heading.textContent = words.start;
    return;
  }
  const asking = new Asking(new URL(data, document.baseURI).href);
  try {
    await asking.open(false);
    const options = { ...chosen, limit: LIMIT, facets: true };
    const { results, total, facets } = await asking.ask("search", { query, options });
    const form = new Intl.PluralRules(language).select(total) === "one" ? words.count[0] : words.count[1];
    heading.textContent = results.length ? form.replace("{count}", total.toLocaleString(language)) : words.none;
    document.getElementById("results-list").replaceChildren(...results.map(line));
    const counted = Object.keys(FILTERS).filter((field) => facets[field]?.length);
    document.getElementById("results-facets").replaceChildren(...counted.map((field) => facet(field, facets[field])));
  } catch {
    heading.textContent = words.failed;
  }
}

for (const input of document.querySelectorAll("main input[name=q]")) input.value = query;
show();
