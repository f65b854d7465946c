"""What a search finds, with what it can be narrowed by; nothing that is typed is an error."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from output.periods import PeriodError, parse
from output.search import TYPES, SearchError, facets, search
from output.web.addresses import relative
from output.web.cards import cards
from output.web.resource import Asked, Document, NotFoundError, Resource
from output.web.scopes import areas
from output.web.site import LANGUAGES, Site
from output.web.templating import render
from output.web.wording import short, territory

SHOWN, PAGES = 20, 25  # results of a page, and pages at the most
LONGEST = 200  # letters of anything that is asked
VALUES = 8  # of each facet
FACET = 40  # letters of what a value is called
FIELDS = ("q", "type", "near", "within", "from", "to", "region", "series", "source", "town", "year")
SUBSCRIBED = ("q", "near", "within", "region", "series", "source")  # what a calendar of a search takes
_KILOMETRES = re.compile(r"(\d{1,3}) *(?:km)?")
TYPED = ("town", "year")  # what these of the facets narrow by is what one could have typed


@dataclass(frozen=True, slots=True)
class Narrowing:
    """A value that the results can be narrowed by: how many have it, where it leads, whether it is chosen."""

    value: str
    count: int
    query: str
    chosen: bool


@dataclass(slots=True)
class _Question:
    """What was asked: the search's words and filters, and the names of what of it could not be used."""

    text: str
    filters: dict[str, Any]
    unread: list[str] = field(default_factory=list)


class Search(Resource):
    pattern = "/{lang}/search/"

    def answer(self, site: Site, asked: Asked) -> Document:
        if asked.values["lang"] not in LANGUAGES:
            raise NotFoundError(asked.path)
        given = {name: value[:LONGEST] for name in FIELDS if (value := asked.one(name))}
        question = _read(given, site)
        number = asked.one("page")
        page = min(int(number), PAGES) if number.isdecimal() and len(number) < 4 and int(number) else 1
        part = {"limit": SHOWN + 1, "start": (page - 1) * SHOWN, "among": PAGES * SHOWN + 1}
        try:
            found = search(site.index, question.text, **part, **question.filters)
        except SearchError:  # the one filter that can be wrong by now is a town that nobody knows
            question.unread.append("near")
            question.filters |= {"near": None, "within": None}
            found = search(site.index, question.text, **part, **question.filters)
        if within := question.filters["within"]:
            given["within"] = str(within)
        meant = {name for name in given if name not in question.unread and (name != "within" or within)}
        counted = facets(site.index, question.text, **question.filters)
        return render(
            site,
            asked,
            "search.html",
            indexed=False,
            given=dict.fromkeys(FIELDS, "") | given,
            cards=cards(site.index, [each.id for each in found[:SHOWN]]),
            total=sum(counted["type"].values()),
            page=page,
            more=len(found) > SHOWN and page < PAGES,
            to=lambda number: relative(asked.path, f"{asked.path}?{urlencode({**given, 'page': number})}"),
            facets=_narrowings(given, counted, asked),
            unread=question.unread,
            names_of_values={} if asked.dynamic else _names(site, asked.values["lang"]),
            query=_subscribed(asked, {name: given[name] for name in SUBSCRIBED if name in meant}, question.text),
        )

    def published(self, site: Site) -> Iterable[Mapping[str, str]]:
        return ({"lang": language} for language in LANGUAGES)


def _names(site: Site, language: str) -> dict[str, dict[str, str]]:
    """Return what the sources and regions are called, for a browser that counts them by itself."""
    regions = [value for kind, value in areas(site.index) if kind == "region"]
    return {
        "source": {name: short(source["name"], FACET) for name, source in site.sources.items()},
        "region": {code: short(territory(code, language), FACET) for code in regions},
    }


def _read(given: Mapping[str, str], site: Site) -> _Question:
    words = [given.get("q", "")]
    words += [f'{name}:"{given[name]}"' for name in TYPED if name in given and '"' not in given[name]]
    kind = given.get("type")
    question = _Question(
        " ".join(words).strip(),
        {
            "types": [kind] if kind in TYPES else [],
            "near": given.get("near"),
            "within": None,
            "region": given.get("region"),
            "series": given.get("series"),
            "source": given.get("source"),
        },
    )
    if within := given.get("within"):
        if (match := _KILOMETRES.fullmatch(within.lower())) and int(match[1]):
            question.filters["within"] = int(match[1]) if "near" in given else None
        else:
            question.unread.append("within")
    for name in ("from", "to"):
        try:
            stated = given.get(name)
            question.filters["from_" if name == "from" else name] = parse(stated, site.today) if stated else None
        except PeriodError:
            question.unread.append(name)
    return question


def _narrowings(
    given: Mapping[str, str], counted: Mapping[str, Mapping[str, int]], asked: Asked
) -> dict[str, list[Any]]:
    """Return, for each facet, its values with links: to narrow by one, or to take it back."""
    found = {}
    for facet, counts in counted.items():
        name = "town" if facet == "place" else facet
        values = [
            Narrowing(value, count, _with(asked, given, name, value), given.get(name) == value)
            for value, count in counts.items()
        ]
        chosen = [each for each in values if each.chosen]
        found[name] = chosen + [each for each in values if not each.chosen][: VALUES - len(chosen)]
    return found


def _subscribed(asked: Asked, kept: Mapping[str, str], text: str) -> str:
    """Return the query of the calendar of what was asked: what it does not take by name stands among the words."""
    words = {"q": text} if text and len(text) <= LONGEST else {}
    return _with(asked, {**kept, **words}, "", "").partition("?")[2]


def _with(asked: Asked, given: Mapping[str, str], name: str, value: str) -> str:
    kept = {key: each for key, each in given.items() if key != name}
    if name and given.get(name) != value:
        kept[name] = value
    return relative(asked.path, f"{asked.path}?{urlencode(kept)}")
