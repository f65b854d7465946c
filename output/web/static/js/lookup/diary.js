/**
 * The asker's own diary: days, places and titles, read in the browser and kept nowhere, as output/diary.py reads them.
 *
 * @typedef {{at: number, zoned: boolean}} Instant milliseconds (wall time where no zone is known)
 * @typedef {{first: number, last: number, start: Instant|null, end: Instant|null, place: string, title: string,
 *   point: number[]|null}} Entry first and last are days from 1970-01-01
 */

import ICAL from "../../vendor/ical.js-2.2.1/ical.min.js";
import { fold } from "./fold.js";
import { DAY, dayOf } from "./days.js";
import { parse } from "./periods.js";

/** A diary that cannot be read: why, and in which line. Never what stands there. */
export class DiaryError extends Error {
  constructor(reason, line = null) {
    super(reason);
    this.reason = reason;
    this.line = line;
  }
}

/**
 * @param {string} name the file's, which tells a calendar from a table
 * @param {string} text
 * @param {object} constants of the Python modules
 * @param {number} today
 * @returns {Entry[]}
 */
export function read(name, text, constants, today) {
  const isCalendar = /\.(ics|ical|ifb)$/i.test(name) || /^\s*BEGIN:VCALENDAR/i.test(text);
  return isCalendar ? calendar(text, constants.diary, today) : table(text, constants, today);
}

// A table

function table(text, constants, today) {
  const { MANY, COLUMNS } = constants.diary;
  const first = text.split(/\r\n|\r|\n/).find((line) => line.trim() && !line.trimStart().startsWith("#"));
  if (first === undefined) return [];
  const count = (delimiter) => first.split(delimiter).length;
  const delimiter = [...",;\t"].reduce((best, each) => (count(each) > count(best) ? each : best));
  let columns = null;
  const monthFirst = MONTH_FIRST.test(text) && !DAY_FIRST.test(text);
  const entries = [];
  for (const [row, line] of rows(text, delimiter)) {
    const cells = row.map((cell) => cell.trim());
    if (!cells.some(Boolean) || cells[0].startsWith("#")) continue;
    if (!columns) {
      columns = header(cells, COLUMNS);
      if (columns) continue;
      columns = { day: 0, place: 1, title: 2 };
    }
    if (entries.length >= MANY) throw new DiaryError("many", line);
    entries.push(entryOf(cells, columns, { vocabulary: constants.periods, today, monthFirst, line }));
  }
  return entries;
}

/** The rows of a table (RFC 4180), each with the number of its last line. */
function* rows(text, delimiter) {
  let row = [];
  let cell = "";
  let quoted = false;
  let line = 1;
  const body = text.replace(/\r\n?/g, "\n");
  for (let k = 0; k < body.length; k++) {
    const letter = body[k];
    if (letter === "\n") line++;
    if (quoted) {
      if (letter !== '"') cell += letter;
      else if (body[k + 1] === '"') cell += body[k++];
      else quoted = false;
    } else if (letter === '"' && cell === "") quoted = true;
    else if (letter === delimiter) {
      row.push(cell);
      cell = "";
    } else if (letter === "\n") {
      yield [[...row, cell], line - 1];
      row = [];
      cell = "";
    } else cell += letter;
  }
  if (cell || row.length) yield [[...row, cell], line];
}

function header(cells, names) {
  const found = {};
  cells.forEach((cell, number) => {
    for (const [column, known] of Object.entries(names)) {
      if (!known.includes(fold(cell))) continue;
      const also = column === "day" && "day" in found ? "hour" : column; // "date, début, fin"
      if (!(also in found)) found[also] = number;
    }
  });
  return "day" in found ? found : null;
}

const SLASHED = /^(\d\d?)\/(\d\d?)\/(\d{4})$/;
// Of 11/28/2012 the month comes first, and so it does in every other day of that file.
const MONTH_FIRST = /(?<!\d)(?:0?[1-9]|1[0-2])\/(?:1[3-9]|2\d|3[01])\/\d{4}/;
const DAY_FIRST = /(?<!\d)(?:1[3-9]|2\d|3[01])\/(?:0?[1-9]|1[0-2])\/\d{4}/;
const TIME = /^(\d\d?)(?:[:h](\d\d))?(?::\d\d)? ?(am|pm|h)?$/i;

