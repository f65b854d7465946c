/** What the browser knows of the graph: the files of output/exports/lookup.py, opened. */

import { coded, several, sparse, sums } from "./columns.js";
import * as folding from "./fold.js";
import * as matching from "./matching.js";
import * as similarity from "./similarity.js";
import { INITIALS, NAMES, Words } from "./words.js";

const TEXT_FIELDS = ["fr", "en", "theme", "role", "organisation", "town", "series"];
const ROLES = ["performer", "organizer", "attendee"];

// Days of Python's proleptic Gregorian ordinals before 1970-01-01.
const ORDINAL = 719_163;

export class Graph {
  /**
   * @param {object} constants of the Python modules, by module
   * @param {object} names names.json
   * @param {number} today the day from which recency counts
   */
  constructor(constants, names, today) {
    this.constants = constants;
    folding.setWords(constants.fold);
    similarity.setConstants(constants.similarity);
    matching.setConstants(constants.matching);
    const from1 = (values) => [null, ...values];
    this.size = names.id.length;
    this.today = today;
    this.id = from1(names.id);
    this.name = from1(names.name);
    this.type = coded(names.type);
    this.city = coded(names.city);
    this.start = from1(names.start);
    this.ends = sparse(names.end);
    this.territory = sparse(names.territory);
    this.status = sparse(names.status ?? { at: [], values: [] }); // none: an export from before it was told
    this.online = new Set(sums(names.online));
    this.links = from1(names.links);
    this.seen = from1(names.seen.map((day) => (day === null ? null : day - ORDINAL)));
    this.kept = Object.fromEntries(["region", "source", "year", "place"].map((key) => [key, several(names[key])]));
    this._spelling = sparse(names.spelling);
    this._spellings = new Map();
    this.words = new Words(this.size);
    this.words.addWords(NAMES, (number) => this.spellings(number).join(" ").split(" ").filter(Boolean));
    this.words.addWords(INITIALS, (number) => (this.typeOf(number) === "Person" ? initials(this.spellings(number)) : []));
    this.words.addValues("type", { values: names.type.values, of: (number) => [this.type.at[number]] });
    for (const [key, values] of Object.entries(this.kept)) this.words.addValues(key, values);
  }

  /** Add texts.json: from then on search looks in what is said of things, too. */
  addTexts(texts) {
    for (const field of TEXT_FIELDS) this.words.addPostings(field, texts[field]);
  }

  /** Add filters.json and towns.json: from then on one can ask for what is near a town, of a series, in a time. */
  addFilters(filters, towns) {
    this.towns = { ...towns, codes: several(towns.codes) };
    for (const key of ["names", "territories"]) this.towns[key] = new Map(Object.entries(towns[key]));
    this.points = new Map(Object.entries(filters.points).map(([number, points]) => [Number(number), points]));
    this.series = several(filters.series);
    this._days = filters.day;
  }

  /** Add links.json, after the filters: from then on one can ask who was met. */
  addLinks(links) {
    for (const key of ["about", "town", "role", "url", "pages"]) this[key] = sparse(links[key]);
    this.addresses = links.addresses;
    this.from = new Map();
    this.to = new Map();
    for (const [kind, edges] of Object.entries(links.edges)) {
      const from = sums(edges.from);
      const roles = sparse(edges.role);
      edges.to.forEach((target, k) => {
        const edge = { kind, from: from[k], to: target, pages: edges.pages[k] || [], role: roles.get(k + 1) };
        push(this.from, edge.from, edge);
        push(this.to, target, edge);
      });
    }
    const dated = [];
    const peopled = [];
    for (let number = 1; number <= this.size; number++) {
      if (this.typeOf(number) !== "Event") continue;
      if (this.start[number]?.length >= 10) dated.push(number);
      if (this.from.get(number)?.some((edge) => ROLES.includes(edge.kind))) peopled.push(number);
    }
    // As the index on types and times has them: those of which no time is known first.
    const order = (one, other) => compare(this.start[one] ?? "", this.start[other] ?? "") || one - other;
    this.dated = dated.sort(order);
    this.peopled = peopled.sort(order);
  }

  typeOf(number) {
    return this.type.values[this.type.at[number] - 1];
  }

  cityOf(number) {
    return this.city.values[this.city.at[number] - 1] ?? null;
  }

  endOf(number) {
    return this.ends.get(number) ?? this.start[number];
  }

  /** The days of an event, or of the events that a node is connected with. */
  days(number) {
    const stated = this._days[number - 1];
    return stated === null ? [] : typeof stated === "number" ? [stated] : sums(stated);
  }

  /** The folded spellings of a node's name. */
  spellings(number) {
    let known = this._spellings.get(number);
    if (!known) {
      known = this._spelling.get(number)?.split("\n") ?? [folding.fold(this.name[number])];
      this._spellings.set(number, known);
    }
    return known;
  }

  /** The query for nodes of these types, which counts nothing. */
  ofTypes(types) {
    return this.words.best(types.map((type) => this.words.exactly("type", type, 0)));
  }
}

const initials = (names) => [...new Set(names.flatMap((name) => name.split(" ").map((word) => word[0])))].filter(Boolean);

export const compare = (one, other) => (one < other ? -1 : one > other ? 1 : 0);

function push(map, key, value) {
  const listed = map.get(key);
  if (listed) listed.push(value);
  else map.set(key, [value]);
}
