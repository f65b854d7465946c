"""Finding people one met: from scraps of memory, from a diary, and from both.

``python benchmarks/lookup.py [--data DIR] [--corpus DIR] [--questions 300] [--seeds 5]
[--parts memory diary both known]``

* **memory**: on the corpus of developers' meetings. One talk is remembered: half of the speaker's name (first or last)
  with the conference and the year; or three words of its title with the series and the year, and no name at all. The
  baseline is SQLite FTS5's bm25 over what is known of each person: names, talks, conferences, years.
* **diary**: who was face to face with whom in an office (InVS15, week 1 → contacts of week 2) and at a conference
  (SFHH, day 1 → 2). Evidence is who was in one gathering (all connected within a window of 5, 15 or 60 minutes), each
  seed without a fifth of the gatherings, and the protocol that of the project's ``lookup.md``, §4. Peers rank the same.
* **both**: in the office, one contact is meant; known are the department and the first letter of a given name, the
  gatherings, or both. Asked through ``met`` itself, on an index that was exported for it.
* **known**: on the corpus of developers' meetings, with clues of which some are wrong (``benchmarks/known_items.py``).

Prints JSON; the last result is kept in ``benchmarks/results/lookup.json``.
"""

import argparse
import gzip
import json
import math
import random
import re
import sqlite3
import statistics
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import networkx as nx

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.graphs import Made  # noqa: E402
from benchmarks.known_items import known_items  # noqa: E402
from benchmarks.linking_corpus import CORPUS, Json, prepared, records  # noqa: E402
from output.diary import Entry  # noqa: E402
from output.encounter import Gathering, amounts, encounters, shared  # noqa: E402
from output.exports import index as index_export  # noqa: E402
from output.fold import STOP_WORDS, fold  # noqa: E402
from output.index import Index, open_index  # noqa: E402
from output.met import met  # noqa: E402

RESULTS = ROOT / "benchmarks" / "results" / "lookup.json"
TODAY = date(2026, 11, 1)
DAY = 86_400
KEPT = 0.8  # share of the gatherings that a seed knows of
DEPTH = 50  # answers looked at

Score = Callable[[int], Mapping[int, float]]


def ranks(found: Sequence[str], wanted: str) -> float:
    """Return the reciprocal rank of what was wanted, 0 where it was not found."""
    return 1 / (found.index(wanted) + 1) if wanted in found else 0.0


def summary(reciprocal: Sequence[float]) -> dict[str, float]:
    return {
        "mrr": round(statistics.mean(reciprocal), 3),
        "first": round(statistics.mean(each == 1.0 for each in reciprocal), 3),
        "in_five": round(statistics.mean(each >= 0.2 for each in reciprocal), 3),
    }


# Scraps of memory


