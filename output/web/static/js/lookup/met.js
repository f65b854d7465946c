/** Find somebody you met, as output/met.py does: the same likelihoods, the same order, the same shares. */

import { encounters, shared, weight } from "./encounter.js";
import { Evidence } from "./evidence.js";
import { fold } from "./fold.js";
import { compare } from "./graph.js";
import { parse } from "./periods.js";
import { presences } from "./presence.js";
import { split } from "./similarity.js";

export class PeriodError extends Error {}

/**
 * @param {import("./graph.js").Graph} graph
 * @param {{name?: string, at?: string, where?: string, when?: string, about?: string}} said
 * @param {import("./diary.js").Entry[]|null} entries of the asker's diary, if there is one
 * @returns {{people: object[], ask: object|null}|null} null where no clue is given: this is no list of everybody
 */
export function met(graph, said, entries, { limit = 10, today = graph.today } = {}) {
  const clues = {};
  for (const key of ["name", "at", "where", "about"]) if (said[key] && fold(said[key])) clues[key] = said[key];
  if (said.when?.trim()) {
    clues.when = parse(said.when, today, graph.constants.periods);
    if (!clues.when) throw new PeriodError(said.when);
  }
  const diary = entries?.length > 0;
  if (!Object.keys(clues).length && !diary) return null;
  const C = graph.constants.met;
  const question = new Question(graph, clues, diary ? entries : []);
  const scores = question.scores();
  const best = Math.max(0, ...scores.values());
  const kept = [...scores].filter(
    // Somebody of that very name stays, however wrong the other clues: these lower, they do not exclude.
    ([person, score]) =>
      (best >= C.LEAST && score >= best * C.FAR) || (clues.name && (question.names.get(person) ?? 0) >= C.PART_OF_NAME),
  );
  kept.sort((one, other) => other[1] - one[1] || one[0] - other[0]);
  const given = Object.keys(clues).length + (diary ? 1 : 0);
  const nobody = C.NOBODY * C.BY_CHANCE ** (given - 1);
  let total = nobody ** C.CONTRAST;
  for (const score of scores.values()) total += score ** C.CONTRAST;
  const people = kept
    .slice(0, limit)
    .map(([person, score]) => question.answer(person, Math.round((score ** C.CONTRAST / total) * 1e4) / 1e4));
  return { people, ask: ask(C, people, clues) };
}

class Question {
  constructor(graph, clues, entries) {
    this.graph = graph;
    this.C = graph.constants.met;
    this.clues = clues;
    this.evidence = new Evidence(graph, clues);
    this.diary = entries.length > 0;
    this.presences = this.diary ? presences(this.evidence, entries) : new Map();
    this.names = new Map();
    this.fits = new Map();
  }

  /** How likely each of the people is meant whom the clues or the diary point to, up to a common factor. */
  scores() {
    const { C, evidence } = this;
    const pointed = evidence.events(new Set([...this.presences.keys(), ...evidence.pointedTo().keys()]));
    const fits = [...pointed].map(([number, event]) => [number, evidence.fit(event) * this._presence(number)]);
    fits.sort((one, other) => other[1] - one[1] || one[0] - other[0]);
    const people = new Map();
    const raise = (person, like) => people.set(person, Math.max(people.get(person) ?? 0, like));
    for (const [number, fit] of fits.slice(0, C.POINTED)) {
      for (const person of pointed.get(number).people.keys()) raise(person, fit);
    }
    for (const found of [evidence.named, evidence.aboutPeople, evidence.atPeople, evidence.wherePeople]) {
      for (const [person, like] of found) raise(person, like);
    }
    const ordered = [...people].sort((one, other) => other[1] - one[1] || one[0] - other[0]).slice(0, C.CANDIDATES);
    const persons = ordered.map(([person]) => person).filter((person) => this._isPerson(person));
    const roles = new Map(persons.map((person) => [person, evidence.roles(person)]));
    let direct = shared(this.graph.constants.encounter, this._amounts(roles));
    if (this.presences.size) direct = this._withSteps(direct);
    const found = new Map();
    for (const person of new Set([...persons, ...direct.keys()])) {
      const often = Math.max(1, roles.get(person)?.length ?? 0) ** (this.diary ? 0 : C.OFTEN);
      const alone = C.NO_MEETING * evidence.fitWithoutEvent(person) * (this.diary ? C.UNWRITTEN : 1);
      found.set(person, Math.max((direct.get(person) ?? 0) / often, alone) * this._name(person));
    }
    return found;
  }

