"""Linking of many records whose truth is known: seconds, memory, precision, recall, what blocking keeps; and a peer's.

Each step is a process of its own, so that its peak of memory is its own. Records are written to a file in the order of
their keys, as the store tells them, and linked as they are read from it.
"""

import itertools
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from unittest import mock

import orjson

from benchmarks import synthetic
from benchmarks.processes import Peak
from benchmarks.truth import FETCHED, Json

SAMPLE = 20_000  # true pairs of which it is asked whether blocking keeps them


def measure(sizes: Iterable[int]) -> Json:
    """Return for each number of records what linking took and found, and Splink alone beside it in the same run."""
    found: Json = {}
    for number in sizes:
        with tempfile.TemporaryDirectory() as folder:
            _step("write", folder, str(number))
            steps = {name: _step(name, folder) for name in ("recroise", "splink")}
        found[f"{number:,}"] = {"records": number, **steps.pop("recroise"), "splink alone": steps["splink"]}
    return found


def _step(name: str, folder: str, *more: str) -> Json:
    """Run a step in a process of its own and return what it found, with the memory that it and its children took."""
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    command = [sys.executable, "-m", "benchmarks.scale", name, folder, *more]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as run:
        peak = Peak(run)
        try:
            printed, _ = run.communicate()
        finally:
            peak.end()
    if run.returncode:
        raise subprocess.CalledProcessError(run.returncode, command)
    return {**json.loads(printed.splitlines()[-1]), "peak MiB": peak.mib}


def write(folder: Path, number: str) -> Json:
    """Write the records, and beside them what each is about."""
    from crawler.records import record_key

    made = sorted(
        (
            (record_key(record), record["type"], thing, orjson.dumps(record))
            for record, thing in synthetic.records(int(number))
        ),
        key=lambda row: row[0],
    )
    with (folder / "records").open("wb") as records, (folder / "truth").open("w") as truth:
        for key, kind, thing, body in made:
            records.write(body + b"\n")
            truth.write(f"{key} {kind} {thing}\n")
    return {}


def _truth(folder: Path) -> Iterator[tuple[str, str, str]]:
    """Yield the key of each record, its type, and the thing that it is about."""
    with (folder / "truth").open() as file:
        for line in file:
            key, kind, thing = line.split()
            yield key, kind, thing


def _sample(folder: Path) -> list[tuple[str, str]]:
    """Return true pairs, drawn at random."""
    things: defaultdict[str, list[str]] = defaultdict(list)
    for key, _, thing in _truth(folder):
        things[thing].append(key)
    several = [keys for keys in things.values() if len(keys) > 1]
    pairs = [pair for keys in several for pair in itertools.combinations(keys, 2)]
    return random.Random(1).sample(pairs, min(SAMPLE, len(pairs)))


def recroise(folder: Path) -> Json:
    """Link the records; what the sampled pairs' rows say is looked at afterwards, to see which of their keys agree."""
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.feather as feather

    from crawler.stored import StoredRecord
    from graph import alike, probabilistic
    from graph.blocking import with_keys
    from graph.build import no_cyclic_garbage
    from graph.interpreter import share_a_key
    from graph.link import decide
    from graph.model_files import load_models

    sample = _sample(folder)
    wanted = {key for pair in sample for key in pair}
    place: dict[str, int] = {}
    kinds: set[str] = set()

    class Watched(probabilistic.ProbabilisticLinker):
        """The linker; notes at which place among all the mentions the sampled ones stand."""

        def link(self, around: Any, judgements: Mapping[tuple[str, str], Any]) -> Any:
            place.update((key, around.numbers[key]) for key in wanted)
            return super().link(around, judgements)

    found = alike.alike

    def watched(kind: str, *arguments: Any) -> Any:
        together = found(kind, *arguments)
        kinds.add(kind)
        feather.write_feather(together.rows, str(folder / kind), compression="uncompressed")
        return together

    def stored() -> Iterator[StoredRecord]:
        keys = (key for key, _, _ in _truth(folder))
        with (folder / "records").open("rb") as file:
            for key, line in zip(keys, file, strict=True):
                yield StoredRecord(key, orjson.loads(line), FETCHED, FETCHED)

    load = os.getloadavg()[0]
    start, cpu = time.perf_counter(), _cpu()
    with no_cyclic_garbage(), mock.patch.object(probabilistic, "alike", watched):
        result = decide(stored(), {}, (), Watched())
    took = {"seconds": round(time.perf_counter() - start, 1), "seconds of cpu": round(_cpu() - cpu, 1)}
    models = load_models()
    rows: dict[int, tuple[str, Json]] = {}
    for kind in kinds:
        keyed = with_keys(kind, feather.read_table(str(folder / kind)))
        sampled = keyed.filter(pc.is_in(keyed["key"], pa.array(list(place.values()), pa.int64())))
        rows.update((row["key"], (kind, row)) for row in sampled.to_pylist())
    kept = sum(
        share_a_key(models[rows[place[one]][0]].settings, rows[place[one]][1], rows[place[other]][1])
        for one, other in sample
    )
    return {
        "mentions": len(result.mentions),
        **took,
        "load of the machine": round(max(load, os.getloadavg()[0]), 1),
        "share of true pairs that blocking keeps": round(kept / len(sample), 4),
        "true pairs asked": len(sample),
        **_figures(folder, result.clusters.groups),
    }


