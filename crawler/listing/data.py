"""Events in data of unknown shape: JSON answers, JSON in a page's scripts, XML.

A list of objects of one make is a table: its keys are the columns. Which column is the start, the title or the place
is decided by what the keys are called and by what stands under them in all rows, never by which site it is.
"""

import html
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from lxml import etree

from crawler import reached
from crawler.dates import TIME, find
from crawler.documents import Document
from crawler.listing.columns import MAX_COLUMNS, TAG, Row, roles_of, says_start, tells_when, words
from crawler.listing.found import Found
from crawler.listing.moments import clock_time, from_epoch, moment_of
from crawler.listing.places import tidy
from crawler.listing.when import month_first
from crawler.listing.words import CLOSED, cancelled, meets, status_of
from crawler.text import clean
from crawler.times import fallback_zone

MAX_DEPTH = 12
MAX_ROWS = 20_000
_SHUT = re.compile(r"\bclosed\b(?!\s+(?:session|meeting|caucus|caption|door|hearing))|\bferm[ée]e?s?\b", re.IGNORECASE)
_PLACE = frozenset("location lieu place venue room salle where address adresse street city ville building".split())
_NOT_PLACE = frozenset("id url link email latitude longitude lat lng lon type phone map website timezone zone".split())
_STATUS = frozenset("status state statut cancelled canceled cancel annule postponed etat".split())


def events(value: Any, document: Document) -> list[Found]:
    """Return the events of the lists of objects in ``value`` (parsed JSON, or XML in its shape)."""
    found: list[Found] = []
    for rows in tables(value):
        found += _events_of(rows, document)
    return found


def tables(value: Any, depth: int = 0) -> Iterator[list[Row]]:
    """Yield the lists of objects in ``value``, each object flat: path → text, number or truth value.

    What lies inside the objects of a list that has events is theirs, and no list of its own: see ``_events_of``.
    """
    if reached.over(depth, MAX_DEPTH, "listing.data.MAX_DEPTH"):
        return
    if isinstance(value, list):
        value = reached.cut(value, MAX_ROWS, "listing.data.MAX_ROWS")
        objects = [each for item in value for each in _objects(item)]
        if objects and len(objects) * 2 >= len(value):
            rows = [_flat(each) for each in objects]
            if roles_of(rows) is not None:
                yield rows
                return
        for item in value:
            yield from tables(item, depth + 1)
    elif isinstance(value, dict):
        members = list(value.values())
        if len(members) > 2 and all(isinstance(each, dict) for each in members):
            alike = Counter(tuple(sorted(map(str, each))) for each in members).most_common(1)[0][1]
            rows = [_flat(each) for each in reached.cut(members, MAX_ROWS, "listing.data.MAX_ROWS")]
            if alike * 2 >= len(members) and roles_of(rows) is not None:  # objects under their numbers
                yield rows
                return
        for item in members:
            yield from tables(item, depth + 1)


