/** From a query to candidates in the word index, and to the best of them, as output/matching.py does it. */

import { fold } from "./fold.js";
import { likeness } from "./similarity.js";
import { INITIALS, NAMES, STEMS } from "./words.js";

const TEXTS = Object.keys(STEMS);
const KEYWORDS = ["type", "region", "source", "year", "place"];
const YEAR = /^(?:19|20)\d\d$/;
let C = {};

/** Take the constants of output/matching.py. */
export function setConstants(constants) {
  C = constants;
}

/**
 * The nodes that may be meant, the best first.
 *
 * @param {import("./graph.js").Graph} graph
 * @param {object} asked what query.js made of the words
 * @param {Function[]} filters queries that count nothing
 * @returns {{number: number, score: number, likeness: number}[]}
 */
export function candidates(graph, asked, filters = [], limit = C.CANDIDATES) {
  const words = graph.words;
  const conditions = [...filters, ...asked.must.map((clause) => ofClause(graph, clause))];
  const forbidden = asked.mustNot.map((clause) => ofClause(graph, clause));
  const ranking = new Ranking(graph, typedName(asked));
  const enough = Math.max(limit, C.CANDIDATES);
  const find = (query, most) => words.find(words.all([query, ...conditions], forbidden), most);
  if (!asked.words.length) {
    const hits = words.find(words.all(conditions, forbidden), typedName(asked) ? enough : graph.size);
    if (typedName(asked)) return ranking.of(hits).slice(0, limit);
    return newest(graph, hits, limit).map((number) => ({ number, score: 0, likeness: 0 }));
  }
  let texts = find(asTyped(words, asked.words), enough);
  let ranked = ranking.of(texts);
  if (!ranked.length || ranked[0].likeness < 1) {
    const parts = asked.whole.split(" ").slice(0, C.LONGEST);
    let names = find(nearly(words, parts), C.CANDIDATES);
    ranked = ranking.of(texts, names);
    // One slip leaves nothing further away than this; the rest is for two, and for blanks.
    const near = 1 - 1.01 / Math.max(1, asked.whole.length);
    if (!texts.length && (!ranked.length || ranked[0].likeness < near)) {
      names = [...names, ...find(distantly(words, parts), C.CANDIDATES * 2)];
      ranked = ranking.of(texts, names);
    }
    if (!texts.length && (!ranked.length || ranked[0].likeness < C.NEAR)) {
      // Nothing has all of the words as they are: what has those that stand somewhere, and the like of the others.
      const mended = withSlips(graph, asked, find, enough);
      if (!mended.length && (!ranked.length || ranked[0].likeness < C.LIKE)) {
        texts = find(any(words, asked.words), enough);
        ranked = ranking.of(texts, names);
      }
      if (mended.length) {
        const known = new Set(mended.map((each) => each.number));
        const least = mended[mended.length - 1].score;
        const others = ranked.filter((each) => !known.has(each.number));
        ranked = [...mended, ...others.map((each) => ({ ...each, score: Math.min(each.score, least) }))];
      }
    }
  }
  return ranked.slice(0, limit);
}

/** What has the words that stand somewhere, first what has a name like the others; those may be left out. */
function withSlips(graph, asked, find, limit) {
  const said = asked.words.slice(0, C.LONGEST);
  const slipped = said.filter((word) => !stands(graph.words, word));
  if (!slipped.length) return [];
  for (const query of mendedWays(graph.words, said, slipped)) {
    const found = find(query, limit);
    if (!found.length) continue;
    const whole = new Map(new Ranking(graph, asked.whole).of(found).map((each) => [each.number, each.likeness]));
    const bySlips = new Ranking(graph, slipped.join(" ")).of(found);
    return bySlips.map((each) => ({ ...each, likeness: whole.get(each.number) }));
  }
  return [];
}

