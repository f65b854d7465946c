/** Periods as people remember them, read as output/periods.py reads them. Days are numbers from 1970-01-01. */

import { fold } from "./fold.js";
import { DAY, dayOf } from "./days.js";

const ISO = /^(\d{4})(?:-(\d\d?))?(?:-(\d\d?))?$/;
const NUMERIC = /^(?:(\d\d?)[/.])?(\d\d?)[/.](\d{4})$/; // 08/11/2012, 11/2012

/** @returns {{year: number, month: number, day: number, weekday: number}} weekday 0 is Monday */
export function dateOf(day) {
  const date = new Date(day * DAY);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + 1];
  return { year, month, day: date.getUTCDate(), weekday: (date.getUTCDay() + 6) % 7 };
}

/** A day as it is written in the data: 2012-11-08. */
export function iso(day) {
  const { year, month, day: of } = dateOf(day);
  return `${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}-${String(of).padStart(2, "0")}`;
}

const daysIn = (year, month) => new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();

function months(year, first, count) {
  if (first < 1 || first > 12) return null;
  const last = first + count - 1;
  const [endYear, endMonth] = [year + Math.floor((last - 1) / 12), ((last - 1) % 12) + 1];
  return { start: dayOf(year, first, 1), end: dayOf(endYear, endMonth, daysIn(endYear, endMonth)) };
}

function isoPeriod(text) {
  const match = ISO.exec(text);
  if (!match) return null;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  if (year < 1 || year > 9998) return null;
  if (match[3]) {
    if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return null;
    const exact = dayOf(year, month, day);
    return { start: exact, end: exact };
  }
  return match[2] ? months(year, month, 1) : months(year, 1, 12);
}

/** The first and last day of a date as records state it, or null. */
export const span = (stated) => isoPeriod(stated.slice(0, 10));

/** 1 for days that touch the period, half for each half of its length between (a month to a year: `soft` days). */
export function closeness(period, start, end, soft) {
  if (start <= period.end && end >= period.start) return 1;
  const away = start > period.end ? start - period.end : period.start - end;
  return 0.5 ** (away / Math.max(30, Math.min(soft, (period.end - period.start + 1) / 2)));
}

/**
 * The period that a text means, counted from `today` where it is relative; null for what cannot be read.
 *
 * @param {string} text
 * @param {number} today
 * @param {object} C the vocabulary of output/periods.py
 */
export function parse(text, today, C) {
  const stated = text.trim();
  const [first, ...rest] = stated.split(" ");
  const side = fold(first);
  if ([...C.BEFORE, ...C.AFTER, ...C.SINCE].includes(side) && fold(stated) !== C.DAY_BEFORE) {
    return open(side, closed(rest.join(" ").trim(), today, C), today, C);
  }
  return closed(stated, today, C);
}

function closed(text, today, C) {
  const found = isoPeriod(text) ?? numeric(text);
  if (found) return found;
  if (ISO.test(text) || NUMERIC.test(text)) return null; // there is no such day
  const words = fold(text).replaceAll("aujourd hui", "today").split(" ").filter(Boolean);
  for (const read of [relative, range, decade, division, named]) {
    const period = read(words, today, C);
    if (period) return period;
  }
  return null;
}

/** "avant 2010", "since 2014": memories are of the past, so the end is today. */
function open(side, than, today, C) {
  if (!than) return null;
  if (C.BEFORE.includes(side)) {
    const end = than.start - 1;
    return { start: Math.min(dayOf(C.FIRST_YEAR, 1, 1), end), end };
  }
  const start = C.SINCE.includes(side) ? than.start : than.end + 1;
  return { start, end: Math.max(start, today) };
}

function numeric(text) {
  const match = NUMERIC.exec(text);
  if (!match) return null;
  const [, day, month, year] = match;
  if (!day) return isoPeriod(`${year}-${month}`);
  return isoPeriod(`${year}-${month}-${day}`) ?? isoPeriod(`${year}-${day}-${month}`);
}

const yearOf = (word) => (/^(1[89]|2[01])\d\d$/.test(word) ? Number(word) : null);
const own = (table, word) => (Object.hasOwn(table, word) ? table[word] : undefined);

function range(words, today, C) {
  const years = words.map(yearOf).filter(Boolean);
  const rest = words.filter((word) => !yearOf(word));
  if (years.length === 2 && rest.every((word) => C.JOINING.includes(word))) {
    return { start: dayOf(Math.min(...years), 1, 1), end: dayOf(Math.max(...years), 12, 31) };
  }
  const named = words.map((word) => own(C.MONTHS, word)).filter(Boolean);
  if (named.length !== 2) return null;
  const [first, last] = named;
  let count = ((last - first + 12) % 12) + 1;
  if (years.length === 2 && years[1] > years[0]) count = 12 * (years[1] - years[0]) + last - first + 1;
  return months(years[0] ?? dateOf(today).year, first, count);
}

