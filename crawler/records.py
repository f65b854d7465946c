"""The record: what one page says of one thing, in schema.org terms, nested as found, with its source.

This is the first of the project's two contracts (the other is the graph). The models are strict: an unknown key,
an impossible date or a coordinate out of range is refused. Attribute names are schema.org's in snake case; the
JSON form (``to_json``) uses schema.org's own camel case and leaves empty fields out. The JSON Schema
is published as ``crawler/record.schema.json`` (``json_schema`` makes it).
"""

import calendar
import hashlib
import re
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal, Self

import orjson
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    StringConstraints,
    TypeAdapter,
    ValidationError,
    model_serializer,
    model_validator,
)
from pydantic.alias_generators import to_camel

from crawler import reached
from crawler.text import clean, shorten

TYPES = ("Person", "Place", "Event", "EventSeries", "Organization")

MAX_DESCRIPTION = 2_000  # characters kept of a description: enough to search in, too little to republish a page
MAX_THINGS = 1_000  # things of one role (performers, attendees …) kept in one record

_DATE = re.compile(
    r"(?P<year>\d{4})(-(?P<month>\d\d)(-(?P<day>\d\d)(?P<time>T(\d\d):(\d\d)(:(\d\d))?"
    r"(?P<offset>Z|[+-]\d\d:\d\d)?)?)?)?"
)


def _clean(value: Any) -> Any:
    return clean(value) if isinstance(value, str) else value


def _as_list(value: Any) -> Any:
    return value if value is None or isinstance(value, list | tuple) else [value]


def _without_prefix(value: Any) -> Any:
    """Accept ``https://schema.org/EventCancelled`` for ``EventCancelled``."""
    return re.sub(r"^https?://schema\.org/", "", value) if isinstance(value, str) else value


def _date(value: str) -> str:
    match = _DATE.fullmatch(value)
    if not match:
        raise ValueError("not an ISO 8601 date: YYYY, YYYY-MM, YYYY-MM-DD or YYYY-MM-DDThh:mm[:ss][Z|±hh:mm]")
    year, month = int(match["year"]), int(match["month"] or 1)
    if not 1800 <= year <= 2200:
        raise ValueError("year out of range 1800–2200")
    if not 1 <= month <= 12 or not 1 <= int(match["day"] or 1) <= calendar.monthrange(year, month)[1]:
        raise ValueError("no such day")
    if match["time"]:
        try:
            datetime.fromisoformat(value)
        except ValueError as error:
            raise ValueError(f"no such time: {error}") from None
        if len(match["time"].removesuffix(match["offset"] or "")) == 6:  # Thh:mm
            value = value[:16] + ":00" + value[16:]
    return value


def _description(text: str) -> str:
    reached.over(len(text := clean(text)), MAX_DESCRIPTION, "records.MAX_DESCRIPTION")
    return shorten(text, MAX_DESCRIPTION)


def _url(value: str) -> str:
    if not re.match(r"https?://[^\s/?#]+", value, re.IGNORECASE):
        raise ValueError("not an http or https address")
    return value


Text = Annotated[str, BeforeValidator(_clean), StringConstraints(min_length=1, max_length=500)]
Texts = Annotated[list[Text], BeforeValidator(_as_list), Field(max_length=100)]
Description = Annotated[
    str,
    BeforeValidator(lambda v: _description(v) if isinstance(v, str) else v),
    StringConstraints(min_length=1, max_length=MAX_DESCRIPTION),
]
Url = Annotated[str, BeforeValidator(_clean), StringConstraints(max_length=2_000), AfterValidator(_url)]
Urls = Annotated[list[Url], BeforeValidator(_as_list), Field(max_length=50)]
Key = Annotated[str, BeforeValidator(_clean), StringConstraints(min_length=1, max_length=1_000)]
Date = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(_date)]


class Model(BaseModel):
    """Common behaviour: schema.org's camel case in JSON, unknown keys refused."""

    # Built when a record is first read or written: a run in which nothing changed does neither.
    model_config = ConfigDict(
        extra="forbid", alias_generator=to_camel, populate_by_name=True, frozen=True, defer_build=True
    )

    @model_serializer(mode="wrap")
    def _without_empty(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        data = {key: value for key, value in handler(self).items() if value is not None and value != []}
        return {"type": data["type"], **data} if "type" in data else data


class Provenance(Model):
    """Where and when a record was read; stamped by the machinery, never by a reader.

    ``id`` is the catalogue's source, ``fetched`` the instant (UTC) at which this state of the record was first read,
    ``sha256`` the hash of the document that it was read from, ``format`` the reader. Where a reader had to guess from a
    page's layout, ``confidence`` (0 to 1) says how sure it is, and ``grounds`` what speaks for it and against it.
    """

    id: Key
    url: Url
    fetched: Annotated[str, AfterValidator(_date)]
    licence: Text | None = None
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None = None
    format: Text | None = None
    confidence: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] | None = None
    grounds: Texts = []


