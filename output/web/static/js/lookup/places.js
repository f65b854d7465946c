/** Where something is, as output/near.py tells: a town's point, and distances on the globe. */

import { fold } from "./fold.js";

const POINT = /^\s*(-?\d+(?:\.\d+)?)\s*,\s*(-?\d+(?:\.\d+)?)\s*$/;
const ABBREVIATIONS = { fd: "ferrand", st: "saint", ste: "sainte", sts: "saints", stes: "saintes", s: "sur", ss: "sous" };
const POSTAL_TAIL = / (?:cedex(?: \d{1,2})?|\d{1,2} ?(?:er|e|eme|nd|nde)?(?: arrondissement)?)$/;

const radians = (degrees) => (degrees * Math.PI) / 180;

/** The great-circle distance in kilometres of two points (latitude, longitude in degrees). */
export function distance(graph, [one, east], [other, west]) {
  const half =
    Math.sin((radians(other) - radians(one)) / 2) ** 2 +
    Math.cos(radians(one)) * Math.cos(radians(other)) * Math.sin((radians(west) - radians(east)) / 2) ** 2;
  return 2 * graph.constants.near.EARTH * Math.asin(Math.min(1, Math.sqrt(half)));
}

/** The southern and northern latitudes, and the western and eastern longitudes, of a circle's box. */
export function box(graph, [latitude, longitude], within) {
  const north = within / graph.constants.near.DEGREE;
  const east = Math.min(180, north / Math.max(0.01, Math.cos(radians(Math.min(89, Math.abs(latitude) + north)))));
  return [
    [latitude - north, latitude + north],
    [longitude - east, longitude + east],
  ];
}

/** The place that words mean, `{town, point, territory}`, as output/near.py has it; null where no town is called so. */
export function locate(graph, text) {
  const match = POINT.exec(text);
  if (match) {
    const point = [Number(match[1]), Number(match[2])];
    return Math.abs(point[0]) > 90 || Math.abs(point[1]) > 180 ? null : { town: "", point };
  }
  const [name, ...parts] = text.split(",").map((part) => part.trim());
  const wholes = parts.filter(Boolean);
  if (wholes.length) return inside(graph, name, wholes);
  const town = fold(name);
  const within = graph.constants.near.ONE_TOWN;
  const { places, known: anything } = townsOf(graph);
  const known = places.get(town) ?? [];
  if (known.length) {
    const middle = [0, 1].map((k) => known.reduce((sum, point) => sum + point[k], 0) / known.length);
    if (known.every((point) => distance(graph, point, middle) < within)) return { town, point: middle };
  }
  const points = gazetteer(graph, name).map((each) => each.point);
  if (known.length) {
    let best = null;
    let most = -1;
    for (const point of [...points, ...known]) {
      const near = known.filter((each) => distance(graph, point, each) < within).length;
      if (near > most) [best, most] = [point, near];
    }
    return { town, point: best };
  }
  if (points.length) return { town, point: points[0] };
  return anything.has(town) ? { town, point: null } : null;
}

/** The town of a name in all the countries and regions that are said, the largest of several. */
function inside(graph, name, wholes) {
  const town = fold(name);
  const meant = wholes.map((whole) => codesOf(graph, whole));
  const towns = gazetteer(graph, name);
  for (const { point, codes } of towns) {
    if (meant.every((said) => said.some((code) => codes.includes(code)))) {
      return { town, point, territory: codes[1] ?? codes[0] };
    }
  }
  const there = townsOf(graph).territories;
  const stated = wholes.map((whole) => whole.toUpperCase()).find((code) => there.has(`${town}, ${code}`));
  if (stated) return { town, point: null, territory: stated };
  if (towns.length || !meant.every((said) => said.length) || !townsOf(graph).known.has(town)) return null;
  return { town, point: null, territory: meant.find((said) => said.length === 1)?.[0] ?? "" };
}

/** The codes that words for a country or region may mean. */
function codesOf(graph, text) {
  const words = fold(text).split(" ");
  return graph.towns.territories.get(words.join(words.every((word) => word.length === 1) ? "" : " ")) ?? [];
}

/** The points of the places in each town of the graph, all the towns that anything is in, and in which regions. */
function townsOf(graph) {
  if (!graph.townsKnown) {
    const places = new Map();
    const known = new Set();
    const territories = new Set();
    for (let number = 1; number <= graph.size; number++) {
      const city = graph.cityOf(number);
      if (!city) continue;
      known.add(city);
      if (graph.territory.has(number)) territories.add(`${city}, ${graph.territory.get(number)}`);
      const points = graph.typeOf(number) === "Place" ? graph.points.get(number) : undefined;
      if (points) places.set(city, [...(places.get(city) ?? []), ...points].slice(0, 100));
    }
    graph.townsKnown = { places, known, territories };
  }
  return graph.townsKnown;
}

/** The towns of a name, the largest first: their points, and the codes of their country, region and département. */
function gazetteer(graph, name) {
  const { towns } = graph;
  const words = fold(name.replaceAll("/", " ")).split(" ");
  const key = words.map((word) => (Object.hasOwn(ABBREVIATIONS, word) ? ABBREVIATIONS[word] : word)).join(" ");
  return (towns.names.get(key.replace(POSTAL_TAIL, "")) ?? []).map((number) => ({
    point: [towns.latitude[number], towns.longitude[number]],
    codes: towns.codes.of(number + 1).map((each) => towns.codes.values[each - 1]),
  }));
}
