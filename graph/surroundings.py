"""Who and what stands beside each mention in its record: by number, so that a million are a few arrays."""

from array import array
from collections.abc import Iterable, Iterator
from functools import cached_property
from operator import attrgetter

import numpy as np

from graph.arrays import Mask, Numbers, places
from graph.marks import Marks
from graph.mentions import Mention
from graph.model import NODE_TYPES, RELATIONS
from graph.personal_names import common_names, personal_name

NONE = -1  # the number of the parent of a record's own mention, and of the relation that it is not named by
_TYPES = {kind: code for code, kind in enumerate(NODE_TYPES)}
_RELATIONS: dict[str | None, int] = {None: NONE, **{name: code for code, name in enumerate(RELATIONS)}}


class Surroundings:
    """Mentions in the order of their keys, and what is nested in what.

    A mention's number is its place among ``mentions``; ``keys`` are their keys, ``numbers`` the way back.
    """

    def __init__(self, mentions: Iterable[Mention]) -> None:
        found = sorted(mentions, key=attrgetter("key"))
        self.keys = [mention.key for mention in found]
        self.numbers = dict(zip(self.keys, range(len(found)), strict=True))
        if len(self.numbers) < len(found):  # of one key the last
            found = list(dict(zip(self.keys, found, strict=True)).values())
            self.keys = list(self.numbers)
            self.numbers = dict(zip(self.keys, range(len(found)), strict=True))
        self.mentions = found
        number_of = self.numbers.get
        parents = (NONE if mention.parent is None else number_of(mention.parent, NONE) for mention in found)
        self._parent = np.fromiter(parents, np.int32, len(found))
        self._type = np.fromiter((_TYPES[mention.type] for mention in found), np.int8, len(found))
        self._relation = np.fromiter((_RELATIONS[mention.relation] for mention in found), np.int8, len(found))
        # Children stand one after the other, in the order of their keys: those of one number from its start on.
        order = np.argsort(self._parent, kind="stable").astype(np.int32)
        nested = self._parent >= 0
        self._children = order[len(found) - int(nested.sum()) :]
        counts = np.bincount(self._parent[nested], minlength=len(found))
        self._start = np.concatenate((np.zeros(1, np.int32), np.cumsum(counts, dtype=np.int32)))
        # To ask for single ones, Python's own arrays are quicker.
        self._starts = array("i", self._start.tobytes())
        self._nested = array("i", self._children.tobytes())

    def mention(self, key: str) -> Mention:
        """Return the mention of a key.

        Raises:
            KeyError: for a key that no mention has.
        """
        return self.mentions[self.numbers[key]]

    def parent(self, mention: Mention) -> Mention | None:
        """Return what a mention is nested in; None for a record's own."""
        number = None if mention.parent is None else self.numbers.get(mention.parent)
        return None if number is None else self.mentions[number]

    def named(self, mention: Mention, *relations: str) -> list[Mention]:
        """Return what is nested in a mention by one of some relations."""
        number = self.numbers.get(mention.key)
        if number is None:
            return []
        start, stop = self._starts[number : number + 2]
        if start == stop:
            return []
        found = [self.mentions[child] for child in self._nested[start:stop]]
        return [child for child in found if child.relation in relations]

    # The same by number, for many at once.

    def of_type(self, *kinds: str) -> Mask:
        """Return of which mentions the type is one of some."""
        return np.isin(self._type, [_TYPES[kind] for kind in kinds])

    def parents(self, numbers: Numbers) -> tuple[Numbers, Numbers]:
        """Return the numbers that are nested in something, and what each is nested in."""
        above = self._parent[numbers]
        return numbers[above >= 0], above[above >= 0].astype(np.int64)

    def children(self, owners: Numbers, numbers: Numbers, *relations: str) -> tuple[Numbers, Numbers]:
        """Return for each of some numbers what is nested in it by one of some relations, behind the number's owner."""
        first = self._start[numbers]
        sizes = self._start[numbers + 1] - first
        place, offset = places(sizes)
        child = self._children[first[place] + offset].astype(np.int64)
        wanted = np.isin(self._relation[child], [_RELATIONS[name] for name in relations])
        return owners[place[wanted]], child[wanted]

    @cached_property
    def marks(self) -> Marks:
        """What may keep the mentions apart."""
        return Marks(self.mentions)

    @cached_property
    def common(self) -> frozenset[str]:
        """The full names that are common among the people here."""
        return common_names(self._people())

    @cached_property
    def given(self) -> frozenset[str]:
        """The given names of the people here who are called by a full one."""
        names = map(personal_name, self._people())
        return frozenset(name.first for name in names if name.full and not name.single)

    def handle(self, person: Mention) -> str | None:
        """Return the handle that somebody is called by; None for what is somebody else's given name."""
        handle = personal_name(person.name).handle
        return None if handle and handle.isalpha() and handle in self.given else handle

    def _people(self) -> Iterator[str]:
        return (self.mentions[number].name for number in np.flatnonzero(self.of_type("Person")).tolist())


def town(mention: Mention) -> str | None:
    """Return the town that a mention states, else that of its event or source."""
    return mention.city or mention.near
