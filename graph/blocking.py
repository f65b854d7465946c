"""Keys that candidates share: only rows with a key in common are compared, and no key brings too many together.

A key that more rows share than the cap tells nothing, and costs the square of its rows: it is narrowed, or left out.
So the work grows with the rows, not with their pairs. The rules that use the keys stand in the models.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any

Row = dict[str, Any]
Key = Callable[[Row], str | None]

CAP = 60  # rows that may share a key
WIDE = 300  # rows that may share the very name: what many sources name is in many rows
_EXACT = frozenset(("full_key", "town_key", "town_name"))


def add_keys(kind: str, rows: Sequence[Row]) -> None:
    """Add the blocking keys of a type to its rows, in place."""
    for column, candidates in _KEYS[kind].items():
        _add_key(rows, column, candidates)
    for column in _LISTS[kind]:
        _cap_list(rows, column)


def _add_key(rows: Sequence[Row], column: str, candidates: Iterable[Key]) -> None:
    """Give each row the first of the candidates that few enough rows share: from the widest to the narrowest."""
    cap = WIDE if column in _EXACT else CAP
    left = rows
    for row in rows:
        row[column] = None
    for candidate in candidates:
        keys = [candidate(row) for row in left]
        count = Counter(keys)
        narrower = []
        for row, key in zip(left, keys, strict=True):
            if key is not None and count[key] <= cap:
                row[column] = key
            elif key is not None:
                narrower.append(row)
        left = narrower


def _cap_list(rows: Sequence[Row], column: str) -> None:
    """Leave out of a list that is only blocked on what too many rows have."""
    count = Counter(value for row in rows for value in row[column] or ())
    for row in rows:
        if row[column]:
            row[f"{column}_key"] = [value for value in row[column] if count[value] <= CAP] or None
        else:
            row[f"{column}_key"] = None


def _joined(*columns: str) -> Key:
    def key(row: Row) -> str | None:
        values = [row[column] for column in columns]
        return None if any(value in (None, "") for value in values) else "\0".join(map(str, values))

    return key


def _surname_and(length: int) -> Key:
    def key(row: Row) -> str | None:
        return f"{row['last_sound']} {row['first_sound'][:length]}" if row["last_sound"] and row["whole"] else None

    return key


def _given_and(part: slice, *more: str) -> Key:
    def key(row: Row) -> str | None:
        if not row["whole"] or len(row["last"]) < 4:
            return None
        extra = [(row[column] or [""])[0] for column in more]
        return " ".join((row["first_sound"], row["last"][part], *extra))

    return key


def _initialled(row: Row) -> str | None:
    return f"{row['first']} {row['last']}" if row["last"] and len(row["last"]) == 1 else None


def _one_of(column: str, name: str) -> Key:
    """A name that is narrowed by the first of a list: namesakes meet within an organisation or a town."""

    def key(row: Row) -> str | None:
        return f"{row[name]}\0{row[column][0]}" if row[name] and row[column] else None

    return key


def _part(column: str, part: slice, beside: str) -> Key:
    def key(row: Row) -> str | None:
        return f"{row[beside]}\0{row[column][part]}" if row[beside] and len(row[column]) > 5 else None

    return key


_PLACE: dict[str, Sequence[Key]] = {
    "town_name": (_joined("town", "name"), _joined("town", "name", "kind")),
    "rare_name": (_joined("name"),),
    "town_word": (_joined("town", "word"), _joined("town", "word", "second_word")),
    "town_head": (_part("name", slice(0, 5), "town"), _part("name", slice(0, 8), "town")),
    "town_tail": (_part("name", slice(-5, None), "town"), _part("name", slice(-8, None), "town")),
}
_KEYS: dict[str, dict[str, Sequence[Key]]] = {
    "Person": {
        "full_key": (_joined("full"), _one_of("organizations", "full"), _one_of("towns", "full")),
        "town_key": (_one_of("towns", "full"),),
        "squashed_key": (_joined("squashed"), _one_of("organizations", "squashed")),
        "sound_key": (_joined("sounds"), _one_of("organizations", "sounds"), _one_of("towns", "sounds")),
        "surname_key": (_joined("last_sound"), _surname_and(1), _surname_and(2), _surname_and(4)),
        "head_key": (_given_and(slice(0, 3)), _given_and(slice(0, 4)), _given_and(slice(0, 4), "organizations")),
        "tail_key": (_given_and(slice(-3, None)), _given_and(slice(-4, None)),
                     _given_and(slice(-4, None), "organizations")),
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
