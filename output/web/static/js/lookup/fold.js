/** One way of folding text, as output/fold.py has it: for the index and for what is asked of it. */

const LIGATURES = { œ: "oe", Œ: "OE", æ: "ae", Æ: "AE", ß: "ss", ø: "o", Ø: "O", ł: "l", Ł: "L" };
let stopWords = new Set();
let elisions = new Set();

/** Take the words that say nothing from the constants of output/fold.py. */
export function setWords(constants) {
  stopWords = new Set(constants.STOP_WORDS);
  elisions = new Set(constants.ELISIONS);
}

// C++ and C# are other things than C.
const SIGNED = /(?<![\p{L}\p{N}])([A-Za-z])(\+\+|#(?![\p{L}\p{N}]))/gu;

/** The words of a text, lower case, without accents, ligatures or punctuation, split by single blanks. */
export function fold(text) {
  const plain = text
    .replace(SIGNED, (_, letter, sign) => `${letter}${sign === "#" ? "sharp" : "plusplus"} `)
    .replace(/[œŒæÆßøØłŁ]/g, (letter) => LIGATURES[letter])
    .normalize("NFKD")
    .toLowerCase()
    .replace(/ς/g, "σ")
    .replace(/\p{M}/gu, "");
  return (plain.match(/[\p{L}\p{N}]+/gu) || []).join(" ");
}

/** The folded words that say something; all of them where none would be left. */
export function words(text) {
  const all = fold(text).split(" ").filter(Boolean);
  const kept = all.filter((word) => !stopWords.has(word) && !elisions.has(word));
  return kept.length ? kept : all;
}
