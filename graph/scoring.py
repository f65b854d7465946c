"""Splink on DuckDB: which rows share a key, and at which level of each comparison they meet."""

from collections.abc import Iterator, Sequence
from typing import Any

from graph.model_files import Model

Row = dict[str, Any]
Levels = tuple[int, ...]

_LISTS = frozenset(
    """
    given words handles profiles talks towns editions events hosts companions organizations names acronyms urls members
    titles places part_of speakers series themes words_key handles_key profiles_key talks_key urls_key names_key
    titles_key speakers_key series_key
    """.split()
)
_INTEGERS = frozenset("whole common widespread single generic day last_day week next_week".split())
REACH = 12.0  # bits: names that differ more are not made one by what stands beside them
FEW = 1_500  # rows of a type up to which a database is not worth its start
_NUMBERS = frozenset(("latitude", "longitude"))


def candidates(model: Model, rows: Sequence[Row]) -> Iterator[tuple[str, str, Levels]]:
    """Yield the pairs of rows that share a blocking key: keys, and the level of each comparison (-1: not known).

    Pairs that no evidence along the graph could lift to the threshold are left out. The pairs come in no order.
    """
    if len(rows) < 2:
        return
    found = _by_hand(model, rows) if len(rows) <= FEW else _by_splink(model, rows)
    yield from found


def _by_hand(model: Model, rows: Sequence[Row]) -> Iterator[tuple[str, str, Levels]]:
    from graph import interpreter

    least = floor(model)
    for left, right in interpreter.pairs(model.settings, rows):
        levels = interpreter.levels(model.settings, left, right)
        if weight(model, levels) >= least:
            yield left["key"], right["key"], levels


def _by_splink(model: Model, rows: Sequence[Row]) -> Iterator[tuple[str, str, Levels]]:
    import duckdb
    from splink import Linker
    from splink.backends.duckdb import DuckDBAPI

    connection = duckdb.connect()
    try:
        connection.execute("SET preserve_insertion_order = false; SET threads = 2")
        registered = DuckDBAPI(connection).register(table(rows))
        linker = Linker(registered, dict(model.settings), log_level=None, validate_settings=False)
        predicted = linker.inference.predict(threshold_match_weight=floor(model))
        columns = ", ".join(f"mw_{name}" for name in model.levels)
        cursor = connection.execute(f"SELECT key_l, key_r, {columns} FROM {predicted.physical_name}")
        # Splink keeps each comparison's weight: the level follows from that. Levels of one weight are one to us.
        by_bits = [{round(level.bits, 4): value for value, level in each.items()} for each in model.levels.values()]
        while batch := cursor.fetchmany(50_000):
            for left, right, *bits in batch:
                levels = tuple(each[round(met, 4)] for each, met in zip(by_bits, bits, strict=True))
                yield (left, right, levels) if left < right else (right, left, levels)
    finally:
        connection.close()


def floor(model: Model) -> float:
    """Return the weight below which no evidence that flows along the graph is to lift a pair to the threshold."""
    return model.threshold - REACH


def table(rows: Sequence[Row]) -> Any:
    """Return rows as an Arrow table, typed by column even where a column is empty."""
    import pyarrow as pa

    def kind(column: str) -> Any:
        if column in _LISTS:
            return pa.list_(pa.string())
        return pa.int64() if column in _INTEGERS else pa.float64() if column in _NUMBERS else pa.string()

    schema = pa.schema([(column, kind(column)) for column in rows[0]])
    return pa.table({column: pa.array([row[column] for row in rows], kind(column)) for column in rows[0]}, schema)


def weight(model: Model, levels: Levels) -> float:
    """Return the total weight in bits of a pair, from the levels that it meets."""
    return model.prior + sum(
        by_value[level].bits for by_value, level in zip(model.levels.values(), levels, strict=True)
    )
