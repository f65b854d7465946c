/** The columns that output/exports/lookup.py writes, made into what queries read. */

/** Numbers from their differences. */
export function sums(deltas) {
  const found = new Int32Array(deltas.length);
  let number = 0;
  for (let k = 0; k < deltas.length; k++) found[k] = number += deltas[k];
  return found;
}

/** A list of one value a node, from 1, of which 0 is none. */
export function coded({ values, at }) {
  return { values, at: Int32Array.from([0, ...at]) };
}

/** Several values a node: a function of the node's number to the numbers of its values, from 1. */
export function several({ values, at }) {
  const nothing = [];
  const of = (number) => {
    const stated = at[number - 1];
    return stated === 0 ? nothing : typeof stated === "number" ? [stated] : stated;
  };
  return { values, of };
}

/** Values that only some have: a Map by number. */
export function sparse({ at, values }) {
  const found = new Map();
  sums(at).forEach((number, k) => found.set(number, values[k]));
  return found;
}
