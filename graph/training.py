"""Trains the models' parameters again, on the records of a data directory and what people judged there."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from math import log2
from pathlib import Path
from typing import Any

import orjson
from boltons.fileutils import atomic_save

from crawler.datadir import open_store, write_lock
from graph import judgements
from graph.atoms import atoms
from graph.blocking import with_keys
from graph.judgements import Judgement
from graph.link import catalogue_cities, need_store
from graph.mentions import located, mentions
from graph.model_check import check
from graph.model_files import FOLDER, Model, file_name, load_models
from graph.rows import rows
from graph.surroundings import Surroundings

LEAST_ROWS = 100  # of a type, to learn anything from
LEAST_LABELS = 20  # judged the same, to be learnt from in place of expectation maximisation
PAIRS = 2_000_000  # pairs drawn at random to see how often two that are not one agree
RECALL = 0.7  # share of the pairs that are one that the first blocking rule alone is thought to find
SMALLEST = 1e-7  # no level is taken for impossible because it was not met
CAUTION = 20  # pairs that are one that must meet a level for what they say to count as much as the model's own weight

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Trained:
    """What was learnt of a type: from how many rows and labels; ``file`` is None where there was too little."""

    type: str
    rows: int
    labels: int
    file: str | None

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def train(data: Path) -> list[Trained]:
    """Estimate every level's probabilities on the data directory's records; write its own models.

    How often two records agree that are not one (u) is seen on pairs drawn at random. How often two agree that are
    (m) on the pairs judged the same, where there are enough, else by expectation maximisation. A level that was never
    met keeps what the shipped model has, and one that few pairs met most of it, however often this is done. Of models
    of one's own with other levels it is theirs. Thresholds stay.

    Raises:
        GraphError: when nothing is stored.
        ModelError: for a file in the data directory that is no model.
    """
    need_store(data)
    models = _models(data)
    with open_store(data) as store:
        found = located(mentions(store.records(), catalogue_cities(store)))
    among = atoms(Surroundings(found))
    standing = judgements.standing(judgements.load(data / judgements.FILE))
    results = []
    for kind in among.kinds:
        each = among.of(kind)
        made = rows(kind, each, among)
        of = {mention.key: atom.number for atom in each for mention in atom.mentions}
        labels = _labels(standing, of)
        if len(made) < LEAST_ROWS:
            results.append(Trained(kind, len(made), len(labels), None))
            continue
        model = trained(models[kind], with_keys(kind, made), labels)
        path = data / FOLDER / file_name(kind)
        with write_lock(data):
            path.parent.mkdir(parents=True, exist_ok=True)
            with atomic_save(str(path), overwrite_part=True) as file:
                file.write(orjson.dumps(model, option=orjson.OPT_INDENT_2))
        results.append(Trained(kind, len(made), len(labels), str(path)))
    return results


def _models(data: Path) -> dict[str, Model]:
    """Return what to begin with: the shipped weights, where the data directory's own models have the same levels."""
    shipped, own = load_models(), load_models(data)
    for model in own.values():
        check(model)
    return {
        kind: replace(shipped[kind], threshold=model.threshold, strong=model.strong)
        if _levels(model) == _levels(shipped[kind])
        else model
        for kind, model in own.items()
    }


def _levels(model: Model) -> list[list[str]]:
    return [
        [level["sql_condition"] for level in comparison["comparison_levels"]]
        for comparison in model.settings["comparisons"]
    ]


def _labels(standing: Mapping[tuple[str, str], Judgement], of: Mapping[str, int]) -> list[Row]:
    pairs = {
        tuple(sorted((of[left], of[right])))
        for (left, right), judgement in standing.items()
        if judgement.verdict == "same" and left in of and right in of and of[left] != of[right]
    }
    return [{"key_l": left, "key_r": right} for left, right in sorted(pairs)]


