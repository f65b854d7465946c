"""Which rows share a key, and at which level of each comparison they meet: by Splink on DuckDB where they are many."""

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt

from graph.arrays import Numbers
from graph.model_files import Model

Row = dict[str, Any]
Levels = tuple[int, ...]

_LISTS = frozenset(
    """
    given counterparts words handles profiles talks towns editions events hosts companions organizations names
    acronyms urls members titles places part_of speakers series cycles pages telling themes
    """.split()
)
_INTEGERS = frozenset("whole common widespread single generic day last_day moment week next_week".split())
REACH = 12.0  # bits: names that differ more are not made one by what stands beside them
FEW = 1_500  # rows of a type up to which a database is not worth its start
MEMORY = 400  # MB for the database at least
TIMES = 3  # memory of the database, beyond that, in sizes of the rows: with less it takes longer; it spills beyond
THREADS = 2  # of the database: each wants memory of its own
CHUNK = 5_000  # rows that are objects at a time
_NUMBERS = frozenset(("latitude", "longitude"))


@dataclass(frozen=True, slots=True)
class Candidates:
    """Pairs of rows: the ``key`` of each, and the level of each comparison (-1: not known), a line a pair.

    The left key is the smaller; the pairs are in the order of their keys.
    """

    left: Numbers
    right: Numbers
    levels: npt.NDArray[np.int8]

    def __post_init__(self) -> None:
        order = np.lexsort((self.right, self.left))
        for name in ("left", "right", "levels"):
            object.__setattr__(self, name, getattr(self, name)[order])


def candidates(model: Model, rows: Any) -> Candidates:
    """Return the pairs of rows (an Arrow table with blocking keys, ``key`` a number) that share a blocking key.

    Pairs that no evidence along the graph could lift to the threshold are left out.
    """
    if len(rows) <= FEW:
        return by_hand(model, rows.to_pylist())
    return by_splink(model, rows)


def by_hand(model: Model, rows: Sequence[Row]) -> Candidates:
    """Return the candidates among few rows, compared in a loop."""
    from graph import interpreter

    return among(model, interpreter.pairs(model.settings, rows))


def among(model: Model, pairs: Iterable[tuple[Mapping[str, Any], Mapping[str, Any]]]) -> Candidates:
    """Return the candidates among pairs of rows, the one of the smaller key first, compared in a loop."""
    from graph import interpreter

    least = floor(model)
    found = [
        (left["key"], right["key"], met)
        for left, right in pairs
        if weight(model, met := interpreter.levels(model.settings, left, right)) >= least
    ]
    return Candidates(
        np.array([left for left, _, _ in found], np.int64),
        np.array([right for _, right, _ in found], np.int64),
        np.array([met for _, _, met in found], np.int8).reshape(len(found), len(model.levels)),
    )


def by_splink(model: Model, rows: Any) -> Candidates:
    """Return the candidates among many rows, compared by Splink on DuckDB."""
    import duckdb
    from splink import Linker
    from splink.backends.duckdb import DuckDBAPI

    # What does not fit in so much memory goes to a folder of its own, not to one in the working directory.
    memory = max(MEMORY, TIMES * rows.nbytes // 1_000_000)
    spilt = tempfile.TemporaryDirectory()
    connection = duckdb.connect(config={"memory_limit": f"{memory}MB", "temp_directory": spilt.name})
    try:
        connection.execute(f"SET preserve_insertion_order = false; SET threads = {THREADS}")
        registered = DuckDBAPI(connection).register(rows)
        linker = Linker(registered, dict(model.settings), log_level=None, validate_settings=False)
        predicted = linker.inference.predict(threshold_match_weight=floor(model))
        columns = ", ".join(f"mw_{name}" for name in model.levels)
        found = connection.sql(f"SELECT key_l, key_r, {columns} FROM {predicted.physical_name}").to_arrow_table()
    finally:
        connection.close()
        spilt.cleanup()
    left, right, *bits = (column.to_numpy() for column in found.columns)
    levels = np.empty((len(found), len(model.levels)), np.int8)
    for place, (each, met) in enumerate(zip(model.levels.values(), bits, strict=True)):
        # Splink keeps each comparison's weight: the level follows from that. Levels of one weight are one to us.
        by_bits = dict(sorted({round(level.bits, 4): value for value, level in each.items()}.items()))
        known = np.array(list(by_bits))
        between = (known[1:] + known[:-1]) / 2
        levels[:, place] = np.array(list(by_bits.values()), np.int8)[np.searchsorted(between, met)]
    return Candidates(np.minimum(left, right), np.maximum(left, right), levels)


def floor(model: Model) -> float:
    """Return the weight below which no evidence that flows along the graph is to lift a pair to the threshold."""
    return model.threshold - REACH


def columns(rows: Iterable[Row]) -> Any:
    """Return rows as an Arrow table, typed by column even where a column is empty; None for no rows."""
    import pyarrow as pa

    def kind(column: str, value: Any) -> Any:
        if column in _LISTS:
            return pa.list_(pa.string())
        if column in _INTEGERS or isinstance(value, int):
            return pa.int64()
        return pa.float64() if column in _NUMBERS else pa.string()

    batches = []
    for chunk in _chunks(rows):
        schema = pa.schema([(column, kind(column, value)) for column, value in chunk[0].items()])
        # The rows of a type have their columns in one order.
        values = zip(*(row.values() for row in chunk), strict=True)
        columns = [pa.array(column, field.type) for column, field in zip(values, schema, strict=True)]
        batches.append(pa.record_batch(columns, schema=schema))
    return pa.Table.from_batches(batches) if batches else None


def _chunks(rows: Iterable[Row]) -> Iterator[list[Row]]:
    left = iter(rows)
    while chunk := list(islice(left, CHUNK)):
        yield chunk


def weight(model: Model, levels: Levels) -> float:
    """Return the total weight in bits of a pair, from the levels that it meets."""
    return model.prior + sum(
        by_value[level].bits for by_value, level in zip(model.levels.values(), levels, strict=True)
    )
