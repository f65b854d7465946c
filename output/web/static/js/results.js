/** The page of results on a site without a server: found in the browser, by what the address asks for. */

import { Asking } from "./lookup/asking.js";
import { spokenDay } from "./saying.js";

const SHOWN = 20; // results of a page,
const PAGES = 25; // and pages at the most, as a server has them
const FILTERS = { type: "type", year: "year", place: "town", region: "region", source: "source" }; // and what the address calls them
const NARROWED = ["near", "within", "from", "to", "series"]; // by what one types
const KILOMETRES = /^(\d{1,3}) *(?:km)?$/i;
const words = JSON.parse(document.getElementById("results-words").textContent);
const { language, types, statuses, data, pages } = JSON.parse(document.getElementById("search-words").textContent);
const heading = document.getElementById("results-count");
const asked = new URLSearchParams(location.search);
const query = (asked.get("q") ?? "").slice(0, 200);
const page = Math.min(PAGES, /^[1-9]\d{0,2}$/.test(asked.get("page") ?? "") ? Number(asked.get("page")) : 1);

const chosen = Object.fromEntries(
  Object.entries(FILTERS).map(([field, name]) => [field, asked.get(name)]).filter(([, value]) => value),
);

const typed = Object.fromEntries(
  NARROWED.map((name) => [name, (asked.get(name) ?? "").trim().slice(0, 200)]).filter(([, value]) => value),
);

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children.filter(Boolean));
  return made;
}

function line(found) {
  const href = new URL(`${found.id}/`, new URL(pages, document.baseURI)).href;
  const link = element("a", { class: "name", href }, element("bdi", {}, found.name));
  const more = [types[found.type], found.town, found.date && spokenDay(found.date, language)].filter(Boolean).join(" · ");
  const off = Object.hasOwn(statuses, found.status ?? "") && element("strong", { class: "mark" }, statuses[found.status]);
  return element("li", { class: "line" }, element("p", {}, link, off && " ", off), element("p", { class: "more" }, more));
}

/** What a value is called: a type in a word, a source and a region by their names. */
function named(field, value) {
  const known = field === "type" ? types : words.names[field];
  return known && Object.hasOwn(known, value) ? known[value] : value;
}

/** Links that ask for less: one a value, and one for all of them where one is chosen. */
function facet(field, counted) {
  const to = (value) => {
    const next = new URLSearchParams(asked);
    if (value === null) next.delete(FILTERS[field]);
    else next.set(FILTERS[field], value);
    next.delete("page");
    return `?${next}`;
  };
  const items = counted.map(([value, count]) =>
    element("li", {}, element("a", { href: to(value) }, `${named(field, value)} (${count.toLocaleString(language)})`)),
  );
  if (chosen[field]) items.unshift(element("li", {}, element("a", { href: to(null) }, words.all)));
  return element("details", {}, element("summary", {}, words.facets[field]), element("ul", { class: "cloud" }, ...items));
}

/** Links to the pages before and after this one. */
function turn(more) {
  const to = (number, rel, text) => {
    const next = new URLSearchParams(asked);
    next.set("page", number);
    return element("a", { rel, href: `?${next}` }, text);
  };
  const links = [page > 1 && to(page - 1, "prev", `← ${words.before}`), more && to(page + 1, "next", `${words.after} →`)];
  const nav = document.getElementById("results-pages");
  nav.replaceChildren(...links.filter(Boolean));
  nav.hidden = !nav.children.length;
}

async function show() {
  if (!query.trim() && !Object.keys(chosen).length && !Object.keys(typed).length) {
    heading.textContent = words.start;
    return;
  }
  const asking = new Asking(new URL(data, document.baseURI).href);
  try {
    await asking.open(false);
    const within = typed.near && typed.within ? Number(KILOMETRES.exec(typed.within)?.[1]) : 0;
    // All that pages can show is ranked for each: each result stands on one of them.
    const options = { ...chosen, ...typed, within, limit: PAGES * SHOWN, facets: true };
    const { results: found, total, facets, unread } = await asking.ask("search", { query, options });
    const results = found.slice((page - 1) * SHOWN, page * SHOWN);
    const form = new Intl.PluralRules(language).select(total) === "one" ? words.count[0] : words.count[1];
    const count = form.replace("{count}", total.toLocaleString(language));
    const told = page > 1 ? `${count}, ${words.page.replace("{page}", page)}` : count;
    heading.textContent = found.length ? told : words.none;
    document.getElementById("results-list").replaceChildren(...results.map(line));
    turn(found.length > page * SHOWN);
    const counted = Object.keys(FILTERS).filter((field) => facets[field]?.length > 1 || chosen[field]);
    document.getElementById("results-facets").replaceChildren(...counted.map((field) => facet(field, facets[field])));
    if (typed.within && !Number(KILOMETRES.exec(typed.within)?.[1])) unread.unshift("within");
    refuse(unread);
  } catch {
    heading.textContent = words.failed;
  }
}

/** Say what of the filters meant nothing, and went unheard. */
function refuse(unread) {
  const said = document.getElementById("results-unread");
  said.textContent = [...new Set(unread.map((name) => words.unread[name]))].join(" ");
  said.hidden = !unread.length;
  for (const name of unread) document.getElementById(`by-${name}`).setAttribute("aria-invalid", "true");
}

/** Show in the form what the address asks for, and send it again with what is added. */
function fill() {
  const form = document.querySelector("#narrow form");
  for (const name of NARROWED) form.elements[name].value = typed[name] ?? "";
  for (const name of ["q", ...Object.values(FILTERS)]) {
    if (asked.get(name)) form.append(element("input", { type: "hidden", name, value: asked.get(name) }));
  }
  form.closest("details").open = Object.keys(typed).length > 0;
}

fill();
for (const input of document.querySelectorAll("main input[name=q]")) input.value = query;
show();
