/**
 * The worker that holds the graph: it fetches the whole of the index, never a part that a question would choose, and
 * answers. What it is asked, a diary among it, goes no further.
 */

import { dayOf } from "./days.js";
import { FURTHER } from "./filters.js";
import { Graph } from "./graph.js";
import { met, PeriodError } from "./met.js";
import { search } from "./search.js";

let folder = "";
const files = new Map();
let graph = null;

function file(name) {
  if (!files.has(name)) {
    const fetched = fetch(new URL(name, folder)).then((answer) => {
      if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
      return answer.json();
    });
    fetched.catch(() => files.delete(name)); // asked for again the next time
    files.set(name, fetched);
  }
  return files.get(name);
}

function today() {
  const now = new Date();
  return dayOf(now.getFullYear(), now.getMonth() + 1, now.getDate());
}

let opened = null;

/** Names are enough for search to begin with; what is said of things follows. */
function named() {
  opened ??= Promise.all([file("constants.json"), file("names.json")]).then(([constants, names]) => {
    graph = new Graph(constants, names, today());
    files.delete("names.json");
  });
  opened.catch(() => (opened = null));
  return opened;
}

let told = null;

function texts() {
  told ??= Promise.all([file("texts.json"), named()]).then(([found]) => {
    graph.addTexts(found);
    files.delete("texts.json");
  });
  told.catch(() => (told = null));
  return told;
}

let filtered = null;

function filters() {
  filtered ??= Promise.all([file("filters.json"), file("towns.json"), named()]).then(([found, towns]) => {
    graph.addFilters(found, towns);
    files.delete("filters.json");
    files.delete("towns.json");
  });
  filtered.catch(() => (filtered = null));
  return filtered;
}

let linked = null;

function links() {
  linked ??= Promise.all([file("links.json"), filters(), texts()]).then(([found]) => {
    graph.addLinks(found);
    files.delete("links.json");
  });
  linked.catch(() => (linked = null));
  return linked;
}

const answers = {
  /** Begin to load; `all` for looking up, else for search. */
  async open({ base, all }) {
    folder = base;
    await (all ? links() : texts());
    return {};
  },
  async search({ query, options }) {
    await (FURTHER.some((name) => options?.[name]) ? filters() : named());
    return search(graph, query, options);
  },
  async met({ clues, diary }) {
    await links();
    try {
      return { answers: met(graph, clues, diary) };
    } catch (error) {
      if (error instanceof PeriodError) return { unread: "when" };
      throw error;
    }
  },
};

addEventListener("message", async ({ data: { number, kind, ...asked } }) => {
  try {
    postMessage({ number, answer: await answers[kind](asked) });
  } catch (error) {
    postMessage({ number, failed: String(error.message) });
  }
});
