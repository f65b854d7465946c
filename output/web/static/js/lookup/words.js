/**
 * The word index in the browser: queries on its fields, and the nodes that they find, as tantivy finds and scores them
 * (Okapi BM25 with k1 = 1.2, b = 0.75, lengths kept in a byte; constant scores; sums, and the best of several).
 */

import { stem as english } from "../../vendor/stemr-1.0.0/index.js";
import { stemmer as french } from "../../vendor/orama-stemmers-3.1.18/fr.js";
import { osa, osaOfBeginning } from "./similarity.js";
import { sums } from "./columns.js";

export const NAMES = "names";
export const INITIALS = "initials";
export const STEMS = { fr: french, en: english };
const K1 = 1.2;
const B = 0.75;

/** What a length becomes in a byte: exact to 40, then in steps (Lucene's SmallFloat). */
const LENGTHS = Uint32Array.from({ length: 256 }, (_, id) => {
  if (id < 24) return id;
  const shift = ((id - 24) >>> 3) - 1;
  const bits = (id - 24) & 7;
  return 24 + (shift < 0 ? bits : (bits | 8) * 2 ** shift);
});

function rounded(length) {
  let id = LENGTHS.length - 1;
  while (LENGTHS[id] > length) id--;
  return LENGTHS[id];
}

/** Letters and digits of a word as bits: words that differ in more of them are further apart. */
function letters(word) {
  let mask = 0;
  for (let k = 0; k < word.length; k++) mask |= 1 << (word.charCodeAt(k) & 31);
  return mask;
}

