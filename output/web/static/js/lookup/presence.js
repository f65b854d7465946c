/** Which of the graph's events the asker's diary tells of, and how surely, as output/presence.py tells. */

import { fold, words } from "./fold.js";
import { iso } from "./periods.js";
import { distance, locate } from "./places.js";
import { covered, likeness, split } from "./similarity.js";

/**
 * For each event that the diary may tell of the probability that the asker was there.
 *
 * @param {import("./evidence.js").Evidence} evidence
 * @param {import("./diary.js").Entry[]} entries
 * @returns {Map<number, number>}
 */
export function presences(evidence, entries) {
  const { graph } = evidence;
  const C = graph.constants.presence;
  const found = new Map();
  const towns = new Map(); // for this question alone
  const days = new Set();
  for (const entry of entries) {
    const length = Math.min(C.LONG, entry.last - entry.first + 1);
    for (let day = 0; day < length; day++) days.add(entry.first + day);
    if (entry.last - entry.first > C.LONG) continue;
    const area = located(graph, entry, towns);
    for (const event of evidence.events(around(graph, entry)).values()) {
      const wholes = [...evidence.events(event.wholes).values()].map((each) => each.name);
      const likely = likelihood(graph, entry, area, event, wholes);
      if (likely >= C.LEAST) found.set(event.number, 1 - (1 - (found.get(event.number) ?? 0)) * (1 - likely));
    }
  }
  // Who was at the conference heard some of its talks; who heard a talk was at the conference.
  for (const [whole, several] of evidence.parts([...found.keys()])) {
    for (const part of several) {
      const talk = evidence.event(part);
      if (talk && !found.has(part) && (talk.first === null || days.has(talk.first))) {
        found.set(part, C.TALK * found.get(whole));
      }
    }
  }
  for (const [number, heard] of evidence.events([...found.keys()])) {
    for (const whole of heard.wholes) found.set(whole, Math.max(found.get(whole) ?? 0, found.get(number)));
  }
  return found;
}

/** The numbers of the events on the days of an entry; one known to the month or year alone is not matched. */
function around(graph, entry) {
  const earliest = iso(entry.first - 14);
  const before = `${iso(entry.last)}U`;
  const from = iso(entry.first);
  let low = 0;
  let high = graph.dated.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (graph.start[graph.dated[middle]] < earliest) low = middle + 1;
    else high = middle;
  }
  const found = [];
  for (; low < graph.dated.length && graph.start[graph.dated[low]] < before; low++) {
    if (graph.endOf(graph.dated[low]) >= from) found.push(graph.dated[low]);
  }
  return found;
}

function located(graph, entry, towns) {
  if (entry.point) return { town: "", point: entry.point };
  // "La Cantine, 12 rue X, 35000 Rennes": the last part that is a town is.
  for (const part of entry.place.split(",").reverse()) {
    const name = part.split(/\s+/).filter((word) => word && !/^\d+$/.test(word)).join(" ");
    if (!name) continue;
    if (!towns.has(name)) towns.set(name, locate(graph, name));
    if (towns.get(name)) return towns.get(name);
  }
  return null;
}

function likelihood(graph, entry, area, event, wholes) {
  const C = graph.constants.presence;
  const titles = [event.name, ...wholes];
  const title = words(entry.title);
  let there = isThere(graph, entry, area, event);
  // "RubyConf Miami 2013": what a title says of the town and the year is not the event's name.
  const town = split(event.city ?? "");
  const around = new Set([...town, event.first === null ? "" : iso(event.first).slice(0, 4)]);
  if (town.length && there === null && covered(town, title) > 0.95) there = 1;
  const bare = title.filter((word) => !around.has(word));
  const alike = Math.max(alikeTo(title, titles), alikeTo(bare, titles));
  let likely;
  if (alike >= C.TITLE) likely = C.SAME_TITLE * alike * (there === null ? 1 : Math.max(there, 0.3));
  // In the town that day; an entry with another title was probably something else.
  else if (there) likely = there * (bare.length ? C.SAME_TOWN / 2 : C.SAME_TOWN);
  else return 0;
  return likely * atThatTime(C, entry, event);
}

/** How much a title is like one of the names; it may hold more ("avec Marie: Open Coffee"). */
function alikeTo(title, names) {
  if (!title.length) return 0;
  const said = title.join(" ");
  let alike = 0;
  for (const name of names) {
    alike = Math.max(alike, likeness(said, name), covered(title, split(name)));
    if (split(name).length > 1) alike = Math.max(alike, covered(split(name), title));
  }
  return alike;
}

/** Whether an entry's place is the event's, from 0 to 1; null where either is not known. */
function isThere(graph, entry, area, event) {
  const C = graph.constants.presence;
  const have = split(fold(entry.place));
  if (have.length && (event.city || event.venue)) {
    if (event.venue && covered(split(event.venue), have) > 0.9) return 1;
    if (event.city && covered(split(event.city), have) > 0.95) return 1;
  }
  if (area?.point && event.points.length) {
    const away = Math.min(...event.points.map((point) => distance(graph, area.point, point)));
    return away <= C.WITHIN ? 1 : C.ELSEWHERE;
  }
  if (area?.town && event.city) return area.town === event.city ? 1 : C.ELSEWHERE;
  return null;
}

function atThatTime(C, entry, event) {
  if (!entry.start || !entry.end || !event.start) return 1;
  const last = event.end ?? event.start;
  if (entry.start.zoned !== event.start.zoned || entry.end.zoned !== last.zoned) return 1;
  const tolerance = C.TOLERANCE * 1000;
  const touches = entry.start.at <= last.at + tolerance && entry.end.at >= event.start.at - tolerance;
  return touches ? 1 : C.OTHER_TIME;
}
