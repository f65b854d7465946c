"""The catalogue: sources as data, in TOML files, by region. A source needs no code.

A file holds defaults for all of its sources at the top (``region``, ``licence``, …) and one ``[[source]]`` table each.
The package's own files lie beside this module; a user's files are named with ``--catalogue`` or lie in the
``catalogue`` folder of the data directory.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from crawler.records import Text, Url

PACKAGED = Path(__file__).parent
EVERY = timedelta(days=1)  # how often a source is read whose entry states nothing

COMMUNITIES = (
    "open-coffee",
    "cantine",
    "coworking",
    "coworking-wiki",
    "hackerspace",
    "fablab",
    "technopole",
    "barcamp",
    "apero",
    "blog",
    "agenda",
    "directory",
)


class CatalogueError(ValueError):
    """A catalogue that cannot be used. The text names file, source and key."""


def _interval(value: str) -> str:
    parse_interval(value)
    return value


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("not an IANA time zone, such as Europe/Paris") from None
    return value


def _regex(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from None
    return value


def _like(pattern: str, words: str) -> AfterValidator:
    """Return what takes a text of a pattern, and says in words what another one is not."""

    def check(value: str) -> str:
        if not re.fullmatch(pattern, value):
            raise ValueError(f"not {words}")
        return value

    return AfterValidator(check)


_ID = "an id: 2 to 64 of a to z, 0 to 9 and hyphens, a hyphen never first"
_REGION = "a region such as FR-BRE (ISO 3166-2), FR or world"

# What pydantic calls what is wrong, as people say it.
_IN_WORDS = {
    "extra_forbidden": "unknown key",
    "missing": "is missing",
    "string_type": "not a text in quotation marks",
    "int_type": "not a whole number",
    "int_parsing": "not a whole number",
    "int_from_float": "not a whole number",
    "bool_type": "neither true nor false",
    "bool_parsing": "neither true nor false",
    "dict_type": "not a table",
    "too_short": "is empty",
    "string_too_short": "is empty",
    "too_long": "is longer than {max_length} characters",
    "string_too_long": "is longer than {max_length} characters",
    "greater_than_equal": "has to be at least {ge}",
    "less_than_equal": "has to be at most {le}",
}


class Source(BaseModel):
    """One place where communities announce themselves.

    Attributes:
        id: short and stable; records and files carry it.
        url: the address to start from.
        community: one of ``COMMUNITIES``.
        region: ISO 3166-2 (``FR-BRE``) or a country's ISO 3166-1 code.
        city: the town that the source speaks of, where it names none.
        licence: of the source's data, as text or SPDX name; ``unknown`` where nothing is stated.
        every: how often to read it: ``6h``, ``1d``, ``7d``; where absent once a day, less often while nothing
            changes (``crawler/due.py``).
        format: a reader's name; found out from the document where absent.
        platform: a row of ``platforms.toml`` that says what to ask at the address; found out from it where absent.
        columns: for tables (CSV, GeoJSON): which of their columns is which of our fields, where inspection is not
            enough: ``{name = "Nom du lieu", city = "Commune"}``.
        elsewhere: whether the sites of their own that a directory lists are read too.
        time_zone: IANA zone of times that state none.
        follow: regular expression; links of an HTML page that match it are read too (same host only).
        max_pages: documents read in one run at the most.
        max_bytes: bytes that one run may bring over the network.
        max_seconds: time after which one run asks for nothing more.
        minimum: records below which a run is not believed.
        may_be_empty: whether it is right that nothing is there at times.
        attendees: whether attendee lists may be kept; off unless switched on by hand (privacy).
        private_network: whether the host may lie on a private or loopback network.
        verified: the day of the last live look at it, or ``never``.
        note: where the address was found, and other things worth knowing.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, _like(r"[a-z0-9][a-z0-9-]{1,63}", _ID)]
    name: Text
    url: Url
    community: Annotated[str, _like("|".join(COMMUNITIES), f"one of {', '.join(COMMUNITIES)}")]
    region: Annotated[str, _like(r"[A-Z]{2}(-[A-Z0-9]{1,3})?|world", _REGION)]
    city: Text | None = None
    licence: Text = "unknown"
    every: Annotated[str, AfterValidator(_interval)] | None = None
    format: Text | None = None
    platform: Text | None = None
    columns: dict[str, Text] = {}
    elsewhere: bool = False
    language: Annotated[str, _like(r"[a-z]{2}", "a language code of two letters, such as fr")] | None = None
    time_zone: Annotated[str, AfterValidator(_zone)] | None = None
    follow: Annotated[str, AfterValidator(_regex)] | None = None
    max_pages: Annotated[int, Field(ge=1, le=100_000)] = 200
    max_bytes: Annotated[int, Field(ge=1)] = 200_000_000
    max_seconds: Annotated[int, Field(ge=1)] = 3_600
    minimum: Annotated[int, Field(ge=0)] = 0
    may_be_empty: bool = False
    attendees: bool = False
    private_network: bool = False
    verified: Annotated[str, _like(r"never|\d{4}-\d\d-\d\d", "a day such as 2026-11-25, or never")] = "never"
    note: Text | None = None

    @property
    def host(self) -> str:
        """The host of the address, in lower case."""
        return host_of(self.url)

    @property
    def interval(self) -> timedelta:
        """The time between two runs, unless there is a reason to wait longer."""
        return parse_interval(self.every) if self.every else EVERY

    def matches(self, region: str | None = None, community: str | None = None) -> bool:
        """Whether the source lies in ``region`` (``FR`` holds ``FR-BRE``) and is of ``community``."""
        inside = region is None or self.region == region or self.region.startswith(f"{region}-")
        return inside and community in (None, self.community)


