/** What several pages say in the same way. */

/**
 * The day, month or year of a date, as precisely as it is stated, in the event's own zone: "1er novembre 2012".
 * @param {string} stated
 * @param {string} language of the page
 * @param {"long"|"short"} month how months are written beside a day
 */
export function spokenDay(stated, language, month = "long") {
  if (stated.length < 7) return stated;
  const [year, number, day] = stated.slice(0, 10).split("-").map(Number);
  const shown = day ? { day: "numeric", month, year: "numeric" } : { month: "long", year: "numeric" };
  const written = new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, { ...shown, timeZone: "UTC" });
  const said = written.format(Date.UTC(year, number - 1, day || 1));
  return language === "fr" ? said.replace(/^1 /, "1er ") : said; // the first, and no other, is counted
}