  _isPerson(number) {
    return this.graph.typeOf(number) === "Person";
  }

  _presence(event) {
    return this.diary ? (this.presences.get(event) ?? this.C.UNWRITTEN) : 1;
  }

  *_amounts(roles) {
    for (const [person, numbers] of roles) {
      for (const number of numbers) {
        const event = this.evidence.event(number);
        if (event.people.has(person)) yield [person, event.first ?? `unknown ${number}`, this._amount(person, event)];
      }
    }
  }

  _amount(person, event) {
    const fit = this.evidence.fit(event, person);
    return weight(this.graph.constants.encounter, event, person) * fit * this._presence(event.number);
  }

  /** Add what those met have in common with others, one step on. */
  _withSteps(direct) {
    const { C, evidence } = this;
    const constants = this.graph.constants.encounter;
    const most = [...direct].sort((one, other) => other[1] - one[1] || one[0] - other[0]).slice(0, C.STEPS);
    const around = new Map();
    for (const [person] of most) {
      const amounts = [];
      evidence.roles(person).forEach((number, k) => {
        const event = evidence.event(number);
        for (const other of event.people.keys()) {
          if (other !== person) amounts.push([other, event.first ?? `unknown ${k}`, weight(constants, event, other)]);
        }
      });
      around.set(person, shared(constants, amounts));
    }
    const found = encounters(constants, new Map(most), around);
    return new Map([...direct, ...[...found].filter(([person]) => this._isPerson(person))]);
  }

  _name(person) {
    const { C, evidence, clues } = this;
    if (!clues.name) return 1;
    const share = evidence.named.get(person) ?? evidence.nameFit(person);
    const asked = split(fold(clues.name)).sort().join(" ");
    const full = share > 0.999 && this.graph.spellings(person).some((name) => split(name).sort().join(" ") === asked);
    const like = full ? C.FULL_NAME : Math.max(C.OTHER_NAME, C.PART_OF_NAME * share ** 3);
    this.names.set(person, like);
    return like;
  }

  /** A person with everything that speaks for and against them, for the page to say in its language. */
  answer(person, score) {
    const { graph } = this;
    const meetings = this._meetings(person);
    const fitting = meetings.filter((meeting) => meeting.fit >= meetings[0].fit / 2).slice(0, 3);
    const stated = graph.role.get(person);
    const roles = this._belonging(person);
    const pages = [...fitting.flatMap((meeting) => meeting.sources), ...this._pages(graph.pages.get(person) ?? [])];
    return {
      id: graph.id[person],
      name: graph.name[person],
      score,
      fitting,
      roles: roles.length || !stated ? roles : [{ kind: "role", role: stated }],
      against: [...this._against(person, meetings)],
      meetings,
      sources: [...new Set(pages)],
      url: graph.url.get(person) ?? null,
    };
  }

  _pages(numbers) {
    return numbers.map((number) => this.graph.addresses[number]);
  }

  _belonging(person) {
    const { graph } = this;
    const out = (graph.from.get(person) ?? []).map((edge) => [edge, edge.to]);
    const into = (graph.to.get(person) ?? []).map((edge) => [edge, edge.from]);
    const found = [...out, ...into].filter(([edge]) => graph.constants.evidence.BELONGING.includes(edge.kind));
    const said = found.map(([edge, whole]) => ({
      kind: edge.kind === "founder" ? "founder" : edge.role ? "title" : edge.kind,
      role: edge.role ?? null,
      whole: graph.name[whole],
    }));
    return [...new Map(said.map((each) => [JSON.stringify(each), each])).values()];
  }