/** The numbers of all nodes that `candidates` would choose from: what facets count. */
export function matching(graph, asked, filters = []) {
  const words = graph.words;
  const conditions = [...filters, ...asked.must.map((clause) => ofClause(graph, clause))];
  const forbidden = asked.mustNot.map((clause) => ofClause(graph, clause));
  if (!asked.words.length) return words.nodes(words.all(conditions, forbidden));
  const parts = asked.whole.split(" ").slice(0, C.LONGEST);
  const said = asked.words.slice(0, C.LONGEST);
  const slipped = said.filter((word) => !stands(words, word));
  const ways = [asTyped(words, asked.words), nearly(words, parts), distantly(words, parts)];
  if (slipped.length) ways.push(...mendedWays(words, said, slipped));
  for (const way of ways) {
    const found = words.nodes(words.all([way, ...conditions], forbidden));
    if (found.length) return found;
  }
  return words.nodes(words.all([any(words, asked.words), ...conditions], forbidden));
}

/** The nodes with what took place last first, those that have most links before others of the same day. */
function newest(graph, hits, limit) {
  const last = (number) => graph.seen[number] ?? -1e9;
  const order = (one, other) => last(other) - last(one) || graph.links[other] - graph.links[one] || one - other;
  return hits.map(([number]) => number).sort(order).slice(0, limit);
}

function typedName(asked) {
  const phrases = asked.must.filter((clause) => clause.field === null || clause.field === NAMES);
  return fold([asked.text, ...phrases.map((clause) => clause.text)].join(" "));
}

/** Candidates in the order of their likeness to what was typed, which is worked out once for each. */
class Ranking {
  constructor(graph, typed) {
    this.graph = graph;
    this.typed = typed;
    this.known = new Map();
  }

  of(texts, names = []) {
    const said = new Map(names.map(([number]) => [number, 0]));
    for (const [number, score] of texts) said.set(number, score);
    const most = texts.reduce((sofar, [, score]) => Math.max(sofar, score), 0) || 1;
    const found = [];
    for (const [number, score] of said) {
      const [alike, tie] = this._look(number);
      // The more a name says by itself, the less does it matter what is said besides.
      const known = alike >= C.LIKE ? alike : 0;
      const whole = C.NAME * known + (C.TEXT * (1 - known) ** 2 * score) / most;
      found.push({ number, score: whole + tie, likeness: alike });
    }
    return found.sort((one, other) => other.score - one.score || one.number - other.number);
  }

  _look(number) {
    let known = this.known.get(number);
    if (!known) {
      const graph = this.graph;
      const links = graph.links[number];
      const connected = Math.log1p(links) / Math.log1p(links + 100);
      const seen = graph.seen[number];
      const years = (graph.today - seen) / (365.25 * C.YEARS);
      const recent = seen === null ? 0 : Math.min(1, Math.max(0, 1 - years));
      let alike = 0;
      for (const name of graph.spellings(number)) alike = Math.max(alike, likeness(this.typed, name));
      this.known.set(number, (known = [alike, (C.BONUS * (3 * connected + recent)) / 4]));
    }
    return known;
  }
}

function asTyped(words, asked) {
  const said = asked.slice(0, C.LONGEST);
  return words.all(said.map((word, k) => anywhere(words, word, k + 1 === asked.length)));
}

function any(words, asked) {
  return words.some(asked.slice(0, C.LONGEST).map((word) => anywhere(words, word, false)));
}

function anywhere(words, word, begun) {
  const found = [words.boosted(words.term(NAMES, word), C.IN_NAME)];
  for (const field of TEXTS) for (const stem of words.analyse(field, word)) found.push(words.term(field, stem));
  if (begun && word.length > 1) {
    for (const field of [NAMES, ...TEXTS]) found.push(words.like(field, word, 0, true, C.BEGUN));
  } else if (begun) found.push(words.exactly(INITIALS, word, C.INITIAL));
  if (YEAR.test(word)) found.push(words.exactly("year", word, C.SAME));
  return words.best(found);
}

/** Whether a word is in any name or text, or a year. */
export function stands(words, word) {
  if (words.known(NAMES, word) || YEAR.test(word)) return true;
  return TEXTS.some((field) => words.analyse(field, word).some((stem) => words.known(field, stem)));
}

/** What has all words that stand somewhere, and one at least of the others as it may have been meant; or without. */
function mendedWays(words, asked, slipped) {
  const parts = asked.filter((word) => !slipped.includes(word)).map((word) => anywhere(words, word, false));
  const meant = words.some(slipped.map((word) => asMeant(words, word)));
  return parts.length ? [words.all([...parts, meant]), words.all(parts)] : [meant];
}

