"""What the lists around a node are called, in the reader's language."""

from collections.abc import Callable
from functools import cache

from output.web.templating import translations

_: Callable[[str], str] = str

_ALL = {
    "place": _("Where"),
    "whole": _("Part of"),
    "events": _("Coming events"),
    "past": _("Past events"),
    "parts": _("Programme"),
    "series": _("Series of events"),
    "people": _("People"),
    "organisations": _("Organisations"),
    "places": _("Places"),
    "others": _("Also connected"),
}
_BY_TYPE = {
    ("Event", "people"): _("Who was in it"),
    ("Event", "organisations"): _("Who held it"),
    ("Person", "organisations"): _("Works for, member of"),
    ("Person", "places"): _("Where to find"),
    ("Place", "people"): _("Who is there"),
    ("Place", "organisations"): _("At home here"),
    ("Organization", "people"): _("Who is part of it"),
    ("Organization", "places"): _("Where it is"),
    ("EventSeries", "organisations"): _("Who holds it"),
    ("EventSeries", "people"): _("Who holds it"),
}


@cache
def headings(kind: str, language: str) -> dict[str, str]:
    """Return the headings of a node's sections, by their keys."""
    word = translations(language).gettext
    return {key: word(_BY_TYPE.get((kind, key), text)) for key, text in _ALL.items()}


__all__ = ["headings"]
