"""What was compared last: pairs of rows of which neither has changed are not compared again.

A pair's levels are a function of what its two rows say, their blocking keys included, and of which of them is the left
one. So of each row a hash is kept, in the order of the rows, and which pairs were candidates, at which levels. Rows of
the next run that are known, and in the same order, are old: of them the same pairs are candidates again. Only pairs
with a new row are compared.

What is kept is never needed: a file that is missing, damaged, or of another model is made anew. A hash of what a row
says of a person is personal data: an erasure takes the folder away.
"""

import hashlib
import io
import os
import shutil
from bisect import bisect_left
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from boltons.fileutils import atomic_save

from graph import scoring
from graph.arrays import Mask, Numbers
from graph.model_files import Model, fingerprint
from graph.scoring import Candidates
from graph.state import RULES

FOLDER = "compared"
FORMAT = 1
MOST_NEW = 0.1  # share of the rows: of more new ones, comparing all takes less time
FEW = 6_000  # pairs up to which a loop is faster than Splink's start
_ONE_IS_NEW = " AND (l.new OR r.new)"
_DIGEST = hashlib.blake2b().digest_size

Hashes = npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class _Kept:
    """What is kept of a run.

    Attributes:
        salt: what every row was hashed with.
        hashes: of each row two numbers, in the order of the rows' keys.
        left, right: positions of the rows of each pair in that order.
        levels: a line a pair, as in ``Candidates``.
    """

    salt: npt.NDArray[np.uint8]
    hashes: Hashes
    left: Numbers
    right: Numbers
    levels: npt.NDArray[np.int8]


def candidates(model: Model, rows: Any, folder: Path) -> Candidates:
    """Return what ``scoring.candidates`` does; ``folder`` has what was compared last, and then what was now."""
    path = folder / f"{model.type.lower()}.pairs"
    if len(rows) <= scoring.FEW:  # these are compared sooner than what was kept is read
        path.unlink(missing_ok=True)
        return scoring.candidates(model, rows)
    mark = f"{FORMAT} {RULES} {scoring.floor(model)} {fingerprint({model.type: model})}".encode()
    keys = np.sort(rows["key"].to_numpy())
    before = _load(path, mark)
    salt = before.salt if before else np.frombuffer(os.urandom(16), np.uint8)
    hashes = _hashes(rows, salt.tobytes().hex())
    found = _again(model, rows, keys, hashes, before) if before else scoring.candidates(model, rows)
    left, right = np.searchsorted(keys, found.left), np.searchsorted(keys, found.right)
    _save(path, mark, _Kept(salt, hashes, left, right, found.levels))
    return found


def keep_only(kinds: Collection[str], folder: Path) -> None:
    """Delete what is kept of types of which there is nothing any more."""
    for path in folder.glob("*.pairs*"):
        if path.name.partition(".")[0] not in {kind.lower() for kind in kinds}:
            path.unlink()


def forget(data: Path) -> None:
    """Delete what is kept in a data directory."""
    if (folder := data / FOLDER).exists():
        shutil.rmtree(folder)


def _again(model: Model, rows: Any, keys: Numbers, hashes: Hashes, before: _Kept) -> Candidates:
    """Return the pairs of old rows that were candidates, with those of new rows, which are compared."""
    places = _in_order(_places(before.hashes, hashes))
    if (places < 0).mean() > MOST_NEW:
        return scoring.candidates(model, rows)
    old = np.flatnonzero(places >= 0)
    now = np.full(len(before.hashes), -1)
    now[places[old]] = old
    left, right = now[before.left], now[before.right]
    stays = (left >= 0) & (right >= 0)
    is_new = np.isin(rows["key"].to_numpy(), keys[places < 0])
    new = _new(model, rows, is_new)
    return Candidates(
        np.concatenate((keys[left[stays]], new.left)),
        np.concatenate((keys[right[stays]], new.right)),
        np.concatenate((before.levels[stays], new.levels)),
    )


def _hashes(rows: Any, salt: str) -> Hashes:
    """Return a hash in two halves of what each row says beside its key, in the order of the keys.

    128 bits, and salted: no source can write a row that is taken for another.
    """
    import duckdb

    said = ", ".join(f'"{name}" := "{name}"' for name in rows.column_names if name != "key")
    with duckdb.connect() as connection:
        connection.execute("SET threads = 1")
        connection.register("said", rows)
        found = connection.sql(
            f"SELECT md5_number_upper(text) AS upper, md5_number_lower(text) AS lower"
            f" FROM (SELECT key, '{salt}' || to_json(struct_pack({said})) AS text FROM said) ORDER BY key"
        ).to_arrow_table()
    return np.stack([found["upper"].to_numpy(), found["lower"].to_numpy()], axis=1)


