"""What one subscribes to: the events of a scope or of a search, in a language, and where the subscription is.

An address without a language is that of the first: those who subscribed before there were several keep what they have.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from output.index import Index, Node, UnknownIdError
from output.periods import Period, PeriodError
from output.search import NothingNearError, SearchError, search
from output.web import addresses, scopes
from output.web.addresses import absolute, page
from output.web.api.parameters import SearchFeed, read
from output.web.happening import Happening, happening
from output.web.resource import Asked, BadRequestError, MovedError, NotFoundError
from output.web.site import LANGUAGES, Site
from output.web.templating import translations
from output.web.wording import territory

SEARCH = "search"
FOUND = 300  # events of a search that are given at the most

_: Callable[[str], str] = str

ALL = _("All events")
SEVERAL = _("several towns")


@dataclass(frozen=True, slots=True)
class Feed:
    """What a subscription tells: its stable name, its title, its events in the order of time, and its addresses.

    ``key`` tells it from all others: the name, of a search with what is looked for. ``own`` and ``about`` are
    absolute, and None where the site's address is not known.
    """

    language: str
    name: str
    key: str
    title: str
    events: Sequence[Happening]
    own: str | None
    about: str | None
    pages: dict[str, str]


def feed(site: Site, asked: Asked) -> Feed:
    """Return what is subscribed to.

    Raises:
        NotFoundError: where there is nothing of that name.
        MovedError: where it was merged into something else.
        BadRequestError: for a search that cannot be.
    """
    name, base, language = asked.values["id"], asked.base, asked.values.get("lang", LANGUAGES[0])
    if language not in LANGUAGES:
        raise NotFoundError(asked.path)
    if "lang" in asked.values and language == LANGUAGES[0]:
        raise MovedError(addresses.feed(language, name, asked.path.rpartition(".")[2]))
    key = name
    if name == SEARCH:
        title, events, about = _searched(site, asked, language)
        key = f"{name}?{urlencode(sorted(asked.query.items()), doseq=True)}"
        own = f"{asked.path}?{urlencode(asked.query, doseq=True)}"
    else:
        if asked.query:
            raise BadRequestError("only a search takes parameters: /feeds/search.ics?q=…")
        scope = _scope(site, asked)
        title, about = _title(site.index, scope, language), _page(scope, language)
        events, own = _events(site.index, scope, site.today), asked.path
    told = [each for event in events if (each := happening(site.index, event))]
    pages = {each.node.id: absolute(base, page(language, each.node.id)) for each in told} if base else {}
    here, there = (absolute(base, own), absolute(base, about)) if base else (None, None)
    return Feed(language, name, key, title, told, here, there, pages)


def published(site: Site) -> Iterator[dict[str, str]]:
    """Yield the names of all that can be subscribed to without a server, those of before among them.

    A program that subscribed to a calendar follows no page that leads on: it is given the calendar there too.
    """
    yield from ({"id": name} for name in scopes.scopes(site.index))
    yield from ({"id": name} for name in scopes.merged(site.index, ("EventSeries", "Place", "Organization")))


def _scope(site: Site, asked: Asked) -> scopes.Scope:
    try:
        found = scopes.scope(site.index, asked.values["id"])
    except UnknownIdError as error:
        raise NotFoundError(str(error)) from None
    if found.name != asked.values["id"]:
        raise MovedError(asked.path.replace(asked.values["id"], found.name))
    return found


def _events(index: Index, scope: scopes.Scope, today: date) -> Sequence[Node]:
    return [*reversed(scopes.past(index, scope, today)), *scopes.coming(index, scope, today)]


def _searched(site: Site, asked: Asked, language: str) -> tuple[str, Sequence[Node], str]:
    parameters = read(SearchFeed, asked)
    numbers: list[int] = []
    try:
        for first, last in ((site.today, None), (None, site.today - timedelta(days=1))):
            filters = {
                "from_": Period(first, first) if first else None,
                "to": Period(last, last) if last else None,
                **parameters.narrowing(),
            }
            results = search(site.index, parameters.q, limit=FOUND, types=["Event"], **filters)
            numbers += [_number(site.index, each.id) for each in results]
    except NothingNearError:
        pass  # there was something when it was subscribed to, and there may be again
    except (SearchError, PeriodError) as error:
        raise BadRequestError(str(error).replace("--", "")) from None
    region = territory(parameters.region, language) if parameters.region else None
    source = site.sources.get(parameters.source or "", {}).get("name", parameters.source)
    words = filter(None, (parameters.q, parameters.near, region, parameters.series, source))
    about = page(language, SEARCH) + "?" + urlencode(asked.query, doseq=True)
    return " · ".join(("Recroise", *words)), scopes.dated(site.index, numbers), about


def _number(index: Index, node: str) -> int:
    return int(next(index.rows("SELECT number FROM node WHERE id = ?", node))[0])


def _title(index: Index, scope: scopes.Scope, language: str) -> str:
    word = translations(language).gettext
    if scope.kind == scopes.ALL:
        return f"{scope.title} · {word(ALL)}"
    if scope.kind == "region":
        return territory(scope.value, language)
    if scope.territory:
        return f"{scope.title} ({territory(scope.territory, language)})"
    if scope.kind == "town" and scopes.towns(index, scope.value):
        return f"{scope.title} ({word(SEVERAL)})"
    return scope.title


def _page(scope: scopes.Scope, language: str) -> str:
    """Return the path of the page about a scope."""
    if scope.kind == scopes.ALL:
        return page(language)
    if scope.node is not None:
        return page(language, scope.node.id)
    return page(language, scope.kind, scope.name.partition("-")[2])


__all__ = ["SEARCH", "Feed", "feed", "published"]