function entryOf(cells, columns, how) {
  const given = (column) => cells[columns[column]] ?? "";
  const [day, hour] = splitOff(given("day"), given("hour"));
  const [until, lastHour] = splitOff(given("end"), given("last hour"));
  let { start, first, last } = moment(day, how);
  let end = null;
  if (until) ({ start: end, last } = moment(until, how));
  if (last < first) throw new DiaryError("backwards", how.line);
  if (!start && hour !== null) {
    start = { at: first * DAY + hour, zoned: false };
    end = lastHour === null ? null : { at: last * DAY + lastHour, zoned: false };
  }
  if (start && end && start.zoned === end.zoned && end.at < start.at) end = start;
  return { first, last, start, end: end ?? start, place: given("place"), title: given("title"), point: null };
}

/** A day and a time of day (milliseconds) that stand in two columns, or in the day's alone. */
function splitOff(day, hour) {
  const [head, ...tail] = day.split(" ");
  const within = SLASHED.test(head) ? hourOf(tail.join(" ")) : null;
  if (within !== null) return [head, within];
  const alone = hourOf(day);
  return alone === null ? [day, hourOf(hour)] : ["", alone];
}

function hourOf(text) {
  const match = TIME.exec(text.trim());
  if (!match || !(match[2] || match[3])) return null;
  const half = (match[3] ?? "").toLowerCase();
  let hour = Number(match[1]);
  if (half === "am" || half === "pm") hour = (hour % 12) + (half === "pm" ? 12 : 0);
  const minute = Number(match[2] ?? 0);
  return hour < 24 && minute < 60 ? (hour * 60 + minute) * 60_000 : null;
}

const MOMENT = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?(Z|[+-]\d\d(?::?\d\d)?)?$/;

function moment(stated, { vocabulary, today, monthFirst, line }) {
  const slashed = monthFirst ? SLASHED.exec(stated) : null;
  const text = slashed ? `${slashed[3]}-${slashed[1]}-${slashed[2]}` : stated;
  if (text.length > 10 && /^\d{4}/.test(text)) {
    const match = MOMENT.exec(text);
    const day = match && parse(text.slice(0, 10), today, vocabulary);
    if (!day || match[4] > 23 || match[5] > 59 || (match[6] ?? 0) > 59) throw new DiaryError("day", line);
    const wall = ((Number(match[4]) * 60 + Number(match[5])) * 60 + Number(match[6] ?? 0)) * 1000;
    const zone = match[7];
    const offset = !zone || zone === "Z" ? 0 : (zone[0] === "-" ? -1 : 1) * minutes(zone.slice(1).replace(":", ""));
    const start = { at: day.start * DAY + wall - offset * 60_000, zoned: Boolean(zone) };
    return { start, first: day.start, last: day.start };
  }
  const period = parse(text, today, vocabulary);
  if (!period) throw new DiaryError("day", line);
  return { start: null, first: period.start, last: period.end };
}

const minutes = (zone) => Number(zone.slice(0, 2)) * 60 + Number(zone.slice(2) || 0);

// A calendar

const SINCE = 7305; // 1990-01-01
const STEPS = 200_000; // occurrences of one rule that are looked at: a rule may be made to go on for ever

function calendar(text, { MANY }, today) {
  let parsed;
  try {
    parsed = ICAL.parse(text);
  } catch {
    throw new DiaryError("calendar");
  }
  const roots = (typeof parsed[0] === "string" ? [parsed] : parsed).map((each) => new ICAL.Component(each));
  const entries = [];
  for (const root of roots) {
    const series = new Map();
    const changed = [];
    for (const component of root.getAllSubcomponents("vevent")) {
      if (!component.getFirstProperty("dtstart")) continue;
      const uid = component.getFirstPropertyValue("uid");
      if (component.hasProperty("recurrence-id")) changed.push([uid, component]);
      else if (uid && !series.has(uid)) series.set(uid, component);
      else series.set(Symbol("without a name"), component);
    }
    const alone = changed.filter(([uid]) => !series.has(uid)).map(([, component]) => component);
    for (const [uid, component] of series) {
      const exceptions = changed.filter(([of]) => of === uid).map(([, each]) => each);
      addAll(entries, component, exceptions, today, MANY);
    }
    for (const component of alone) add(entries, component, startOf(component), endOf(component), today);
  }
  return entries.slice(0, MANY);
}

