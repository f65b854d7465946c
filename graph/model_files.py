"""The models: for each type Splink's settings, in JSON, with the weights at which two are held to be one.

They are shipped in ``graph/models``; a file of the same name in the data directory's ``models`` folder, as ``train``
writes it, goes before.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from math import log2
from pathlib import Path
from typing import Any

import orjson

from graph.model import NODE_TYPES

FOLDER = "models"
LIKELY = 2.0  # bits above the threshold below which a merge is marked as one of low confidence


class ModelError(ValueError):
    """A model file that cannot be used: which, and why."""


@dataclass(frozen=True)
class Level:
    """One declared level of a comparison: what it says in words, and its weight in bits (0 of the null level)."""

    label: str
    bits: float


@dataclass(frozen=True)
class Model:
    """One type's model.

    Attributes:
        threshold: total weight in bits from which on two are one.
        strong: total weight from which on even two are that one source keeps apart under keys of its own.
        settings: Splink's settings.
        file: where it was read, if it is the data directory's own; empty for a shipped one.
    """

    type: str
    threshold: float
    strong: float
    settings: Mapping[str, Any]
    file: str = ""

    @cached_property
    def prior(self) -> float:
        """Weight in bits of two rows drawn by chance being one."""
        probability = self.settings["probability_two_random_records_match"]
        return log2(probability / (1 - probability))

    @cached_property
    def levels(self) -> dict[str, dict[int, Level]]:
        """Levels by comparison and Splink's comparison vector value: -1 of the null level, 0 of the last."""
        found = {}
        for comparison in self.settings["comparisons"]:
            levels = comparison["comparison_levels"]
            others = [level for level in levels if not level.get("is_null_level")]
            by_value = {
                len(others) - 1 - number: Level(
                    level["label_for_charts"], log2(level["m_probability"] / level["u_probability"])
                )
                for number, level in enumerate(others)
            }
            null = next((level["label_for_charts"] for level in levels if level.get("is_null_level")), "not known")
            found[comparison["output_column_name"]] = {-1: Level(null, 0.0), **by_value}
        return found


def file_name(kind: str) -> str:
    """Return the name of a type's file."""
    return f"{kind.lower()}.json"


def load_models(data: Path | None = None) -> dict[str, Model]:
    """Return the model of each type: the data directory's own, else the shipped one.

    Raises:
        ModelError: for a file that is no model.
    """
    return {kind: _load(kind, data) for kind in NODE_TYPES}


def _load(kind: str, data: Path | None) -> Model:
    own = data / FOLDER / file_name(kind) if data else None
    shipped = resources.files("graph") / "models" / file_name(kind)
    theirs = own is not None and own.exists()
    path = own if own is not None and theirs else shipped
    try:
        content = orjson.loads(path.read_bytes())
        if theirs:
            _check(kind, content)
    except ValueError as error:  # of JSON as well
        raise not_a_model(str(path), str(error)) from None
    return Model(kind, content["threshold"], content["strong"], content["settings"], str(path) if theirs else "")


def not_a_model(file: str, why: str) -> ModelError:
    """Return the error of a model file that cannot be used."""
    return ModelError(f"{file}: not a model: {why}; delete it to go back to the shipped one")


def _check(kind: str, content: Any) -> None:
    """Raise ValueError for what is not made as a model is; what its conditions say is checked before they are used."""
    if not isinstance(content, dict) or not isinstance(settings := content.get("settings"), dict):
        raise ValueError("no settings")
    if content.get("type") != kind:
        raise ValueError(f"it is of {content.get('type')}, not of {kind}")
    for name in ("threshold", "strong"):
        _number(content, name, name)
    name = "probability_two_random_records_match"
    if not 0 < _number(settings, name, name) < 1:
        raise ValueError(f"{name} is not between 0 and 1")
    for rule in _list(settings, "blocking_rules_to_generate_predictions"):
        stated = isinstance(rule, dict) and [rule.get("blocking_rule"), *rule.get("arrays_to_explode", ())]
        if not (stated and all(isinstance(text, str) for text in stated)):
            raise ValueError(f"blocking rule {rule!r} is none")
    for comparison in _list(settings, "comparisons"):
        column = comparison.get("output_column_name") if isinstance(comparison, dict) else None
        if not isinstance(column, str):
            raise ValueError("a comparison without output_column_name")
        levels = _list(comparison, "comparison_levels")
        for level in levels:
            said = isinstance(level, dict) and [level.get("sql_condition"), level.get("label_for_charts")]
            if not (said and all(isinstance(text, str) for text in said)):
                raise ValueError(f"comparison {column!r}: a level without sql_condition or label_for_charts")
            for name in () if level.get("is_null_level") else ("m_probability", "u_probability"):
                where = f"{column!r}, level {level['label_for_charts']!r}: {name}"
                if not 0 < _number(level, name, where) <= 1:
                    raise ValueError(f"{where} is not between 0 and 1")
        if not levels[0].get("is_null_level") or levels[-1]["sql_condition"] != "ELSE":
            raise ValueError(f"comparison {column!r}: the null level comes first, and last ELSE")


def _number(stated: Mapping[str, Any], name: str, where: str) -> float:
    value = stated.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{where} is no number: {value!r}")
    return value


def _list(stated: Mapping[str, Any], name: str) -> list[Any]:
    value = stated.get(name)
    if not isinstance(value, list) or not value:
        raise ValueError(f"no {name}")
    return value


def fingerprint(models: Mapping[str, Model]) -> str:
    """Return a hash of everything that the models say."""
    stated = {kind: [model.threshold, model.strong, model.settings] for kind, model in models.items()}
    return hashlib.sha256(orjson.dumps(stated, option=orjson.OPT_SORT_KEYS)).hexdigest()
