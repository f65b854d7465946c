"""Finding names with slips in them, beside what else could do it, on the corpus and among a million documents.

``python benchmarks/search.py [--data DIR] [--corpus DIR] [--documents 1000000] [--queries 500] [--seeds 3]
[--parts corpus large build]``

Queries are names of people in the index after one or two random edits: a letter (or blank) missing, added, changed, or
two neighbours swapped, anywhere, the first letter included. Ours searches all types of nodes; each peer has the same
names, and nothing else to get in its way. Building is measured beside tantivy's own: with its defaults (as many threads
as it likes) for the names alone and for names and texts, and with the documents that ours makes of the graph, ready as
JSON, the same fields and one thread. Ours has the graph to begin with. Times are of this machine, whatever else runs on
it: all engines answer the same queries in turn. Prints JSON; the last result is kept in
``benchmarks/results/search.json``.
"""

import argparse
import contextlib
import gc
import json
import os
import platform
import random
import shutil
import sqlite3
import statistics
import string
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import orjson
import tantivy
from rapidfuzz import fuzz, process

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.graphs import Made  # noqa: E402
from benchmarks.linking_corpus import CORPUS, prepared, records  # noqa: E402
from output.exports import index as index_export  # noqa: E402
from output.exports import words as words_export  # noqa: E402
from output.fold import fold  # noqa: E402
from output.index import Index, open_index  # noqa: E402
from output.search import search  # noqa: E402
from output.text import register, schema  # noqa: E402

RESULTS = ROOT / "benchmarks" / "results" / "search.json"
SLOW = 60  # queries put to peers that take a good part of a second for each

Find = Callable[[str], list[str]]  # a query → names, the best first


def edited(name: str, edits: int, chance: random.Random) -> str:
    """Return a name after random edits: letters of the alphabet for what is added or changed."""
    text = name
    while edits or text == name:
        place, letter = chance.randrange(len(text)), chance.choice(string.ascii_lowercase)
        kind = chance.choice(("missing", "added", "changed", "swapped"))
        if kind == "missing":
            text = text[:place] + text[place + 1 :]
        elif kind == "added":
            text = text[:place] + letter + text[place:]
        elif kind == "changed":
            text = text[:place] + letter + text[place + 1 :]
        elif place + 1 < len(text):
            text = text[:place] + text[place + 1] + text[place] + text[place + 2 :]
        edits = max(0, edits - 1)
    return text


def ours(index: Index) -> Find:
    return lambda query: [fold(each.name) for each in search(index, query, limit=10)]


def fts5(names: Sequence[str], tokenizer: str) -> Find:
    """SQLite FTS5: any of the words, or of the trigrams, best bm25 first."""
    database = sqlite3.connect(":memory:")
    database.execute(f"CREATE VIRTUAL TABLE names USING fts5 (name, tokenize = '{tokenizer}')")
    database.executemany("INSERT INTO names VALUES (?)", ((name,) for name in names))

    def find(query: str) -> list[str]:
        text = fold(query)
        parts = [text[at : at + 3] for at in range(len(text) - 2)] if tokenizer == "trigram" else text.split()
        match = " OR ".join(f'"{part}"' for part in dict.fromkeys(parts)) or '""'
        ranked = "SELECT name FROM names WHERE names MATCH ? ORDER BY rank LIMIT 10"
        return [row[0] for row in database.execute(ranked, (match,))]

    return find


def clock() -> tuple[float, float]:
    return time.perf_counter(), time.process_time()


def since(started: tuple[float, float]) -> tuple[float, float]:
    """Return the seconds since, and those of processor time, of all threads: what other work disturbs less."""
    return time.perf_counter() - started[0], time.process_time() - started[1]


