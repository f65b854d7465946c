"""The accounts that places and groups have on networks, as people write them into forms: addresses or handles."""

import re

from crawler.documents import Document
from crawler.strict import site

_ROOTS = {
    "twitter": "https://twitter.com/",
    "instagram": "https://www.instagram.com/",
    "facebook": "https://www.facebook.com/",
    "github": "https://github.com/",
    "wikidata": "https://www.wikidata.org/wiki/",
}
NETWORKS = (*_ROOTS, "mastodon", "linkedin", "youtube", "foursquare", "meetup")

_HANDLE = re.compile(r"@?([\w.-]{2,60})")
_FEDERATED = re.compile(r"@?([\w.-]{1,60})@([\w-]{1,60}(?:\.[\w-]{1,60}){1,4})")


def account(network: str, text: str | None, document: Document) -> str | None:
    """Return the address of an account on ``network`` (one of ``NETWORKS``); None for what is none."""
    text = (text or "").strip()
    if "/" in text or text.startswith("www."):
        return site(text, document)
    if network == "mastodon" and (match := _FEDERATED.fullmatch(text)):
        return document.link(f"https://{match[2]}/@{match[1]}")
    match = _HANDLE.fullmatch(text)
    return document.link(_ROOTS[network] + match[1]) if match and network in _ROOTS else None