class PostalAddress(Model):
    """schema.org PostalAddress of a place; ``address_region`` is ISO 3166-2 where known, else as found."""

    street_address: Text | None = None
    postal_code: Text | None = None
    address_locality: Text | None = None
    address_region: Text | None = None
    address_country: Text | None = None


class GeoCoordinates(Model):
    """WGS 84 coordinates in degrees."""

    latitude: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
    longitude: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]


class Quote(Model):
    """The words that state something, and where they stand (a text quote and a text position of Web Annotation).

    ``start`` and ``end`` are offsets in the page's main text, ``property`` the fields that the words state.
    """

    property: Texts = []
    exact: Text
    start: Annotated[int, Field(ge=0)]
    end: Annotated[int, Field(ge=0)]


class QuantitativeValue(Model):
    """A figure: ``name`` says what is counted, in the page's words; ``unit_text`` is people, events, EUR or share."""

    name: Text
    value: Annotated[float, Field(allow_inf_nan=False)] | None = None
    min_value: Annotated[float, Field(allow_inf_nan=False)] | None = None
    max_value: Annotated[float, Field(allow_inf_nan=False)] | None = None
    unit_text: Text | None = None
    quote: "Quotes" = []


Quotes = Annotated[list[Quote], BeforeValidator(_as_list), Field(max_length=100)]
Figures = Annotated[list[QuantitativeValue], BeforeValidator(_as_list), Field(max_length=100)]


class Thing(Model):
    """What every type has. ``id`` is the source's own key (UID, address, wiki page id), not a global one.

    ``quote`` is where prose states it: a reader of structured data has none.
    """

    id: Key | None = None
    name: Text
    alternate_name: Texts = []
    additional_type: Text | None = None
    description: Description | None = None
    url: Url | None = None
    same_as: Urls = []
    keywords: Texts = []
    in_language: Text | None = None
    date_modified: Date | None = None
    quote: Quotes = []


class Organization(Thing):
    type: Literal["Organization"] = "Organization"
    location: "Place | None" = None
    founder: "People" = []
    figure: Figures = []


class Place(Thing):
    """A place one can go to. ``additional_type`` is its kind as found: cantine, fablab, hackerspace, café."""

    type: Literal["Place"] = "Place"
    address: PostalAddress | None = None
    geo: GeoCoordinates | None = None
    opening_hours: Texts = []
    figure: Figures = []


class VirtualLocation(Thing):
    """Where an online event takes place."""

    type: Literal["VirtualLocation"] = "VirtualLocation"
    name: Text = "online"


class Person(Thing):
    """A person in a public role. There is no field for contact details or physical traits, on purpose.

    ``url`` is the public profile given on the page for that role.
    """

    type: Literal["Person"] = "Person"
    job_title: Text | None = None
    works_for: Organization | None = None
    member_of: Annotated[Organization | Place, Field(discriminator="type")] | None = None


class EventSeries(Thing):
    type: Literal["EventSeries"] = "EventSeries"
    organizer: "Agents" = []
    location: Place | None = None
    event_schedule: Text | None = None
    figure: Figures = []


class Event(Thing):
    """Something that takes place once.

    ``start_date`` and ``end_date`` are ISO 8601. Without a time the date is an all-day date (or a month or a year,
    where no more is known) and ``end_date`` is the last day, inclusive, as schema.org has it. A time carries its UTC
    offset when the zone is known; without an offset it is local wall time in an unknown zone. ``time_zone`` is the
    IANA zone and ``time_zone_source`` says where it was found: ``stated`` with the time, the ``calendar``'s default,
    the ``place``'s, or ``assumed``.
    """

    type: Literal["Event"] = "Event"
    start_date: Date | None = None
    end_date: Date | None = None
    time_zone: Text | None = None
    time_zone_source: Literal["stated", "calendar", "place", "assumed"] | None = None
    event_status: (
        Annotated[
            Literal["EventScheduled", "EventCancelled", "EventPostponed", "EventRescheduled", "EventMovedOnline"],
            BeforeValidator(_without_prefix),
        ]
        | None
    ) = None
    event_attendance_mode: (
        Annotated[
            Literal["OfflineEventAttendanceMode", "OnlineEventAttendanceMode", "MixedEventAttendanceMode"],
            BeforeValidator(_without_prefix),
        ]
        | None
    ) = None
    location: Annotated[Place | VirtualLocation, Field(discriminator="type")] | None = None
    organizer: "Agents" = []
    performer: "Agents" = []
    attendee: "People" = []
    super_event: "Annotated[Event | EventSeries, Field(discriminator='type')] | None" = None
    about: Texts = []
    figure: Figures = []

    @model_validator(mode="after")
    def _end_not_before_start(self) -> Self:
        if self.start_date and self.end_date and _before(self.end_date, self.start_date):
            raise ValueError("endDate is before startDate")
        return self


