"""How likely two people met, from the gatherings that both were at: weights on the graph of people and events.

A gathering of n people counts 1/(n − 1) for each pair (Newman 2001: one shares one's attention among the others). What
comes together on one day counts less than as much on several days: two hours at one conference are one chance to meet.
To that comes what those met have most in common with others, one step on (the same colleagues, the same table): on
sensor data from an office and a conference that is worth more than any choice among 1/(n − 1), 1/n and 1/log n. The sum
is divided by a power of what the other has shared altogether: who is everywhere is met by everyone.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

# Size that a gathering has for somebody of whom a public role is known: an organiser talks to each, a speaker is
# talked to by many, whatever the size of the audience.
ROLE_SIZE = {"organizer": 2, "performer": 3}
ONLINE = 0.5  # weight of a gathering that took place online
ONE_DAY = 0.7  # power of what is shared on one day
STEP = 0.5  # weight of one step on
EVERYWHERE = 0.2  # power of what the other has shared altogether


@dataclass(frozen=True, slots=True)
class Gathering:
    """Who was where together: ``people`` and their roles, the day (ordinal; None where unknown), whether online."""

    people: Mapping[int, str]
    day: int | None = None
    online: bool = False

    def weight(self, person: int) -> float:
        """Return how likely somebody who was there met ``person`` there, up to a common factor."""
        size = len(self.people) + (0 if self.people[person] == "attendee" else 1)
        size = min(max(2, size), ROLE_SIZE.get(self.people[person], size))
        return (ONLINE if self.online else 1.0) / (max(2, size) - 1)


Amount = tuple[int, object, float]  # a person, a day, and what is shared with them there


def amounts(gatherings: Iterable[tuple[Gathering, float]], but: int | None = None) -> Iterator[Amount]:
    """Yield what is shared with each person at gatherings that one was at (so likely); unknown days are several."""
    for number, (gathering, presence) in enumerate(gatherings):
        day: object = gathering.day if gathering.day is not None else f"unknown {number}"
        for person in gathering.people:
            if person != but:
                yield person, day, presence * gathering.weight(person)


def shared(found: Iterable[Amount]) -> dict[int, float]:
    """Return for each person what is shared with them altogether."""
    by_day: defaultdict[int, defaultdict[object, float]] = defaultdict(lambda: defaultdict(float))
    for person, day, amount in found:
        by_day[person][day] += amount
    return {person: sum(amount**ONE_DAY for amount in days.values()) for person, days in by_day.items()}


def encounters(
    direct: Mapping[int, float], around: Mapping[int, Mapping[int, float]], me: int | None = None
) -> dict[int, float]:
    """Return scores of the people whom one may have met; only their order and ratios mean anything.

    Args:
        direct: what one shares with each person (``shared``).
        around: what each of these people shares with others.
        me: the asker, where the graph has them.
    """
    total = {person: sum(around[person].values()) for person in direct if person in around}
    found = defaultdict(float, direct)
    for person, amount in direct.items():
        if not total.get(person):
            continue
        share = STEP * amount / total[person]
        for other, with_them in around[person].items():
            if other != me:
                found[other] += share * with_them
    return {person: amount / max(total.get(person, 0.0), 1.0) ** EVERYWHERE for person, amount in found.items()}


__all__ = ["ONLINE", "Gathering", "amounts", "encounters", "shared"]
