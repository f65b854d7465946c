/** What the clues say of events and people, as output/evidence.py weighs it: a likelihood for each, never nought. */

import { fold, words } from "./fold.js";
import { apart, candidates, stands } from "./matching.js";
import { closeness, iso, span } from "./periods.js";
import { box, distance, locate } from "./places.js";
import { asked } from "./query.js";
import { covered, likeness, split } from "./similarity.js";
import { NAMES, STEMS } from "./words.js";

const TEXTS = Object.keys(STEMS);
const WITHIN_EVENTS = ["superEvent", "location", "organizer"];

export class Evidence {
  /**
   * @param {import("./graph.js").Graph} graph
   * @param {{name?: string, at?: string, where?: string, when?: object, about?: string}} clues
   */
  constructor(graph, clues) {
    this.graph = graph;
    this.clues = clues;
    this.C = graph.constants.evidence;
    this.known = new Map();
    this.worked = new Map();
  }

  // Events

  /** An event by its number: its people, what it is part of, where and when it was; null for anything else. */
  event(number) {
    let event = this.known.get(number);
    if (event !== undefined) return event;
    event = this._load(number);
    this.known.set(number, event);
    if (event && event.first === null) {
      for (const whole of event.wholes) {
        const above = this.event(whole);
        if (event.first === null && above) [event.first, event.last] = [above.first, above.last];
      }
    }
    return event;
  }

  /** Events of numbers, as a Map; what is no event is left out. */
  events(numbers) {
    const found = new Map();
    for (const number of numbers) {
      const event = this.event(number);
      if (event) found.set(number, event);
    }
    return found;
  }

  _load(number) {
    const { graph } = this;
    if (graph.typeOf(number) !== "Event") return null;
    const start = graph.start[number];
    const end = graph.endOf(number);
    const first = start ? span(start) : null;
    const last = (end ? span(end) : null) ?? first;
    const event = {
      number,
      name: graph.spellings(number)[0] ?? "",
      first: first?.start ?? null,
      last: last?.end ?? null,
      city: graph.cityOf(number),
      online: graph.online.has(number),
      points: graph.points.get(number) ?? [],
      wholes: [],
      venue: "",
      people: new Map(),
      start: instant(start),
      end: instant(end),
    };
    for (const { kind, to } of graph.from.get(number) ?? []) {
      if (this.C.ROLES.includes(kind)) {
        // A role that counts for more stands, where somebody has two.
        const had = event.people.get(to);
        if (kind !== "attendee" || had === undefined) event.people.set(to, had === "organizer" ? had : kind);
      } else if (kind === "superEvent") event.wholes.push(to);
      else if (kind === "location") event.venue = graph.spellings(to)[0] ?? "";
    }
    return event;
  }

  /** The events in, at or by each of the numbers. */
  parts(numbers) {
    const found = new Map();
    for (const whole of numbers) {
      const several = (this.graph.to.get(whole) ?? []).filter((edge) => WITHIN_EVENTS.includes(edge.kind));
      if (several.length) found.set(whole, several.map((edge) => edge.from));
    }
    return found;
  }

  /** The events that somebody had a role in. */
  roles(person) {
    const edges = (this.graph.to.get(person) ?? []).filter((edge) => this.C.ROLES.includes(edge.kind));
    return [...new Set(edges.map((edge) => edge.from))].sort((one, other) => one - other);
  }

  // Clues, each worked out once

  get at() {
    return this._once("at", () => {
      if (!this.clues.at) return new Map();
      const found = this._named(this.clues.at, ["Event", "EventSeries", "Organization", "Place"]);
      for (let k = 0; k < 2; k++) this._spread(found, this.C.PART);
      return found;
    });
  }

  get atPeople() {
    return this._once("atPeople", () => {
      if (!this.clues.at) return new Map();
      const wholes = this._named(this.clues.at, ["Organization", "Place"]);
      for (const [place, like] of [...wholes]) {
        for (const edge of this.graph.to.get(place) ?? []) {
          if (edge.kind !== "location") continue;
          wholes.set(edge.from, Math.max(wholes.get(edge.from) ?? 0, this.C.PART * like));
        }
      }
      return this._members(wholes);
    });
  }

  get about() {
    return this._once("about", () => {
      if (!this.clues.about) return new Map();
      const found = this._told(this.clues.about, "Event", [NAMES, ...TEXTS], this.C.EVENTS);
      this._spread(found, this.C.UNKNOWN);
      return found;
    });
  }

