"""Who is who: precision, recall and seconds of linking beside its peers, all in one run.

``python benchmarks/linking.py [--corpus DIR] [--only PART…]`` prints JSON and keeps the last result of each part in
``benchmarks/results/linking.json``. Parts: people, training, historical, names, events, identities, small, synthetic,
relink. Those on real data need the shared corpus; ``synthetic`` (``benchmarks/scale.py``) and ``relink`` make their own
records, and take ``--records``; a million want 6 GB to be written, and less to be linked.
"""

import argparse
import importlib.util
import itertools
import json
import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import time
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks import truth
from benchmarks.truth import Json, Pairs

RESULTS = Path(__file__).parent / "results" / "linking.json"


def measured(found: Pairs, right: Pairs, wrong: Callable[[tuple[str, str]], bool]) -> Json:
    """Return precision and recall; ``wrong`` tells of a found pair that is not among the right if it is an error."""
    hits = len(found & right)
    errors = sorted(pair for pair in found - right if wrong(pair))
    precision = hits / (hits + len(errors)) if hits or errors else 1.0
    recall = hits / len(right) if right else 1.0
    return {
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "f1": round(2 * precision * recall / (precision + recall), 4) if hits else 0.0,
        "found": hits,
        "of": len(right),
        "errors": len(errors),
        "examples": errors[:40],
    }


def stored(records: Iterable[Json]) -> list[Any]:
    from crawler.records import record_key
    from crawler.stored import StoredRecord

    return [StoredRecord(record_key(r), r, truth.FETCHED, truth.FETCHED) for r in records]


def linked(records: Iterable[Json], log: Iterable[Any] = ()) -> tuple[Any, float]:
    from graph.link import decide

    ready = stored(records)
    start = time.perf_counter()
    result = decide(ready, {}, log)
    return result, round(time.perf_counter() - start, 2)


# People as billed in talks


def people(corpus: Path, _options: argparse.Namespace) -> Json:
    records = list(truth.talks(corpus, "rubyevents"))
    billed = sorted({person["name"] for record in records for person in record["performer"]})
    known = truth.people(corpus, billed)

    def wrong(pair: tuple[str, str]) -> bool:
        one, other = (known.slug.get(name) for name in pair)
        return one is not None and other is not None and one != other

    with tempfile.TemporaryDirectory() as folder:
        names, seconds = _through_ingest(records, Path(folder))
    found = _spelt(names, billed)
    result: Json = {"names": len(billed), "labelled": len(known.labelled),
                    "recroise": {**measured(found, known.labelled, wrong), "seconds": seconds,
                                 "by kind": _by_kind(found, known.labelled, wrong)}}  # fmt: skip
    result["peers, on names alone"] = {
        peer: measured(pairs, known.labelled, wrong) for peer, pairs in _name_peers(billed, known.labelled, wrong)
    }
    pyvideo = list(truth.talks(corpus, "pyvideo"))
    both, seconds = linked([*records, *pyvideo])
    of = _groups_of(both, "Person")
    shared = {
        name for record in pyvideo for person in record.get("performer", []) if (name := person["name"]) in known.slug
    }
    together = sum(
        any(
            {"rubyevents", "pyvideo"} <= {m.source.id for m in group}
            for group in of
            if any(m.name == name for m in group)
        )
        for name in shared
    )
    pairs = {
        pair
        for group in of
        for pair in itertools.combinations(sorted({m.name for m in group if m.name in known.slug}), 2)
    }
    result["with pyvideo"] = {
        "mentions": len(both.mentions),
        "seconds": seconds,
        "names in both": len(shared),
        "on one node": together,
        **{key: measured(pairs, known.labelled, wrong)[key] for key in ("precision", "recall", "errors")},
    }
    return result


def _spelt(groups: Iterable[list[str]], billed: Iterable[str]) -> Pairs:
    """Return the pairs of billed spellings on one node; the intake writes composed accents, whatever was billed."""
    spellings: defaultdict[str, list[str]] = defaultdict(list)
    for name in billed:
        spellings[unicodedata.normalize("NFC", name)].append(name)
    written = ({each for name in group for each in spellings.get(name, ())} for group in groups)
    return {pair for group in written for pair in itertools.combinations(sorted(group), 2)}


