"""What many records name in the same words, and no source has a key for: compared once for all of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
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
    result.rows = table(
        {**row, "key": around.numbers[row["key"]]} for row in _alone(kind, found, around, model, result.one)
    )
    return result


def _alone(
    kind: str, found: Sequence[Atom], around: Surroundings, model: Model, one: list[tuple[list[Atom], Levels]]
) -> Iterator[Row]:
    named: dict[object, list[Atom]] = {}  # without a key of their own
    single = []
    for atom in found:
        if atom.first.identity is None:
            named.setdefault(said(atom) or atom.key, []).append(atom)
        else:
            single.append(atom)
    gathered = [Atom([m for atom in group for m in atom.mentions], around) for group in named.values()]
    of = {atom.key: group for atom, group in zip(gathered, named.values(), strict=True)}
    same: dict[object, list[Row]] = {}
    by_key = {atom.key: atom for atom in gathered}
    for row in rows(kind, sorted((*single, *gathered), key=lambda atom: atom.key), around):
        if row["key"] not in by_key:
            yield row
            continue
        content = tuple(
            tuple(value) if isinstance(value, list) else value
            for name, value in row.items()
            if name != "key" and name not in AROUND
        )
        same.setdefault(content, []).append(row)
    for group in same.values():
        atoms = sorted((atom for row in group for atom in of[row["key"]]), key=lambda atom: atom.key)
        if len(atoms) == 1:
            yield group[0]
            continue
        bare = {name: None if name in AROUND else value for name, value in group[0].items()}
        met = levels(model.settings, bare, bare)
        if weight(model, met) >= model.threshold:
            one.append((atoms, met))
            yield {name: _together(group, name) if name in AROUND else value for name, value in group[0].items()}
        elif len(atoms) == len(group):
            yield from group
        else:
            yield from rows(kind, atoms, around)


def _together(group: Sequence[Row], column: str) -> list[str] | None:
    return sorted({value for row in group for value in row[column] or ()})[:MOST] or None
