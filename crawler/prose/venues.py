"""Where an event takes place, as the sentences around its date say it: venue, street, postcode, town."""

import re
from dataclasses import dataclass

from crawler.gazetteer import Town
from crawler.privacy import fold
from crawler.prose.names import TAIL
from crawler.prose.places import TOWN_IN_TAIL, town_of, town_of_gentilic, towns
from crawler.prose.vocabulary import LOWER, PLACE_KINDS, UPPER
from crawler.text import clean

WINDOW = 700  # characters after the date in which the place may stand

_STREET = re.compile(
    rf"(?P<street>(?:\d{{1,4}}(?:\s?(?:bis|ter|[A-D]))?(?:\s?[-/]\s?\d{{1,4}})?,?\s+)(?:(?i:rue|avenue|"
    rf"av\.?|ave|boulevard|bd\.?|bld|place|pl\.?|all[ée]e|quai|chemin|route|"
    rf"cours|impasse|passage|square|esplanade|mail|parvis|faubourg|venelle|cité))\s[^,;()\[\]\n]{{2,60}}?"
    rf"|\d{{1,4}}\s(?:[{UPPER}][\w'’-]+\s){{1,4}}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Square|Place|Way|Drive)\b"
    rf"|(?i:place|rue|avenue|boulevard|quai|allée)\s(?:d[ue]s?\s|de\sla\s|"
    rf"de\sl['’])?[{UPPER}][^,;().\n]{{2,50}}?)(?=\s*[,;(.\n]|\s+\d{{5}}|\s[-–]\s|$)"
)
_POSTAL = re.compile(rf"(?P<postcode>(?<!\d)\d{{5}}(?!\d))\s+(?P<town>[{UPPER}{LOWER}][\w'’ -]{{1,40}})")
_NAMED_ADDRESS = re.compile(
    rf"(?::|^|[.;]\s)\s*(?P<name>[{UPPER}][^,;:()\n]{{1,60}}?)\s*[-–,]\s+(?=\d{{1,4}}(?:\s?(?:bis|"
    rf"ter))?,?\s+(?i:rue|avenue|av|boulevard|bd|place|all|quai|chemin|route|cours|[{UPPER}]))"
)
_INSIDE = (
    r"dans (?:les |nos |ses |leurs )?(?:locaux|bureaux|murs) d(?:e la |e l['’]|u |es |e |['’])|"
    r"dans l['’](?:amphi(?:th[ée][âa]tre)?|auditorium) d(?:e la |e l['’]|u |es |e |['’])|"
    r"(?:c['’]est )?(?:à la |à l['’]|au |aux |à |chez |dans la |dans le |dans l['’])|"
    r"at the offices? of |at the |at |in the |hosted by |@ ?"
)
_KINDS = (
    rf"(?i:{'|'.join(PLACE_KINDS)}|amphi\w*|hôtel|espace|pôle|maison|locaux|mairie|auditorium|chapelle|"
    rf"gymnase|parc|manoir|château|station|room|centre|center)"
)
_WHERE = re.compile(
    rf"(?<![\w’'-])(?P<in>{_INSIDE})(?:(?:la|le|les|l['’]|"
    rf"the)\s?(?=[{LOWER}]))?(?P<name>(?:[{UPPER}0-9][\w’'&.+-]*(?<![.])|{_KINDS}(?![\w’'-]))"
    rf"(?:\s(?:de la|de l['’]|du|des|de|d['’]|et|&|of|n°|numéro|the)?\s?(?:[{UPPER}0-9][\w’'&+-]*|"
    rf"{_KINDS}(?![\w’'-])|\([A-Z]{{2,6}}\))|{TAIL}|\s(?:de|d['’]) ?[{LOWER}]+(?=\s*[,.;(]|$)|"
    rf"['’][{UPPER}][\w-]+|\s(?:bis|ter|commun|associatif|culturel|municipal|régional|universitaire|"
    rf"central)e?){{0,9}})"
)
_PLACE_LABEL = re.compile(
    r"^(?:lieu|où|ou|adresse|venue|where|location|place|address|rendez-vous)\s*[:：]\s*(?P<text>.+)$", re.IGNORECASE
)
_ONLINE = re.compile(
    r"(?:sur |on |via )(?:la cha[iî]ne |notre cha[iî]ne |our |le )?(?P<name>Twitch|YouTube|Zoom|Jitsi|"
    r"Discord|Teams|BigBlueButton|Google Meet)|en ligne|en visio(?:conférence)?|online|à distance",
    re.IGNORECASE,
)
_NO_VENUE = frozenset(
    """programme occasion partir suite fois heure heures soir midi minuit noter noon midnight""".split()
)