@lru_cache(maxsize=4096)
def host_of(url: str) -> str:
    """Return the host of an address in lower case, empty where there is none."""
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def parse_interval(text: str) -> timedelta:
    """Return the interval that ``30m``, ``6h``, ``1d`` or ``2w`` means; ValueError for anything else."""
    match = re.fullmatch(r"(\d{1,4})([mhdw])", text)
    if not match or not int(match[1]):
        raise ValueError("not an interval such as 30m, 6h, 1d or 2w")
    unit = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}[match[2]]
    return timedelta(**{unit: int(match[1])})


def read_file(path: Path) -> list[Source]:
    """Return the sources of one TOML file; CatalogueError for what cannot be read."""
    try:
        data: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CatalogueError(f"{path}: {error.strerror or error}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CatalogueError(f"{path}: not TOML: {error}") from None
    rows = data.pop("source", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise CatalogueError(f"{path}: source must be tables: [[source]]")
    return [_source(path, number, {**data, **row}) for number, row in enumerate(rows, 1)]


def _source(path: Path, number: int, row: dict[str, Any]) -> Source:
    try:
        return Source.model_validate(row)
    except ValidationError as error:
        raise CatalogueError(f"{path}: source {row.get('id', number)}: {explained(error)}") from None


def explained(error: ValidationError) -> str:
    """Return the first thing that is wrong with a source, in words: which key, and what."""
    first = error.errors(include_url=False)[0]
    key = ".".join(str(part) for part in first["loc"])
    words = _IN_WORDS.get(first["type"])
    if words is None:
        return f"{key}: {first['msg'].removeprefix('Value error, ')}"
    return f"{key}: {words.format_map(first.get('ctx', {}))}"


def files(extra: Iterable[Path] = (), data: Path | None = None) -> Iterator[Path]:
    """Yield the catalogue files that apply: the named ones alone, else the package's and the user's own."""
    named = list(extra)
    if named:
        yield from named
        return
    yield from sorted(PACKAGED.glob("*.toml"))
    if data is not None:
        yield from sorted((data / "catalogue").glob("*.toml"))


def load(extra: Iterable[Path] = (), data: Path | None = None) -> dict[str, Source]:
    """Return the sources that apply, by id, in the files' order; CatalogueError where an id stands twice."""
    sources: dict[str, Source] = {}
    for path in files(extra, data):
        for source in read_file(path):
            if source.id in sources:
                raise CatalogueError(f"{path}: source {source.id}: this id is already taken by another source")
            sources[source.id] = source
    return sources


def choose(sources: dict[str, Source], ids: list[str], region: str | None, community: str | None) -> list[Source]:
    """Return the sources that are meant, in the catalogue's order; CatalogueError for an id that none has."""
    if unknown := [each for each in ids if each not in sources]:
        raise CatalogueError(f"no source is called {', '.join(unknown)}; 'recroise sources' lists them")
    chosen = [sources[each] for each in ids] if ids else list(sources.values())
    return [source for source in chosen if source.matches(region, community)]