def from_xml(text: bytes) -> Any:
    """Return an XML document in JSON's shape; None when it is none."""
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
    try:
        root = etree.fromstring(text, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    return None if root is None else {_local(root): _element(root)}


def _local(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _element(element: Any, depth: int = 0) -> Any:
    children = [child for child in element if isinstance(child.tag, str)]
    if reached.over(depth, 2 * MAX_DEPTH, "listing.data.MAX_DEPTH"):
        return None
    attributes = {f"@{name}": str(value) for name, value in element.attrib.items()}
    if not children:
        text = clean(element.text or "")
        return {**attributes, "": text} if attributes else text
    grouped: dict[str, list[Any]] = {}
    for child in children:
        grouped.setdefault(_local(child), []).append(_element(child, depth + 1))
    members = {name: values[0] if len(values) == 1 else values for name, values in grouped.items()}
    return {**attributes, **members}


def _objects(item: Any) -> list[dict[str, Any]]:
    """Return the object that an item of a list is, or the few that it holds: ``[{…}, null]``."""
    if isinstance(item, dict):
        return [item]
    if isinstance(item, list) and len(item) <= 4 and all(each is None or isinstance(each, dict) for each in item):
        return [each for each in item if each]
    return []


def _flat(item: dict[str, Any], prefix: str = "", depth: int = 0) -> Row:
    row: Row = {}
    for key, value in item.items():
        path = f"{prefix}{key}" if key else prefix.removesuffix(".")
        if isinstance(value, list) and value and isinstance(value[0], dict):
            value = value[0]
            path += "[]"
        if isinstance(value, dict):
            if depth < 4:
                row |= _flat(value, f"{path}.", depth + 1)
        elif isinstance(value, list):
            texts = [each for each in value if isinstance(each, str)]
            row[f"{path}[]"] = ", ".join(texts)[:500]
        elif isinstance(value, str | int | float | bool):
            row[path] = (tells_when(key) and from_epoch(value)) or value
        if reached.over(len(row), MAX_COLUMNS, "listing.columns.MAX_COLUMNS"):
            break
    return row


def _events_of(rows: list[Row], document: Document) -> list[Found]:
    roles = roles_of(rows)
    if roles is None:
        return []
    us_order = month_first([str(row.get(roles["start"], "")) for row in rows], document)
    told = [moment_of(str(row.get(roles["start"], "")), us_order) for row in rows]
    local = _told_as_utc_but_local(told, document)
    midnight = all(moment is None or moment[1] in (None, "00:00") for moment in told)
    found = []
    for row, moment in zip(rows, told, strict=True):
        title = clean(html.unescape(TAG.sub(" ", str(row.get(roles["title"]) or ""))))[:500]
        if moment is None or not title or _deleted(row):
            continue
        day, clock, offset = moment
        if midnight or _true(row.get(roles.get("all day", ""))):
            clock = None
        if clock is None and midnight and (text := row.get(roles.get("time", ""))):
            clock, offset = clock_time(str(text)), None
        if clock is None:
            title, clock = _timed(title)
        if clock is None and midnight:
            clock = _told_in_words(row, day)
        start = _iso(day, clock, None if local else offset)
        each = Found(
            title, start, confidence=0.4, grounds=[f"an object with {roles['start']!r} and {roles['title']!r}"]
        )
        _weigh(each, roles)
        each.end = _end(row, roles, us_order, day, clock, local)
        each.place = _place(row)
        if CLOSED.search(title) or any(
            _SHUT.search(text) for text in row.values() if isinstance(text, str) and len(text) < 200
        ):
            each.ground(-0.5, "a day on which nothing is")
        each.status = _status(row, title)
        each.link = document.link(str(row.get(roles.get("link", "")) or "")) if roles.get("link") else None
        found.append(each)
    return found


def _weigh(each: Found, roles: dict[str, str]) -> None:
    """Let what the keys are called and what the title says speak for an object being an event."""
    if says_start(roles["start"]):
        each.ground(0.4, "a key for a start")
    if "end" in roles or "time" in roles:
        each.ground(0.2, "keys for hours")
    if meets(each.title):
        each.ground(0.2, "words of meetings")


def _deleted(row: Row) -> bool:
    return any(_true(value) for path, value in row.items() if {"deleted", "trashed"} & set(words(path)))


def _timed(title: str) -> tuple[str, str | None]:
    """Return a title without the time of day that closes it ("Policy committee at 4:30 P.M."), and that time."""
    times = (
        [each for each in find(title, date(2000, 1, 1)) if each.kind == TIME and each.time]
        if re.search(r"\d", title)
        else []
    )
    if len(times) != 1:
        return title, None
    before = re.sub(r"[\s,–—(-]+(?:at|@|à)?[\s-]*$", "", title[: times[0].begin])
    return (before if len(before) > 5 and times[0].end >= len(title) - 1 else title), times[0].time


def _told_in_words(row: Row, day: str) -> str | None:
    """Return the time at which a text of the object says that the event is, on its day or without a day."""
    times: set[str] = set()
    for value in row.values():
        if not isinstance(value, str) or not 20 <= len(value) <= 5_000 or not any(c.isdigit() for c in value):
            continue
        for each in find(clean(html.unescape(TAG.sub(" ", value)))[:1_500], date.fromisoformat(day)):
            if each.time and each.start and each.start[:10] == day and each.has_year:
                return each.time
            if each.time and each.kind == TIME:
                times.add(each.time)
    return times.pop() if len(times) == 1 else None


def _end(row: Row, roles: dict[str, str], us_order: bool, day: str, clock: str | None, local: bool) -> str | None:
    moment = moment_of(str(row.get(roles.get("end", ""), "")), us_order)
    if moment:
        end = _iso(moment[0], moment[1] if clock else None, None if local else moment[2])
        same = end[:16] == _iso(day, clock, None)[:16]
        return None if same or (clock and moment[1] in (None, "00:00") and moment[0] == day) else end
    if clock and (text := row.get(roles.get("end time", ""))) and (end_clock := clock_time(str(text))):
        return f"{day}T{end_clock}" if end_clock > clock else None
    return None


def _iso(day: str, clock: str | None, offset: str | None) -> str:
    return f"{day}T{clock}{offset or ''}" if clock else day


def _true(value: Any) -> bool:
    return value is True or (isinstance(value, str) and value.strip().lower() in ("true", "1", "yes", "y", "oui"))


# When people meet, by the hour of the day: much in the morning and the evening, little at night and at meals.
_HOURS = [1, 1, 1, 1, 1, 1, 2, 4, 20, 40, 40, 16, 12, 25, 25, 16, 14, 16, 40, 35, 12, 4, 1, 1]


def _told_as_utc_but_local(told: list[Any], document: Document) -> bool:
    """Whether times that end in Z show the clock on the wall all the same, as some sites write them.

    Through summer and winter a meeting keeps its hour: the reading with fewer hours is the right one. Where that does
    not decide: the reading in which people meet when people meet, if it is much likelier; else Z means UTC.
    """
    name, _ = fallback_zone(document.source)
    moments = [
        datetime.fromisoformat(f"{moment[0]}T{moment[1]}+00:00")
        for moment in told
        if moment and moment[1] and moment[2]
    ]
    if not name or not moments or any(moment[2] not in ("Z", "z") for moment in told if moment and moment[2]):
        return False
    there = [moment.astimezone(ZoneInfo(name)) for moment in moments]
    offsets = {moment.utcoffset() for moment in there}
    if len(offsets) > 1:
        as_told, moved = ({(each.hour, each.minute) for each in way} for way in (moments, there))
        if len(as_told) != len(moved):
            return len(as_told) < len(moved)
    likely = [1.0, 1.0]
    for each, other in zip(moments[:50], there[:50], strict=True):
        likely[0] *= _HOURS[each.hour] / 10
        likely[1] *= _HOURS[other.hour] / 10
    return likely[0] > 10 * likely[1]


def _place(row: Row) -> str | None:
    parts: list[str] = []
    for path, value in row.items():
        named = set(words(path))
        if not isinstance(value, str) or not named & _PLACE or set(words(path.rpartition(".")[2])) & _NOT_PLACE:
            continue
        text = clean(html.unescape(TAG.sub(" ", value))).strip(" ,;")
        if tidy(text) and len(text) <= 300 and not any(text in part for part in parts):
            parts.append(text)
    return ", ".join(parts)[:400] or None


def _status(row: Row, title: str) -> str | None:
    for path, value in row.items():
        named = set(words(path))
        if not named & _STATUS and not any(word.startswith(("cancel", "annul", "postpon")) for word in named):
            continue
        if any(word.startswith(("cancel", "annul")) for word in named) and (_true(value) or cancelled(str(value))):
            return "EventCancelled"
        if isinstance(value, str) and len(value) < 60 and (status := status_of(value)):
            return status
    # People write it where there is room: "Canceled" for a time, a remark after the place.
    remarks = (value for value in row.values() if isinstance(value, str) and len(value) <= 250)
    return status_of(title) or next((status for text in remarks if (status := status_of(text))), None)
