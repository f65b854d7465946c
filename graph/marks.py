"""What may keep mentions apart, by number."""

from collections.abc import Iterable, Sequence

import numpy as np

from graph.arrays import Mask, Numbers
from graph.mentions import Mention

UNKNOWN = -1  # the number of what a mention does not state


class Marks:
    """A place's town, and the key that its source has for a mention."""

    def __init__(self, mentions: Sequence[Mention]) -> None:
        self.mentions = mentions
        towns: dict[str, int] = {}
        sources: dict[str, int] = {}
        kept: dict[tuple[str, str], int] = {}
        seats = [mention.seat for mention in mentions]
        self.town = _numbers(towns.setdefault(seat, len(towns)) if seat else UNKNOWN for seat in seats)
        self.source = _numbers(sources.setdefault(mention.source.id, len(sources)) for mention in mentions)
        self.identity = np.full(len(mentions), UNKNOWN, np.int64)
        for number, mention in enumerate(mentions):
            if identity := mention.identity:
                # A record's own key is nobody else's: it is known by the record's number.
                unique = mention.parent is None
                source = mention.source.id
                self.identity[number] = number if unique else -2 - kept.setdefault((source, identity), len(kept))

    @property
    def identified(self) -> Mask:
        found: Mask = self.identity != UNKNOWN
        return found


def _numbers(values: Iterable[int]) -> Numbers:
    return np.fromiter(values, np.int64)