  /** One meeting an event and role, with the sources of all who state it; those that fit best first. */
  _meetings(person) {
    const { graph, evidence } = this;
    const grouped = new Map();
    for (const edge of graph.to.get(person) ?? []) {
      if (!graph.constants.evidence.ROLES.includes(edge.kind) || graph.typeOf(edge.from) !== "Event") continue;
      const key = `${edge.from} ${edge.kind}`;
      if (!grouped.has(key)) grouped.set(key, []);
      grouped.get(key).push(edge);
    }
    const found = [...grouped.values()].map((edges) => {
      const event = evidence.event(edges[0].from);
      return {
        event: graph.id[event.number],
        name: graph.name[event.number],
        role: edges[0].kind,
        date: graph.start[event.number],
        city: this._town(event),
        about: graph.about.get(event.number) ?? [],
        sources: [...new Set(edges.flatMap((edge) => this._pages(edge.pages)))],
        diary: this.presences.has(event.number),
        fit: this._amount(person, event),
      };
    });
    return found.sort(
      (one, other) =>
        other.fit - one.fit ||
        compare(one.date ?? "9999", other.date ?? "9999") ||
        compare(one.event, other.event) ||
        compare(one.role, other.role),
    );
  }

  /** Where an event was: the town of its place, or of that of what it is part of. */
  _town(event) {
    for (const each of [...event.wholes].reverse().concat(event.number).reverse()) {
      const places = (this.graph.from.get(each) ?? []).filter((edge) => edge.kind === "location");
      for (const { to } of places) if (this.graph.town.get(to)) return this.graph.town.get(to);
    }
    return null;
  }

  /** What does not fit, so that the asker can judge. */
  *_against(person, meetings) {
    const { clues, evidence, C } = this;
    if (clues.name) {
      const share = evidence.named.get(person) ?? evidence.nameFit(person);
      if (share < 0.6) yield "name";
      else if (share < 0.99 && !this._begins(person)) yield "similar";
    }
    const events = [...evidence.events(evidence.roles(person)).values()];
    const said = events.some((event) => [event.number, ...event.wholes].some((each) => evidence.at.get(each)));
    if (clues.at && meetings.length && !evidence.atPeople.get(person) && !said) yield "at";
    if (clues.where && events.length && events.every((event) => evidence.placeFit(event) <= C.UNKNOWN)) yield "where";
    const dated = events.filter((event) => event.first !== null);
    if (clues.when && dated.length && !dated.some((event) => evidence.timeFit(event) === 1)) yield "when";
    if (this.diary && meetings.length && !meetings.some((meeting) => meeting.diary)) yield "diary";
  }

  _begins(person) {
    const asked = split(fold(this.clues.name));
    return this.graph
      .spellings(person)
      .some((name) => asked.every((part) => split(name).some((word) => word.startsWith(part))));
  }
}

/** What would tell the best apart, where the first two are about equal: the clue to ask for, and its two values. */
function ask(C, people, clues) {
  if (people.length < 2 || people[1].score < people[0].score * C.EQUAL) return null;
  const first = people.slice(0, C.ASKED_OF);
  const keys = {
    where: (person) => person.meetings[0]?.city,
    when: (person) => person.meetings[0]?.date?.slice(0, 4),
    about: (person) => person.meetings[0]?.about.join("; "),
    at: (person) => person.meetings[0]?.name,
  };
  const found = { first: people[0].name, second: people[1].name, clue: clues.name ? null : "name", values: null };
  let most = -1;
  for (const [clue, key] of Object.entries(keys)) {
    if (clues[clue]) continue;
    const values = first.map(key);
    if (!values[0] || !values[1] || values[0] === values[1]) continue;
    const bits = information(first.map((person) => person.score), values);
    if (bits > most) {
      most = bits;
      found.clue = clue;
      found.values = [values[0], values[1]];
    }
  }
  return found;
}

/** The bits that one expects from hearing which of the values it was. */
function information(scores, values) {
  const groups = new Map();
  scores.forEach((score, k) => groups.set(values[k], (groups.get(values[k]) ?? 0) + score));
  const total = [...groups.values()].reduce((sum, share) => sum + share, 0) || 1;
  return [...groups.values()].reduce(
    (sum, share) => (share > 0 ? sum - (share / total) * Math.log2(share / total) : sum),
    0,
  );
}
