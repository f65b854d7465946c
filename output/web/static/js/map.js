// The map of places. Names come from sources: they are put in as text, never as markup.
/* global L, topojson */

import { spokenDay } from "./saying.js";

const box = document.getElementById("map");
const filters = document.querySelector(".map-filters");
const said = document.querySelector(".map-count");
const words = box.dataset;
const language = document.documentElement.lang;
const still = matchMedia("(prefers-reduced-motion: reduce)").matches;

/** @param {string} url */
async function read(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return answer.json();
}

/** @param {string} tag @param {string} text @param {string} [name] */
function element(tag, text, name) {
  const made = document.createElement(tag);
  made.textContent = text;
  if (name) made.className = name;
  return made;
}

/** @param {string} node @param {string} text */
function link(node, text) {
  const made = document.createElement("a");
  made.href = `${words.page}${encodeURIComponent(node)}/`;
  made.textContent = text;
  return made;
}

/** What a place's popup says. */
function popup([node, name, kind, town, , , coming]) {
  const made = element("div", "");
  const title = element("strong", "");
  title.append(link(node, name));
  made.append(title);
  const about = [kind, town].filter(Boolean).join(" · ");
  if (about) made.append(element("p", about));
  if (coming.length) {
    const list = document.createElement("ul");
    for (const [event, called, start] of coming) {
      const item = element("li", `${spokenDay(start.slice(0, 10), language)}\u00a0: `);
      item.append(link(event, called));
      list.append(item);
    }
    made.append(list);
  }
  return made;
}

function pin(place) {
  const icon = L.divIcon({ className: place[6].length ? "pin pin-coming" : "pin", iconSize: [24, 24], html: "" });
  const marker = L.marker([place[4], place[5]], { icon, title: place[1], keyboard: true });
  marker.on("add", () => marker.getElement()?.setAttribute("aria-label", place[1]));
  return marker.bindPopup(() => popup(place));
}

function cluster(group) {
  const count = element("span", String(group.getChildCount()));
  count.append(element("span", ` ${words.together}`, "hidden"));
  return L.divIcon({ className: "pin-many", iconSize: [36, 36], html: count });
}

/** Whether a place is of the kind, and has an event in the period, that are chosen. */
function wanted(place, kind, days) {
  if (kind && place[2] !== kind) return false;
  if (!days) return true;
  const last = new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
  return place[6].some(([, , start]) => start.slice(0, 10) <= last);
}

/** Lay a ring that crosses the 180th meridian out beyond it, where else it would run once around the world. */
function unrolled(ring) {
  let turn = 0;
  return ring.map(([x, y], place) => {
    const before = place ? ring[place - 1][0] : x;
    if (x - before > 180) turn -= 360;
    if (x - before < -180) turn += 360;
    return [x + turn, y];
  });
}

/** The countries as shapes, without Antarctica, which a square map cannot show. */
function countries(atlas) {
  const found = topojson.feature(atlas, atlas.objects.countries).features.filter((each) => each.id !== "010");
  for (const { geometry } of found) {
    const shapes = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
    for (const shape of shapes) shape.splice(0, shape.length, ...shape.map(unrolled));
  }
  return found;
}

/** Where most places are: those around the middle one, if they are half of all. */
function most(places) {
  const middle = (axis) => places.map((each) => each[axis]).sort((a, b) => a - b)[places.length >> 1];
  const [y, x] = [middle(4), middle(5)];
  const near = places.filter((each) => Math.hypot(each[4] - y, each[5] - x) < 12);
  return near.length * 2 >= places.length ? near : places;
}

async function draw() {
  const [{ kinds, places }, atlas] = await Promise.all([read(words.places), words.tiles ? null : read(words.land)]);
  box.hidden = false;
  const map = L.map(box, {
    zoomControl: false, worldCopyJump: true, zoomAnimation: !still, fadeAnimation: !still, markerZoomAnimation: !still,
    inertia: !still, minZoom: 2, maxZoom: words.tiles ? 19 : 12,
  });
  map.attributionControl.setPrefix(false);
  L.control.zoom({ zoomInTitle: words.in, zoomOutTitle: words.out }).addTo(map);
  if (words.tiles) {
    L.tileLayer(words.tiles, { attribution: element("i", words.attribution).innerHTML, maxZoom: 19 }).addTo(map);
  } else {
    L.geoJSON(countries(atlas), { interactive: false, style: { className: "land", weight: 1 } }).addTo(map);
  }
  map.on("popupopen", ({ popup: opened }) => {
    opened.getElement().querySelector(".leaflet-popup-close-button")?.setAttribute("aria-label", words.close);
  });
  const group = L.markerClusterGroup({
    animate: !still, showCoverageOnHover: false, maxClusterRadius: 46, iconCreateFunction: cluster,
  });
  const kind = document.getElementById("map-kind");
  const period = document.getElementById("map-period");
  for (const each of kinds) kind.append(new Option(each, each));
  const show = () => {
    const shown = places.filter((place) => wanted(place, kind.value, Number(period.value)));
    group.clearLayers();
    group.addLayers(shown.map(pin));
    said.textContent = `${words.count} ${shown.length.toLocaleString(language)}`;
  };
  filters.addEventListener("change", show);
  filters.addEventListener("submit", (event) => event.preventDefault());
  filters.hidden = false;
  map.setView([46.6, 2.4], 5);
  if (places.length) {
    const bounds = L.latLngBounds(most(places).map((place) => [place[4], place[5]]));
    map.fitBounds(bounds.pad(0.1), { maxZoom: 9, animate: false });
  }
  group.addTo(map);
  show();
}

draw().catch((error) => {
  box.hidden = true;
  filters.hidden = false;
  filters.replaceChildren(element("p", words.failed));
  throw error;
});
