/** Days, as numbers from 1970-01-01. */

export const DAY = 86_400_000;

/** The number of a day of the (proleptic) Gregorian calendar. */
export function dayOf(year, month, day) {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return Math.round(date.getTime() / DAY);
}
