"""From a reading to records that may be stored: protected, stamped with their provenance, checked by the contract.

Whatever brings records in (a crawl, ``read``, ``ingest``) goes through here, so that no way in can forget a step.
"""

import hashlib
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from typing import Any

from crawler.documents import Document, Reading
from crawler.privacy import Exclusions, Rules, protect
from crawler.records import RecordError, parse, to_json
from crawler.regulars import with_series

CERTAINTY = ("confidence", "grounds")  # what a reader says of a record rather than of the thing: kept with its source


@dataclass
class Intake:
    """Records (JSON form, with ``source``) and, in one line each, what was refused; ``dropped`` is counted by kind."""

    records: list[dict[str, Any]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    dropped: Counter[str] = field(default_factory=Counter)


def take(reading: Reading, document: Document, exclusions: Exclusions) -> Intake:
    """Return the records of ``reading`` that may be stored. A record that is refused never stops the others."""
    source = document.source
    provenance = {
        "id": source.id,
        "url": document.url,
        "fetched": document.fetched,
        "licence": source.licence,
        "sha256": hashlib.sha256(document.body).hexdigest(),
        "format": reading.format,
    }
    # A page that asks not to be indexed may tell of events and places, not of people.
    people = not (document.noindex or reading.dropped["noindex"])
    records = _told_apart(reading.records)
    if not any("source" in record for record in records):  # another instance has its series already
        records = with_series(records)
    stamped = [
        {**{key: value for key, value in record.items() if key not in CERTAINTY}, "source": _origin(record, provenance)}
        for record in records
    ]
    return accept(stamped, exclusions, attendees=source.attendees, people=people)


def _origin(record: dict[str, Any], provenance: dict[str, Any]) -> dict[str, Any]:
    """Return where a record comes from: the document; of another instance's record the page that it names itself.

    The id of the source that it came through stands before the one that it names: nobody else's records can take the
    place of our own.
    """
    named = record.get("source")
    if not isinstance(named, dict):
        return {**provenance, **{key: record[key] for key in CERTAINTY if key in record}}
    return {**named, "id": f"{provenance['id']}/{named.get('id')}"}


def _told_apart(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give things that one document tells of under one key, but by several names or days, keys of their own.

    The branches of a chain share its site, the events of an agenda its page: under one key each would replace the last.
    """

    def key(record: dict[str, Any]) -> tuple[str, str, str]:
        # As text: another instance may send anything, and what is no record is refused later, with its reason.
        own = record.get("id") or record.get("url")
        return str(record.get("type")), str(own) if own else "", str(record.get("source"))

    def what(record: dict[str, Any]) -> str:
        return f"{record.get('name')}\0{record.get('startDate')}"

    known: defaultdict[tuple[str, str, str], set[str]] = defaultdict(set)
    for record in records:
        known[key(record)].add(what(record))
    return [
        {**record, "id": f"{key(record)[1]}#{hashlib.sha256(what(record).encode()).hexdigest()[:12]}"}
        if key(record)[1] and len(known[key(record)]) > 1
        else record
        for record in records
    ]


def accept(
    records: list[dict[str, Any]], exclusions: Exclusions, *, attendees: bool = False, people: bool = True
) -> Intake:
    """Return those of the stamped ``records`` (JSON form) that the contract and the privacy rules let in."""
    intake = Intake()
    rules = Rules(exclusions, attendees, people, intake.dropped)
    for number, record in enumerate(records, 1):
        stamp = record.get("source")
        where = stamp if isinstance(stamp, dict) else {}
        kept = protect(record, replace(rules, source=_source_of(where)))
        if kept is None:
            continue
        try:
            intake.records.append(to_json(parse(kept)))
        except RecordError as error:
            name = f"record {number} of " if len(records) > 1 else ""
            intake.refused.append(f"{where.get('id', '?')}: {name}{where.get('url', '?')}: {error}")
    intake.dropped = +intake.dropped
    return intake


def _source_of(stamp: dict[str, Any]) -> str | None:
    return name if isinstance(name := stamp.get("id"), str) else None