@dataclass(frozen=True, slots=True)
class Venue:
    """A place as far as the text tells; ``online`` names the service of a meeting on the net."""

    name: str | None = None
    street: str | None = None
    postcode: str | None = None
    town: str | None = None
    region: str | None = None
    country: str | None = None
    online: str | None = None


def venue(text: str, country: str | None = "FR") -> Venue | None:
    """Return the place that a text, beginning after an event's date, says it takes place at, or None."""
    text = text[:WINDOW].replace("\n", ";\n")  # no name goes over a line's end
    name = _name(text, country)
    streets = list(_STREET.finditer(text))
    street = next((each for each in streets if each["street"][0].isdigit()), streets[0] if streets else None)
    postcode, place = _postal(text, country)
    town = place if isinstance(place, Town) else None
    written = place if isinstance(place, str) else None
    if not town and not written:
        town = _town(text, name, country)
    if not name and (named := _NAMED_ADDRESS.search(text)):
        name = clean(named["name"])
    if not name and not street and not town and (online := _ONLINE.search(text)):
        return Venue(online=online["name"] or "online")
    if not (name or street or town or written):
        return None
    return Venue(
        name,
        clean(street["street"]).rstrip(" -") if street else None,
        postcode,
        town.name if town else written,
        town.region if town else None,
        town.country if town else ("FR" if postcode and country == "FR" else None),
    )


def labelled(text: str) -> str | None:
    """Return what stands after a label of place: "Lieu : La Cantine, Rennes"."""
    match = _PLACE_LABEL.match(text)
    return match["text"] if match else None


def _name(text: str, country: str | None) -> str | None:
    for match in _WHERE.finditer(text):
        name = re.sub(r"\s*\([A-Z]{2,6}\)$", "", match["name"]).strip(" -–'’")
        if (
            fold(name).split(" ")[0] in _NO_VENUE
            or re.fullmatch(r"\d{1,2}\s?[hH:]?\d{0,2}|\d+", name)
            or re.match(r"\d{1,2}\s?[hH]\b|\d{1,2}[hH]\d\d", name)
        ):
            continue
        if re.fullmatch(_KINDS, name) and name.islower():
            continue  # "au bar": a kind alone
        if match["in"] in ("à ", "in ", "at ", "au ", "aux ", "à la ", "à l'", "à l’") and _is_town(name, country):
            continue
        if match["in"] == "in the " or (match["in"].endswith("hosted by ") and False):
            continue
        return name
    return None


def _is_town(name: str, country: str | None) -> bool:
    town = town_of(name, country)
    return town is not None and not re.match(_KINDS, name)


def _postal(text: str, country: str | None) -> tuple[str | None, Town | str | None]:
    match = _POSTAL.search(text)
    if not match:
        return None, None
    words = re.split(r"\s+", match["town"].strip())
    for size in range(min(5, len(words)), 0, -1):
        if town := town_of(" ".join(words[:size]).rstrip("-"), country):
            return match["postcode"], town
    written = re.match(rf"(?:(?:de|la|le|les|sur|en|lès|l['’])?[ -]?[{UPPER}][\w'’-]*[ -]?){{1,5}}", match["town"])
    return match["postcode"], written[0].strip() if written else None


def _town(text: str, name: str | None, country: str | None) -> Town | None:
    if name and (gentilic := town_of_gentilic(name)):
        return gentilic
    if (
        name
        and re.match(_KINDS, name)
        and (placed := TOWN_IN_TAIL.search(name))
        and (town := town_of(placed["town"], country))
    ):
        return town
    found = [town for _, town in towns(text, country, strict=True)]
    return found[0] if found else None