function bits(mask) {
  mask -= (mask >>> 1) & 0x55555555;
  mask = (mask & 0x33333333) + ((mask >>> 2) & 0x33333333);
  return (((mask + (mask >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
}

/** One field: its terms in order, in which nodes each stands, how often, and how long each node is. */
class Field {
  constructor(terms, nodes, often, lengths, size) {
    this.terms = terms;
    this.nodes = nodes;
    this.often = often;
    this.at = new Map(terms.map((term, number) => [term, number]));
    const total = lengths.reduce((sum, length) => sum + length, 0);
    this.average = total / size || 1;
    this.norm = new Float32Array(size + 1);
    const known = new Map();
    lengths.forEach((length, k) => {
      if (!known.has(length)) known.set(length, K1 * (1 - B + (B * rounded(length)) / this.average));
      this.norm[k + 1] = known.get(length);
    });
    this.size = size;
    this.near = new Map();
  }

  /** The numbers of the terms that begin so. */
  beginning(text) {
    let low = 0;
    let high = this.terms.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.terms[middle] < text) low = middle + 1;
      else high = middle;
    }
    const found = [];
    while (low < this.terms.length && this.terms[low].startsWith(text)) found.push(low++);
    return found;
  }

  /** The numbers of the terms at most so many slips away, or that begin so. */
  like(text, distance, prefix) {
    if (distance === 0) return prefix ? this.beginning(text) : this.at.has(text) ? [this.at.get(text)] : [];
    const key = `${distance}${prefix ? "*" : "="}${text}`;
    let found = this.near.get(key);
    if (found) return found;
    this.masks ??= Int32Array.from(this.terms, letters);
    this.sizes ??= Uint8Array.from(this.terms, (term) => term.length);
    found = [];
    const mask = letters(text);
    const length = text.length;
    for (let k = 0; k < this.terms.length; k++) {
      const size = this.sizes[k];
      if (size < length - distance || (!prefix && size > length + distance)) continue;
      if (bits(mask & ~this.masks[k]) > distance || (!prefix && bits(this.masks[k] & ~mask) > distance)) continue;
      const slips = prefix ? osaOfBeginning(text, this.terms[k]) : osa(text, this.terms[k], distance);
      if (slips <= distance) found.push(k);
    }
    if (this.near.size > 400) this.near.clear();
    this.near.set(key, found);
    return found;
  }
}

/** What a query found: nodes, and the score of each (-1 for those that it did not). Give it back when it was read. */
class Hits {
  constructor(size) {
    this.nodes = [];
    this.scores = new Float64Array(size + 1).fill(-1);
  }

  best(node, score) {
    if (this.scores[node] < 0) this.nodes.push(node);
    if (score > this.scores[node]) this.scores[node] = score;
  }
}

export class Words {
  /** @param {number} size how many nodes there are */
  constructor(size) {
    this.size = size;
    this.fields = new Map();
    this.stems = new Map();
    this.pool = [];
  }

  /** Add a field of which each node's words are given. */
  addWords(name, of) {
    const nodes = new Map();
    const lengths = new Array(this.size);
    for (let number = 1; number <= this.size; number++) {
      const all = of(number);
      lengths[number - 1] = all.length;
      for (const word of all) {
        let stated = nodes.get(word);
        if (!stated) nodes.set(word, (stated = [[], []]));
        if (stated[0][stated[0].length - 1] === number) stated[1][stated[1].length - 1]++;
        else {
          stated[0].push(number);
          stated[1].push(1);
        }
      }
    }
    const terms = [...nodes.keys()].sort();
    const listed = terms.map((term) => nodes.get(term));
    this.fields.set(name, new Field(terms, listed.map((e) => e[0]), listed.map((e) => e[1]), lengths, this.size));
  }

  /** Add a field as output/exports/lookup.py writes it. */
  addPostings(name, { terms, in: nodes, often, length, words, stems, same }) {
    const listed = terms ? terms.split("\n") : [];
    this.fields.set(name, new Field(listed, nodes.map(sums), often, length, this.size));
    const known = new Map();
    for (const number of sums(same)) known.set(listed[number], listed[number]);
    if (words) words.split("\n").forEach((word, k) => known.set(word, listed[stems[k]]));
    this.stems.set(name, known);
  }

  /** Add a field of values that are kept whole. */
  addValues(name, { values, of }) {
    const nodes = values.map(() => []);
    for (let number = 1; number <= this.size; number++) for (const value of of(number)) nodes[value - 1].push(number);
    const order = values.map((_, k) => k);
    this.fields.set(name, new Field(order.map((k) => values[k]), order.map((k) => nodes[k]), nodes.map(() => 0), [], this.size));
  }

  has(name) {
    return this.fields.has(name);
  }

  /** The terms that a folded text has in a field. */
  analyse(field, text) {
    const all = text.split(" ").filter((word) => word && word.length <= 40);
    if (!(field in STEMS)) return all;
    // As it became in the texts; what stands in none of them, by the rules of the language.
    const known = this.stems.get(field);
    return all.map((word) => known?.get(word) ?? STEMS[field](word));
  }

  known(field, term) {
    return this.fields.get(field)?.at.has(term) ?? false;
  }

  // Queries: functions that give Hits.

  term(field, value) {
    return () => {
      const hits = this._take();
      const stated = this.fields.get(field);
      const at = stated?.at.get(value);
      if (at === undefined) return hits;
      const nodes = stated.nodes[at];
      const often = stated.often[at];
      const weight = Math.log(1 + (this.size - nodes.length + 0.5) / (nodes.length + 0.5)) * (1 + K1);
      for (let k = 0; k < nodes.length; k++) {
        const times = often === 0 ? 1 : often[k];
        hits.best(nodes[k], (weight * times) / (times + stated.norm[nodes[k]]));
      }
      return hits;
    };
  }

  /** Nodes with a word at most so many slips away (or that begins so), each with the score. */
  like(field, text, distance, prefix, score) {
    return () => {
      const hits = this._take();
      const stated = this.fields.get(field);
      for (const at of stated ? stated.like(text, distance, prefix) : []) {
        for (const node of stated.nodes[at]) hits.best(node, score);
      }
      return hits;
    };
  }

  /** Nodes that have the term, each with the score. */
  exactly(field, value, score) {
    return this.like(field, value, 0, false, score);
  }

  /** Nodes of a predicate, each with the score. */
  those(predicate, score = 0) {
    return () => {
      const hits = this._take();
      for (let node = 1; node <= this.size; node++) if (predicate(node)) hits.best(node, score);
      return hits;
    };
  }

  best(queries) {
    return () => {
      const hits = this._take();
      for (const query of queries) this._with(query, (each) => each.nodes.forEach((n) => hits.best(n, each.scores[n])));
      return hits;
    };
  }

  boosted(query, factor) {
    return () => {
      const hits = query();
      for (const node of hits.nodes) hits.scores[node] *= factor;
      return hits;
    };
  }

  /** The sum of those that find a node, at least so many of them. */
  some(queries, least = 1) {
    return () => {
      const hits = this._take();
      const count = new Uint8Array(this.size + 1);
      for (const query of queries) {
        this._with(query, (each) => {
          for (const node of each.nodes) {
            hits.best(node, 0);
            hits.scores[node] += each.scores[node];
            count[node]++;
          }
        });
      }
      if (least > 1) this._keep(hits, (node) => count[node] >= least);
      return hits;
    };
  }

  /** The sum of all of them, none of the others. */
  all(must, mustNot = []) {
    const wanted = must.length ? must : [this.those(() => true, 1)];
    return () => {
      const hits = this.some(wanted, wanted.length)();
      for (const query of mustNot) {
        this._with(query, (each) => this._keep(hits, (node) => each.scores[node] < 0));
      }
      return hits;
    };
  }

  /** The best nodes with their scores, of equal ones those with the lower number first. */
  find(query, limit) {
    return this._with(query, (hits) => {
      const found = hits.nodes.map((node) => [node, Math.fround(hits.scores[node])]);
      found.sort((one, other) => other[1] - one[1] || one[0] - other[0]);
      return found.slice(0, limit);
    });
  }

  /** The numbers of all nodes that a query finds. */
  nodes(query) {
    return this._with(query, (hits) => [...hits.nodes]);
  }

  _with(query, use) {
    const hits = query();
    const found = use(hits);
    for (const node of hits.nodes) hits.scores[node] = -1;
    hits.nodes = [];
    this.pool.push(hits);
    return found;
  }

  _take() {
    return this.pool.pop() ?? new Hits(this.size);
  }

  _keep(hits, good) {
    hits.nodes = hits.nodes.filter((node) => {
      if (good(node)) return true;
      hits.scores[node] = -1;
      return false;
    });
  }
}