/** A word with one slip, or two words of which the blank is missing. */
function asMeant(words, word) {
  const found = [near(words, word)];
  for (const field of TEXTS) {
    const stems = words.analyse(field, word).filter((stem) => stem.length > 3);
    for (const stem of stems) found.push(words.like(field, stem, 1, false, C.SLIP));
  }
  for (const parts of apart(words, word)) found.push(words.all(parts.map((part) => anywhere(words, part, false))));
  return words.best(found);
}

/** The two words, both of which stand somewhere, that a word may be with the blank between them missing. */
export function* apart(words, word) {
  for (let cut = 2; cut < word.length - 1; cut++) {
    const both = [word.slice(0, cut), word.slice(cut)];
    if (both.every((part) => stands(words, part))) yield both;
  }
}

const nearly = (words, parts) => mostOf(words, parts.map((part) => near(words, part)));

function near(words, part, slips = 1) {
  const found = [words.exactly(NAMES, part, C.SAME)];
  if (part.length === 1) return words.best([...found, words.exactly(INITIALS, part, C.INITIAL)]);
  found.push(words.like(NAMES, part, 1, false, C.SLIP));
  if (part.length > 2) found.push(words.like(NAMES, part, 0, true, C.BEGUN));
  if (part.length > 4) found.push(words.like(NAMES, part, 1, true, C.TWO_SLIPS));
  if (slips > 1 && part.length > 3) found.push(words.like(NAMES, part, 2, false, C.TWO_SLIPS));
  return words.best(found);
}

function once(words, part) {
  const same = words.exactly(NAMES, part, C.SAME);
  return part.length > 2 ? words.best([same, words.like(NAMES, part, 1, false, C.SLIP)]) : same;
}

function mostOf(words, queries, least = queries.length > 2 ? queries.length - 1 : queries.length) {
  return words.some(queries, least);
}

function distantly(words, parts) {
  const ways = [mostOf(words, parts.map((part) => near(words, part, 2)), Math.max(1, parts.length - 1))];
  for (const [others, spelt] of withOtherBlanks(parts)) {
    // Two slips are not in both parts, where one of them is a blank: one is a name as it stands.
    if (spelt.length > 1 && !spelt.some((each) => each.length > 1 && words.known(NAMES, each))) continue;
    const found = others.map((each) => words.exactly(NAMES, each, C.SAME));
    found.push(...spelt.map((each) => once(words, each)));
    ways.push(words.boosted(mostOf(words, found, found.length), parts.length / found.length));
  }
  return words.best(ways);
}

function* withOtherBlanks(parts) {
  for (const [place, part] of parts.entries()) {
    const others = [...parts.slice(0, place), ...parts.slice(place + 1)];
    if (place + 1 < parts.length) {
      yield [[...parts.slice(0, place), ...parts.slice(place + 2)], [part + parts[place + 1]]];
    }
    for (let cut = 1; cut < part.length; cut++) {
      yield [others, [part.slice(0, cut), part.slice(cut)]];
      if (cut + 1 < part.length) yield [others, [part.slice(0, cut), part.slice(cut + 1)]];
    }
  }
}

/** The nodes that have a value in a field of values, whatever its case. */
export function keyword(words, field, text) {
  const lower = text.toLowerCase();
  const ways = [text, text.toUpperCase(), lower, lower.charAt(0).toUpperCase() + lower.slice(1)];
  if (fold(text) === "eventseries") ways.push("EventSeries");
  return words.best([...new Set(ways)].map((each) => words.term(field, each)));
}

function ofClause(graph, { field, text }) {
  const words = graph.words;
  if (KEYWORDS.includes(field)) return keyword(words, field, text);
  const fields = field === null ? [NAMES, ...TEXTS] : field === "text" ? TEXTS : [field];
  return words.best(
    fields.map((each) => {
      const terms = words.analyse(each, fold(text));
      const together = words.all(terms.map((term) => words.term(each, term)));
      if (each !== NAMES || terms.length < 2) return terms.length ? together : words.those(() => false);
      const phrase = ` ${terms.join(" ")} `;
      const said = words.those((number) => graph.spellings(number).some((name) => ` ${name} `.includes(phrase)));
      return words.all([together, said]);
    }),
  );
}
