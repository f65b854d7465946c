/** What a result must be, as output/search.py has it: near a town, in a region, of a series, in a time. */

import { fold } from "./fold.js";
import { keyword } from "./matching.js";
import { parse } from "./periods.js";
import { box, distance, locate } from "./places.js";
import { osa } from "./similarity.js";
import { NAMES } from "./words.js";

/** The options that need filters.json and towns.json. */
export const FURTHER = ["near", "from", "to", "series"];

/**
 * @param {import("./graph.js").Graph} graph
 * @param {object} options as search.js has them
 * @returns {{queries: Function[], near: (number: number) => boolean, wide: boolean, unread: string[]}} queries that count
 *   nothing; what of the nodes that they find is near enough; whether that leaves any out; the options that mean nothing
 */
export function conditions(graph, options) {
  const { words } = graph;
  const queries = ["type", "year", "place", "source"]
    .filter((field) => options[field])
    .map((field) => words.exactly(field, options[field], 0));
  if (options.region) queries.push(words.boosted(keyword(words, "region", options.region), 0));
  if (options.series) queries.push(ofSeries(graph, options.series));
  const unread = [];
  const days = (name) => {
    const found = options[name] ? parse(options[name], graph.today, graph.constants.periods) : null;
    if (options[name] && !found) unread.push(name);
    return found;
  };
  const [from, to] = [days("from"), days("to")];
  if (from || to) {
    const first = from?.start ?? -Infinity;
    const last = to?.end ?? Infinity;
    queries.push(words.those((number) => graph.days(number).some((day) => day >= first && day <= last)));
  }
  const within = options.within || graph.constants.search.NEAR;
  const area = options.near ? locate(graph, options.near) : null;
  const around = area && aroundOf(graph, area, within);
  if (options.near && (!around || !words.nodes(around).length)) unread.push("near");
  else if (around) queries.push(around);
  const there = around && !unread.includes("near") ? area : null;
  const circle = there?.point ?? null;
  const near = (number) => {
    // What is known to be in another town of that name is not near.
    const territory = there.territory && graph.territory.get(number);
    if (territory && territory !== there.territory && graph.cityOf(number) === there.town) return false;
    const points = circle && graph.points.get(number);
    return !points || points.some((point) => distance(graph, circle, point) <= within);
  };
  return { queries, near: there ? near : () => true, wide: there !== null, unread };
}

/** What is in a town by its name, or in the box around a circle. */
function aroundOf(graph, { town, point }, within) {
  const { place } = graph.kept;
  const called = town ? holding(place.values, town) : new Set();
  const inside = point ? box(graph, point, within) : null;
  return graph.words.those((number) => {
    if (place.of(number).some((value) => called.has(value))) return true;
    const points = inside && graph.points.get(number);
    return points && [0, 1].every((k) => points.some((each) => each[k] >= inside[k][0] && each[k] <= inside[k][1]));
  });
}

/** What is part of a series that is called so, and the series itself. */
function ofSeries(graph, text) {
  const { words, series } = graph;
  const terms = words.analyse("series", fold(text));
  if (!terms.length) return words.those(() => false);
  const called = holding(series.values, terms.join(" "));
  const parts = words.those((number) => series.of(number).some((value) => called.has(value)));
  const ofType = words.exactly("type", "EventSeries", 0);
  const itself = words.all([ofType, ...terms.map((term) => words.exactly(NAMES, term, 0))]);
  const inSeries = wordsOf(series.values);
  for (const some of [parts, words.all(terms.map((term) => having(graph, inSeries.get(term))))]) {
    if (words.nodes(some).length) return words.best([some, itself]);
  }
  if (words.nodes(itself).length) return itself;
  // As one types it: the words in any order, begun, with a slip or two, or without a blank.
  const typed = terms.length > 1 ? [terms, [terms.join("")]] : [terms];
  return words.best(
    typed.flatMap((each) => [
      words.all(each.map((term) => partsMeant(graph, inSeries, term))),
      words.all([ofType, ...each.map((term) => nameMeant(graph, term))]),
    ]),
  );
}

/** The values in which each word stands. */
function wordsOf(values) {
  const found = new Map();
  values.forEach((value, k) => {
    for (const word of fold(value).split(" ")) found.set(word, (found.get(word) ?? new Set()).add(k + 1));
  });
  return found;
}

const slips = (graph, term) => (term.length < 4 ? 0 : term.length < graph.constants.search.LONG ? 1 : 2);

/** What is part of a series with a word in its name that may be meant. */
function partsMeant(graph, inSeries, term) {
  const { words } = graph;
  const meant = [...inSeries.keys()].filter(
    (word) => (term.length > 2 && word.startsWith(term)) || osa(term, word, slips(graph, term)) <= slips(graph, term),
  );
  const ways = [having(graph, new Set(meant.flatMap((word) => [...inSeries.get(word)])))];
  for (const both of halves(term, (word) => inSeries.has(word))) {
    ways.push(words.all(both.map((word) => having(graph, inSeries.get(word)))));
  }
  return words.best(ways);
}

/** What is part of any of the series of these numbers. */
function having(graph, values = new Set()) {
  return graph.words.those((number) => graph.series.of(number).some((value) => values.has(value)));
}

/** What has a word in its name that may be meant. */
function nameMeant(graph, term) {
  const { words } = graph;
  const ways = [words.like(NAMES, term, slips(graph, term), false, 0)];
  if (term.length > 2) ways.push(words.like(NAMES, term, 0, true, 0));
  for (const both of halves(term, (word) => words.known(NAMES, word))) {
    ways.push(words.all(both.map((word) => words.exactly(NAMES, word, 0))));
  }
  return words.best(ways);
}

/** The two known words that a word may be, the blank between them left out. */
function halves(term, known) {
  const found = [];
  for (let cut = 2; cut < term.length - 1; cut++) {
    if (known(term.slice(0, cut)) && known(term.slice(cut))) found.push([term.slice(0, cut), term.slice(cut)]);
  }
  return found;
}

/** The numbers of the values in which folded words stand one after the other. */
function holding(values, text) {
  const found = new Set();
  values.forEach((value, k) => ` ${fold(value)} `.includes(` ${text} `) && found.add(k + 1));
  return found;
}