People = Annotated[list[Person], BeforeValidator(_as_list), Field(max_length=MAX_THINGS)]
Agents = Annotated[
    list[Annotated[Person | Organization, Field(discriminator="type")]],
    BeforeValidator(_as_list),
    Field(max_length=MAX_THINGS),
]


class _Sourced(Model):
    source: Provenance


class PersonRecord(Person, _Sourced): ...


class PlaceRecord(Place, _Sourced): ...


class EventRecord(Event, _Sourced): ...


class EventSeriesRecord(EventSeries, _Sourced): ...


class OrganizationRecord(Organization, _Sourced): ...


Record = PersonRecord | PlaceRecord | EventRecord | EventSeriesRecord | OrganizationRecord
_ADAPTER: TypeAdapter[Record] = TypeAdapter(
    Annotated[Record, Field(discriminator="type")], config=ConfigDict(defer_build=True)
)


def _before(one: str, other: str) -> bool:
    """Whether ISO date ``one`` is certainly before ``other``: compared at the coarser precision of the two."""
    if "T" in one and "T" in other and (one[19:] == "") == (other[19:] == ""):
        return datetime.fromisoformat(one) < datetime.fromisoformat(other)
    length = min(len(one[:10]), len(other[:10]))
    return one[:length] < other[:length]


class RecordError(ValueError):
    """A record that the contract refuses. The text names the field and what is wrong with it."""


def parse(data: dict[str, Any]) -> Record:
    """Return the record that ``data`` (the JSON form) states.

    Raises:
        RecordError: for an unknown key, a missing one, or a value that cannot be.
    """
    try:
        return _ADAPTER.validate_python(data)
    except ValidationError as error:
        raise RecordError(_explain(error)) from None
    except RecursionError:
        raise RecordError("nested too deeply") from None


def _explain(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_context=False)[0]
    field = ".".join(str(part) for part in first["loc"] if part not in (*TYPES, "VirtualLocation")) or "record"
    value = first.get("input")
    match first["type"]:
        case "extra_forbidden":
            problem = "unknown key"
        case "missing":
            problem = "missing"
        case "union_tag_invalid" | "union_tag_not_found":
            problem = f"type must be one of {', '.join(TYPES)}"
        case _:
            problem = first["msg"].removeprefix("Value error, ")
            if isinstance(value, str | int | float):
                problem += f": {shorten(clean(str(value)), 80)!r}"
    more = error.error_count() - 1
    return f"{field}: {problem}" + (f" (and {more} more)" if more else "")


def to_json(thing: Model) -> dict[str, Any]:
    """Return the JSON form: camel case, ``type`` first, without empty fields."""
    return thing.model_dump(by_alias=True)


def content_hash(data: dict[str, Any]) -> str:
    """Return the SHA-256 of a record's JSON form without its provenance: equal when it states the same."""
    stated = {key: value for key, value in data.items() if key != "source"}
    return hashlib.sha256(orjson.dumps(stated, option=orjson.OPT_SORT_KEYS)).hexdigest()


def record_key(data: dict[str, Any]) -> str:
    """Return the stable key of a record (JSON form): a hash of source, type and the source's own key.

    Without an own key the address is taken, else what names the thing: type, name, start and place. It is a hash, so
    that no name stands in a visible id.
    """
    own = data.get("id") or data.get("url")
    if not own:
        place = data.get("location") or {}
        own = "\0".join([data["name"], data.get("startDate", ""), place.get("name", "")])
    parts = (data["source"]["id"], data["type"], own)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:24]


def now() -> str:
    """Return the present instant as the contract writes it (UTC, whole seconds)."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def a_second_before(instant: str) -> str:
    """Return the instant before another one, as the contract writes both."""
    return (datetime.fromisoformat(instant) - timedelta(seconds=1)).strftime("%Y-%m-%dT%H:%M:%SZ")


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a record's JSON form."""
    schema = _ADAPTER.json_schema(by_alias=True)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "https://recroise.org/schema/record-1.json",
        "title": "Recroise record",
        "description": "What one page says of one thing, in schema.org terms, with its source.",
        **schema,
    }