function startOf(component) {
  return component.getFirstPropertyValue("dtstart");
}

function endOf(component) {
  const end = component.getFirstPropertyValue("dtend");
  if (end) return end;
  const length = component.getFirstPropertyValue("duration");
  const start = startOf(component);
  if (!length) return start;
  const found = start.clone();
  found.addDuration(length);
  return found;
}

function addAll(entries, component, exceptions, today, many) {
  if (!component.hasProperty("rrule") && !component.hasProperty("rdate")) {
    add(entries, component, startOf(component), endOf(component), today);
    for (const each of exceptions) add(entries, each, startOf(each), endOf(each), today);
    return;
  }
  try {
    const event = new ICAL.Event(component, { exceptions, strictExceptions: false });
    const occurrences = event.iterator();
    for (let step = 0; step < STEPS && entries.length < many; step++) {
      const next = occurrences.next();
      if (!next || dayOf(next.year, next.month, next.day) > today + 1) break;
      if (dayOf(next.year, next.month, next.day) < SINCE - 31) continue;
      const { item, startDate, endDate } = event.getOccurrenceDetails(next);
      add(entries, item.component, startDate, endDate, today);
    }
  } catch {
    // One rule that cannot be read leaves its first time, and all the others.
    add(entries, component, startOf(component), endOf(component), today);
  }
}

function add(entries, component, start, end, today) {
  if (`${component.getFirstPropertyValue("status") ?? ""}`.toUpperCase() === "CANCELLED") return;
  if (!start?.year) return;
  const last = end?.year ? end : start;
  const first = dayOf(start.year, start.month, start.day);
  let until = dayOf(last.year, last.month, last.day);
  if (start.isDate) until -= 1; // the end of whole days is the first day that is no longer in it (RFC 5545, 3.6.1)
  if (Math.max(first, until) < SINCE || first > today + 1) return;
  const geo = component.getFirstPropertyValue("geo");
  const point = Array.isArray(geo) && geo.length === 2 && geo.every(Number.isFinite) ? geo : null;
  const zone = (name) => component.getFirstProperty(name)?.getParameter("tzid") ?? null;
  const text = (name) => `${component.getFirstPropertyValue(name) ?? ""}`;
  entries.push({
    first,
    last: Math.max(first, until),
    start: start.isDate ? null : instantOf(start, zone("dtstart")),
    end: start.isDate ? null : instantOf(last.isDate ? start : last, zone("dtend") ?? zone("dtstart")),
    place: text("location"),
    title: text("summary"),
    point,
  });
}

/** The instant of a time: by the browser's own rules of the zone, else by those that the file brings. */
function instantOf(time, tzid) {
  const wall = Date.UTC(2000, 0, 1, time.hour, time.minute, time.second) - Date.UTC(2000, 0, 1);
  const at = dayOf(time.year, time.month, time.day) * DAY + wall;
  if (time.zone === ICAL.Timezone.utcTimezone) return { at, zoned: true };
  const clock = tzid && clockOf(tzid);
  if (clock) return { at: at - offsetAt(clock, at), zoned: true };
  if (time.zone && time.zone !== ICAL.Timezone.localTimezone) return { at: time.toUnixTime() * 1000, zoned: true };
  return { at, zoned: false };
}

const clocks = new Map();

function clockOf(tzid) {
  if (!clocks.has(tzid)) {
    let clock = null;
    try {
      const fields = { year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric" };
      clock = new Intl.DateTimeFormat("en-US", { timeZone: tzid, hourCycle: "h23", ...fields });
    } catch {
      // no zone of the tz database: the file's own rules, or none
    }
    clocks.set(tzid, clock);
  }
  return clocks.get(tzid);
}

/** How far a zone is ahead at a wall time, in milliseconds. */
function offsetAt(clock, wall) {
  const ahead = (at) => {
    const part = Object.fromEntries(clock.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
    return Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute, part.second) - at;
  };
  const guess = ahead(wall);
  const again = ahead(wall - guess);
  return again === guess ? guess : Math.min(guess, again) === ahead(wall - Math.min(guess, again)) ? Math.min(guess, again) : again;
}
