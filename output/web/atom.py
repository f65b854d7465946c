"""Events as an Atom feed (RFC 4287): what was read last comes first."""

from collections.abc import Sequence
from datetime import UTC, datetime

from feedgen.feed import FeedGenerator

from output.web.happening import Happening, line, lines, web_address

MEDIA_TYPE = "application/atom+xml; charset=utf-8"
ENTRIES = 100
TAG = "tag:recroise.org,2026:"  # RFC 4151, as in the feed of changes
LONGEST = 2_000  # characters of a description


def atom(
    name: str, title: str, events: Sequence[Happening], own: str | None, page: str | None, pages: dict[str, str]
) -> bytes:
    """Return a feed; the same events give the same bytes.

    Args:
        name: the stable name of what is asked for.
        title: what the feed is called.
        events: those of which the feed tells.
        own: the absolute address of the feed, where it is known.
        page: the absolute address of the page about what is asked for, where it is known.
        pages: the absolute address of our page of each event, by its id, where it is known.
    """
    latest = sorted(events, key=lambda each: (each.read, each.start.isoformat(), each.node.id), reverse=True)[:ENTRIES]
    feed = FeedGenerator()
    feed.id(f"{TAG}events/{name}")
    feed.title(line(title) or name)
    feed.author({"name": "Recroise"})
    feed.updated(latest[0].read if latest else datetime(1970, 1, 1, tzinfo=UTC))
    if page:
        feed.link({"href": page, "rel": "alternate"})
    if own:
        feed.link({"href": own, "rel": "self", "type": "application/atom+xml"})
    for each in latest:
        _add(feed, each, pages.get(each.node.id))
    return bytes(feed.atom_str(pretty=True))


def _add(feed: FeedGenerator, told: Happening, page: str | None) -> None:
    entry = feed.add_entry(order="append")
    entry.id(f"{TAG}event/{told.node.id}")
    entry.title(line(told.node.name) or told.node.id)
    entry.updated(told.read)
    entry.published(min(datetime.fromisoformat(source["fetched"]) for source in told.node.data["sources"]))
    if address := page or web_address(told.node.data.get("url")):
        entry.link({"href": address, "rel": "alternate"})
    if told.cancelled:
        entry.category({"term": "EventCancelled", "label": "Annulé – Cancelled"})
    for theme in dict.fromkeys(filter(None, map(line, told.node.data.get("about", ())))):
        entry.category({"term": theme})
    entry.summary(_summary(told))
    entry.content(_content(told), type="text")


def _summary(told: Happening) -> str:
    return " · ".join(filter(None, ("Annulé – Cancelled" if told.cancelled else "", _when(told), told.where)))


def _content(told: Happening) -> str:
    description = lines(told.node.data.get("description", ""))[:LONGEST]
    own = web_address(told.node.data.get("url"))
    return "\n\n".join(filter(None, (_summary(told), description, own)))


def _when(told: Happening) -> str:
    """Return when it is, in no language: ``2012-11-08 18:30 – 20:30 (Europe/Paris)``."""
    start = told.start
    if not isinstance(start, datetime):
        return start.isoformat() + (f" – {told.end.isoformat()}" if told.end and told.end > start else "")
    text = f"{start:%Y-%m-%d %H:%M}"
    if isinstance(told.end, datetime) and told.end > start:
        text += f" – {told.end:%H:%M}" if told.end.date() == start.date() else f" – {told.end:%Y-%m-%d %H:%M}"
    return text + (f" ({start.tzinfo})" if start.tzinfo else "")


__all__ = ["ENTRIES", "MEDIA_TYPE", "atom"]
