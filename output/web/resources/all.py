"""All that a node is connected with and all pages that tell of it, in pages: what its own page only begins."""

from collections.abc import Iterable, Mapping

from output.index import Node
from output.web import facts
from output.web.cards import SHOWN, Around
from output.web.headings import headings
from output.web.nodes import node_of
from output.web.resource import Asked, Document, NotFoundError, Resource
from output.web.site import LANGUAGES, Site
from output.web.templating import render

ON_PAGE = 100  # connections and sources together

# Nodes whose own page may leave something out; which do is looked at more closely.
_LARGE = """
SELECT id FROM node JOIN content USING (number)
WHERE links > ? OR (length(doc) > 2000 AND json_array_length(CAST(doc AS TEXT), '$.sources') > ?) ORDER BY id
"""


class All(Resource):
    pattern = "/{lang}/{id}/all/{page}/"

    def answer(self, site: Site, asked: Asked) -> Document:
        language, number = asked.values["lang"], asked.values["page"]
        if not number.isdecimal() or number.startswith("0") or len(number) > 4:
            raise NotFoundError(asked.path)
        node = node_of(site, asked, "all", number)
        around, reads = Around(site.index, node, site.today), facts.reads(node)
        last, here = _pages(around.total, len(reads)), int(number)
        if here > last:
            raise NotFoundError(asked.path)
        start, end = (here - 1) * ON_PAGE, here * ON_PAGE
        return render(
            site,
            asked,
            "all.html",
            indexed=False,
            node=node,
            around=around,
            sections=around.slice(start, end),
            headings=headings(node.type, language),
            reads=reads[max(0, start - around.total) : max(0, end - around.total)],
            here_=here,
            last=last,
        )

    def published(self, site: Site) -> Iterable[Mapping[str, str]]:
        for (name,) in list(site.index.rows(_LARGE, SHOWN, facts.SHOWN)):
            node = site.index.node(name)
            around = Around(site.index, node, site.today)
            if begun(around, node):
                for number in range(1, _pages(around.total, len(facts.reads(node))) + 1):
                    for language in LANGUAGES:
                        yield {"lang": language, "id": name, "page": str(number)}


def begun(around: Around, node: Node) -> bool:
    """Whether the page of a node leaves some of what is around it, or of what tells of it, to these."""
    return around.most > SHOWN or len(facts.reads(node)) > facts.SHOWN


def _pages(connections: int, sources: int) -> int:
    return max(1, -(-(connections + sources) // ON_PAGE))
