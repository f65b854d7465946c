"""fablabs.io: the list of fab labs, as ``www.fablabs.io/api/labs`` gives it.

Fields: fablabs.io's own source (``app/serializers/lab_serializer.rb``). Its older interfaces (v0, v2) are gone; v2's
form (JSON:API) is read all the same, where somebody kept it.
"""

import re
from typing import Any
from urllib.parse import quote

from crawler.documents import Document, Link, Reader, ReaderError, Reading
from crawler.strict import Fields, as_text, as_words, point, rows, short, site, without_empty

ROOT = "https://www.fablabs.io"
LIST = f"{ROOT}/api/labs"
_KINDS = ("planned_fab_lab", "mini_fab_lab", "fab_lab", "supernode")


class Fablabs(Reader):
    name = "fablabs"
    title = "fablabs.io"
    marks = "objects with `slug`, `address_1` and `capabilities` or `kind_name`"
    gives = "fab labs: address, point, kind, capabilities, sites"
    specification = "https://github.com/fablabbcn/fablabs.io"

    def recognise(self, document: Document) -> str | None:
        if not document.is_json:
            return None
        if b'"address_1"' in document.body and b'"slug"' in document.body:
            first = next(iter(_labs(document.json)), None)
            if isinstance(first, dict) and {"slug", "address_1"} <= _attributes(first).keys():
                return "slug and address_1"
        gone = b'"error"' in document.body and re.match(r"https?://(?:[\w-]+\.)*fablabs\.io/", document.url)
        return "an error of fablabs.io" if gone else None

    def read(self, document: Document) -> Reading:
        """Return the labs.

        Raises:
            ReaderError: where fablabs.io refuses, and for another shape.
        """
        data = document.need_json("an answer of fablabs.io")
        if isinstance(data, dict) and (refusal := as_text(data.get("error"))):
            hint = f"; ask {LIST}" if "not exist" in refusal else ""
            raise ReaderError(f"fablabs.io says: {refusal[:200]}{hint}", document.url)
        labs = _labs(data)
        if not isinstance(labs, list):
            raise ReaderError("not a list of fab labs", document.url)
        reading = Reading(self.name)
        for row in rows(labs, "lab", document.url, reading):
            if lab := _lab(_attributes(row), document, reading):
                reading.records.append(lab)
        links = data.get("links") if isinstance(data, dict) else None
        if isinstance(links, dict) and (following := document.link(as_text(links.get("next")))):
            reading.links.append(Link(following, "next"))
        return reading


def _labs(data: Any) -> Any:
    """Return the list of labs: bare, under its name, or as JSON:API has it; one lab is a list of one."""
    if not isinstance(data, dict):
        return data if isinstance(data, list) else []
    found = data.get("labs", data.get("data", data.get("lab", data)))
    return [found] if isinstance(found, dict) and ("slug" in found or "attributes" in found) else found


def _attributes(row: dict[str, Any]) -> dict[str, Any]:
    attributes = row.get("attributes")
    return {"id": row.get("id"), **attributes} if isinstance(attributes, dict) else row


def _lab(row: dict[str, Any], document: Document, reading: Reading) -> dict[str, Any] | None:
    with Fields(row, "lab", reading) as lab:
        name, slug, number = short(lab.text("name")), lab.text("slug"), lab.text("id")
        kind = lab.take("kind_name", "kind")
        lines = [lab.text(key) for key in ("address_1", "address_2")]
        lab.drop("e-mail", "email")
        lab.drop("telephone", "phone")
        # The people who work there, with their profiles and pictures.
        lab.drop("contact", "employees", "creator_id")
        lab.ignore("parent_id", "avatar_url", "header_url", "header_image_src", "address_notes", "url", "machines")
        lab.ignore(
            "is_referee",
            "created_at",
            "referee_id",
            "time_zone",
            "reverse_geocoded_address",
            "ancestry",
            "avatar*",
            "header*",
            "zoom",
            "tools_list",
            "projects",
            "events",
        )
        lab.ignore("workflow_state", "is_expanded", "discourse*", "network", "programs", "tools", "application_notes")
        links = lab.take("links")
        words = lab.take("capabilities")
        status = lab.text("activity_status")
        place: dict[str, Any] = {
            "type": "Place",
            "id": f"lab:{number}" if number else slug,
            "name": name,
            "additionalType": _kind(kind),
            "description": as_words(lab.take("description")) or as_words(lab.take("blurb")),
            "url": f"{ROOT}/labs/{quote(slug)}" if slug and re.fullmatch(r"[\w.~-]{1,200}", slug) else None,
            "sameAs": _sites(links, document),
            "address": without_empty(
                {
                    "streetAddress": ", ".join(filter(None, lines)),
                    "postalCode": lab.text("postal_code"),
                    "addressLocality": lab.text("city"),
                    "addressRegion": lab.text("county"),
                    "addressCountry": (lab.text("country_code") or lab.text("country") or "").upper(),
                }
            ),
            "geo": point(lab.take("latitude"), lab.take("longitude")),
            "keywords": [*_words(words), *([status] if status else [])],
            "dateModified": _day(lab.text("updated_at")),
        }
        lab.ignore("blurb", "country")
    return without_empty(place) if name else None


def _kind(value: Any) -> str:
    """Return the kind of lab in words; a number is its place in the list that fablabs.io keeps."""
    if isinstance(value, int) and 0 <= value < len(_KINDS):
        value = _KINDS[value]
    return (as_text(value) or "fab_lab").replace("_", " ")


def _sites(links: Any, document: Document) -> list[str]:
    urls = [each.get("url") if isinstance(each, dict) else each for each in (links if isinstance(links, list) else [])]
    return list(dict.fromkeys(filter(None, (site(url, document) for url in urls[:30]))))


def _words(value: Any) -> list[str]:
    """Return capabilities (``three_d_printing``) as words."""
    words = value if isinstance(value, list) else re.split(r"[;,]", as_text(value) or "")
    return [word.replace("_", " ") for each in words[:50] if (word := as_text(each))]


def _day(text: str | None) -> str | None:
    return text[:10] if text and re.match(r"20\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T", text) else None