def bare(
    names: Sequence[str], folder: Path, texts: Sequence[str] | None = None
) -> tuple[tantivy.Index, tuple[float, float]]:
    """Return tantivy with its defaults and the seconds that building it took."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("name", stored=True)
    if texts is not None:
        builder.add_text_field("text")
    fields = builder.build()
    started = clock()
    index = tantivy.Index(fields, path=str(folder))
    writer = index.writer()
    for number, name in enumerate(names):
        more = {} if texts is None else {"text": texts[number]}
        writer.add_document(tantivy.Document.from_dict({"name": name, **more}, fields))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    return index, since(started)


def ready(documents: Sequence[bytes], folder: Path) -> tuple[float, float]:
    """Return the seconds in which tantivy has documents that somebody else made, as JSON, in the same fields as ours.

    One thread and as much memory as ours has, and feeding it costs the least there is.
    """
    started = clock()
    index = tantivy.Index(schema(), path=str(folder))
    register(index)
    writer = index.writer(heap_size=words_export.MEMORY, num_threads=1)
    for document in documents:
        writer.add_json(document.decode())
    writer.commit()
    writer.wait_merging_threads()
    return since(started)


def fuzzy(index: tantivy.Index) -> Find:
    """Tantivy's own fuzzy query: each word with one slip, the word as it is counting more."""
    searcher, fields = index.searcher(), index.schema

    def find(query: str) -> list[str]:
        ways = []
        for word in fold(query).split():
            ways.append((tantivy.Occur.Should, tantivy.Query.fuzzy_term_query(fields, "name", word, 1)))
            exact = tantivy.Query.boost_query(tantivy.Query.term_query(fields, "name", word), 3.0)
            ways.append((tantivy.Occur.Should, exact))
        hits = searcher.search(tantivy.Query.boolean_query(ways), 10, count=False).hits
        return [searcher.doc(address)["name"][0] for _, address in hits]

    return find


def brute(names: Sequence[str]) -> Find:
    """rapidfuzz: every name compared."""
    unique = list(dict.fromkeys(names))
    return lambda query: [name for name, _, _ in process.extract(fold(query), unique, scorer=fuzz.ratio, limit=10)]


def asked(find: Find, queries: Sequence[tuple[str, str]]) -> dict[str, float]:
    """Return right first, right among ten, and milliseconds, of queries (what is typed, the name)."""
    first = ten = 0
    times, processor = [], []
    for typed, name in queries:
        started = clock()
        found = find(typed)[:10]
        elapsed, used = since(started)
        times.append(1_000 * elapsed)
        processor.append(1_000 * used)
        first += found[:1] == [name]
        ten += name in found
    times.sort()
    processor.sort()
    return {
        "queries": len(queries),
        "first": round(first / len(queries), 4),
        "in_ten": round(ten / len(queries), 4),
        "p50_ms": round(statistics.median(times), 2),
        "p95_ms": round(times[int(0.95 * len(times))], 2),
        "p95_processor_ms": round(processor[int(0.95 * len(times))], 2),
    }


def compared(index: Index, names: Sequence[str], people: Sequence[str], options: argparse.Namespace) -> dict[str, Any]:
    """Return each engine's figures for each kind of query."""
    long = [name for name in people if sum(char.isalpha() for char in name) >= 10]
    result: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        engines: dict[str, Find] = {
            "ours": ours(index),
            "fts5 unicode61": fts5(names, "unicode61"),
            "fts5 trigram": fts5(names, "trigram"),
            "tantivy fuzzy": fuzzy(bare(names, Path(folder))[0]),
            "rapidfuzz": brute(names),
        }
        for kind, pool, edits in (("as written", people, 0), ("one edit", people, 1), ("two edits", long, 2)):
            by_seed: defaultdict[str, list[dict[str, float]]] = defaultdict(list)
            for seed in range(options.seeds):
                chance = random.Random(seed)
                picked = [chance.choice(pool) for _ in range(options.queries)]
                queries = [(edited(name, edits, chance) if edits else name, name) for name in picked]
                for engine, find in engines.items():
                    # As many of the slow ones as one has patience for.
                    share = queries[:SLOW] if engine in ("fts5 trigram", "rapidfuzz") else queries
                    by_seed[engine].append(asked(find, share))
            result[kind] = {engine: _over_seeds(figures) for engine, figures in by_seed.items()}
            print(kind, json.dumps(result[kind]), file=sys.stderr)
    return result


def _over_seeds(figures: list[dict[str, float]]) -> dict[str, Any]:
    """Return the mean of each figure over the seeds, and the least and most of those that are shares."""
    mean: dict[str, Any] = {key: round(statistics.mean(each[key] for each in figures), 4) for key in figures[0]}
    mean["first by seed"] = [each["first"] for each in figures]
    return mean


