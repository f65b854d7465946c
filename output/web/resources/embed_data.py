"""What the snippet shows, as JSON, for those who draw it themselves."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict

import orjson

from output.web.addresses import page
from output.web.api.answers import event_item
from output.web.resource import Asked, Document, Resource
from output.web.site import LANGUAGES, Site
from output.web.snippet import shown, snippet


class EmbedData(Resource):
    pattern = "/data/embed/{id}.json"

    def answer(self, site: Site, asked: Asked) -> Document:
        told = snippet(site, asked)
        base = (asked.base or "").rstrip("/")
        content = {
            "id": told.node.id,
            "name": told.node.name,
            "pages": {language: base + page(language, told.node.id) for language in LANGUAGES} if base else {},
            "members": told.members,
            "events": [asdict(event_item(each)) for each in told.events],
        }
        return Document(orjson.dumps(content), "application/json")

    def published(self, site: Site) -> Iterable[Mapping[str, str]]:
        return ({"id": node} for node in shown(site))
