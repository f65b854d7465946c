"""What is stated of a node, property by property: each value with the pages that state it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from output.index import Node
from output.web.cards import Read
from output.web.happening import lines, web_address
from output.web.wording import LONG, SHORT, short

SHOWN = 20  # pages that tell of a node, on its own page; the others stand on the pages of all
VALUES = 12  # of one property that are shown; the API has them all
# In the order of the page; what is not named here is shown by other parts of it, or stands in the API alone.
ORDER = (
    "jobTitle", "additionalType", "startDate", "endDate", "eventStatus", "eventAttendanceMode", "eventSchedule",
    "streetAddress", "postalCode", "addressLocality", "addressRegion", "addressCountry", "openingHours", "about",
    "keywords", "figure", "url", "sameAs", "inLanguage",
)  # fmt: skip
ADDRESSES = ("url", "sameAs")
DATES = ("startDate", "endDate")


@dataclass(frozen=True, slots=True)
class Value:
    """One stated value: its text, where it leads if it is an address, the words that state it, and who states it."""

    text: str
    href: str | None
    quotes: tuple[str, ...]
    reads: tuple[Read, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """All values of a property; ``total`` counts those too that are not given."""

    property: str
    values: tuple[Value, ...]
    total: int


def reads(node: Node) -> list[Read]:
    """Return the pages that state anything of a node, the latest read first."""
    found = dict.fromkeys(Read.of(each) for each in node.data["sources"])
    return sorted(found, key=lambda each: each.at, reverse=True)


def confirmed(pages: Sequence[Read], read_well: Mapping[str, str]) -> str:
    """Return the instant at which a node was last confirmed: when a page that tells of it was last read so.

    ``read_well`` has when each source was last read well, which confirms what it still says.
    """
    return max(each.until or max(each.at, read_well.get(each.source) or "") for each in pages)


def facts(node: Node) -> list[Fact]:
    """Return what is stated of a node, in the order of the page, the description left out."""
    return [_fact(node, key) for key in ORDER if key in node.data["facts"]]


def description(node: Node) -> Fact | None:
    """Return the descriptions of a node; None where there is none."""
    return _fact(node, "description") if "description" in node.data["facts"] else None


def spellings(node: Node) -> Fact | None:
    """Return the names that were seen, each with who writes it so; None where there is only one."""
    return _fact(node, "name") if len(node.data["facts"]["name"]) > 1 else None


def _fact(node: Node, key: str) -> Fact:
    stated = node.data["facts"][key]
    quotes = [each["value"] for each in node.data["facts"].get("quote", ())]
    told = [each for each in quotes if key in each.get("property", ())]
    values = tuple(_value(node, key, each, told if len(stated) == 1 else ()) for each in stated[:VALUES])
    return Fact(key, values, len(stated))


def _value(node: Node, key: str, stated: dict[str, Any], told: Any) -> Value:
    value = stated["value"]
    pages = node.data["sources"]
    read = dict.fromkeys(Read.of(pages[at]) for at in stated["sources"][:VALUES])
    quotes = [*told, *(value.get("quote", ()) if isinstance(value, dict) else ())]
    text = _text(key, value)
    return Value(
        text=text or "–",
        href=web_address(str(value)) if key in ADDRESSES else None,
        quotes=tuple(filter(None, (short(each["exact"], 300) for each in quotes[:3]))),
        reads=tuple(read),
    )


def _text(key: str, value: Any) -> str:
    if key == "figure" and isinstance(value, dict):
        amount = "–".join(f"{value[each]:g}" for each in ("value", "minValue", "maxValue") if each in value)
        return short(f"{value['name']}: {amount} {value.get('unitText', '')}", 2 * SHORT)
    if key == "description":
        text = lines(str(value))
        return text if len(text) <= LONG else text[:LONG].rstrip() + "…"
    return short(str(value), 2 * SHORT)


__all__ = ["SHOWN", "Fact", "Value", "confirmed", "description", "facts", "reads", "spellings"]
