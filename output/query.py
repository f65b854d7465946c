"""What a person types into a search field, taken apart. Nothing that can be typed is an error.

``karine "open coffee" town:lorient -rennes``: words, phrases in quotes, what must stand in a field, what must not be.
A quote that is not closed ends with the text; a field that is not known is a word like any other.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from output.fold import fold, words

# What a field may be called, in English and French.
FIELDS = {
    **dict.fromkeys(("name", "nom", "title", "titre"), "names"),
    **dict.fromkeys(("about", "theme", "topic", "sujet", "thème"), "theme"),
    **dict.fromkeys(("role", "job", "rôle", "métier", "metier"), "role"),
    **dict.fromkeys(("org", "organisation", "organization", "company", "société", "societe"), "organisation"),
    **dict.fromkeys(("town", "city", "ville", "place", "lieu"), "town"),
    **dict.fromkeys(("series", "série", "serie"), "series"),
    **dict.fromkeys(("text", "texte", "description"), "text"),
    **dict.fromkeys(("region", "région"), "region"),
    "source": "source",
    "type": "type",
    **dict.fromkeys(("year", "année", "annee"), "year"),
}
# And what a type may be called.
TYPES = {
    **dict.fromkeys(("person", "persons", "people", "personne", "personnes"), "Person"),
    **dict.fromkeys(("place", "places", "lieu", "lieux"), "Place"),
    **dict.fromkeys(("event", "events", "evenement", "evenements"), "Event"),
    **dict.fromkeys(("eventseries", "series", "serie"), "EventSeries"),
    **dict.fromkeys(("organization", "organizations", "organisation", "organisations"), "Organization"),
}
_PART = re.compile(
    r'(?P<sign>(?<!\S)[-−])?(?:(?P<field>[^\W\d_]+):)?(?:"(?P<phrase>[^"]*)"?|“(?P<quoted>[^”]*)”?|«(?P<french>[^»]*)»?|(?P<word>[^\s"“«]+))'
)


@dataclass(frozen=True, slots=True)
class Clause:
    """A phrase, or what must stand in a field (``None``: anywhere). ``text`` is as it was typed."""

    field: str | None
    text: str
    phrase: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """A query: ``words`` (folded, those that say something), what must be, and what must not be."""

    words: Sequence[str] = ()
    must: Sequence[Clause] = ()
    must_not: Sequence[Clause] = ()
    text: str = field(default="", repr=False)

    @property
    def whole(self) -> str:
        """The words as they follow one another, folded: what a name is compared with."""
        return fold(self.text)


def parse(typed: str) -> Asked:
    """Return a query taken apart; what has no letter or digit in it is left out."""
    loose: list[str] = []
    must: list[Clause] = []
    must_not: list[Clause] = []
    for match in _PART.finditer(typed):
        quoted = next((match[name] for name in ("phrase", "quoted", "french") if match[name] is not None), None)
        named, text = match["field"], quoted if quoted is not None else match["word"]
        known = FIELDS.get(named.lower()) if named else None
        if named and known is None:
            text = f"{named} {text}" if quoted is None else text
        if not fold(text):
            continue
        if known == "type":
            text = TYPES.get(fold(text), text)
        clause = Clause(known, text.strip(), quoted is not None)
        if match["sign"]:
            must_not.append(clause)
        elif known or quoted is not None:
            must.append(clause)
        else:
            loose.append(text)
    text = " ".join(loose)
    return Asked(words(text) if fold(text) else (), must, must_not, text)


__all__ = ["FIELDS", "TYPES", "Asked", "Clause", "parse"]
