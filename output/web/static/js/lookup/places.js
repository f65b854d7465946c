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
  const comma = text.indexOf(",");
  const name = (comma < 0 ? text : text.slice(0, comma)).trim();
  const whole = comma < 0 ? "" : text.slice(comma + 1).trim();
  const town = fold(name);
  const within = graph.constants.near.ONE_TOWN;
  const { places, known: anything } = townsOf(graph);
  const known = whole ? [] : (places.get(town) ?? []);
  if (known.length) {
    const middle = [0, 1].map((k) => known.reduce((sum, point) => sum + point[k], 0) / known.length);
    if (known.every((point) => distance(graph, point, middle) < within)) return { town, point: middle };
  }
  const towns = gazetteer(graph, name, whole);
  const points = towns.map((each) => each.point);
  if (known.length) {
    let best = null;
    let most = -1;
    for (const point of [...points, ...known]) {
      const near = known.filter((each) => distance(graph, point, each) < within).length;
      if (near > most) [best, most] = [point, near];
    }
    return { town, point: best };
  }
  if (towns.length) return { town, point: points[0], territory: whole && towns[0].code };
  return anything.has(town) ? { town, point: null, territory: whole.toUpperCase() } : null;
}

/** The points of the places in each town of the graph, and all the towns that anything is in. */
function townsOf(graph) {
  if (!graph.townsKnown) {
    const places = new Map();
    const known = new Set();
    for (let number = 1; number <= graph.size; number++) {
      const city = graph.cityOf(number);
      if (!city) continue;
      known.add(city);
      const points = graph.typeOf(number) === "Place" ? graph.points.get(number) : undefined;
      if (points) places.set(city, [...(places.get(city) ?? []), ...points].slice(0, 100));
    }
    graph.townsKnown = { places, known };
  }
  return graph.townsKnown;
}

function gazetteer(graph, name, whole) {
  const { towns } = graph;
  const words = fold(name.replaceAll("/", " ")).split(" ");
  const key = words.map((word) => (Object.hasOwn(ABBREVIATIONS, word) ? ABBREVIATIONS[word] : word)).join(" ");
  const code = whole.toUpperCase();
  const codesOf = (number) => towns.codes.of(number + 1).map((each) => towns.codes.values[each - 1]);
  const wanted = (number) => {
    const codes = codesOf(number);
    return !code || (code.includes("-") ? codes.slice(1).includes(code) : codes[0] === code);
  };
  const found = towns.names.get(key.replace(POSTAL_TAIL, "")) ?? [];
  return found.filter(wanted).map((number) => {
    const [country, region] = codesOf(number);
    return { point: [towns.latitude[number], towns.longitude[number]], code: region ?? country };
  });
}
