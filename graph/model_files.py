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
    """

    type: str
    threshold: float
    strong: float
    settings: Mapping[str, Any]

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
    path = own if own is not None and own.exists() else shipped
    try:
        content = orjson.loads(path.read_bytes())
        model = Model(kind, float(content["threshold"]), float(content["strong"]), content["settings"])
        if content["type"] != kind:
            raise ModelError(f"{path}: a model of {content['type']}, not of {kind}")
        _ = (model.prior, model.levels)
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError) as error:
        if isinstance(error, ModelError):
            raise
        raise ModelError(f"{path}: not a model ({error!r}); delete it, or run: recroise train") from None
    return model


def fingerprint(models: Mapping[str, Model]) -> str:
    """Return a hash of everything that the models say."""
    stated = {kind: [model.threshold, model.strong, model.settings] for kind, model in models.items()}
    return hashlib.sha256(orjson.dumps(stated, option=orjson.OPT_SORT_KEYS)).hexdigest()
