"""Keys that candidates share: only rows with a key in common are compared, and no key brings too many together.

A key that more rows share than the cap tells nothing, and costs the square of its rows: it is narrowed, or left out.
So the work grows with the rows, not with their pairs. The rules that use the keys stand in the models.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

Table = Any  # a pyarrow.Table
Array = Any  # a pyarrow.Array
Key = Callable[[Table], Array]

CAP = 40  # rows that may share a key
WIDE = 300  # rows that may share the very name: what many sources name is in many rows
SAME_WEEK = 15  # rows that may share a name within a week: more are the evenings of a series in several towns
_CAPS = {
    **dict.fromkeys(("full_key", "town_key", "town_name"), WIDE),
    **dict.fromkeys(("week_name", "week_after"), SAME_WEEK),
}


def with_keys(kind: str, rows: Table) -> Table:
    """Return a type's rows (an Arrow table) with their blocking keys as further columns."""
    for column, candidates in _KEYS[kind].items():
        rows = rows.append_column(column, _key(rows, candidates, _CAPS.get(column, CAP)))
    for column in _LISTS[kind]:
        rows = rows.append_column(f"{column}_key", _capped(_whole(rows[column])))
    return rows


def _key(rows: Table, candidates: Iterable[Key], cap: int) -> Array:
    """Return for each row the first of the candidates that few enough rows share: from the widest to the narrowest."""
    import pyarrow as pa
    import pyarrow.compute as pc

    chosen = pa.nulls(len(rows), pa.string())
    left = None
    for candidate in candidates:
        keys = _whole(candidate(rows))
        if left is not None:
            keys = pc.if_else(left, keys, None)
        shared = _shared(keys)
        chosen = pc.coalesce(chosen, pc.if_else(pc.less_equal(shared, cap), keys, None))
        left = pc.fill_null(pc.greater(shared, cap), False)
    return chosen


def _shared(values: Array) -> Array:
    """Return how often each value is there, null for null."""
    import pyarrow as pa
    import pyarrow.compute as pc

    codes = values.dictionary_encode().indices
    return pc.take(pa.array(np.bincount(codes.drop_null().to_numpy(zero_copy_only=False))), codes)


def _capped(lists: Array) -> Array:
    """Return lists without what is in too many of them, for the lists to be joined on; null for an empty one."""
    import pyarrow as pa
    import pyarrow.compute as pc

    values = lists.flatten()
    few = pc.less_equal(_shared(values), CAP).to_numpy(zero_copy_only=False)
    parents = pc.list_parent_indices(lists).to_numpy(zero_copy_only=False)[few]
    lengths = np.bincount(parents, minlength=len(lists))
    offsets = np.concatenate(([0], np.cumsum(lengths))).astype(np.int32)
    return pa.ListArray.from_arrays(offsets, values.filter(pa.array(few)), mask=pa.array(lengths == 0))


def _whole(column: Any) -> Array:
    import pyarrow as pa

    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _stated(values: Array) -> Array:
    """Return values as text, null for an empty one."""
    import pyarrow as pa
    import pyarrow.compute as pc

    text = pc.cast(values, pa.string())
    return pc.if_else(pc.equal(text, ""), None, text)


def _together(*parts: Any, by: str = "\0") -> Array:
    """Return values one after the other, null where one of them is."""
    import pyarrow.compute as pc

    return pc.binary_join_element_wise(*parts, by)


def _first(lists: Array) -> Array:
    import pyarrow.compute as pc

    return pc.list_element(lists, 0)


def _joined(*columns: str) -> Key:
    return lambda rows: _together(*(_stated(rows[column]) for column in columns))


def _surname_and(length: int) -> Key:
    def key(rows: Table) -> Array:
        import pyarrow.compute as pc

        initials = pc.utf8_slice_codeunits(rows["first_sound"], 0, length)
        return pc.if_else(pc.is_valid(rows["whole"]), _together(_stated(rows["last_sound"]), initials, by=" "), None)

    return key


