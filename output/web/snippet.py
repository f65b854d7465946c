"""What a place or community may show of itself on its own site: its members in public roles, and what comes next."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from output.index import Node, UnknownIdError
from output.show import members
from output.web import scopes
from output.web.happening import Happening, happening
from output.web.resource import Asked, MovedError, NotFoundError
from output.web.site import LANGUAGES, Site

EVENTS, MEMBERS = 10, 100
THEMES = ("light", "dark")


@dataclass(frozen=True, slots=True)
class Snippet:
    """The members (as ``output.show.members`` has them) and the coming events of a place or organisation."""

    node: Node
    members: Sequence[dict[str, Any]]
    events: Sequence[Happening]


def snippet(site: Site, asked: Asked) -> Snippet:
    """Return what the node of an address shows; NotFoundError or MovedError where it shows nothing there."""
    name = asked.values["id"]
    if asked.values.get("lang", LANGUAGES[0]) not in LANGUAGES:
        raise NotFoundError(asked.path)
    try:
        scope = scopes.scope(site.index, name)
    except UnknownIdError as error:
        raise NotFoundError(str(error)) from None
    if scope.node is None or scope.kind not in ("Place", "Organization"):
        raise NotFoundError(f"{name}: places and organisations have something to show on their own site")
    if scope.name != name:
        raise MovedError(asked.path.replace(name, scope.name))
    events = [happening(site.index, event) for event in scopes.coming(site.index, scope, site.today, EVENTS)]
    users = members(site.index, scope.node.id)["users"][:MEMBERS]
    return Snippet(scope.node, users, [event for event in events if event])


def shown(site: Site) -> Iterator[str]:
    """Yield the ids of all places and organisations, and those that they had before they were merged."""
    rows = site.index.rows("SELECT id FROM node WHERE type IN ('Place', 'Organization') ORDER BY id")
    yield from (str(row[0]) for row in rows)
    yield from scopes.merged(site.index, ("Place", "Organization"))
