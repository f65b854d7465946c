"""Runs of words that are written like a person's or an organisation's name."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from crawler.gazetteer import find
from crawler.privacy import fold
from crawler.prose.vocabulary import LOWER, NOT_NAMES, OWN_KINDS, PLACE_KINDS, UPPER

MAX_NAME = 60  # characters
MAX_PARTS = 5
LARGE_TOWN = 50_000  # inhabitants: "Marion B. de Rennes" is of Rennes, not called so

_WORD = rf"[{UPPER}](?:['’][{UPPER}])?[{LOWER}]+(?:[{UPPER}][{LOWER}]+)?(?:[-'’][{UPPER}]?[{LOWER}]+)*"
_CAPITALS = rf"[{UPPER}]{{3,}}(?:[-'’][{UPPER}]+)*|[{UPPER}]{{2}}-[{UPPER}]{{2,}}"
_INITIAL = rf"[{UPPER}][{LOWER}]{{0,2}}\.(?:-?[{UPPER}]\.)*"
PARTICLE = (
    r"(?:LE|LA|DE LA|DE|DU|VAN|EL|BEN|de la|de l['’]|de|du|des|d['’]|le|la|van der|van den|van de|van|von der|von|ben|"
    r"bin|el|al|di|da|dos|del|della|ter|ten)"
)
_PART = rf"(?:{_WORD}|{_CAPITALS}|{_INITIAL})"
FULL_NAME = rf"(?:{_WORD}|{_INITIAL}|{_CAPITALS})(?:[ ](?:{PARTICLE}[ ]?)?{_PART}){{1,4}}"
FIRST_NAME = _WORD

_NAME = re.compile(rf"(?<![\w’'@#./-]){FULL_NAME}(?![\w@/-]|['’]\w)")
_HONORIFIC = re.compile(r"^(?:M\.|MM\.|Mr\.?|Mrs\.?|Ms\.?|Mme|Mmes|Mlle|Dr\.?|Pr\.?|Prof\.?|Monsieur|Madame|Maître)\s+")
_PARTICLES = frozenset("de la l du des d le van der den von ben bin el al di da dos del della ter ten".split())
_KIND_WORDS = re.compile(rf"\b(?:{'|'.join(PLACE_KINDS)})\b", re.IGNORECASE)
_OWN_KIND_WORDS = re.compile(
    rf"\b(?:{'|'.join(words for words, kind in PLACE_KINDS.items() if kind in OWN_KINDS)})\b", re.IGNORECASE
)

# An organisation: capitalised words, joined by the small ones of a name, or a kind of place with what tells it apart.
_GENTILIC = rf"[{LOWER}]{{3,}}(?:aise?|oise?|ienne?|éenne?|aine)"
CAPITALIZED = rf"[{UPPER}0-9@][\w&’'@+.-]*(?<![.’'-])"
LINK = r"(?:de la|de l['’]|du|des|de|d['’]|of the|of|en|&|/)"
TAIL = (
    rf"(?:[ ]{LINK}[ ]?{CAPITALIZED}|[ ]{CAPITALIZED}|[ ](?:numériques?|digital|coworking|général|générale|régional|"
    rf"régionale|départemental|départementale|national|nationale|week-end|weekend|"
    rf"{_GENTILIC})(?![\w’'-]))"
)
_KIND = "(?:" + "|".join(PLACE_KINDS) + "|association|agence|collectif|réseau|fédération|société|start-?up|groupe)"
ORGANIZATION = rf"(?:{CAPITALIZED}{TAIL}{{0,7}}|(?i:{_KIND})(?![\w’'-]){TAIL}{{1,6}})"


@dataclass(frozen=True, slots=True)
class Name:
    text: str
    begin: int
    end: int


def people(text: str) -> Iterator[Name]:
    """Yield what is written like a person's full name in a text, in order."""
    position = 0
    while match := _NAME.search(text, position):
        found = _trim(match[0], match.start())
        if found and is_plausible(found.text):
            yield found
            position = found.end
        else:  # the run's first word was none of the name's: try from the next one
            space = match[0].find(" ")
            position = match.start() + space + 1


def _trim(text: str, begin: int) -> Name | None:
    """Return the name without the title before it and without the words at its ends that belong to the sentence."""
    if honorific := _HONORIFIC.match(text):
        text, begin = text[honorific.end() :], begin + honorific.end()
    while text and fold(text.split(" ", 1)[0]) in NOT_NAMES:
        head, _, text = text.partition(" ")
        begin += len(head) + 1
    parts = text.split(" ")
    for number, part in enumerate(parts):
        if part[:1].islower() and number and not parts[number - 1][:1].islower():  # a particle: whose?
            rest = next((each for each in parts[number:] if fold(each.replace("’", "'")) not in _PARTICLES), "")
            rest = re.sub(r"^(?:d|l)['’]", "", rest)
            if fold(rest) in NOT_NAMES or _KIND_WORDS.fullmatch(rest) or _is_large_town(rest):
                parts = parts[:number]
                break
        elif part[:1].isupper() and fold(part) in NOT_NAMES and fold(part) not in _PARTICLES:
            parts = parts[:number]
            break
    while parts and parts[-1] and parts[-1][0].islower():
        parts.pop()
    text = " ".join(parts)
    return Name(text, begin, begin + len(text)) if text else None


def _is_large_town(word: str) -> bool:
    return any(town.population >= LARGE_TOWN for town in find(word))


def is_plausible(text: str) -> bool:
    """Whether a text can be a person's full name by the way it is written."""
    if len(text) > MAX_NAME or re.search(r"\d", text):
        return False
    parts = [part for part in text.split(" ") if fold(part) not in _PARTICLES or part[:1].isupper()]
    if not 2 <= len(parts) <= MAX_PARTS:
        return False
    words = [fold(part) for part in parts]
    if any(word in NOT_NAMES and word not in _PARTICLES for word in words) or _OWN_KIND_WORDS.search(text):
        return False
    if re.fullmatch(r"[^\W\d_]\.", parts[0]) and len(parts) == 2:
        return False  # "5357 N. Ashland": as often a street as somebody
    if parts[0].isupper() and len(parts[0]) > 2 and not parts[-1].isupper():
        return False  # SUPINFO Clermont
    if parts[-1].isupper() and len(parts[-1].strip(".")) <= 3 and "." not in parts[-1] and len(words[-1]) <= 3:
        return parts[-1] in ("LE", "GUY", "ROY", "BON", "GAL", "BEN", "LEE", "KIM")
    return len(words[-1]) > 1 or "." not in parts[-1]


def is_first_name(text: str) -> bool:
    """Whether a text can be a first name alone."""
    return bool(re.fullmatch(FIRST_NAME, text)) and fold(text) not in NOT_NAMES and not _KIND_WORDS.fullmatch(text)
