"""The page of a person, place, event, series or organisation: every fact with its source, and what is around."""

from collections.abc import Iterable, Mapping

from markupsafe import Markup

from output.web import schema_org
from output.web.cards import Around
from output.web.facts import SHOWN, confirmed, description, facts, reads, spellings
from output.web.headings import headings
from output.web.nodes import node_of
from output.web.reasons import doubt
from output.web.resource import Asked, Document, Resource
from output.web.schedule import spoken
from output.web.site import LANGUAGES, Site
from output.web.templating import render
from output.web.wording import SHORT, short, when

NAMES = 8


class Node(Resource):
    pattern = "/{lang}/{id}/"

    def answer(self, site: Site, asked: Asked) -> Document:
        node, language = node_of(site, asked), asked.values["lang"]
        around = Around(site.index, node, site.today)
        own, sections = around.whole()
        data, pages = node.data, reads(node)
        town = data.get("addressLocality") or ""
        region = data.get("addressRegion") or ""
        known_region = bool(region) and len(region) < SHORT and site.index.words.known("region", region)
        address = asked.base.rstrip("/") + asked.path if asked.base else f"../{node.id}/"
        parts = (data.get("streetAddress"), " ".join(filter(None, (data.get("postalCode"), town))))
        return render(
            site,
            asked,
            "node.html",
            indexed=node.type != "Person",
            node=node,
            card=own,
            around=around,
            sections=sections,
            headings=headings(node.type, language),
            doubt=doubt(str(data["lowConfidence"]), language) if "lowConfidence" in data else None,
            facts=facts(node),
            description=description(node),
            spellings=spellings(node),
            schedule=spoken,
            other_names=[text for each in data["alternateName"][:NAMES] if (text := short(each))],
            # A place that is called like its town says it once.
            where=", ".join(dict.fromkeys(text for each in parts if each and (text := short(each)) != node.name)),
            town_slug=own.town_slug if town else "",
            region=region if known_region else None,
            summary=_summary(
                when(own.start, own.end, own.zone, language) if own.start else "",
                own.place.name if own.place else "",
                own.town,
            ),
            reads=pages,
            confirmed=confirmed(pages, site.read_well),
            shown_reads=SHOWN,
            json_ld=Markup(schema_org.script(node, sections, address)),  # noqa: S704 - it escapes what ends a script
        )

    def published(self, site: Site) -> Iterable[Mapping[str, str]]:
        for (node,) in site.index.rows("SELECT id FROM node ORDER BY id"):
            for language in LANGUAGES:
                yield {"lang": language, "id": node}


def _summary(*parts: str | None) -> str:
    return " · ".join(dict.fromkeys(filter(None, parts)))[:200]