def _cpu() -> float:
    """Return the processor time of this process and of those that it waited for."""
    return sum(os.times()[:4])


def _figures(folder: Path, groups: Iterable[Sequence[str]]) -> Json:
    """Return precision and recall of the pairs of records in one group, over all and by type."""
    about = {key: (kind, thing) for key, kind, thing in _truth(folder)}
    right: Counter[str] = Counter()
    for (kind, _), count in Counter(about.values()).items():
        right[kind] += count * (count - 1) // 2
    found: Counter[str] = Counter()
    hits: Counter[str] = Counter()
    for group in groups:
        known = [about[key] for key in group if key in about]
        if len(known) > 1:
            found[known[0][0]] += len(known) * (len(known) - 1) // 2
            for (kind, _), count in Counter(known).items():
                hits[kind] += count * (count - 1) // 2

    def both(hit: int, of_found: int, of_right: int) -> Json:
        return {"precision": round(hit / max(1, of_found), 4), "recall": round(hit / max(1, of_right), 4)}

    return {
        "true pairs": right.total(),
        **both(hits.total(), found.total(), right.total()),
        "by type": {kind: both(hits[kind], found[kind], right[kind]) for kind in sorted(right)},
    }


# The peer: Splink on DuckDB as one would begin with it.

_BLOCKS = (("full",), ("type", "name", "town"), ("type", "name", "day"), ("type", "surname", "organization"),
           ("type", "town", "day"), ("type", "surname", "town"))  # fmt: skip


def splink(folder: Path) -> Json:
    """One table of all records, plain comparisons, weights by expectation maximisation; what is likelier than not."""
    import pyarrow as pa
    import splink.comparison_library as cl
    from splink import Linker, SettingsCreator, block_on
    from splink.backends.duckdb import DuckDBAPI

    columns: dict[str, list[Any]] = defaultdict(list)
    with (folder / "records").open("rb") as file:
        for (key, _, _), line in zip(_truth(folder), file, strict=True):
            for name, value in _plain_row(key, orjson.loads(line)).items():
                columns[name].append(value)
    table = pa.table(columns)
    del columns
    start, cpu = time.perf_counter(), _cpu()
    load = os.getloadavg()[0]
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="key",
        comparisons=[
            cl.JaroWinklerAtThresholds("name", [0.95, 0.88]),
            cl.ExactMatch("town"),
            cl.ExactMatch("organization"),
            cl.ExactMatch("day"),
        ],
        blocking_rules_to_generate_predictions=[block_on(*columns) for columns in _BLOCKS],
    )
    linker = Linker(DuckDBAPI().register(table), settings, log_level=None)
    linker.training.estimate_probability_two_random_records_match([block_on("type", "name", "town")], recall=0.5)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for rule in (block_on("type", "surname", "town"), block_on("type", "name", "day")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    predicted = linker.inference.predict(threshold_match_probability=0.5)
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(predicted, threshold_match_probability=0.5)
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for row in clusters.as_record_list():
        groups[row["cluster_id"]].append(row["key"])
    took = {"seconds": round(time.perf_counter() - start, 1), "seconds of cpu": round(_cpu() - cpu, 1)}
    sample = _sample(folder)
    rows = {row["key"]: row for row in table.filter(_among(table["key"], sample)).to_pylist()}
    kept = sum(
        any(all(rows[a][c] is not None and rows[a][c] == rows[b][c] for c in columns) for columns in _BLOCKS)
        for a, b in sample
    )
    return {
        **took,
        "load of the machine": round(max(load, os.getloadavg()[0]), 1),
        "share of true pairs that blocking keeps": round(kept / len(sample), 4),
        **_figures(folder, groups.values()),
    }


def _among(column: Any, pairs: Iterable[tuple[str, str]]) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    return pc.is_in(column, pa.array(sorted({key for pair in pairs for key in pair})))


def _plain_row(key: str, record: Json) -> Json:
    from crawler.privacy import fold

    beside = record.get("location") or record.get("memberOf") or record
    town = (beside.get("address") or {}).get("addressLocality")
    words = fold(record["name"]).split()
    if record["type"] == "Person":
        words.sort()
    return {
        "key": key,
        "type": record["type"],
        "name": " ".join(words),
        "full": " ".join(words) if record["type"] == "Person" else None,
        "surname": max(words, key=len, default=None),
        "town": fold(town) if town else None,
        "organization": fold(record["worksFor"]["name"]) if "worksFor" in record else None,
        "day": record.get("startDate", "")[:10] or None,
    }


if __name__ == "__main__":
    step, path, *more = sys.argv[1:]
    steps: dict[str, Callable[..., Json]] = {"write": write, "recroise": recroise, "splink": splink}
    print(json.dumps(steps[step](Path(path), *more)))
