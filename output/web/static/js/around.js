// The picture of what is around: events by time, a lane for each place; what has no day stands below.
// Names come from sources: d3's text() and attr() put them in as text, never as markup.
/* global d3 */

const box = document.getElementById("picture");
const said = document.querySelector(".picture-said");
const picture = JSON.parse(document.getElementById("around").textContent);
const language = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang;

const LANE = 68;
const TOP = 52; // above the first lane: its name, and the word for today
const ROW = 30;
const EDGE = 16;
// A shape for each type, so that colour alone tells nothing.
const SHAPES = {
  Person: "M0,-8A8,8 0 1,1 0,8A8,8 0 1,1 0,-8Z",
  Place: "M-8,-8H8V8H-8Z",
  Event: "M-6,-8H6L9,0L6,8H-6L-9,0Z",
  EventSeries: "M-9,-8H5L9,8H-5Z",
  Organization: "M0,-10L10,0L0,10L-10,0Z",
};

/** @param {string} text @param {number} width in pixels */
function fitted(text, width) {
  const most = Math.max(4, Math.floor(width / 7.2));
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

/** Days of marks that would lie on each other are laid out up and down. */
function spread(events, x) {
  const last = new Map();
  return events.map((event) => {
    const at = x(new Date(event.start));
    const before = last.get(event.lane);
    const step = before && at - before.at < 14 ? (before.step + 1) % 3 : 0;
    last.set(event.lane, { at, step });
    return { ...event, at, y: TOP + event.lane * LANE + [0, -15, 15][step] };
  });
}

function say(thing) {
  said.textContent = [thing.name, thing.when, thing.kind].filter(Boolean).join(" · ");
}

function linked(selection) {
  const made = selection.append("a").attr("href", (each) => each.href)
    .attr("aria-label", (each) => [each.name, each.when, each.kind].filter(Boolean).join(", "))
    .on("focus mouseenter", (_, each) => say(each));
  made.append("title").text((each) => [each.name, each.when].filter(Boolean).join(", "));
  return made;
}

function draw() {
  const { events, others, lanes, today } = picture;
  if (!events.length && !others.length) return;
  box.hidden = false;
  const width = Math.max(280, box.clientWidth);
  const columns = Math.max(1, Math.floor(width / 220));
  const timed = events.length ? TOP + lanes.length * LANE + 20 : 0;
  const height = timed + (others.length ? 24 + Math.ceil(others.length / columns) * ROW : 0) + EDGE;
  const svg = d3.select(box).html("").append("svg").attr("viewBox", `0 0 ${width} ${height}`);
  if (events.length) {
    const days = [...events.map((each) => new Date(each.start)), new Date(today)];
    const first = Math.min(...days), last = Math.max(...days);
    const margin = Math.max(86_400_000 * 15, (last - first) * 0.03);
    const x = d3.scaleUtc().domain([first - margin, last + margin]).range([EDGE, width - EDGE]);
    lanes.forEach((lane, number) => {
      const y = TOP + number * LANE;
      svg.append("line").attr("class", "lane").attr("x1", EDGE).attr("x2", width - EDGE).attr("y1", y).attr("y2", y);
      svg.append("text").attr("x", EDGE).attr("y", y - 28).text(fitted(lane, width - 2 * EDGE));
    });
    const bottom = TOP + (lanes.length - 1) * LANE + 32;
    const years = (last - first) / 31_557_600_000 > 2;
    const written = new Intl.DateTimeFormat(language, years ? { year: "numeric", timeZone: "UTC" } : { month: "short", year: "numeric", timeZone: "UTC" });
    const ticks = years ? d3.utcYear.every(Math.ceil((last - first) / 31_557_600_000 / (width / 70))) : Math.max(2, Math.floor(width / 120));
    svg.append("g").attr("transform", `translate(0,${bottom})`).call(d3.axisBottom(x).ticks(ticks).tickFormat((at) => written.format(at)));
    const now = x(new Date(today));
    svg.append("line").attr("class", "today").attr("x1", now).attr("x2", now).attr("y1", 4).attr("y2", bottom);
    svg.append("text").attr("x", now > width / 2 ? now - 4 : now + 4).attr("y", 10).attr("text-anchor", now > width / 2 ? "end" : "start").text(box.dataset.today);
    const marks = svg.selectAll(".event").data(spread(events, x)).enter().append("g")
      .attr("class", (each) => (each.coming ? "event coming" : "event")).attr("transform", (each) => `translate(${each.at},${each.y})`);
    linked(marks).append("path").attr("class", "mark").attr("d", (each) => SHAPES[each.type]);
  }
  if (others.length) {
    svg.append("text").attr("x", EDGE).attr("y", timed + 10).text(box.dataset.undated);
    const column = (width - EDGE) / columns;
    const marks = svg.selectAll(".other").data(others).enter().append("g").attr("class", "other")
      .attr("transform", (_, number) => `translate(${EDGE + 10 + (number % columns) * column},${timed + 32 + Math.floor(number / columns) * ROW})`);
    const links = linked(marks);
    links.append("path").attr("class", "mark").attr("d", (each) => SHAPES[each.type]);
    links.append("text").attr("x", 16).attr("y", 4).text((each) => fitted(each.name, column - 40));
  }
}

let drawn = 0;
new ResizeObserver(() => {
  const width = box.parentElement.clientWidth;
  if (width === drawn) return;
  drawn = width;
  draw();
}).observe(box.parentElement);
