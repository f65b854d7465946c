"""What many records name in the same words, and no source has a key for: compared once for all of them."""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from graph.atoms import Atom, Atoms
from graph.features import AROUND, Row, said, wording
from graph.interpreter import levels
from graph.model_files import Model
from graph.rows import table
from graph.scoring import Levels, weight


@dataclass
class Alike:
    """Rows to compare, and the atoms that need no comparison.

    Attributes:
        rows: an Arrow table, whose ``key`` is the number of the atom's first mention; None where there are no rows.
        one: numbers of atoms that are one, the first the one that stands for all in ``rows``; and the levels they meet.
    """

    rows: Any
    one: list[tuple[list[int], Levels]] = field(default_factory=list)


def alike(kind: str, among: Atoms, model: Model) -> Alike:
    """Return the rows of a type's atoms, one for those that the words alone make one."""
    result = Alike(None)
    result.rows = table(kind, _alone(kind, among, model, result.one), among)
    return result


def _alone(
    kind: str, among: Atoms, model: Model, one: list[tuple[list[int], Levels]]
) -> Iterator[tuple[Row, Sequence[Atom]]]:
    """Yield what rows say, each with the atoms that it stands for."""
    firsts, of = _worded(among.of(kind), among)
    same: dict[Hashable, list[Row]] = {}
    for atom, row in zip(firsts, said(kind, firsts, among.around), strict=True):
        if atom.number not in of:
            yield row, [atom]
            continue
        content = tuple(tuple(value) if isinstance(value, list) else value for value in row.values())[1:]  # no key
        same.setdefault(content, []).append(row)
    around = dict.fromkeys(AROUND)
    for like in same.values():
        atoms = sorted((atom for row in like for atom in of[row["key"]]), key=attrgetter("number"))
        if len(atoms) == 1:
            yield like[0], atoms
            continue
        bare = {**like[0], **around}
        met = levels(model.settings, bare, bare)
        if weight(model, met) >= model.threshold:
            one.append(([atom.number for atom in atoms], met))
            yield like[0], atoms
        elif len(atoms) == len(like):
            yield from ((row, of[row["key"]]) for row in like)
        else:
            yield from ((row, [atom]) for row, atom in zip(said(kind, atoms, among.around), atoms, strict=True))


def _worded(found: Sequence[Atom], among: Atoms) -> tuple[list[Atom], dict[int, list[Atom]]]:
    """Return the atoms of a type, of those without a key of their own the first of each wording; and all of each.

    The latter by the number of the first.
    """
    of: dict[int, list[Atom]] = {}
    firsts: list[Atom] = []
    named: dict[Hashable, list[Atom]] = {}
    stated: dict[int, bytes] = {}
    for atom in found:
        if atom.first.identity is None:
            words = wording(atom, among.around, stated)
            if words is not None and words in named:
                named[words].append(atom)
                continue
            group = of[atom.number] = [atom]
            if words is not None:
                named[words] = group
        firsts.append(atom)
    return firsts, of
