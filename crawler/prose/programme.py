"""Programmes: who speaks about what, as a page lists it under "Programme", "Agenda", "Speakers"."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from crawler.privacy import fold
from crawler.prose.article import Article, Block
from crawler.prose.names import FULL_NAME, ORGANIZATION, Name, is_plausible
from crawler.prose.vocabulary import ROLE_HEAD, SENSITIVE

_SECTION = re.compile(
    r"(?:le |au |notre |the )?(?:programme?|agenda|schedule|line ?up|deroule|deroulement|"
    r"intervenant(?:e)?s|intervenants?|speakers?|orateurs|conferenciers|"
    r"conferences|talks|sessions|presentations|menu)(?: (?:de|du|des|of|for|complet|de la).{0,40})?"
)
_TIME = re.compile(
    r"^\s*(?:de |from )?\d{1,2}\s?[hH:]\s?\d{0,2}\s?(?:(?:[-–à>]|to|"
    r"->)\s?\d{1,2}\s?[hH:]\s?\d{0,2})?\s*(?:[:–—•|-]\s*|\s)"
)
_DURATION = re.compile(r"\s*(?:[•|–—-]\s*)?\(?\s*\d{1,3}\s?(?:min(?:utes?)?|mn|['’])\s*\)?\s*$", re.IGNORECASE)
_SEPARATORS = (
    r"\s*•\s*",
    r"\s*\|\s*",
    r"\s+[–—]\s+",
    r"\s+-\s+",
    r"\s*:\s+",
    r",?\s+(?:par|by|avec|with)\s+",
    r"\s*\n\s*",
)
_JOIN = re.compile(r"\s*(?:,|&|\+|/|\bet\b|\band\b)\s*")
_PERSON = re.compile(
    rf"(?P<name>{FULL_NAME})(?:\s*[(,]\s*(?:(?P<role>(?i:{ROLE_HEAD})(?: [^(),@]{{1,40}}?)??)?\s*(?:@|"
    rf"chez|de |d['’]|at|of|from)?\s*)?(?P<org>{ORGANIZATION})?\s*\)?)?"
)
_QUOTES = '"«»“” '


@dataclass(frozen=True, slots=True)
class Speaker:
    name: str
    role: str | None = None
    organization: str | None = None


@dataclass(frozen=True, slots=True)
class Talk:
    """One entry of a programme. ``title`` is None where only people are listed."""

    title: str | None
    speakers: tuple[Speaker, ...]
    block: Block


@dataclass(frozen=True, slots=True)
class _Entry:
    block: Block
    parts: tuple[str, ...]
    people: tuple[tuple[Speaker, ...], ...]  # for each part, the people that it is made of


def talks(article: Article, check: Callable[[str, list[Name]], list[Name]]) -> list[Talk]:
    """Return the talks of the article's programme, in its order.

    The names stand before the titles or after them, on one page always the same way: what most entries show decides for
    those where both sides could be names; ``check`` decides where there is no other.
    """
    found: list[Talk] = []
    for blocks in _sections(article):
        entries = [entry for block in blocks if (entry := _entry(block))]
        votes = Counter(
            next(i for i, each in enumerate(entry.people) if each) == 0 for entry in entries if _sides(entry) == 1
        )
        for entry in entries:
            side = _side(entry, votes, check)
            if side is None:
                continue
            title = " ".join(part for i, part in enumerate(entry.parts) if i != side and part).strip(_QUOTES)
            found.append(Talk(title or None, entry.people[side], entry.block))
    return found


def _sections(article: Article) -> Iterator[list[Block]]:
    blocks = article.blocks
    for number, block in enumerate(blocks):
        if block.kind != "heading" or not _SECTION.fullmatch(fold(block.text)):
            continue
        inside = []
        for each in blocks[number + 1 :]:
            if each.kind == "heading" and each.level <= block.level:
                break
            inside.append(each)
        headings = [each for each in inside if each.kind == "heading"]
        yield (
            headings
            or [each for each in inside if each.kind == "item"]
            or [each for each in inside if len(each.text) < 200]
        )


def _entry(block: Block) -> _Entry | None:
    if SENSITIVE.search(block.text):
        return None
    text = _DURATION.sub("", _DURATION.sub("", _TIME.sub("", block.text)))
    for separator in _SEPARATORS:
        parts = [part.strip() for part in re.split(separator, text, maxsplit=2 if "•" in separator else 1)]
        if len(parts) < 2:
            continue
        people = tuple(_people(part) for part in parts)
        if any(people):
            return _Entry(block, tuple(parts), people)
    people = (_people(text),)
    return _Entry(block, (text,), people) if people[0] else None


def _people(text: str) -> tuple[Speaker, ...]:
    """Return the people that a text consists of, and of nothing else."""
    text = text.strip(_QUOTES + ".")
    found = []
    for part in _JOIN.split(re.sub(r",(?=[^()]*\))", "\0", text)) if not _PERSON.fullmatch(text) else [text]:
        match = _PERSON.fullmatch(part.replace("\0", ","))
        if not match or not is_plausible(match["name"]):
            return ()
        found.append(Speaker(match["name"], match["role"] and match["role"].strip(), match["org"]))
    return tuple(found)


def _sides(entry: _Entry) -> int:
    return sum(1 for each in entry.people if each)


def _side(entry: _Entry, votes: Counter[bool], check: Callable[[str, list[Name]], list[Name]]) -> int | None:
    sides = [number for number, each in enumerate(entry.people) if each]
    if len(sides) == 1:
        first = sides[0] == 0
        against = votes[not first] >= 2 and votes[first] == 1 and len(entry.parts) > 1
        return None if against else sides[0]  # "Handle • Bug Bounty" among names that stand first
    if votes[True] != votes[False]:
        return sides[0] if votes[True] > votes[False] else sides[-1]
    text, position, held = entry.block.text, 0, []
    for side in sides:
        names = []
        for speaker in entry.people[side]:
            begin = text.find(speaker.name, position)
            names.append(Name(speaker.name, begin, begin + len(speaker.name)))
        if len(check(text, names)) == len(names):
            held.append(side)
    return held[0] if len(held) == 1 else None