def _by_kind(found: Pairs, right: Pairs, wrong: Callable[[tuple[str, str]], bool]) -> Json:
    """Return for each way in which two spellings differ how many pairs are labelled, found, missed, and in error."""
    kinds: Json = {}
    for pair in sorted(right | {pair for pair in found if wrong(pair)}):
        each = kinds.setdefault(truth.kind_of(*pair), {"of": 0, "found": 0, "missed": [], "errors": []})
        if pair not in right:
            each["errors"].append(pair)
        else:
            each["of"] += 1
            each["found"] += pair in found
            each["missed"] += [] if pair in found else [pair]
    return dict(sorted(kinds.items()))


def _through_ingest(records: list[Json], folder: Path) -> tuple[list[list[str]], float]:
    """Ingest, link by the command line, and return the spellings of each person's node."""
    file = folder / "talks.jsonl"
    file.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    command = [sys.executable, "-c", "from output.cli import main; main()"]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    subprocess.run(
        [*command, "ingest", str(file), "--data", str(folder)], check=True, env=environment, stdout=subprocess.DEVNULL
    )
    start = time.perf_counter()
    subprocess.run([*command, "link", "--data", str(folder)], check=True, env=environment, stdout=subprocess.DEVNULL)
    seconds = round(time.perf_counter() - start, 2)
    graph = json.loads((folder / "graph.json").read_text())
    return [[node["name"], *node["alternateName"]] for node in graph["nodes"] if node["type"] == "Person"], seconds


def _groups_of(result: Any, kind: str) -> list[list[Any]]:
    groups = ([result.mentions[key] for key in group] for group in result.clusters.groups)
    return [group for group in groups if group[0].type == kind]


def _name_peers(
    names: list[str], labelled: Pairs, wrong: Callable[[tuple[str, str]], bool]
) -> Iterable[tuple[str, Pairs]]:
    from crawler.privacy import fold

    folded: defaultdict[str, list[str]] = defaultdict(list)
    for name in names:
        folded[" ".join(sorted(fold(name).split()))].append(name)
    yield "normalised equality", {p for group in folded.values() for p in itertools.combinations(sorted(group), 2)}
    ratios = dict(_ratio_peers(names))
    yield from ratios.items()
    yield "splink, stock name comparisons", _stock_splink(names)
    if importlib.util.find_spec("dedupe"):
        close = sorted(pair for pair in ratios["rapidfuzz ratio ≥ 80"] if wrong(pair))
        yield "dedupe, taught the very labels", _dedupe(names, labelled, close)
    else:
        print("dedupe: not installed; pip install -e '.[bench]'", file=sys.stderr)


def _ratio_peers(names: list[str]) -> Iterable[tuple[str, Pairs]]:
    from rapidfuzz import fuzz, process

    from crawler.privacy import fold

    folded = [fold(name) for name in names]
    close: list[tuple[float, tuple[str, str]]] = []
    for left, name in enumerate(folded):
        for _, score, right in process.extract_iter(name, folded, scorer=fuzz.ratio, score_cutoff=80):
            if right > left:
                close.append((score, (names[left], names[right])))
    for cut in (80, 85, 90):
        yield f"rapidfuzz ratio ≥ {cut}", {tuple(sorted(pair)) for score, pair in close if score >= cut}  # type: ignore[misc]


def _stock_splink(names: list[str]) -> Pairs:
    """Splink as its tutorial has it: forename and surname comparisons, expectation maximisation, threshold 0.95."""
    import pyarrow as pa
    import splink.comparison_library as cl
    from splink import Linker, SettingsCreator, block_on
    from splink.backends.duckdb import DuckDBAPI

    from crawler.privacy import fold

    words = [fold(name).split() or [name] for name in names]
    rows = pa.table({"unique_id": names, "first_name": [w[0] for w in words], "surname": [w[-1] for w in words]})
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[cl.NameComparison("first_name"), cl.NameComparison("surname")],
        blocking_rules_to_generate_predictions=[block_on("surname"), block_on("first_name")],
    )
    linker = Linker(DuckDBAPI().register(rows), settings, log_level=None)
    training = linker.training
    training.estimate_probability_two_random_records_match([block_on("first_name", "surname")], recall=0.7)
    training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    training.estimate_parameters_using_expectation_maximisation(block_on("surname"))
    training.estimate_parameters_using_expectation_maximisation(block_on("first_name"))
    predicted = linker.inference.predict(threshold_match_probability=0.95).as_record_list()
    return {tuple(sorted((row["unique_id_l"], row["unique_id_r"]))) for row in predicted}  # type: ignore[misc]


