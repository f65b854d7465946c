/** Search over the graph in the browser, ranked as output/search.py ranks. */

import { conditions } from "./filters.js";
import { candidates, matching } from "./matching.js";
import { parse } from "./query.js";

/**
 * @param {import("./graph.js").Graph} graph
 * @param {string} query
 * @param {{type?: string, year?: string, place?: string, region?: string, source?: string, series?: string, near?: string,
 *   within?: number, from?: string, to?: string, limit?: number, facets?: boolean}} options
 * @returns {{results: object[], total: number|null, facets: object|null, unread: string[]}} with the options that could
 *   not be used; near a town, `total` and `facets` count the corners of the box around the circle too
 */
export function search(graph, query, options = {}) {
  const asked = parse(query, graph.constants.query);
  const { queries, near, wide, unread } = conditions(graph, options);
  const exactly = /^[a-z]+-[0-9a-f]+$/.test(query.trim()) ? graph.id.indexOf(query.trim()) : -1;
  const limit = options.limit ?? 10;
  const found =
    exactly > 0
      ? [{ number: exactly, score: 1 }]
      : candidates(graph, asked, queries, limit * (wide ? graph.constants.search.SPARE : 1))
          .filter(({ number }) => near(number))
          .slice(0, limit);
  const results = found.map(({ number, score }) => ({
    id: graph.id[number],
    type: graph.typeOf(number),
    name: graph.name[number],
    date: graph.start[number],
    town: townOf(graph, number),
    status: graph.status.get(number) ?? null,
    score,
  }));
  if (!options.facets) return { results, total: null, facets: null, unread };
  const all = matching(graph, asked, queries);
  return { results, total: all.length, facets: facets(graph, all), unread };
}

/** The town of a place or an event; of others where they were, if that is one town. */
function townOf(graph, number) {
  const places = graph.kept.place.of(number);
  return places.length === 1 ? graph.kept.place.values[places[0] - 1] : null;
}

function facets(graph, numbers) {
  const most = graph.constants.search.FACETS;
  const found = {};
  for (const field of Object.keys(most)) {
    const { values } = field === "type" ? graph.type : graph.kept[field];
    const count = new Uint32Array(values.length + 1);
    for (const number of numbers) {
      if (field === "type") count[graph.type.at[number]]++;
      else for (const value of graph.kept[field].of(number)) count[value]++;
    }
    found[field] = values
      .map((value, k) => [value, count[k + 1]])
      .filter(([, n]) => n)
      .sort((one, other) => other[1] - one[1])
      .slice(0, most[field]);
  }
  return found;
}
