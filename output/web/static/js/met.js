/** "Who did I meet?": answers as clues come, made in the browser; a diary is read here and goes nowhere. */

import { Asking } from "./lookup/asking.js";
import { dayOf } from "./lookup/days.js";
import { spokenDay } from "./saying.js";

const CLUES = ["name", "at", "where", "when", "about"];
const PAUSE = 250; // milliseconds after the last key
const PATIENCE = 20_000; // milliseconds that reading a diary may take
const SUREST = 0.99; // what is on record may be wrong: nobody is certain

const form = document.getElementById("clues");
const words = JSON.parse(document.getElementById("met-words").textContent);
const out = document.getElementById("answers");
const status = document.getElementById("said");
const diary = document.getElementById("diary");
const files = document.getElementById("files");
const base = new URL(words.data, document.baseURI).href;
const asking = new Asking(base);
const pages = new URL(words.pages, document.baseURI);
/** @type {Map<string, object[]>} entries by the file they are from; in this page's memory alone */
const read = new Map();
let opened = null;
let constants = null;
let asked = 0;
let timer = 0;

const say = (text, values = {}) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
const plural = (forms, count) =>
  say(new Intl.PluralRules(words.language).select(count) === "one" ? forms[0] : forms[1], { count: count.toLocaleString(words.language) });

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children.filter((child) => child !== null && child !== ""));
  return made;
}

function begin() {
  opened ??= asking.open(true);
  // Now, so that nothing is asked for because of a diary.
  constants ??= fetch(new URL("constants.json", base)).then((answer) => answer.json());
  constants.catch(() => (constants = null));
  opened.catch(() => {
    opened = null;
    status.textContent = words.failed;
  });
}

const clues = () =>
  Object.fromEntries(CLUES.map((key) => [key, form.elements[key].value.trim().slice(0, 200)]).filter(([, value]) => value));

function soon() {
  begin();
  clearTimeout(timer);
  timer = setTimeout(answer, PAUSE);
}

async function answer() {
  clearTimeout(timer);
  const number = ++asked;
  const said = clues();
  const entries = [...read.values()].flat();
  if (!Object.keys(said).length && !entries.length) {
    out.replaceChildren();
    status.textContent = words.start;
    return;
  }
  begin();
  const slow = setTimeout(() => (status.textContent = words.loading), 600);
  try {
    const { answers, unread } = await asking.ask("met", { clues: said, diary: entries });
    if (number !== asked) return;
    if (unread) {
      out.replaceChildren();
      status.textContent = words.unread;
    } else show(answers, said);
    form.elements.when.setAttribute("aria-invalid", String(Boolean(unread)));
  } catch {
    if (number === asked) status.textContent = words.failed;
  } finally {
    clearTimeout(slow);
  }
}

function show(answers, said) {
  const people = answers?.people ?? [];
  if (!people.length) {
    out.replaceChildren(element("p", { class: "nobody" }, words.nobody));
    status.textContent = words.nobody;
    return;
  }
  const list = element("ol", { class: "people" }, ...people.map((person) => card(person, said)));
  const ask = question(answers.ask);
  out.replaceChildren(...(ask ? [element("p", { class: "ask" }, ask)] : []), list);
  status.textContent = [plural(words.count, people.length), say(words.first, { name: people[0].name }), ask].filter(Boolean).join(" ");
}

function question(ask) {
  if (!ask) return "";
  const both = say(words.equal, ask);
  if (ask.values) return `${both} ${say(words.or[ask.clue], { one: ask.values[0], other: ask.values[1] })}`;
  return `${both} ${ask.clue === "name" ? words.askName : words.askMore}`;
}

