"""What many records name in the same words, and no source has a key for: compared once for all of them."""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from graph.atoms import Atom, Surroundings
from graph.features import AROUND, MOST, Row, rows, said
from graph.interpreter import levels
from graph.model_files import Model
from graph.scoring import Levels, table, weight


@dataclass
class Alike:
    """Rows to compare, and the atoms that need no comparison.

    Attributes:
        rows: an Arrow table, whose ``key`` is the number of the atom's first mention; None where there are no rows.
        one: groups of atoms, the first the one that stands for all of them in ``rows``, with the levels that they meet.
    """

    rows: Any
    one: list[tuple[list[Atom], Levels]] = field(default_factory=list)


def alike(kind: str, found: Sequence[Atom], around: Surroundings, model: Model) -> Alike:
    """Return the rows of a type's atoms, one for those that the words alone make one."""
    result = Alike(None)
    result.rows = table(_alone(kind, found, around, model, result.one))
    return result


def _alone(
    kind: str, found: Sequence[Atom], around: Surroundings, model: Model, one: list[tuple[list[Atom], Levels]]
) -> Iterator[Row]:
    of: dict[int, list[Atom]] = {}  # without a key of their own, by the number of the first of one wording
    firsts: list[Atom] = []
    named: dict[Hashable, list[Atom]] = {}
    stated: dict[int, bytes] = {}
    for atom in found:
        if atom.first.identity is not None:
            firsts.append(atom)
            continue
        words = said(atom, stated)
        if words is not None and words in named:
            named[words].append(atom)
            continue
        group = of[atom.number] = [atom]
        if words is not None:
            named[words] = group
        firsts.append(atom)
    del named, stated
    for place, atom in enumerate(firsts):
        if len(group := of.get(atom.number, [])) > 1:
            firsts[place] = Atom([mention for each in group for mention in each.mentions], around, atom.number)
    same: dict[Hashable, list[Row]] = {}
    for row in _numbered(kind, firsts, around):
        if row["key"] not in of:
            yield row
            continue
        content = tuple(
            tuple(value) if isinstance(value, list) else value
            for name, value in row.items()
            if name != "key" and name not in AROUND
        )
        same.setdefault(content, []).append(row)
    for like in same.values():
        atoms = sorted((atom for row in like for atom in of[row["key"]]), key=attrgetter("number"))
        if len(atoms) == 1:
            yield like[0]
            continue
        bare = {name: None if name in AROUND else value for name, value in like[0].items()}
        met = levels(model.settings, bare, bare)
        if weight(model, met) >= model.threshold:
            one.append((atoms, met))
            yield {name: _together(like, name) if name in AROUND else value for name, value in like[0].items()}
        elif len(atoms) == len(like):
            yield from like
        else:
            yield from _numbered(kind, atoms, around)


def _numbered(kind: str, atoms: Sequence[Atom], around: Surroundings) -> Iterator[Row]:
    """Yield the row of each atom, with its number for its key."""
    for atom, row in zip(atoms, rows(kind, atoms, around), strict=True):
        row["key"] = atom.number
        yield row


def _together(group: Sequence[Row], column: str) -> list[str] | None:
    return sorted({value for row in group for value in row[column] or ()})[:MOST] or None
