/** How alike what somebody typed is to a name, as output/similarity.py measures it. */

let C = {};

/** Take the constants of output/similarity.py. */
export function setConstants(constants) {
  C = constants;
}

const rows = [new Uint16Array(512), new Uint16Array(512), new Uint16Array(512)];

/** Damerau–Levenshtein distance in its optimal string alignment form; above `most` any number above it. */
export function osa(one, other, most = Infinity) {
  const n = one.length;
  const m = other.length;
  if (Math.abs(n - m) > most) return most + 1;
  if (m + 1 > rows[0].length) for (let k = 0; k < 3; k++) rows[k] = new Uint16Array(2 * m + 2);
  let [before, last, row] = rows;
  for (let j = 0; j <= m; j++) last[j] = j;
  for (let i = 1; i <= n; i++) {
    row[0] = i;
    let least = i;
    const a = one.charCodeAt(i - 1);
    for (let j = 1; j <= m; j++) {
      const b = other.charCodeAt(j - 1);
      let cost = a === b ? last[j - 1] : Math.min(last[j - 1], last[j], row[j - 1]) + 1;
      if (i > 1 && j > 1 && a === other.charCodeAt(j - 2) && one.charCodeAt(i - 2) === b) {
        cost = Math.min(cost, before[j - 2] + 1);
      }
      row[j] = cost;
      if (cost < least) least = cost;
    }
    if (least > most) return most + 1;
    [before, last, row] = [last, row, before];
  }
  return last[m];
}

/** The least distance of a text to any beginning of a word. */
export function osaOfBeginning(text, word) {
  const n = text.length;
  const m = Math.min(word.length, n + 2);
  let [before, last, row] = rows;
  for (let j = 0; j <= m; j++) last[j] = j;
  for (let i = 1; i <= n; i++) {
    row[0] = i;
    const a = text.charCodeAt(i - 1);
    for (let j = 1; j <= m; j++) {
      const b = word.charCodeAt(j - 1);
      let cost = a === b ? last[j - 1] : Math.min(last[j - 1], last[j], row[j - 1]) + 1;
      if (i > 1 && j > 1 && a === word.charCodeAt(j - 2) && text.charCodeAt(i - 2) === b) {
        cost = Math.min(cost, before[j - 2] + 1);
      }
      row[j] = cost;
    }
    [before, last, row] = [last, row, before];
  }
  let least = last[0];
  for (let j = 1; j <= m; j++) if (last[j] < least) least = last[j];
  return least;
}

const normalized = (one, other) => {
  const longest = Math.max(one.length, other.length);
  return longest ? 1 - osa(one, other) / longest : 1;
};

const split = (text) => (text ? text.split(" ") : []);

/** How alike two folded texts are, from 0 to 1: one slip in ten letters is 0.9. */
export function likeness(asked, name) {
  if (asked === name) return 1;
  if (!asked || !name) return 0;
  const whole = normalized(asked, name);
  const one = asked.split(" ");
  const other = name.split(" ");
  if (one.length === 1 && other.length === 1) return Math.max(whole, likeWord(asked, name));
  if (one.length === other.length && [...one].sort().join(" ") === [...other].sort().join(" ")) return C.SWAPPED;
  const joined = C.JOINED * normalized(one.join(""), other.join(""));
  const share = covered(one, other);
  const surplus = Math.max(0, other.length - one.length) / other.length;
  return Math.max(whole, joined, share * (1 - C.UNSAID * surplus) * C.SWAPPED);
}

/** How much of the asked words a name has, each of its words taken once; longer words count for more. */
export function covered(asked, name, least = 0.5) {
  const free = [...name];
  let total = 0;
  let found = 0;
  for (const word of [...asked].sort((a, b) => b.length - a.length)) {
    total += word.length;
    if (!free.length) continue;
    let like = -1;
    let where = 0;
    free.forEach((each, position) => {
      const alike = likeWord(word, each);
      if (alike > like) [like, where] = [alike, position];
    });
    if (like > least) {
      found += word.length * like;
      free.splice(where, 1);
    }
  }
  return total ? found / total : 0;
}

function likeWord(asked, word) {
  if (asked === word) return 1;
  if (asked.length === 1 || word.length === 1) {
    return asked[0] === word[0] && !/\p{Nd}/u.test(asked[0]) ? C.INITIAL : 0;
  }
  const alike = normalized(asked, word);
  return word.startsWith(asked) ? Math.max(alike, C.BEGUN + ((0.95 - C.BEGUN) * asked.length) / word.length) : alike;
}

export { split };