# A million documents


class Names:
    """Names like those of the corpus, as many as one wants: its first names, and its surnames or new ones like them.

    New surnames come from a Markov chain over three letters, so that the vocabulary grows as it does in the wild.
    """

    def __init__(self, people: Sequence[str], chance: random.Random) -> None:
        self._chance = chance
        full = [name.split() for name in people if len(name.split()) > 1]
        self._first, self._last = [name[0] for name in full], [name[-1] for name in full]
        self._next: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for name in self._last:
            padded = f"^^^{name}$"
            for at in range(3, len(padded)):
                self._next[padded[at - 3 : at]][padded[at]] += 1

    def one(self) -> str:
        new = self._chance.random() < 0.4
        return f"{self._chance.choice(self._first)} {self._new() if new else self._chance.choice(self._last)}"

    def _new(self) -> str:
        text = "^^^"
        while not text.endswith("$") and len(text) < 18:
            letters = self._next[text[-3:]]
            text += self._chance.choices(list(letters), list(letters.values()))[0]
        return text.strip("^$") or "x"


def large(documents: int, corpus: Path) -> Any:
    """Return a graph of so many nodes: people, talks and conferences in the corpus's proportions."""
    chance = random.Random(7)
    things = list(records(corpus))
    people = list(dict.fromkeys(fold(each["name"]) for thing in things for each in thing.get("performer", [])))
    titles = [thing["name"] for thing in things if thing.get("performer")]
    words = [word for title in titles for word in title.split()]
    names = Names([name for name in people if name], chance)
    made = Made("large")
    persons = [made.node("Person", number, names.one().title()) for number in range(documents * 30 // 100)]
    events = []
    for number in range(documents * 10 // 100):
        day = f"20{chance.randint(8, 26):02}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
        events.append(made.node("Event", number, f"{chance.choice(words)} {chance.choice(words)} Conf", startDate=day))
    for number in range(len(events), len(events) + documents - len(persons) - len(events)):
        whole = chance.choice(events)
        title = " ".join(chance.choice(words) for _ in range(chance.randint(4, 9)))
        talk = made.node("Event", number, title, startDate=made.graph.nodes[whole]["startDate"])
        made.edge(talk, whole, "superEvent")
        made.edge(talk, chance.choice(persons), "performer")
    return made.graph


@contextlib.contextmanager
def without_garbage_collection() -> Iterator[None]:
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def building(graph: Any, data: Path, rounds: int) -> dict[str, Any]:
    """Return sizes and build times, ours beside tantivy's; the last of ours stays in ``data``."""
    names = [fold(each["name"]) for _, each in graph.nodes(data=True)]
    # Copied: what orjson gives takes a page of memory each, which would be four gigabytes.
    documents = [bytes(memoryview(orjson.dumps(each))) for each in index_export.documents(graph)]
    texts = [(known := orjson.loads(each)).get("en") or known.get("fr", "") for each in documents]
    result: dict[str, Any] = {"documents": graph.number_of_nodes(), "edges": graph.number_of_edges()}
    times: defaultdict[str, list[tuple[float, float]]] = defaultdict(list)
    for _ in range(rounds):
        for name, given in (("tantivy, names", None), ("tantivy, names and texts", texts)):
            with tempfile.TemporaryDirectory(dir=data) as peer:
                times[name].append(bare(names, Path(peer), given)[1])
        with tempfile.TemporaryDirectory(dir=data) as peer:
            times["tantivy, the same documents"].append(ready(documents, Path(peer)))
        started = clock()
        with tempfile.TemporaryDirectory(dir=data) as part, without_garbage_collection():
            words_export.write(index_export.documents(graph), Path(part), "index-")
        times["ours, the word index"].append(since(started))
        for old in (data / "export").glob("index-*"):
            shutil.rmtree(old)
        (data / "export" / "index.sqlite").unlink(missing_ok=True)
        started = clock()
        index_export.write(graph, data, data / "export" / "index.sqlite")
        times["ours, with nodes and edges"].append(since(started))
        print({name: [round(each[1], 1) for each in several] for name, several in times.items()}, file=sys.stderr)
    for place, kind in enumerate(("seconds", "processor seconds")):
        medians = {name: statistics.median(each[place] for each in several) for name, several in times.items()}
        result[kind] = {name: round(median, 1) for name, median in medians.items()}
        for mine in (name for name in times if name.startswith("ours")):
            for peer_ in (name for name in times if name.startswith("tantivy")):
                result[kind][f"{mine} / {peer_}"] = round(medians[mine] / medians[peer_], 2)
    sizes = [path.stat().st_size for path in (data / "export").rglob("*") if path.is_file()]
    result["mebibytes"] = round(sum(sizes) / 2**20)
    return result


def million(options: argparse.Namespace) -> dict[str, Any]:
    """Return sizes, build times, typo queries and cold starts at a million documents."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        (data / "export").mkdir()
        with without_garbage_collection():
            graph = large(options.documents, options.corpus)
        result: dict[str, Any] = {"build": building(graph, data, options.rounds)}
        print(json.dumps(result), file=sys.stderr)
        if "large" not in options.parts:
            return result
        names = [fold(each["name"]) for _, each in graph.nodes(data=True)]
        people = [fold(each["name"]) for _, each in graph.nodes(data=True) if each["type"] == "Person"]
        del graph
        gc.collect()
        result["cold"] = cold(data, people, options.seeds)
        print(json.dumps(result["cold"]), file=sys.stderr)
        with open_index(data) as index:
            result |= compared(index, names, people, options)
    return result


# What a process used at most is asked of itself: the kernel counts a child's from before it became another program.
COLD = """
import time
from pathlib import Path
from output.cli import main
try:
    main()
finally:
    import sys
    (peak,) = (line.split()[1] for line in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in line)
    print(time.process_time(), peak, file=sys.stderr)
"""


def cold(data: Path, people: Sequence[str], seeds: int) -> dict[str, Any]:
    """Return the seconds and the memory of whole processes: ``recroise search`` for a name with a slip."""
    chance = random.Random(3)
    seconds, processor, memory = [], [], []
    for _ in range(5 * seeds):
        typed = edited(chance.choice(people), 1, chance)
        command = [sys.executable, "-c", COLD, "search", "--data", str(data), "--json", "--", typed]
        started = time.perf_counter()
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        seconds.append(time.perf_counter() - started)
        if done.returncode:
            sys.exit(done.stderr)
        used, peak = done.stderr.split()[-2:]
        processor.append(float(used))
        memory.append(int(peak) / 1024)
    return {
        "runs": len(seconds),
        "median_s": round(statistics.median(seconds), 3),
        "most_s": round(max(seconds), 3),
        "median_processor_s": round(statistics.median(processor), 3),
        "most_mebibytes": round(max(memory)),
    }


def on_corpus(options: argparse.Namespace) -> dict[str, Any]:
    """Return the figures of typo queries on the corpus of developers' meetings."""
    with (
        tempfile.TemporaryDirectory() as folder,
        open_index(prepared(options.data or Path(folder), options.corpus)) as index,
    ):
        rows = list(index.rows("SELECT type, names FROM node"))
        names = [spelling for _, spellings in rows for spelling in spellings.split("\n")]
        people = [spellings.split("\n")[0] for kind, spellings in rows if kind == "Person" and spellings]
        return {"nodes": len(rows), "people": len(people), **compared(index, names, people, options)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="keep the linked corpus here")
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    parser.add_argument("--documents", type=int, default=1_000_000, help="of the large graph")
    parser.add_argument("--queries", type=int, default=500)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=3, help="of building a million documents")
    parser.add_argument(
        "--parts",
        nargs="*",
        choices=("corpus", "large", "build"),
        default=["corpus", "large"],
        help="build: that alone",
    )
    options = parser.parse_args()
    result: dict[str, Any] = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    if "corpus" in options.parts:
        result["corpus"] = on_corpus(options)
    if {"large", "build"}.intersection(options.parts):
        result["large"] = result.get("large", {}) | million(options)
    result["machine"] = {"python": platform.python_version(), "cores": os.cpu_count()}
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(result, indent=2) + "\n")
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