def memory(data: Path, corpus: Path, questions: int, seeds: int) -> dict[str, Any]:
    talks = [each for each in records(corpus) if each.get("performer") and each.get("startDate")]
    baseline = _people_in_fts5(talks)
    series = {
        each["id"]: each["superEvent"]["name"]
        for each in records(corpus)
        if each["type"] == "Event" and each.get("superEvent", {}).get("type") == "EventSeries"
    }
    result: dict[str, Any] = {}
    with open_index(prepared(data, corpus)) as index:
        for kind in ("half a name, event, year", "topic, series, year"):
            figures: defaultdict[str, list[dict[str, float]]] = defaultdict(list)
            said: list[tuple[float, bool]] = []
            for seed in range(seeds):
                chance = random.Random(seed)
                asked = [remembered(kind, chance.choice(talks), series, chance) for _ in range(questions // seeds)]
                ours = []
                for clues, name in asked:
                    found = met(index, **clues, limit=DEPTH, today=TODAY).people
                    ours.append(ranks([fold(each.name) for each in found], name))
                    if found:
                        said.append((found[0].score, ours[-1] == 1.0))
                figures["ours"].append(summary(ours))
                words = [" ".join(clues.values()) for clues, _ in asked]
                theirs = [ranks(baseline(text), name) for text, (_, name) in zip(words, asked, strict=True)]
                figures["fts5 bm25"].append(summary(theirs))
            result[kind] = {"questions": questions, **{name: _over(each) for name, each in figures.items()}}
            result[kind]["score of the first, and how often it is right"] = _calibration(said)
            print(kind, json.dumps(result[kind]), file=sys.stderr)
    return result


def _calibration(said: Sequence[tuple[float, bool]]) -> list[dict[str, float]]:
    """Return for four bands of the first answer's score how many there were, their mean and how often it was right."""
    bands = []
    for low in (0.0, 0.25, 0.5, 0.75):
        inside = [(score, right) for score, right in said if low <= score < low + 0.25 or (low == 0.75 and score == 1)]
        if inside:
            score, right = (statistics.mean(each) for each in zip(*inside, strict=True))
            bands.append({"from": low, "answers": len(inside), "score": round(score, 2), "right": round(right, 2)})
    return bands


def remembered(kind: str, talk: Json, series: Mapping[str, str], chance: random.Random) -> tuple[dict[str, str], str]:
    """Return clues to the speaker of a talk, and the speaker's folded name."""
    name = chance.choice(talk["performer"])["name"]
    conference = talk["superEvent"]
    year = talk["startDate"][:4]
    if kind.startswith("half"):
        parts = name.split()
        half = chance.choice((parts[0], parts[-1]))
        return {"name": half, "at": conference["name"], "when": year}, fold(name)
    words = [word for word in fold(talk["name"]).split() if len(word) > 2 and word not in STOP_WORDS]
    topic = " ".join(chance.sample(words, min(3, len(words)))) or talk["name"]
    whole = series.get(conference["id"]) or re.sub(r"\s*\b(19|20)\d\d\b", "", conference["name"]) or conference["name"]
    return {"about": topic, "at": whole, "when": year}, fold(name)


def _people_in_fts5(talks: Iterable[Json]) -> Callable[[str], list[str]]:
    known: defaultdict[str, list[str]] = defaultdict(list)
    for talk in talks:
        for person in talk["performer"]:
            said = (talk["name"], talk["superEvent"]["name"], talk["startDate"][:4])
            known[fold(person["name"])] += said
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE person USING fts5 (name, text)")
    database.executemany(
        "INSERT INTO person VALUES (?, ?)", ((name, fold(" ".join(said))) for name, said in known.items())
    )

    def find(query: str) -> list[str]:
        match = " OR ".join(f'"{word}"' for word in dict.fromkeys(fold(query).split()))
        rows = database.execute("SELECT name FROM person WHERE person MATCH ? ORDER BY rank LIMIT ?", (match, DEPTH))
        return [row[0] for row in rows]

    return find


def _over(figures: Sequence[Mapping[str, float]]) -> dict[str, Any]:
    """Return the mean and the spread (standard deviation) of each figure over the seeds."""
    return {
        key: {
            "mean": round(statistics.mean(each[key] for each in figures), 3),
            "spread": round(statistics.stdev([each[key] for each in figures]), 3) if len(figures) > 1 else 0.0,
        }
        for key in figures[0]
    }


# Diaries

Contacts = list[tuple[int, int, int]]  # second, person, person


def contacts(corpus: Path, name: str) -> Contacts:
    with gzip.open(corpus / "lookup" / f"{name}_tij.dat.gz", "rt") as file:
        return [(int(t), int(i), int(j)) for t, i, j, *_ in map(str.split, file)]


def gatherings(met_then: Contacts, window: int) -> list[tuple[int, frozenset[int]]]:
    """Return who was together: all who are connected by contacts within a window of so many seconds."""
    by_window: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for second, one, other in met_then:
        by_window[second // window].append((one, other))
    return [
        (number * window, frozenset(group))
        for number, pairs in sorted(by_window.items())
        for group in nx.connected_components(nx.Graph(pairs))
    ]


def baselines(events: Sequence[tuple[int, frozenset[int]]], chance: random.Random) -> dict[str, Score]:
    """Return the scores that others rank by, each a function of the person who asks."""
    at: defaultdict[int, list[frozenset[int]]] = defaultdict(list)
    for _, group in events:
        for person in group:
            at[person].append(group)
    projected: Any = nx.Graph()
    projected.add_edges_from((one, other) for _, group in events for one in group for other in group if one < other)
    people = sorted(at)

    def summed(weight: Callable[[int], float], cosine: bool = False) -> Score:
        def score(me: int) -> Mapping[int, float]:
            found: Counter[int] = Counter()
            for group in at[me]:
                for person in group - {me}:
                    found[person] += weight(len(group))  # type: ignore[assignment]
            return {each: value / math.sqrt(len(at[each])) if cosine else value for each, value in found.items()}

        return score

    def adamic_adar(me: int) -> Mapping[int, float]:
        found: Counter[int] = Counter()
        for between in projected.adj.get(me, ()):
            for other in projected.adj[between]:
                found[other] += 1 / math.log(max(2, len(projected.adj[between])))  # type: ignore[assignment]
        return found

    return {
        "random": lambda _: {person: chance.random() for person in people},
        "count": summed(lambda _: 1.0),
        "Σ 1/(n−1)": summed(lambda n: 1 / (n - 1)),
        "Σ 1/n": summed(lambda n: 1 / n),
        "Σ 1/(n−1), cosine": summed(lambda n: 1 / (n - 1), cosine=True),
        "projected Adamic–Adar": adamic_adar,
    }


def ours(events: Sequence[tuple[int, frozenset[int]]]) -> Score:
    """Return the product's score; the asker is one of those in the gatherings."""
    at: defaultdict[int, list[Gathering]] = defaultdict(list)
    for second, group in events:
        gathering = Gathering(dict.fromkeys(group, "attendee"), second // DAY)
        for person in group:
            at[person].append(gathering)
    around = {person: shared(amounts(((each, 1.0) for each in several), person)) for person, several in at.items()}
    return lambda me: encounters(around[me], around, me)


def judged(
    score: Score, truth: Mapping[int, set[int]], people: Sequence[int], chance: random.Random
) -> dict[str, float]:
    """Return the means over those who ask of average precision, reciprocal rank and recall in ten; ties at random."""
    precision, reciprocal, recall = [], [], []
    for me, wanted in truth.items():
        scores = score(me)
        others = [person for person in people if person != me]
        chance.shuffle(others)
        others.sort(key=lambda person: -scores.get(person, 0.0))
        places = [place for place, person in enumerate(others, 1) if person in wanted]
        precision.append(sum(hits / place for hits, place in enumerate(places, 1)) / len(wanted))
        reciprocal.append(1 / places[0])
        recall.append(sum(place <= 10 for place in places) / len(wanted))
    means = (statistics.mean(each) for each in (precision, reciprocal, recall))
    return dict(zip(("map", "mrr", "recall_in_ten"), (round(each, 4) for each in means), strict=True))


@dataclass(frozen=True)
class Case:
    """Gatherings before a moment, and who was face to face with whom after it."""

    gatherings: list[tuple[int, frozenset[int]]]
    later: Mapping[int, set[int]]

    @classmethod
    def of(cls, corpus: Path, file: str, split: int, minutes: int) -> "Case":
        all_contacts = contacts(corpus, file)
        later: defaultdict[int, set[int]] = defaultdict(set)
        for second, one, other in all_contacts:
            if second >= split:
                later[one].add(other)
                later[other].add(one)
        return cls(gatherings([each for each in all_contacts if each[0] < split], minutes * 60), later)

    def figures(self, seed: int, engines: Sequence[str] = ()) -> dict[str, dict[str, float]]:
        """Return each engine's figures where a share of the gatherings is known, other ones with each seed."""
        chance = random.Random(seed)
        events = [each for each in self.gatherings if chance.random() < KEPT]
        seen = {person for _, group in events for person in group}
        people = sorted(seen | set(self.later))
        truth = {me: self.later[me] for me in people if me in seen and self.later.get(me)}
        scores = {"ours": ours(events), **baselines(events, chance)}
        return {
            engine: judged(score, truth, people, random.Random(seed))
            for engine, score in scores.items()
            if not engines or engine in engines
        }


def diaries(corpus: Path, seeds: int) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for name, file, split in (("InVS15", "workplace_InVS15", 7 * DAY), ("SFHH", "SFHH", DAY)):
        for minutes in (5, 15, 60):
            case = Case.of(corpus, file, split, minutes)
            by_engine: defaultdict[str, list[dict[str, float]]] = defaultdict(list)
            for seed in range(seeds):
                for engine, figures in case.figures(seed).items():
                    by_engine[engine].append(figures)
            size = round(statistics.mean(len(group) for _, group in case.gatherings), 1)
            over = {engine: _over(figures) for engine, figures in by_engine.items()}
            result[f"{name}, {minutes} min"] = {"gatherings": len(case.gatherings), "mean size": size, **over}
            means = {engine: {key: each["mean"] for key, each in figures.items()} for engine, figures in over.items()}
            print(f"{name}, {minutes} min", json.dumps(means, ensure_ascii=False), file=sys.stderr)
    return result


# A diary and clues


FIRST_NAMES = (
    "Adèle Bruno Chloé Denis Elsa Fabien Gaëlle Hugo Inès Jules Karine Loïc Maëlle Nathan Odile Pierre Quentin Rose "
    "Simon Théo Ursule Victor Wanda Xavier Yann Zoé"
).split()


def office(corpus: Path, minutes: int, folder: Path) -> dict[str, Any]:
    """Export an index of the office's first week; return who is in it, what took place, and who met later."""
    all_contacts = contacts(corpus, "workplace_InVS15")
    events = gatherings([each for each in all_contacts if each[0] < 7 * DAY], minutes * 60)
    rows = (corpus / "lookup" / "workplace_InVS15_metadata.txt").read_text().split("\n")
    department = {int(row.split()[0]): row.split()[1] for row in rows if row.strip()}
    chance = random.Random(11)
    names = {person: f"{chance.choice(FIRST_NAMES)} Numéro{person}" for person in sorted(department)}
    made = Made("office")
    groups = {
        name: made.node("Organization", number, name) for number, name in enumerate(sorted(set(department.values())))
    }
    for person, name in names.items():
        node = made.node("Person", person, name)
        made.edge(node, groups[department[person]], "worksFor")
    entries = {}
    for number, (second, group) in enumerate(events):
        start = datetime(2015, 6, 22, tzinfo=UTC) + timedelta(seconds=second)
        title = "".join(chance.choices("abcdefghijklmnop", k=9))  # as unlike others as a real meeting's
        event = made.node("Event", number, title, startDate=start.isoformat())
        for person in group:
            if person in names:
                made.edge(event, f"person-{person:012x}", "attendee")
        entries[number] = Entry(start.date(), start.date(), start, start, "", title)
    (folder / "export").mkdir()
    index_export.write(made.graph, folder, folder / "export" / "index.sqlite")
    later: defaultdict[int, set[int]] = defaultdict(set)
    for second, one, other in all_contacts:
        if second >= 7 * DAY:
            later[one].add(other)
            later[other].add(one)
    return {"names": names, "department": department, "events": events, "entries": entries, "later": later}


def both(corpus: Path, questions: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        known = office(corpus, 15, Path(folder))
        names, department = known["names"], known["department"]
        chance = random.Random(5)
        present = {person for _, group in known["events"] for person in group}
        askers = [me for me in sorted(known["later"]) if me in names and me in present]
        figures: defaultdict[str, list[float]] = defaultdict(list)
        with open_index(Path(folder)) as index:
            for _ in range(questions):
                me = chance.choice(askers)
                target = chance.choice(sorted(known["later"][me] & set(names)) or [me])
                diary = [known["entries"][n] for n, (_, group) in enumerate(known["events"]) if me in group]
                clues = {"about": department[target], "name": names[target][0]}
                for kind, given, mine in (
                    ("clues alone", clues, []),
                    ("diary alone", {}, diary),
                    ("both", clues, diary),
                ):
                    figures[kind].append(_found(index, given, mine, names[me], names[target]))
                order = [name for person, name in names.items() if person != me]
                chance.shuffle(order)
                figures["random"].append(ranks(order, names[target]))
    result = {"questions": questions, **{kind: summary(each) for kind, each in figures.items()}}
    print(json.dumps(result), file=sys.stderr)
    return result


def _found(index: Index, clues: Mapping[str, str], diary: Sequence[Entry], me: str, wanted: str) -> float:
    found = [each.name for each in met(index, **clues, diary=diary, limit=300, today=TODAY)]
    return ranks([name for name in found if name != me], wanted)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="keep the linked corpus here")
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    parser.add_argument("--questions", type=int, default=300)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--parts", nargs="*", default=["memory", "diary", "both", "known"])
    options = parser.parse_args()
    result: dict[str, Any] = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    if "diary" in options.parts:
        result["diary"] = diaries(options.corpus, options.seeds)
    if "both" in options.parts:
        result["both"] = both(options.corpus, options.questions)
    with tempfile.TemporaryDirectory() as folder:
        data = options.data or Path(folder)
        if "memory" in options.parts:
            result["memory"] = memory(data, options.corpus, options.questions, options.seeds)
        if "known" in options.parts:
            result["known"] = known_items(data, options.corpus, options.questions)
            print("known", json.dumps(result["known"], ensure_ascii=False), file=sys.stderr)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=2, ensure_ascii=False))


if __name__ == "__main__":
    main()