def _dedupe(names: list[str], labelled: Pairs, close: Sequence[tuple[str, str]]) -> Pairs:
    """Peer: dedupe on the names, taught the very pairs that it is measured on, and others that are two.

    As many of these at random, and as many of ``close`` ones.
    """
    import dedupe

    random.seed(1)
    np.random.seed(1)
    rows = {name: {"name": name} for name in names}
    name = dedupe.variables.String("name")
    # Those that want an index fail with the BTrees of today.
    name.predicates = [each for each in name.predicates if not hasattr(each, "index")]
    linker = dedupe.Dedupe([name], num_cores=1)
    linker.prepare_training(rows, sample_size=5_000)
    others = [random.sample(names, 2) for _ in labelled] + random.sample(close, min(len(close), len(labelled)))
    linker.mark_pairs(
        {
            "match": [(rows[one], rows[other]) for one, other in sorted(labelled)],
            "distinct": [(rows[one], rows[other]) for one, other in others],
        }
    )
    linker.train(index_predicates=False)
    groups = (sorted(group) for group, _ in linker.partition(rows, threshold=0.5))
    return {pair for group in groups for pair in itertools.combinations(group, 2)}


# Names alone


def names(corpus: Path, _options: argparse.Namespace) -> Json:
    """F1 on pairs of names, of ours at the shipped weights and of the best threshold of each peer."""
    from rapidfuzz import fuzz
    from rapidfuzz.distance import JaroWinkler

    from crawler.privacy import fold

    pairs = truth.name_pairs(corpus)
    ours = [_name_weight(one, other) for one, other, _ in pairs]
    result: Json = {"pairs": len(pairs), "same": sum(same for *_, same in pairs)}
    result["recroise"] = _best_f1(ours, pairs)
    result["rapidfuzz ratio"] = _best_f1([fuzz.ratio(fold(a), fold(b)) for a, b, _ in pairs], pairs)
    result["jaro-winkler"] = _best_f1([JaroWinkler.similarity(fold(a), fold(b)) for a, b, _ in pairs], pairs)
    return result


def _name_weight(one: str, other: str) -> float:
    from crawler.records import record_key
    from crawler.stored import StoredRecord
    from graph.atoms import atoms
    from graph.interpreter import levels
    from graph.mentions import mentions
    from graph.model_files import load_models
    from graph.rows import rows
    from graph.surroundings import Surroundings

    global _MODEL
    if _MODEL is None:
        _MODEL = load_models()["Person"]
    records = [truth.stamped(s, "1", {"type": "Person", "name": n}) for s, n in (("a", one), ("b", other))]
    found = list(mentions((StoredRecord(record_key(r), r, truth.FETCHED, truth.FETCHED) for r in records), {}))
    among = atoms(Surroundings(found))
    left, right = rows("Person", among.of("Person"), among).to_pylist()
    name = next(iter(_MODEL.levels))
    return _MODEL.levels[name][levels(_MODEL.settings, left, right)[0]].bits


_MODEL: Any = None


def _best_f1(scores: list[float], pairs: list[tuple[str, str, bool]]) -> Json:
    best: Json = {"f1": 0.0}
    for cut in sorted(set(scores)):
        found = [score >= cut for score in scores]
        hits = sum(f and same for f, (*_, same) in zip(found, pairs, strict=True))
        precision, recall = hits / (sum(found) or 1), hits / sum(same for *_, same in pairs)
        f1 = 2 * precision * recall / (precision + recall) if hits else 0.0
        if f1 > best["f1"]:
            best = {
                "f1": round(f1, 4),
                "precision": round(precision, 4),
                "recall": round(recall, 4),
                "at": round(float(cut), 3),
            }
    return best


# Events