def _places(before: Hashes, now: Hashes) -> Numbers:
    """Return for each row its place among those of the last run, -1 for a new one.

    The first of several that say the same is taken for the first of them then, and so on.
    """
    then, here = (np.argsort(each[:, 1], kind="stable") for each in (before, now))
    known, asked = before[then, 1], now[here, 1]
    rank = np.arange(len(asked)) - np.searchsorted(asked, asked)
    found = np.searchsorted(known, asked) + rank
    inside = found < len(known)
    found = then[np.where(inside, found, 0)]
    same = inside & (before[found] == now[here]).all(axis=1)
    places = np.full(len(now), -1)
    places[here[same]] = found[same]
    return places


def _in_order(places: Numbers) -> Numbers:
    """Return places that ascend, with -1 for as few rows as need be: of the others who was left is left again."""
    at = np.flatnonzero(places >= 0)
    values = places[at]
    if np.all(values[1:] > values[:-1]):
        return places
    # The longest ascending subsequence: for each length the least value that one ends with, and at which position.
    least: list[int] = []
    ends: list[int] = []
    previous: list[int] = []
    for position, value in enumerate(values.tolist()):
        length = bisect_left(least, value)
        previous.append(ends[length - 1] if length else -1)
        least[length : length + 1] = [value]
        ends[length : length + 1] = [position]
    kept = np.full(len(places), -1)
    last = ends[-1] if ends else -1
    while last >= 0:
        kept[at[last]] = values[last]
        last = previous[last]
    return kept


def _new(model: Model, rows: Any, new: Mask) -> Candidates:
    """Return the candidates of which at least one row is ``new``; the mask is in the order of the rows."""
    import duckdb
    import pyarrow as pa

    marked = rows.append_column("new", pa.array(new))
    stated = [dict(rule) for rule in model.settings["blocking_rules_to_generate_predictions"]]
    with duckdb.connect() as connection:
        connection.execute("SET threads = 1")
        connection.register("marked", marked)
        pairs = connection.sql(" UNION ".join(_brought_together(rule) for rule in stated)).to_arrow_table()
    if len(pairs) <= FEW:
        return _in_a_loop(model, rows, pairs["one"].to_numpy(), pairs["other"].to_numpy())
    for rule in stated:
        rule["blocking_rule"] += _ONE_IS_NEW
    settings = {**model.settings, "blocking_rules_to_generate_predictions": stated}
    return scoring.by_splink(replace(model, settings=settings), marked)


def _brought_together(rule: Mapping[str, Any]) -> str:
    """Return a query for the pairs that a blocking rule brings together."""
    exploded = ", ".join(f"unnest({column}) AS {column}" for column in rule.get("arrays_to_explode", ()))
    side = f"(SELECT * REPLACE ({exploded}) FROM marked)" if exploded else "marked"
    return (
        f"SELECT l.key AS one, r.key AS other FROM {side} AS l JOIN {side} AS r"
        f" ON {rule['blocking_rule']} {_ONE_IS_NEW} AND l.key < r.key"
    )


def _in_a_loop(model: Model, rows: Any, left: Numbers, right: Numbers) -> Candidates:
    """Return the candidates among few pairs."""
    import pyarrow as pa
    import pyarrow.compute as pc

    asked = rows.filter(pc.is_in(rows["key"], pa.array(np.union1d(left, right))))
    by_key = {row["key"]: row for row in asked.to_pylist()}
    pairs = ((by_key[one], by_key[other]) for one, other in zip(left.tolist(), right.tolist(), strict=True))
    return scoring.among(model, pairs)


def _load(path: Path, mark: bytes) -> _Kept | None:
    """Return what a file keeps; None where there is none, or none that is whole and of this model."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    digest, arrays = content[:_DIGEST], memoryview(content)[_DIGEST:]
    # Checked before it is read: what is damaged would be believed, or fail in any of many ways.
    if digest != _digest(mark, arrays):
        return None
    with np.load(io.BytesIO(arrays)) as kept:
        return _Kept(**kept)


def _save(path: Path, mark: bytes, kept: _Kept) -> None:
    content = io.BytesIO()
    np.savez(content, **{name: getattr(kept, name) for name in _Kept.__slots__})
    path.parent.mkdir(exist_ok=True)
    try:
        with atomic_save(str(path), overwrite_part=True) as file:
            file.write(_digest(mark, content.getbuffer()))
            file.write(content.getbuffer())
    except OSError as error:
        error.filename = error.filename or str(path)  # writing to an open file tells no name
        raise


def _digest(mark: bytes, content: memoryview) -> bytes:
    digest = hashlib.blake2b(mark)
    digest.update(content)
    return digest.digest()
