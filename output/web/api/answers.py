"""What the API answers, as types; the OpenAPI document is made of them."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field, WithJsonSchema

from output.met import Answer
from output.search import Result
from output.web.happening import Happening

GRAPH = "$graph"  # names a definition in graph/graph.schema.json; openapi.py makes a reference of it

GraphNode = Annotated[dict[str, Any], WithJsonSchema({GRAPH: "node"})]
GraphEdge = Annotated[dict[str, Any], WithJsonSchema({GRAPH: "edge"})]
Date = Annotated[str, WithJsonSchema({GRAPH: "date"})]
Next = Annotated[str | None, Field(description="The cursor of the next page; null on the last.")]


@dataclass(frozen=True, slots=True)
class SearchPage:
    """The nodes that fit, the best first."""

    items: list[Result]
    next: Next


@dataclass(frozen=True, slots=True)
class Facets:
    """How many nodes there are of each value, most first."""

    type: dict[str, int]
    year: dict[str, int]
    region: dict[str, int]
    place: dict[str, int]
    source: dict[str, int]


@dataclass(frozen=True, slots=True)
class MetAnswers:
    """The people who fit, the best first, and what would tell the first two apart."""

    answers: list[Answer]
    ask: str | None


@dataclass(frozen=True, slots=True)
class NeighbourItem:
    """A connected node: the edge as the graph has it, which way it leads, and the node at its other end."""

    outgoing: bool
    id: str
    type: str
    name: str
    startDate: Date | None  # noqa: N815 - schema.org's name
    edge: GraphEdge


@dataclass(frozen=True, slots=True)
class NeighbourPage:
    items: list[NeighbourItem]
    next: Next


@dataclass(frozen=True, slots=True)
class Member:
    """A person in a public role. ``site``: the public profile that a page gives for it."""

    id: str
    name: str
    jobs: list[str]
    site: str | None
    sources: list[str]


@dataclass(frozen=True, slots=True)
class MemberPage:
    """The members of a place or community, by name."""

    id: str
    name: str
    usersCount: int  # noqa: N815 - as We Are Coworkers' place/{id} had it
    users: list[Member]
    next: Next


@dataclass(frozen=True, slots=True)
class EventPlace:
    id: str
    name: str
    addressLocality: str | None  # noqa: N815
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True, slots=True)
class EventItem:
    """An event: when, where, and whether it takes place. ``url``: its own page, where one is stated."""

    id: str
    name: str
    startDate: Date  # noqa: N815
    endDate: Date | None  # noqa: N815
    timeZone: str | None  # noqa: N815
    eventStatus: str | None  # noqa: N815
    about: list[str]
    url: str | None
    location: EventPlace | None
    sources: list[str]


@dataclass(frozen=True, slots=True)
class EventPage:
    """Events in the order of their starts."""

    items: list[EventItem]
    next: Next


@dataclass(frozen=True, slots=True)
class ChangeItem:
    """A node that was added, changed (in which fields) or removed (part of which other node now, if any)."""

    id: str
    when: Annotated[str, Field(description="The instant of the newest reading at that time.")]
    change: Literal["added", "changed", "removed"]
    node: str
    type: str
    name: str | None
    fields: list[str]
    into: str | None


@dataclass(frozen=True, slots=True)
class ChangePage:
    items: list[ChangeItem]
    next: Next
    resume: Annotated[str | None, Field(description="The cursor to come back with for what changes from now on.")]


@dataclass(frozen=True, slots=True)
class ExportFile:
    name: str
    mediaType: str  # noqa: N815
    bytes: int
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    href: Annotated[str, Field(description="Where it is, from this address.")]


@dataclass(frozen=True, slots=True)
class Exports:
    files: list[ExportFile]


@dataclass(frozen=True, slots=True)
class SourceItem:
    """A source, its licence, and how it fares."""

    id: str
    name: str | None
    url: str | None
    community: str | None
    region: str | None
    licence: str
    state: str | None
    lastGood: str | None  # noqa: N815
    lastRun: str | None  # noqa: N815
    records: int | None


@dataclass(frozen=True, slots=True)
class Sources:
    items: list[SourceItem]


@dataclass(frozen=True, slots=True)
class Health:
    """That the server answers, and of when its data are."""

    status: Literal["ok"]
    version: str
    when: Annotated[str, Field(description="The instant of the newest reading.")]
    nodes: int


def event_item(told: Happening) -> EventItem:
    """Return an event as the API tells it."""
    data, place = told.node.data, told.place
    return EventItem(
        id=told.node.id,
        name=told.node.name,
        startDate=data["startDate"],
        endDate=data.get("endDate"),
        timeZone=data.get("timeZone"),
        eventStatus=data.get("eventStatus"),
        about=data.get("about", []),
        url=data.get("url"),
        location=EventPlace(
            id=place.id,
            name=place.name,
            addressLocality=place.data.get("addressLocality"),
            latitude=place.data.get("latitude"),
            longitude=place.data.get("longitude"),
        )
        if place
        else None,
        sources=list(told.node.sources),
    )
