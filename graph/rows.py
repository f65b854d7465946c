"""Rows: what atoms say of themselves, and what is around them, as one Arrow table for their type's model."""

import hashlib
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from graph.arrays import places
from graph.atoms import Atom, Atoms
from graph.beside import Pairs, together
from graph.features import MOST, Row, name_token, said
from graph.mentions import Mention
from graph.names import fold, title_key
from graph.scoring import columns
from graph.surroundings import NONE, Surroundings, town

Rows = npt.NDArray[np.int32]  # of a row for each mention's number, ``NONE`` for none

SPEAKERS = 4  # under one title, beyond whom it is nobody's own


def rows(kind: str, found: Sequence[Atom], among: Atoms) -> Any:
    """Return the rows of atoms of one type as an Arrow table, ``key`` the number of each."""
    return table(kind, ((row, [atom]) for row, atom in zip(said(kind, found, among.around), found, strict=True)), among)


def table(kind: str, said: Iterable[tuple[Row, Sequence[Atom]]], among: Atoms) -> Any:
    """Return rows as an Arrow table, each with what is around the atoms that it stands for; None for no rows."""
    row_of = array("i", [NONE]) * len(among.around.mentions)

    def numbered() -> Iterator[Row]:
        for number, (row, atoms) in enumerate(said):
            for atom in atoms:
                row_of[atom.number] = number
            yield row

    made = columns(numbered())
    if made is not None:
        for name, column in _around(kind, np.array(row_of)[among.number], len(made), among):
            made = made.append_column(name, column)
    return made


def _around(kind: str, row_of: Rows, number: int, among: Atoms) -> Iterator[tuple[str, Any]]:
    """Yield the columns ``AROUND``: what is around the mentions of each row, ``row_of`` gives each mention's."""
    mentions = among.around.mentions
    beside = among.beside.of(kind)
    if kind == "Person":
        events = beside["events"]
        wholes = among.around.children(*events, "superEvent")
        whole_events = among.around.of_type("Event")[wholes[1]]
        appearances = together(events, (wholes[0][whole_events], wholes[1][whole_events]))
        titles = _titles_of_few(events, among)
        yield "talks", listed(row_of, number, events, titles.get)
        yield "towns", listed(row_of, number, events, lambda event: town(mentions[event]))
        yield "editions", listed(row_of, number, appearances, lambda event: _edition(mentions[event]))
    if kind == "Event":
        told = np.flatnonzero(row_of >= 0)
        yield "pages", listed(row_of, number, (told, told), partial(_page, among.around))
    for column, pairs in beside.items():
        # That two were at one event is known only once it is: many are called "Lightning talks".
        few = pairs if column != "events" else (pairs[0][:0], pairs[1][:0])
        yield column, listed(row_of, number, few, partial(_token, column, mentions))


def listed(row_of: Rows, number: int, pairs: Pairs, token: Callable[[int], str | None]) -> Any:
    """Return for each of a number of rows what stands for what is beside its mentions, as an Arrow array of lists.

    Sorted, each once, at most ``MOST``; null for none. ``token`` gives what stands for a mention's number.
    """
    import pyarrow as pa

    rows, others = row_of[pairs[0]].astype(np.int64), pairs[1]
    rows, others = rows[rows >= 0], others[rows >= 0]
    once, place = np.unique(others, return_inverse=True)
    tokens = [token(each) or "" for each in once.tolist()]
    words = sorted(set(tokens))
    code_of = {word: code for code, word in enumerate(words)}
    codes = np.fromiter((code_of[word] for word in tokens), np.int64, len(tokens))[place]
    stated = codes != code_of.get("", NONE)
    width = max(len(words), 1)
    found = np.unique(rows[stated] * width + codes[stated])
    row, code = np.divmod(found, width)
    counts = np.bincount(row, minlength=number)
    kept = places(counts)[1] < MOST
    counts = np.minimum(counts, MOST)
    offsets = np.concatenate((np.zeros(1, np.int32), np.cumsum(counts, dtype=np.int32)))
    values = pa.array(words, pa.string()).take(pa.array(code[kept]))
    return pa.ListArray.from_arrays(pa.array(offsets), values, mask=pa.array(counts == 0))


def _titles_of_few(events: Pairs, among: Atoms) -> dict[int, str]:
    """Return by their numbers what events are called that people spoke under.

    What several people speak under ("lightning talks", "opening") is nobody's own.
    """
    once, place = np.unique(events[1], return_inverse=True)
    folded = [fold(among.around.mentions[event].name) for event in once.tolist()]
    code_of: dict[str, int] = {}
    codes = np.fromiter((code_of.setdefault(title, len(code_of)) for title in folded), np.int64, len(folded))
    speakers = np.unique(among.number[events[0]] * max(len(code_of), 1) + codes[place])
    count = np.bincount(speakers % max(len(code_of), 1), minlength=len(code_of))
    return {
        event: title
        for event, title, code in zip(once.tolist(), folded, codes.tolist(), strict=True)
        if count[code] <= SPEAKERS and len(title.split()) >= 3
    }


def _edition(event: Mention) -> str:
    return f"{event.source.id} {event.own_key or event.name} {event.day}"


def _page(around: Surroundings, number: int) -> str | None:
    """Return what stands for the page that tells of an event, in fewer letters than its address.

    Only where it may be of use: where an hour or a series is to be held against another's.
    """
    event = around.mentions[number]
    timed = len(event.data.get("startDate") or "") > len("2012-11-08")
    if timed or any(each.type == "EventSeries" for each in around.named(event, "superEvent")):
        return hashlib.sha256(event.source.url.encode()).hexdigest()[:10]
    return None


def _token(column: str, mentions: Sequence[Mention], number: int) -> str | None:
    mention = mentions[number]
    if column == "hosts" and mention.type == "Event":
        return title_key(mention.name, town(mention))  # the edition of a year is a host for its series
    return name_token(mention)