function card(person, said) {
  const reasons = [...person.fitting.map(sentence), ...person.roles.map(role)];
  const name = element("a", { href: new URL(`${person.id}/`, pages).href }, element("bdi", {}, person.name));
  const shown = element("li", {}, element("h3", {}, name), " ", element("p", { class: "sure" }, sure(person.score)));
  if (reasons.length) shown.append(element("ul", { class: "reasons" }, ...reasons.map((each) => element("li", {}, each))));
  for (const each of person.against) {
    shown.append(element("p", { class: "against" }, say(words.against[each], said)));
  }
  const rest = person.meetings.slice(person.fitting.length);
  if (rest.length) shown.append(details(plural(words.others, rest.length), rest.map(meeting)));
  const sources = person.sources.filter((url) => /^https?:\/\//.test(url));
  if (sources.length) shown.append(details(plural(words.sources, sources.length), sources.map((url) => elsewhere(url, url))));
  if (/^https?:\/\//.test(person.url ?? "")) shown.append(element("p", {}, elsewhere(person.url, words.profile)));
  return shown;
}

const sure = (score) =>
  say(words.share, { share: new Intl.NumberFormat(words.language, { style: "percent" }).format(Math.min(score, SUREST)) });

const elsewhere = (url, text) =>
  element("a", { href: url, class: "elsewhere", rel: "nofollow noopener ugc external" }, text, element("span", { class: "hidden" }, ` (${words.elsewhere})`));

const details = (summary, items) =>
  element("details", {}, element("summary", {}, summary), element("ul", {}, ...items.map((each) => element("li", {}, each))));

function meeting(each) {
  const link = element("a", { href: new URL(`${each.event}/`, pages).href }, element("bdi", {}, each.name));
  const [before, after] = words.roles[each.role].split("{name}");
  return element("span", {}, before, link, after ?? "", tail(each));
}

const sentence = meeting;

function tail(each) {
  const about = each.about.length ? say(words.on, { about: each.about.join(" ; ") }) : "";
  const where = each.city ? ` (${each.city})` : "";
  const when = each.date ? `, ${spokenDay(each.date, words.language)}` : "";
  return `${when}${where}${about}${each.diary ? words.there : ""}.`;
}

const role = (each) => say(words.belonging[each.kind], { title: Object.hasOwn(words.titles, each.role ?? "") ? words.titles[each.role] : (each.role ?? ""), whole: each.whole ?? "" });

// The diary

async function take(list) {
  begin();
  for (const file of list) {
    const found = await entriesOf(file);
    if (found.entries) read.set(file.name, found.entries);
    listFiles(found.entries ? "" : say(words.diary[found.reason] ?? words.diary.calendar, { file: file.name, line: found.line }));
  }
  diary.value = "";
  answer();
}

async function entriesOf(file) {
  let known;
  try {
    known = await constants;
  } catch {
    return { reason: "failed" };
  }
  if (file.size > known.diary.LARGEST) return { reason: "large" };
  const text = await file.text();
  const now = new Date();
  const today = dayOf(now.getFullYear(), now.getMonth() + 1, now.getDate());
  return new Promise((done) => {
    const worker = new Worker(new URL("lookup/diary-worker.js", import.meta.url), { type: "module" });
    const end = (found) => {
      clearTimeout(late);
      worker.terminate();
      done(found);
    };
    const late = setTimeout(() => end({ reason: "slow" }), PATIENCE);
    worker.addEventListener("message", ({ data }) => end(data));
    worker.addEventListener("error", () => end({ reason: "calendar" }));
    worker.postMessage({ name: file.name, text, constants: known, today });
  });
}

function listFiles(problem) {
  const items = [...read].map(([name, entries]) => {
    const drop = element("button", { type: "button", class: "drop" }, words.remove, element("span", { class: "hidden" }, ` ${name}`));
    drop.addEventListener("click", () => {
      read.delete(name);
      listFiles("");
      diary.focus();
      answer();
    });
    return element("li", {}, element("bdi", {}, name), " ", plural(words.entries, entries.length), " ", drop);
  });
  files.replaceChildren(...items, ...(problem ? [element("li", { class: "against", role: "alert" }, problem)] : []));
}

document.getElementById("own").hidden = false;
form.addEventListener("focusin", begin);
form.addEventListener("input", (event) => {
  if (event.target !== diary) soon();
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  answer();
});
diary.addEventListener("change", () => take([...diary.files]));
const zone = document.getElementById("own");
for (const kind of ["dragover", "drop"]) {
  zone.addEventListener(kind, (event) => {
    event.preventDefault();
    if (kind === "drop") take([...event.dataTransfer.files]);
    zone.classList.toggle("over", kind === "dragover");
  });
}
zone.addEventListener("dragleave", () => zone.classList.remove("over"));
// A server has filled in what the address asks; where there is none, it is done here.
const given = new URLSearchParams(location.search);
for (const key of CLUES) form.elements[key].value ||= (given.get(key) ?? "").slice(0, 200);
if (Object.keys(clues()).length) answer();
