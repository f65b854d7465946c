"""Why linking takes two records for one thing, where it is not sure, in the words of the reader's language.

The graph says it in the labels of the levels that the records meet (``graph/models/*.json``), with commas between them
and the total weight in bits: ``the same title, the same day (3 bits)``.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from output.web.templating import translations

_: Callable[[str], str] = str

# Every level that speaks for it. A label of a model that somebody trained under other names stays as it is.
REASONS = (
    _("a handle that is made of the other's name, or stands in quotes within it"),
    _("address on the web in common"),
    _("days that overlap"),
    _("events in common"),
    _("events there: one in common"),
    _("events there: two or more in common"),
    _("hosts and series: one in common"),
    _("hosts and series: two or more in common"),
    _("named beside each other"),
    _("named by one source at one event under two names"),
    _("named by one source at one event, once with more names"),
    _("one is called what the other's series is"),
    _("one is named by what it is and where, which the other is"),
    _("one is part of the other"),
    _("one is the other up to its \"and\""),
    _("one is the other's initials"),
    _("one is the other's two initials"),
    _("one is what the other's evenings are called"),
    _("one letter differs"),
    _("one name within the other"),
    _("one name within the other: a further surname"),
    _("one name within the other: a middle name or initial"),
    _("one name within the other: a single word"),
    _("one title within the other"),
    _("one title within the other: a single word"),
    _("one's name is the other's alternate name"),
    _("organisations: one in common"),
    _("organisations: two or more in common"),
    _("organisers in common"),
    _("people named beside them: one in common"),
    _("people named beside them: two or more in common"),
    _("people there: one in common"),
    _("people there: two or more in common"),
    _("places in common"),
    _("public profile in common"),
    _("series and hosts: one in common"),
    _("series and hosts: two or more in common"),
    _("speakers in common"),
    _("speakers: one in common"),
    _("speakers: two or more in common"),
    _("the other's name, written as one word"),
    _("the same day"),
    _("the same full name"),
    _("the same full name, but a common or widespread one or an initial"),
    _("the same given name, alone or with an initial"),
    _("the same given name, another surname"),
    _("the same handle"),
    _("the same hour"),
    _("the same kind"),
    _("the same letters"),
    _("the same month, as far as known"),
    _("the same name"),
    _("the same name in another spelling or transliteration"),
    _("the same name, of common words"),
    _("the same number"),
    _("the same street and number"),
    _("the same surname, a man's given name and the woman's form of it"),
    _("the same surname, a short form or initial of the given name, and a middle name that only one has"),
    _("the same surname, and a short form or initial of the given name"),
    _("the same surname, and another spelling of the given name"),
    _("the same surname, another given name"),
    _("the same title"),
    _("the same title but for number, date and theme"),
    _("the same title, of common words"),
    _("the same title, of common words, by other hosts"),
    _("the same town"),
    _("themes in common"),
    _("titles they spoke under in common"),
    _("towns in common"),
    _("towns within 30 km of each other"),
    _("two letters differ"),
    _("two titles within one series, on two pages"),
    _("two words in common"),
    _("within 1 km"),
    _("within 150 m"),
    _("within 5 km"),
    _("within three days"),
    _("less than a full name"),
)  # fmt: skip
_LABEL = re.compile(f"(?:{'|'.join(re.escape(each) for each in sorted(REASONS, key=len, reverse=True))})(?=, |$)")
_WEIGHT = re.compile(r"(.*) \((-?\d+(?:\.\d+)?) bits\)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Reason:
    """What speaks for it, in the language ``language``: the reader's, or that of the model."""

    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Doubt:
    """What speaks for it that all of a node is one thing, and the odds: so many to one; None where not known."""

    reasons: tuple[Reason, ...]
    odds: int | None


def doubt(stated: str, language: str) -> Doubt:
    """Return in words what a graph says of a merge that is not certain."""
    match = _WEIGHT.fullmatch(stated)
    labels, bits = (match[1], float(match[2])) if match else (stated, None)
    odds = max(1, round(2**bits)) if bits is not None and bits < 30 else None
    return Doubt(tuple(_reasons(labels, language)), odds)


def _reasons(labels: str, language: str) -> list[Reason]:
    word = translations(language).gettext
    found, rest = [], labels
    while rest:
        known = _LABEL.match(rest)
        label = known[0] if known else rest.partition(", ")[0]
        found.append(Reason(word(label), language) if known else Reason(label, "en"))
        rest = rest[len(label) + 2 :]
    return found


__all__ = ["REASONS", "Doubt", "Reason", "doubt"]
