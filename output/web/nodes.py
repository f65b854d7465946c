"""The node that an address is of."""

from output.index import Node, UnknownIdError
from output.web.addresses import page
from output.web.resource import Asked, MovedError, NotFoundError
from output.web.site import LANGUAGES, Site


def node_of(site: Site, asked: Asked, *below: str) -> Node:
    """Return the node whose id and language an address has.

    Args:
        site: the export.
        asked: what was asked.
        below: what follows the id in the address that a merged one leads to.

    Raises:
        NotFoundError: where there is none.
        MovedError: where it was merged into another.
    """
    language, name = asked.values["lang"], asked.values["id"]
    if language not in LANGUAGES:
        raise NotFoundError(asked.path)
    try:
        node = site.index.node(name)
    except UnknownIdError:
        raise NotFoundError(asked.path) from None
    if node.id != name:
        raise MovedError(page(language, node.id, *below))
    return node


__all__ = ["node_of"]
