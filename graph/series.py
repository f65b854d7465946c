"""Series that nobody states: the evenings that one town or one host holds again and again under one name.

Such a series is inferred from its events alone, and says so: its facts name the rule.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from crawler.series import edition_number, series_title
from graph.features import is_generic, name_token
from graph.mentions import Mention
from graph.names import title_key
from graph.surroundings import Surroundings, town

RULE = "inferred"
DAYS = 3  # on which an evening must have been held to be one of a series; two, where they are numbered
DOCUMENTS = 2  # that must tell of them


def inferred_series(mentions: Iterable[Mention]) -> list[Mention]:
    """Return a mention of its series for each event that belongs to one without saying so.

    Two events are of one series that have the same title but for number, date and theme, in one town or by one host.
    A title of common words ("Apéro") needs the host.
    """
    concerned = (each for each in mentions if each.type == "Event" or each.relation in ("superEvent", "organizer"))
    around = Surroundings(concerned)
    groups: defaultdict[tuple[str, str], list[Mention]] = defaultdict(list)
    for event in around.mentions:
        if event.type == "Event" and event.day and not around.named(event, "superEvent"):
            for anchor in _anchors(event, around):
                groups[title_key(event.name, town(event)), anchor].append(event)
    made: dict[str, Mention] = {}
    for (title, anchor), events in sorted(groups.items()):
        if _recurs(events):
            for event in events:
                made.setdefault(event.key, _mention(event, title, anchor, events))
    return list(made.values())


def _anchors(event: Mention, around: Surroundings) -> Iterator[str]:
    """Yield what holds a series together: its town, unless its name is a common one, and its hosts."""
    where = town(event)
    if where and not is_generic(event.name, where):
        yield where
    for host in around.named(event, "organizer"):
        if token := name_token(host):
            yield token


def _recurs(events: Sequence[Mention]) -> bool:
    days = {event.day for event in events}
    if len(days) < 2 or len({event.source.url for event in events}) < DOCUMENTS:
        return False
    return len(days) >= DAYS or len({number for event in events if (number := edition_number(event.name))}) >= 2


def _mention(event: Mention, title: str, anchor: str, events: Sequence[Mention]) -> Mention:
    name = min(series_title(each.name) for each in events)
    digest = hashlib.sha256(f"{RULE}\0{title}\0{anchor}".encode()).hexdigest()[:12]
    return Mention(
        key=f"{event.key}:{digest}",
        type="EventSeries",
        name=name,
        source=event.source,
        first_seen=event.first_seen,
        last_seen=event.last_seen,
        data={"type": "EventSeries", "name": name, "rule": RULE},
        near=town(event),
        parent=event.key,
        relation="superEvent",
    )
