/** Periods as people remember them, read as output/periods.py reads them. Days are numbers from 1970-01-01. */

import { fold } from "./fold.js";
import { DAY, dayOf } from "./days.js";

const ISO = /^(\d{4})(?:-(\d\d?))?(?:-(\d\d?))?$/;
const JOINING = new Set(["de", "a", "au", "from", "to", "entre", "et", "between", "and", "until"]);

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

/** 1 for days that touch the period, half for each half of its length (a month at least) between. */
export function closeness(period, start, end) {
  if (start <= period.end && end >= period.start) return 1;
  const away = start > period.end ? start - period.end : period.start - end;
  return 0.5 ** (away / Math.max(30, (period.end - period.start + 1) / 2));
}

/**
 * The period that a text means, counted from `today` where it is relative; null for what cannot be read.
 *
 * @param {string} text
 * @param {number} today
 * @param {object} C the vocabulary of output/periods.py
 */
export function parse(text, today, C) {
  const found = isoPeriod(text.trim());
  if (found) return found;
  if (ISO.test(text.trim())) return null;
  const words = fold(text).replaceAll("aujourd hui", "today").split(" ").filter(Boolean);
  return relative(words, today, C) || range(words, today, C) || named(words, today, C);
}

const yearOf = (word) => (/^(1[89]|2[01])\d\d$/.test(word) ? Number(word) : null);
const own = (table, word) => (Object.hasOwn(table, word) ? table[word] : undefined);

function range(words, today, C) {
  const years = words.map(yearOf).filter(Boolean);
  const rest = words.filter((word) => !yearOf(word));
  if (years.length === 2 && rest.every((word) => JOINING.has(word))) {
    return { start: dayOf(Math.min(...years), 1, 1), end: dayOf(Math.max(...years), 12, 31) };
  }
  const named = words.map((word) => own(C.MONTHS, word)).filter(Boolean);
  if (named.length !== 2) return null;
  const [first, last] = named;
  return months(years[0] ?? dateOf(today).year, first, ((last - first + 12) % 12) + 1);
}

function named(words, today, C) {
  const years = words.map(yearOf).filter(Boolean);
  if (years.length > 1) return null;
  const month = words.map((word) => own(C.MONTHS, word)).find(Boolean);
  const season = words.map((word) => own(C.SEASONS, word)).find(Boolean);
  const now = dateOf(today);
  const latest = (first) => (first <= now.month ? now.year : now.year - 1);
  if (month) {
    const days = words.filter((word) => /^\d{1,2}$/.test(word)).map(Number);
    const year = years[0] ?? latest(month);
    if (days.length && days[0] >= 1 && days[0] <= daysIn(year, month)) {
      const exact = dayOf(year, month, days[0]);
      return { start: exact, end: exact };
    }
    return months(year, month, 1);
  }
  if (season) {
    const back = words.some((word) => C.LAST.includes(word)) && season[0] <= now.month ? 1 : 0;
    return months(years[0] ?? latest(season[0]) - back, ...season);
  }
  return years.length ? months(years[0], 1, 12) : null;
}

function relative(words, today, C) {
  const whole = words.join(" ");
  if (["today", "hier", "yesterday"].includes(whole)) {
    const exact = whole === "today" ? today : today - 1;
    return { start: exact, end: exact };
  }
  const french = words.slice(0, 3).join(" ") === "il y a";
  const ago = words.includes("ago") || french;
  const body = french ? words.slice(3) : words;
  const unit = body.find((word) => own(C.UNITS, word) && !(word === "an" && words.includes("ago")));
  if (!unit) return null;
  const length = C.UNITS[unit];
  const now = dateOf(today);
  if (ago) {
    const figures = body.find((word) => /^\d+$/.test(word));
    const spelt = body.find((word) => own(C.NUMBERS, word) && word !== unit);
    const number = Math.min(figures ? Number(figures) : spelt ? C.NUMBERS[spelt] : 1, 10_000);
    // 719163 days lie between the first of all and 1970-01-01.
    const middle = today - Math.min(length * number, today + 719_163 - 800);
    if (length >= 365) return months(dateOf(middle).year, 1, 12);
    const half = Math.floor(length / 2);
    return { start: middle - half, end: middle + half };
  }
  const last = words.some((word) => C.LAST.includes(word));
  if (!last && !words.some((word) => ["cette", "ce", "this"].includes(word))) return null;
  if (length >= 365) return months(now.year - (last ? 1 : 0), 1, 12);
  if (length === 30) {
    const { year, month } = last ? dateOf(today - now.day) : now;
    return months(year, month, 1);
  }
  const monday = today - now.weekday - (last ? 7 : 0);
  return { start: monday, end: monday + 6 };
}
