"""A town or a region as a page shows it: what takes place there, and what is there."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from output.fold import fold
from output.index import UnknownIdError
from output.web.addresses import page, town_slug
from output.web.cards import Card, by_numbers, cards
from output.web.resource import Asked, Document, MovedError, NotFoundError
from output.web.scopes import IN_TOWN, UNKNOWN, Scope, coming, in_territory, past, scope, spellings, towns
from output.web.site import LANGUAGES, Site
from output.web.templating import render
from output.web.wording import territory

SHOWN = 30  # events to come, and as many of those that are over
PLACES = 60  # places and communities, and as many towns of a region
ASKED = 1_000  # of which those with the most connections are shown

_IN_TOWN = f"SELECT number FROM node WHERE {IN_TOWN} AND type = 'Place' ORDER BY links DESC, id LIMIT ?3"
# Of a town whose name stands in several: the word index knows towns by their names alone.
_COMMUNITIES = f"""
SELECT number FROM node WHERE type = 'Organization' AND number IN (
    SELECT source FROM node JOIN edge ON target = node.number AND edge.type = 'location' WHERE {IN_TOWN}
    UNION SELECT target FROM node JOIN edge ON source = node.number AND edge.type = 'organizer' WHERE {IN_TOWN}
) ORDER BY links DESC, id LIMIT ?3
"""
_THESE = """
SELECT number FROM node WHERE number IN (SELECT value FROM json_each(?1)) ORDER BY links DESC, id LIMIT ?2
"""


@dataclass(frozen=True, slots=True)
class Listed:
    """Part of the page: what it is, and its cards in order."""

    key: str
    cards: Sequence[Card]


def area(site: Site, asked: Asked, kind: str) -> Document:
    """Return the page of the town or region that was asked for; NotFoundError where nothing is there.

    A name of several towns has a page to choose from, with what may be in any of them.
    """
    if asked.values["lang"] not in LANGUAGES:
        raise NotFoundError(asked.path)
    try:
        told = scope(site.index, f"{kind}-{asked.values['id']}")
    except UnknownIdError as error:
        raise NotFoundError(str(error)) from None
    if told.kind != kind:
        raise NotFoundError(asked.path)
    if told.name != f"{kind}-{asked.values['id']}":
        raise MovedError(page(asked.values["lang"], *told.name.split("-", 1)))
    choices = towns(site.index, told.value) if kind == "town" and not told.territory else []
    whole, told = told, replace(told, territory=UNKNOWN) if choices else told
    events = {"events": coming(site.index, told, site.today, SHOWN), "past": past(site.index, told, site.today, SHOWN)}
    parts = [Listed(key, cards(site.index, [each.id for each in found])) for key, found in events.items()]
    parts += [
        Listed("places", _there(site, told, "Place")),
        Listed("organisations", _there(site, told, "Organization")),
    ]
    listed = [part for part in parts if part.cards]
    title = territory(told.value, asked.values["lang"]) if kind == "region" else told.title
    return render(
        site,
        asked,
        "area.html",
        scope=whole,
        title=title,
        parts=listed,
        choices=choices,
        towns=_towns(site, told) if kind == "region" else [],
    )


def _there(site: Site, told: Scope, kind: str) -> list[Card]:
    """Return the places or communities of a town or region, those with the most connections first."""
    from tantivy import Occur, Query

    if told.kind == "town" and kind == "Place":
        numbers = [row[0] for row in site.index.rows(_IN_TOWN, told.value, told.territory, PLACES)]
    elif told.territory:
        numbers = [row[0] for row in site.index.rows(_COMMUNITIES, told.value, told.territory, PLACES)]
    else:
        words = site.index.words
        where = words.term("region", told.value) if told.kind == "region" else words.term("place", told.title)
        query = Query.boolean_query([(Occur.Must, words.term("type", kind)), (Occur.Must, where)])
        found = sorted(number for number, _ in words.find(query, ASKED))
        numbers = [row[0] for row in site.index.rows(_THESE, str(found), PLACES)]
    known = {each.number: each.card for each in by_numbers(site.index, numbers)}
    return [known[number] for number in numbers]


def _towns(site: Site, told: Scope) -> list[tuple[str, str, int]]:
    """Return the towns of a region: name, how addresses write it, how many events, places and communities are there."""
    from tantivy import Occur, Query

    words = site.index.words
    kinds = Query.boolean_query(
        [(Occur.Should, words.term("type", kind)) for kind in ("Event", "Place", "Organization")]
    )
    query = Query.boolean_query([(Occur.Must, kinds), (Occur.Must, words.term("region", told.value))])
    counted = words.count(query, ("place",), PLACES)["place"]
    apart = in_territory(site.index, told.value)
    return [(name, town_slug(name, apart.get(fold(name))), count) for name, count in spellings(counted).items()]


__all__ = ["area"]
