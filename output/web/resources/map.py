"""The map of places and coming events, and the list that says the same."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from output.web import places
from output.web.resource import Asked, Document, NotFoundError, Resource
from output.web.security import POLICY, policy
from output.web.site import LANGUAGES, Site
from output.web.templating import render


class Map(Resource):
    pattern = "/{lang}/map/"

    def answer(self, site: Site, asked: Asked) -> Document:
        return listed(site, asked, 1)

    def published(self, site: Site) -> Iterable[Mapping[str, str]]:
        return ({"lang": language} for language in LANGUAGES)


def listed(site: Site, asked: Asked, number: int) -> Document:
    """Return a page of the map's list; the map itself is on the first."""
    last = places.pages(site.index)
    if asked.values["lang"] not in LANGUAGES or number > last:
        raise NotFoundError(asked.path)
    found = render(
        site, asked, "map.html",
        towns=places.towns(site.index, number), number_=number, last=last, count=places.count(site.index),
        tiles=site.tiles if number == 1 else None,
    )  # fmt: skip
    if number > 1 or site.tiles is None:
        return found
    return replace(found, headers={**found.headers, **policy(img_src=f"{POLICY['img-src']} {site.tiles.origin}")})
