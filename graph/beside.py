"""What stands beside mentions in their records, by type and column of evidence: pairs of numbers, made once for all.

What is beside a mention is evidence by its name before anything is merged (``graph.features``), and by the cluster that
it is in afterwards (``graph.flow``).
"""

from collections.abc import Callable

import numpy as np

from graph.arrays import Mask, Numbers, places
from graph.surroundings import Surroundings

# Columns that hold what a mention is connected to: evidence that grows when those are merged.
CONTEXT = {
    "Person": ("events", "hosts", "companions", "organizations"),
    "Event": ("speakers", "places", "hosts"),
    "Place": ("events", "members"),
    "Organization": ("events", "members"),
    "EventSeries": ("hosts", "places", "speakers"),
}
GATHERING = 1_000  # people named at an event, beyond which to be named beside one of them says nothing

Pairs = tuple[Numbers, Numbers]  # a mention, and one beside it


class Beside:
    """The pairs of each type and column."""

    def __init__(self, around: Surroundings) -> None:
        self.around = around
        self._found: dict[str, dict[str, Pairs]] = {}

    def of(self, kind: str) -> dict[str, Pairs]:
        """Return for each column of a type's ``CONTEXT`` the mentions of the type, each with one that is beside it."""
        if kind not in self._found:
            mentions = np.flatnonzero(self.around.of_type(kind))
            columns = _BESIDE[kind](self.around, mentions)
            self._found[kind] = {column: columns[column] for column in CONTEXT[kind]}
        return self._found[kind]


def together(*parts: Pairs) -> Pairs:
    """Return the pairs of several, one after the other."""
    return np.concatenate([owner for owner, _ in parts]), np.concatenate([other for _, other in parts])


def _where(pairs: Pairs, chosen: Mask) -> Pairs:
    return pairs[0][chosen], pairs[1][chosen]


def _person(around: Surroundings, people: Numbers) -> dict[str, Pairs]:
    nested = around.parents(people)
    above = nested[1]
    employers = around.children(people, people, "worksFor", "memberOf")
    members = _where(nested, around.of_type("Organization")[above])
    at_events = _where(nested, around.of_type("Event")[above])
    meetings = _where(nested, around.of_type("Event", "EventSeries")[above])
    wholes = around.children(*meetings, "superEvent")
    everything = together(meetings, wholes)
    series = _where(meetings, around.of_type("EventSeries")[meetings[1]])
    return {
        "organizations": together(employers, members),
        "events": at_events,
        "hosts": together(series, wholes, around.children(*everything, "organizer")),
        "companions": _companions(around, everything),
    }


def _companions(around: Surroundings, meetings: Pairs) -> Pairs:
    """Return who else is named at the meetings of each."""
    owners, events = meetings
    once = np.unique(events)
    named = _where(
        found := around.children(once, once, "performer", "organizer", "attendee"), around.of_type("Person")[found[1]]
    )
    counts = np.bincount(named[0], minlength=len(around.mentions))
    small = counts[events] <= GATHERING
    owners, events = owners[small], events[small]
    start = np.cumsum(counts) - counts  # the people of an event stand together, as the events are in order
    sizes = counts[events]
    place, offset = places(sizes)
    pairs = owners[place], named[1][start[events][place] + offset]
    return _where(pairs, pairs[0] != pairs[1])


def _event(around: Surroundings, events: Numbers) -> dict[str, Pairs]:
    performers = around.children(events, events, "performer")
    return {
        "speakers": _where(performers, around.of_type("Person")[performers[1]]),
        "places": around.children(events, events, "location"),
        "hosts": around.children(events, events, "organizer", "superEvent"),
    }


def _place(around: Surroundings, named: Numbers) -> dict[str, Pairs]:
    nested = around.parents(named)
    people = _where(nested, around.of_type("Person")[nested[1]])
    return {
        "events": _where(nested, around.of_type("Event")[nested[1]]),
        "members": together(people, around.children(named, named, "founder")),
    }


def _series(around: Surroundings, series: Numbers) -> dict[str, Pairs]:
    nested = around.parents(series)
    evenings = _where(nested, around.of_type("Event")[nested[1]])
    stated = (series, series), evenings
    return {
        "hosts": together(*(around.children(*pairs, "organizer") for pairs in stated)),
        "places": together(*(around.children(*pairs, "location") for pairs in stated)),
        "speakers": around.children(*evenings, "performer"),
    }


_BESIDE: dict[str, Callable[[Surroundings, Numbers], dict[str, Pairs]]] = {
    "Person": _person,
    "Event": _event,
    "Place": _place,
    "Organization": _place,
    "EventSeries": _series,
}