def _given_and(start: int, stop: int | None, *more: str) -> Key:
    def key(rows: Table) -> Array:
        import pyarrow.compute as pc

        part = pc.utf8_slice_codeunits(rows["last"], start, stop)
        extra = (pc.fill_null(_first(rows[column]), "") for column in more)
        named = pc.and_(pc.is_valid(rows["whole"]), pc.greater_equal(pc.utf8_length(rows["last"]), 4))
        return pc.if_else(named, _together(rows["first_sound"], part, *extra, by=" "), None)

    return key


def _initialled(rows: Table) -> Array:
    import pyarrow.compute as pc

    return pc.if_else(pc.equal(pc.utf8_length(rows["last"]), 1), _together(rows["first"], rows["last"], by=" "), None)


def _one_of(column: str, name: str) -> Key:
    """A name that is narrowed by the first of a list: namesakes meet within an organisation or a town."""
    return lambda rows: _together(_stated(rows[name]), _first(rows[column]))


def _part(column: str, start: int, stop: int | None, beside: str) -> Key:
    def key(rows: Table) -> Array:
        import pyarrow.compute as pc

        part = pc.utf8_slice_codeunits(rows[column], start, stop)
        long = pc.greater(pc.utf8_length(rows[column]), 5)
        return pc.if_else(long, _together(_stated(rows[beside]), part), None)

    return key


_PLACE: dict[str, Sequence[Key]] = {
    "town_name": (_joined("town", "name"), _joined("town", "name", "kind")),
    "rare_name": (_joined("name"),),
    "town_word": (_joined("town", "word"), _joined("town", "word", "second_word")),
    "town_head": (_part("name", 0, 5, "town"), _part("name", 0, 8, "town")),
    "town_tail": (_part("name", -5, None, "town"), _part("name", -8, None, "town")),
}
_KEYS: dict[str, dict[str, Sequence[Key]]] = {
    "Person": {
        "full_key": (_joined("full"), _one_of("organizations", "full"), _one_of("towns", "full")),
        "town_key": (_one_of("towns", "full"),),
        "squashed_key": (_joined("squashed"), _one_of("organizations", "squashed")),
        "sound_key": (_joined("sounds"), _one_of("organizations", "sounds"), _one_of("towns", "sounds")),
        "surname_key": (_joined("last_sound"), _surname_and(1), _surname_and(2), _surname_and(4)),
        "head_key": (_given_and(0, 3), _given_and(0, 4), _given_and(0, 4, "organizations")),
        "tail_key": (_given_and(-3, None), _given_and(-4, None),
                     _given_and(-4, None, "organizations")),
        "initial_key": (_initialled,),
    },
    "Place": {**_PLACE, "town_street": (_joined("town", "street"),)},
    "Organization": _PLACE,
    "EventSeries": {key: _PLACE[key] for key in ("town_name", "rare_name", "town_word")},
    "Event": {
        "day_town": (_joined("day", "town"), _joined("day", "town", "word")),
        "day_name": (_joined("day", "name"), _joined("day", "name", "town")),
        "week_name": (_joined("week", "name"), _joined("week", "name", "town")),
        "week_after": (_joined("next_week", "name"), _joined("next_week", "name", "town")),
        "week_town": (_joined("week", "town", "word"), _joined("week", "town", "name")),
        "plain_day": (_joined("day", "plain"), _joined("day", "plain", "town")),
        "month_name": (_joined("month_only", "name", "town"), _joined("month_only", "title", "town")),
        "day_word": (_joined("day", "word"), _joined("day", "word", "town")),
    },
}  # fmt: skip
_LISTS = {
    "Person": ("words", "profiles", "talks", "handles"),
    "Place": ("urls", "names"),
    "Organization": ("urls", "names"),
    "EventSeries": ("urls", "names", "titles"),
    "Event": ("urls", "speakers", "series"),
}