def trained(model: Model, made: Any, labels: Sequence[Row]) -> dict[str, Any]:
    """Return the model's file with weights learnt on a type's rows, and on pairs of their keys that are one.

    Labels are ``{"key_l": …, "key_r": …}``; fewer than ``LEAST_LABELS`` of them are not learnt from.
    """
    import duckdb
    from splink import Linker
    from splink.backends.duckdb import DuckDBAPI

    # Of every level that no pair meets it says so: such a level keeps its weight.
    logging.getLogger("splink").setLevel(logging.ERROR)
    connection = duckdb.connect()
    try:
        database = DuckDBAPI(connection)
        settings = orjson.loads(orjson.dumps(model.settings))  # Splink fills its own in
        linker = Linker(database.register(made), settings, log_level=None, validate_settings=False)
        surest = model.settings["blocking_rules_to_generate_predictions"][0]["blocking_rule"]
        linker.training.estimate_probability_two_random_records_match([surest], recall=RECALL)
        linker.training.estimate_u_using_random_sampling(max_pairs=PAIRS, seed=1)
        if len(labels) >= LEAST_LABELS:
            import pyarrow as pa

            pairs = pa.table({name: [label[name] for label in labels] for name in ("key_l", "key_r")})
            linker.training.estimate_m_from_pairwise_labels(database.register(pairs))  # type: ignore[no-untyped-call]
        else:
            _maximise(linker, model)
        learnt = linker.misc.save_model_to_json()
        expected = learnt["probability_two_random_records_match"] * len(made) * (len(made) - 1) / 2
    finally:
        connection.close()
    return {
        "type": model.type,
        "threshold": model.threshold,
        "strong": model.strong,
        "settings": _merged(model, learnt, len(labels) if len(labels) >= LEAST_LABELS else expected),
    }


def _maximise(linker: Any, model: Model) -> None:
    """Run expectation maximisation under two blocking rules: each leaves the other's columns to be learnt."""
    from splink.internals.exceptions import EMTrainingException

    done = 0
    for rule in model.settings["blocking_rules_to_generate_predictions"]:
        if done < 2 and not rule.get("arrays_to_explode"):
            try:
                linker.training.estimate_parameters_using_expectation_maximisation(
                    rule["blocking_rule"], fix_u_probabilities=True, estimate_without_term_frequencies=True
                )
                done += 1
            except EMTrainingException:
                continue  # no pair shares this key


def _merged(model: Model, learnt: Mapping[str, Any], pairs: float) -> dict[str, Any]:
    """Return the model's settings with each level's weight moved towards what was learnt, where the level was met.

    The more of the ``pairs`` that are one met a level, the further: a weight that a handful of pairs gave says little.
    What two of a type are by chance stays, as thresholds do that were chosen with it.
    """
    settings: dict[str, Any] = orjson.loads(orjson.dumps(model.settings))
    prior = learnt["probability_two_random_records_match"]
    for comparison, other in zip(settings["comparisons"], learnt["comparisons"], strict=True):
        for level, met in zip(comparison["comparison_levels"], other["comparison_levels"], strict=True):
            # What was not met comes back as it was given, or not at all.
            m, u = met.get("m_probability"), met.get("u_probability")
            if level.get("is_null_level") or not isinstance(m, float) or not isinstance(u, float):
                continue
            if (m, u) != (level["m_probability"], level["u_probability"]):
                # Pairs drawn at random are in part of those that are one: where nobody has a namesake, all that
                # agree are.
                m, u = _possible(m), _possible((u - prior * m) / (1 - prior))
                trust = m * pairs / (m * pairs + CAUTION)
                known = log2(level["m_probability"] / level["u_probability"])
                bits = trust * log2(m / u) + (1 - trust) * known
                level["m_probability"], level["u_probability"] = (m, m / 2**bits) if bits >= 0 else (u * 2**bits, u)
    return settings


def _possible(probability: float) -> float:
    return min(max(probability, SMALLEST), 1 - SMALLEST)