  get aboutPeople() {
    return this._once("aboutPeople", () => this._toldOfPeople(["role", "organisation", ...TEXTS]));
  }

  get skilled() {
    return this._once("skilled", () => this._toldOfPeople(["role", "organisation"]));
  }

  get here() {
    return this._once("here", () => (this.clues.where ? locate(this.graph, this.clues.where) : null));
  }

  get wherePeople() {
    return this._once("wherePeople", () => {
      const { graph, clues } = this;
      if (!clues.where) return new Map();
      const wholes = this._named(clues.where, ["Organization", "Place"]);
      const town = this.here?.town || fold(clues.where);
      let left = this.C.EVENTS;
      for (let number = 1; number <= graph.size && left; number++) {
        if (graph.typeOf(number) === "Place" && graph.cityOf(number) === town) {
          wholes.set(number, 1);
          left--;
        }
      }
      for (const whole of [...wholes.keys()]) {
        for (const edge of graph.to.get(whole) ?? []) if (edge.kind === "location") wholes.set(edge.from, 1);
      }
      return this._members(wholes);
    });
  }

  /** The events that the clues point to; of place and time alone only where nothing else was said. */
  pointedTo() {
    const { where, when } = this.clues;
    const found = new Map([...this.about, ...this.at]);
    if (!found.size && (where || when)) {
      let thenAndThere = this._thenAndThere(where);
      if (!thenAndThere.length && when) thenAndThere = this._thenAndThere(null);
      for (const number of thenAndThere) found.set(number, 1);
    }
    return found;
  }

  _thenAndThere(where) {
    const { graph, clues } = this;
    let found = graph.peopled;
    if (clues.when) {
      const before = `${iso(clues.when.end)}U`;
      const after = iso(clues.when.start).slice(0, 4);
      found = found.filter((number) => graph.start[number] && graph.start[number] < before && graph.endOf(number) >= after);
    }
    if (where) {
      const named = [...this._named(where, ["Place"])].filter(([, like]) => like > this.C.NAMED);
      const listed = new Set([...this.parts(named.map(([place]) => place)).values()].flat());
      const town = this.here?.town || fold(where);
      const near = new Set(this._nearby());
      found = found.filter((number) => graph.cityOf(number) === town || listed.has(number) || near.has(number));
    }
    return found.slice(0, this.C.EVENTS);
  }

  _nearby() {
    if (!this.here?.point) return [];
    const [[south, north], [west, east]] = box(this.graph, this.here.point, this.C.NEAR);
    const inside = ([latitude, longitude]) =>
      latitude >= south && latitude <= north && longitude >= west && longitude <= east;
    const found = [];
    for (const [number, points] of this.graph.points) {
      if (this.graph.typeOf(number) === "Event" && points.some(inside)) found.push(number);
    }
    return found.slice(0, this.C.EVENTS);
  }

  /** How well an event fits all clues but the name: the product of their likelihoods. */
  fit(event, person = 0) {
    const { C, clues } = this;
    let fit = 1;
    if (clues.at) {
      const said = Math.max(0, ...[event.number, ...event.wholes].map((each) => this.at.get(each) ?? 0));
      fit *= Math.max(C.AT_FLOOR, said, C.PART * (this.atPeople.get(person) ?? 0));
    }
    if (clues.about) {
      fit *= Math.max(C.ABOUT_FLOOR, this.about.get(event.number) ?? 0, C.PART * (this.skilled.get(person) ?? 0));
    }
    if (clues.where) fit *= this.placeFit(event);
    if (clues.when) fit *= this.timeFit(event);
    return fit;
  }

  placeFit(event) {
    const { C, here } = this;
    if (event.placed !== undefined) return event.placed;
    const wanted = words(this.clues.where ?? "");
    const named = Math.max(...[event.name, event.venue, event.city ?? ""].map((text) => covered(wanted, split(text))));
    if (named > 0.9 || (here?.town && event.city === here.town)) event.placed = 1;
    else if (here?.point && event.points.length) {
      const away = Math.min(...event.points.map((point) => distance(this.graph, here.point, point))) - C.NEAR;
      event.placed = Math.max(C.FLOOR, Math.exp(-Math.max(0, away) / C.AWAY));
    } else event.placed = !event.city && !event.points.length ? C.UNKNOWN : Math.max(C.FLOOR, named / 2);
    return event.placed;
  }

