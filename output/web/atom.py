"""Events as an Atom feed (RFC 4287): what was read last comes first."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import quote, urlsplit

from feedgen.feed import FeedGenerator

from output.web.addresses import LANGUAGES
from output.web.happening import Happening, line, lines, web_address
from output.web.wording import spoken, state

MEDIA_TYPE = "application/atom+xml; charset=utf-8"
ENTRIES = 100
_HOST = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")  # as the RFC has it
LONGEST = 2_000  # characters of a description


def atom(
    name: str,
    title: str,
    events: Sequence[Happening],
    own: str | None,
    page: str | None,
    pages: dict[str, str],
    language: str,
    base: str | None,
) -> bytes:
    """Return a feed; the same events give the same bytes.

    Args:
        name: the stable name of what is asked for.
        title: what the feed is called.
        events: those of which the feed tells.
        own: the absolute address of the feed, where it is known.
        page: the absolute address of the page about what is asked for, where it is known.
        pages: the absolute address of our page of each event, by its id, where it is known.
        language: that it speaks. An entry has one id in all of them.
        base: the site's absolute address, where it is known: ids are of the site.
    """
    latest = sorted(events, key=lambda each: (each.read, each.start.isoformat(), each.node.id), reverse=True)[:ENTRIES]
    feed = FeedGenerator()
    own_tag = tag(base)
    feed.id(f"{own_tag}events/{'' if language == LANGUAGES[0] else language + '/'}{name}")
    feed.language(language)
    feed.title(line(title) or name)
    feed.author({"name": "Recroise"})
    feed.updated(latest[0].read if latest else datetime(1970, 1, 1, tzinfo=UTC))
    if page:
        feed.link({"href": page, "rel": "alternate"})
    if own:
        feed.link({"href": own, "rel": "self", "type": "application/atom+xml"})
    for each in latest:
        _add(feed, each, pages.get(each.node.id), language, own_tag)
    return bytes(feed.atom_str(pretty=True))


def tag(base: str | None) -> str:
    """Return how the ids of a site's feeds begin (RFC 4151): with its host and path, however it is reached there.

    Where its address is not known, or its host has no name, they begin as those of all such sites.
    """
    parts = urlsplit(base or "")
    host = parts.hostname or ""
    if not _HOST.fullmatch(host):
        return "tag:recroise.org,2026:"
    path = quote(parts.path.strip("/"), safe="%/~!$&'()*+,;=:@")
    return f"tag:{host},2026:{f'{parts.port}/' if parts.port else ''}{path}{'/' if path else ''}"


def _add(feed: FeedGenerator, told: Happening, page: str | None, language: str, own_tag: str) -> None:
    entry = feed.add_entry(order="append")
    entry.id(f"{own_tag}event/{told.node.id}")
    entry.title(line(told.node.name) or told.node.id)
    entry.updated(told.read)
    entry.published(min(datetime.fromisoformat(source["fetched"]) for source in told.node.data["sources"]))
    if address := page or web_address(told.node.data.get("url")):
        entry.link({"href": address, "rel": "alternate"})
    if said := state(told.node.data.get("eventStatus"), language):
        entry.category({"term": told.node.data["eventStatus"], "label": said})
    for theme in dict.fromkeys(filter(None, map(line, told.node.data.get("about", ())))):
        entry.category({"term": theme})
    summary = _summary(told, language)
    entry.summary(summary)
    entry.content(_content(told, summary), type="text")


def _summary(told: Happening, language: str) -> str:
    said = state(told.node.data.get("eventStatus"), language)
    return " · ".join(filter(None, (said, _when(told, language), told.where)))


def _content(told: Happening, summary: str) -> str:
    description = lines(told.node.data.get("description", ""))[:LONGEST]
    own = web_address(told.node.data.get("url"))
    return "\n\n".join(filter(None, (summary, description, own)))


def _when(told: Happening, language: str) -> str:
    """Return when it is, and by which clock: ``jeudi 8 novembre 2012, 18 h 30 – 20 h 30 (Europe/Paris)``."""
    zone = told.start.tzinfo if isinstance(told.start, datetime) else None
    return spoken(told.start, told.end, language) + (f" ({zone})" if zone else "")


__all__ = ["ENTRIES", "MEDIA_TYPE", "atom", "tag"]
