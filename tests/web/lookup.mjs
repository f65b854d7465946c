// Answers questions with the browser's own modules, for a test that compares them with Python's: node lookup.mjs FILE
import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const asked = JSON.parse(readFileSync(process.argv[2], "utf8"));
const from = (name) => import(pathToFileURL(`${asked.js}/lookup/${name}.js`));
const json = (path) => JSON.parse(readFileSync(path, "utf8"));
const { Graph } = await from("graph");
const { search } = await from("search");
const { met } = await from("met");
const { parse } = await from("periods");
const { read, DiaryError } = await from("diary");

const constants = asked.constants;
const answers = { search: [], met: [], periods: [], diaries: [] };
const here = asked.data;
const graph = new Graph(constants, json(`${here}/names.json`), asked.now);
graph.addTexts(json(`${here}/texts.json`));
graph.addFilters(json(`${here}/filters.json`), json(`${here}/towns.json`));
graph.addLinks(json(`${here}/links.json`));
for (const { query, limit, ...filters } of asked.search) {
  answers.search.push(search(graph, query, { limit, facets: true, ...filters }));
}
for (const { clues, diary, limit } of asked.met) {
  answers.met.push(met(graph, clues, diary, { limit, today: asked.today }));
}
for (const text of asked.periods) answers.periods.push(parse(text, asked.today, constants.periods));
for (const { name, text } of asked.diaries) {
  try {
    answers.diaries.push(read(name, text, constants, asked.now));
  } catch (error) {
    if (!(error instanceof DiaryError)) throw error;
    answers.diaries.push({ reason: error.reason, line: error.line });
  }
}
writeFileSync(asked.to, JSON.stringify(answers));