  timeFit(event) {
    if (!this.clues.when || event.first === null) return this.C.UNKNOWN;
    return Math.max(this.C.FLOOR, closeness(this.clues.when, event.first, event.last, this.graph.constants.periods.SOFT));
  }

  /** How well somebody fits of whom the role alone is known. */
  fitWithoutEvent(person) {
    const { C, clues } = this;
    let fit = 1;
    if (clues.at) fit *= Math.max(C.AT_FLOOR, this.atPeople.get(person) ?? 0);
    if (clues.about) {
      fit *= Math.max(C.ABOUT_FLOOR, this.skilled.get(person) ?? 0, (this.aboutPeople.get(person) ?? 0) / 2);
    }
    if (clues.where) fit *= Math.max(C.FLOOR, (this.wherePeople.get(person) ?? 0) / 2);
    if (clues.when) fit *= C.UNKNOWN;
    return fit;
  }

  /** People of whom the name is not unlike what was said, and how much of it they have. */
  get named() {
    return this._once("named", () => {
      const { name } = this.clues;
      if (!name) return new Map();
      const found = candidates(this.graph, asked(split(fold(name)), name), [this.graph.ofTypes(["Person"])], this.C.PEOPLE);
      return new Map(found.map(({ number }) => [number, this.nameFit(number)]));
    });
  }

  /** How much of the name that was said a person has, from 0 to 1. */
  nameFit(person) {
    const said = split(fold(this.clues.name ?? ""));
    return Math.max(0, ...this.graph.spellings(person).map((name) => covered(said, split(name), this.C.SLIP)));
  }

  _named(text, types) {
    const typed = words(text);
    const found = candidates(this.graph, asked(typed, text), [this.graph.ofTypes(types)], this.C.PEOPLE);
    const alike = new Map();
    for (const each of found) {
      const within = Math.max(...this.graph.spellings(each.number).map((name) => covered(typed, split(name))));
      const like = Math.max(each.likeness, this.C.WITHIN * within);
      if (like > this.C.NAMED) alike.set(each.number, like ** this.C.SHARP);
    }
    return alike;
  }

  _told(text, kind, fields, limit) {
    const index = this.graph.words;
    const ways = words(text).map((word) => {
      const terms = fields.flatMap((field) => index.analyse(field, word).map((term) => [field, term]));
      const meant = terms.map(([field, term]) => index.term(field, term));
      // A slip, or a blank that is missing.
      if (!stands(index, word)) {
        for (const [field, term] of terms) if (term.length > 3) meant.push(index.like(field, term, 1, false, 1));
        for (const parts of apart(index, word)) {
          for (const field of fields) {
            const both = parts.flatMap((part) => index.analyse(field, part));
            meant.push(index.all(both.map((term) => index.term(field, term))));
          }
        }
      }
      return index.best(meant);
    });
    if (!ways.length) return new Map();
    const found = index.find(index.all([index.some(ways), this.graph.ofTypes([kind])]), limit);
    const most = found.length ? found[0][1] : 1;
    return new Map(found.map(([number, score]) => [number, Math.exp(this.C.TOPIC * (score / most - 1))]));
  }

  _toldOfPeople(fields) {
    return this.clues.about ? this._told(this.clues.about, "Person", fields, this.C.PEOPLE) : new Map();
  }

  /** Give what is in, at or by what was found a share of its likelihood. */
  _spread(found, share) {
    for (const [whole, parts] of this.parts([...found.keys()])) {
      for (const part of parts) found.set(part, Math.max(found.get(part) ?? 0, share * found.get(whole)));
    }
  }

  _members(wholes) {
    const found = new Map();
    const add = (person, like) => found.set(person, Math.max(found.get(person) ?? 0, like));
    for (const [whole, like] of wholes) {
      for (const edge of this.graph.to.get(whole) ?? []) {
        if (edge.kind === "worksFor" || edge.kind === "memberOf") add(edge.from, like);
      }
      for (const edge of this.graph.from.get(whole) ?? []) if (edge.kind === "founder") add(edge.to, like);
    }
    return found;
  }

  _once(name, work) {
    if (!this.worked.has(name)) this.worked.set(name, work());
    return this.worked.get(name);
  }
}

/** The instant that a date with a time states: milliseconds, and whether its zone is known. */
export function instant(stated) {
  if (!stated || stated.length <= 10) return null;
  const zoned = /(Z|[+-]\d\d:?\d\d(:\d\d)?)$/.test(stated);
  const at = Date.parse(zoned ? stated : `${stated}Z`);
  return Number.isNaN(at) ? null : { at, zoned };
}