/** "annees 2010", "the 2010s". */
function decade(words) {
  let stated = words.map((word) => /^((?:19|20)\d0)s$/.exec(word)?.[1]).find(Boolean);
  if (!stated && words.includes("annees")) stated = words.find((word) => yearOf(word) && word.endsWith("0"));
  return stated ? { start: dayOf(Number(stated), 1, 1), end: dayOf(Number(stated) + 9, 12, 31) } : null;
}

/** "Q4 2012", "second semestre 2012", "first half of 2012". */
function division(words, today, C) {
  const years = words.map(yearOf).filter(Boolean);
  const length = words.map((word) => own(C.DIVISIONS, word)).find(Boolean);
  let which = Number(words.map((word) => /^[qt]([1-4])$/.exec(word)?.[1]).find(Boolean) ?? 0);
  if (!which && length) which = words.map((word) => own(C.ORDINALS, word)).find(Boolean) ?? 0;
  const count = length ?? 3;
  if (!which || which * count > 12 || years.length > 1) return null;
  const first = count * (which - 1) + 1;
  return months(years[0] ?? latest(first, today), first, count);
}

function latest(month, today) {
  const now = dateOf(today);
  return month <= now.month ? now.year : now.year - 1;
}

function named(words, today, C) {
  let years = words.map(yearOf).filter(Boolean);
  const found = (table) => words.map((word) => own(table, word)).find((value) => value !== undefined);
  const [month, season, part] = [found(C.MONTHS), found(C.SEASONS), found(C.PARTS)];
  // The winter of 2011 and 2012.
  const overlong = season && season[0] + season[1] > 13;
  if (years.length === 2 && overlong && years[1] === years[0] + 1) years = years.slice(0, 1);
  if (years.length > 1) return null;
  if (month) return withinMonth(years[0] ?? latest(month, today), month, words, part);
  if (season) {
    const [first, count] = season;
    let year = years[0] ?? latest(first, today);
    const over = months(year, first, count).end < today;
    if (!years.length && !over && words.some((word) => C.LAST.includes(word))) year -= 1;
    return part !== undefined && count === 3 ? months(year, first + part, 1) : months(year, first, count);
  }
  if (part !== undefined) return months(years[0] ?? latest(4 * part + 1, today), 4 * part + 1, 4);
  return years.length ? months(years[0], 1, 12) : null;
}

function withinMonth(year, month, words, part) {
  const days = words.map((word) => /^(\d\d?)(?:er|e|st|nd|rd|th)?$/.exec(word)?.[1]).filter(Boolean).map(Number);
  const last = daysIn(year, month);
  if (days.length && days[0] >= 1 && days[0] <= last) {
    const exact = dayOf(year, month, days[0]);
    return { start: exact, end: exact };
  }
  if (part === undefined) return months(year, month, 1);
  return { start: dayOf(year, month, 10 * part + 1), end: dayOf(year, month, part === 2 ? last : 10 * part + 10) };
}

/** How many are said, 0 for a few, null where nothing says it. */
function numberOf(words, unit, C) {
  const figures = words.find((word) => /^\d+$/.test(word));
  if (figures) return Math.min(Number(figures), 10_000);
  if (words.some((word) => C.SOME.includes(word))) return 0;
  const spelt = words.reduce((sum, word) => sum + (own(C.NUMBERS, word) ?? 0), 0);
  return spelt || (words.some((word) => word !== unit && C.ONE.includes(word)) ? 1 : null);
}

function relative(words, today, C) {
  const whole = words.join(" ");
  const back = own({ today: 0, hier: 1, yesterday: 1, [C.DAY_BEFORE]: 2 }, whole);
  if (back !== undefined) return { start: today - back, end: today - back };
  const french = words.slice(0, 3).join(" ") === "il y a";
  const ago = words.includes("ago") || french;
  const body = french ? words.slice(3) : words;
  const unit = body.find((word) => own(C.UNITS, word) && !(word === "an" && words.includes("ago")));
  if (!unit) return null;
  const length = C.UNITS[unit];
  const now = dateOf(today);
  if (ago) {
    const number = numberOf(body, unit, C);
    if (number === null) return null;
    const [least, most] = number === 0 ? [C.FEW, C.MANY] : [number, number];
    // 719163 days lie between the first of all and 1970-01-01.
    const [end, start] = [least, most].map((each) => today - Math.min(length * each, today + 719_163 - 800));
    if (length >= 365) return { start: dayOf(dateOf(start).year, 1, 1), end: dayOf(dateOf(end).year, 12, 31) };
    const half = Math.floor(length / 2);
    return { start: start - half, end: end + half };
  }
  const last = words.some((word) => C.LAST.includes(word));
  if (!last && !words.some((word) => ["cette", "ce", "this"].includes(word))) return null;
  if (length >= 365) {
    const part = last ? words.map((word) => own(C.PARTS, word)).find((value) => value !== undefined) : undefined;
    return part === undefined ? months(now.year - (last ? 1 : 0), 1, 12) : months(now.year - 1, 4 * part + 1, 4);
  }
  if (length === 30) {
    const { year, month } = last ? dateOf(today - now.day) : now;
    return months(year, month, 1);
  }
  const monday = today - now.weekday - (last ? 7 : 0);
  return { start: monday, end: monday + 6 };
}
