/** What a person types into a search field, taken apart as output/query.py does. */

import { fold, words } from "./fold.js";

const PART =
  /(?<sign>(?<!\S)[-−])?(?:(?<field>[\p{L}]+):)?(?:"(?<phrase>[^"]*)"?|“(?<quoted>[^”]*)”?|«(?<french>[^»]*)»?|(?<word>[^\s"“«]+))/gu;

/**
 * @param {string} typed
 * @param {{FIELDS: object, TYPES: object}} vocabulary of output/query.py
 * @returns {{words: string[], must: object[], mustNot: object[], text: string, whole: string}}
 */
export function parse(typed, { FIELDS, TYPES }) {
  const loose = [];
  const must = [];
  const mustNot = [];
  for (const { groups } of typed.matchAll(PART)) {
    const quoted = groups.phrase ?? groups.quoted ?? groups.french;
    const named = groups.field;
    const known = named && Object.hasOwn(FIELDS, named.toLowerCase()) ? FIELDS[named.toLowerCase()] : null;
    let text = quoted ?? groups.word;
    if (named && known === null && quoted === undefined) text = `${named} ${text}`;
    if (!fold(text)) continue;
    if (known === "type" && Object.hasOwn(TYPES, fold(text))) text = TYPES[fold(text)];
    const clause = { field: known, text: text.trim() };
    if (groups.sign) mustNot.push(clause);
    else if (known !== null || quoted !== undefined) must.push(clause);
    else loose.push(text);
  }
  const text = loose.join(" ");
  return asked(fold(text) ? words(text) : [], text, must, mustNot);
}

/** A query of words that were taken apart already. */
export function asked(found, text, must = [], mustNot = []) {
  return { words: found, must, mustNot, text, whole: fold(text) };
}
