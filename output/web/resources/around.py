"""A picture of what stands around a node, by time, and the list that says the same.

It shows what the node's own page lists, and nothing beyond: whom somebody may have been near is not among it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson
from markupsafe import Markup

from output.web import wording
from output.web.addresses import page, relative
from output.web.cards import Around as Neighbours
from output.web.cards import Card, Section
from output.web.headings import headings
from output.web.nodes import node_of
from output.web.resource import Asked, Document, Resource
from output.web.site import LANGUAGES, Site
from output.web.templating import render, translations

SHOWN = 60  # of a section: the next to come and the latest
LANES = 8  # places that have a lane of their own, the most frequent ones
WORTH = 3  # connections from which on a picture says more than a list
DAY = 10  # characters of a date that says the day


class Around(Resource):
    pattern = "/{lang}/{id}/around/"

    def answer(self, site: Site, asked: Asked) -> Document:
        node, language = node_of(site, asked, "around"), asked.values["lang"]
        near = Neighbours(site.index, node, site.today)
        sections = near.sections(SHOWN)
        return render(
            site,
            asked,
            "around.html",
            indexed=node.type != "Person",
            node=node,
            sections=sections,
            headings=headings(node.type, language),
            left_out=near.left_out + near.total - sum(len(each.cards) for each in sections),
            picture=_json(_picture(sections, asked, language, site.today.isoformat())),
        )

    def published(self, site: Site) -> Iterable[Mapping[str, str]]:
        for (node,) in site.index.rows("SELECT id FROM node WHERE links >= ? ORDER BY id", WORTH):
            for language in LANGUAGES:
                yield {"lang": language, "id": node}


def _picture(sections: Sequence[Section], asked: Asked, language: str, today: str) -> dict[str, Any]:
    """Return what is drawn: ``events`` with a day, each in one of ``lanes``, and ``others``, which have none."""
    shown = {card.id: card for section in sections for card in section.cards}.values()
    dated = [card for card in shown if card.start and len(card.start) >= DAY]
    often = Counter(_where(card) for card in dated)
    lanes = sorted(filter(None, often), key=lambda each: (-often[each], each))[:LANES]
    word = translations(language).gettext
    events = [
        {
            **_thing(card, asked, language),
            "when": wording.when(card.start or "", card.end, card.zone, language),
            "start": (card.start or "")[:DAY],
            "lane": lanes.index(_where(card)) if _where(card) in lanes else len(lanes),
            "coming": (card.end or card.start or "")[:DAY] >= today,
        }
        for card in sorted(dated, key=lambda each: (each.start or "", each.id))
    ]
    if any(each["lane"] == len(lanes) for each in events):
        lanes.append(word("elsewhere, or not known") if lanes else word("Events"))
    others = [_thing(card, asked, language) for card in shown if not (card.start and len(card.start) >= DAY)]
    return {"today": today, "lanes": lanes, "events": events, "others": others}


def _where(card: Card) -> str:
    return card.place.name if card.place else card.town or ""


def _thing(card: Card, asked: Asked, language: str) -> dict[str, Any]:
    return {
        "href": relative(asked.path, page(language, card.id)),
        "name": card.name,
        "type": card.type,
        "kind": translations(language).gettext(wording.TYPES[card.type]),
    }


def _json(value: Any) -> Markup:
    """Return JSON that cannot end the script it stands in."""
    text = orjson.dumps(value).decode()
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return Markup(text)  # noqa: S704 - nothing of it is markup now