def events(corpus: Path, _options: argparse.Namespace) -> Json:
    records, marks, same, look_alikes = truth.conferences(corpus)
    result, seconds = linked(records)
    mark_of = {(m.source.id, m.own_key): m.key for m in result.mentions.values() if m.own_key}

    def keys(pair: Json) -> tuple[str, str]:
        theirs = marks[f"{pair['confs_name']}\0{pair['confs_start']}\0{pair['confs_url']}"]
        return mark_of["rubyevents", pair["rubyevents_id"]], mark_of["confs-tech", theirs]

    right = {keys(pair) for pair in same}
    apart = {keys(pair) for pair in look_alikes}
    # Of a labelled RubyEvents conference every other partner is an error; of others nothing is known.
    labelled = {left for left, _ in right}
    found: Pairs = set()
    for group in _groups_of(result, "Event"):
        ours = [m.key for m in group if m.source.id == "rubyevents"]
        theirs = [m.key for m in group if m.source.id == "confs-tech"]
        found |= set(itertools.product(ours, theirs))
    name = {m.key: f"{m.name} {m.day} {m.city}" for m in result.mentions.values()}
    numbers = measured(found, right, lambda pair: pair[0] in labelled)
    numbers["examples"] = [(name[a], name[b]) for a, b in numbers["examples"]]
    numbers["missed"] = [(name[a], name[b]) for a, b in sorted(right - found)]
    other = sorted((name[a], name[b]) for a, b in found - right if a not in labelled)
    return {"records": len(records), "seconds": seconds, **numbers, "look-alikes merged": len(apart & found),
            "merged beside the labels": len(other), "of which": other[:60]}  # fmt: skip


def identities(corpus: Path, _options: argparse.Namespace) -> Json:
    from benchmarks.identities import measure

    return measure(corpus)


def training(corpus: Path, _options: argparse.Namespace) -> Json:
    from benchmarks.training import measure

    return measure(corpus)


def historical(corpus: Path, _options: argparse.Namespace) -> Json:
    from benchmarks.historical import measure

    return measure(corpus)


# Small, and large


def small(_corpus: Path, _options: argparse.Namespace) -> Json:
    """Seconds of ``recroise link`` on 500 records, all in: a fresh process, imports, the graph written; then again."""
    from benchmarks import synthetic

    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        file = data / "records.jsonl"
        file.write_text("".join(json.dumps(r) + "\n" for r, _ in synthetic.records(500)), encoding="utf-8")
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
        command = [sys.executable, "-c", "from output.cli import main; main()"]
        ingest = [*command, "ingest", str(file), "--data", folder]
        subprocess.run(ingest, check=True, env=environment, stdout=subprocess.DEVNULL)
        seconds: dict[str, list[float]] = {"linked": [], "unchanged": [], "python -c pass": []}
        processor: dict[str, list[float]] = {name: [] for name in seconds}
        for _ in range(5):
            for state in (data / "linked.json", data / "graph.json"):
                state.unlink(missing_ok=True)
            for name, each in (("linked", "link"), ("unchanged", "link"), ("python -c pass", "")):
                run = [*command, each, "--data", folder] if each else [sys.executable, "-c", "pass"]
                start, used = time.perf_counter(), _children()
                subprocess.run(run, check=True, env=environment, stdout=subprocess.DEVNULL)
                seconds[name].append(round(time.perf_counter() - start, 2))
                processor[name].append(round(_children() - used, 2))
    return {
        "records": 500,
        **{
            name: {"median": statistics.median(each), "all": each, "median of cpu": statistics.median(processor[name])}
            for name, each in seconds.items()
        },
    }


def _children() -> float:
    """Return the seconds of CPU that the processes started so far have used."""
    import resource

    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def relink(_corpus: Path, options: argparse.Namespace) -> Json:
    from benchmarks.relink import measure

    return measure(options.records)


def scale(_corpus: Path, options: argparse.Namespace) -> Json:
    from benchmarks.scale import measure

    return measure(options.records)


PARTS: dict[str, Callable[[Path, argparse.Namespace], Json]] = {
    "people": people,
    "names": names,
    "events": events,
    "identities": identities,
    "historical": historical,
    "training": training,
    "small": small,
    "synthetic": scale,
    "relink": relink,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, default=truth.DEFAULT_CORPUS)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--records", type=int, nargs="+", default=[100_000, 1_000_000])
    options = parser.parse_args()
    measured_now = {}
    for part in options.only:
        measured_now[part] = PARTS[part](options.corpus, options)
        print(json.dumps({part: measured_now[part]}, indent=1, ensure_ascii=False), flush=True)
    results = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    for part in {"synthetic", "relink"} & set(measured_now):
        measured_now[part] = {**results.get(part, {}), **measured_now[part]}
    results |= measured_now
    results["machine"] = {"python": platform.python_version(), "cores": os.cpu_count()}
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
