"""Series of meetings that an article names: Open Coffee, BarCamp, a town's meetup."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from crawler.gazetteer import Town
from crawler.privacy import fold
from crawler.prose.article import MAX_SENTENCE, Article, Sentence
from crawler.prose.places import MIN_BESIDE, town_of
from crawler.prose.vocabulary import SERIES_NAME, UPPER

_SERIES = re.compile(
    rf"(?:(?<=\b[lLdD]['’])|(?<![\w’'-]))(?P<series>{SERIES_NAME})(?![\w’'-])(?P<number>\s?(?:#|n°\s?|"
    rf"numéro |v)?\s?\d{{1,3}}(?![\d%€hH:]))?"
    rf"(?:\s?(?P<of>de |d['’]|à |in |of |, )?(?P<town>(?:L[ae]s? |"
    rf"Le )?[{UPPER}][\w’'-]+(?: [{UPPER}][\w’'-]+){{0,2}}))?(?P<more>\s?(?:#|"
    rf"n°\s?)?\s?\d{{1,4}}(?![\d%€hH:]))?"
)
_BEFORE_SERIES = frozenset(
    """
    le la les un une des du ce cet cette ces notre nos votre vos premier premiere the a an our your this these that
    first next last
    """.split()
)
_PLURAL = re.compile(r"(?<=[a-zà-ÿ]{3})(?<!s)s$")


def key(name: str) -> str:
    """Return what the spellings of a series share: "Open Coffee Club", "OpenCoffees"."""
    return re.sub(r"s$|club$", "", re.sub(r"s$", "", fold(name).replace(" ", "")))


@dataclass(frozen=True, slots=True)
class Series:
    """A series named in a sentence; ``number`` is the edition, ``town`` where the name says it meets."""

    name: str
    text: str
    number: str | None
    town: Town | None
    sentence: Sentence
    begin: int


def named(article: Article, country: str | None = "FR") -> list[Series]:
    """Return the series of meetings that the article names, in order."""
    return [
        each
        for sentence in article.sentences
        if len(sentence.text) <= MAX_SENTENCE
        for each in _in_sentence(sentence, country)
    ]


def _in_sentence(sentence: Sentence, country: str | None) -> Iterator[Series]:
    for match in _SERIES.finditer(sentence.text):
        name, begin, town = _name(match["series"]), match.end("series"), None
        if not name:
            continue
        begin = match.start() + match["series"].find(name[0])
        number = (match["number"] or "").strip() or None
        end = match.end("number") if match["number"] else match.end("series")
        if match["town"]:
            words = match["town"].split(" ")
            for size in range(len(words), 0, -1):
                place = " ".join(words[:size])
                town = town_of(place, country)
                if town and not match["of"] and town.population < MIN_BESIDE:
                    town = None
                if town:
                    end = match.start("town") + len(place)
                    if size == len(words) and match["more"]:
                        number, end = number or match["more"].strip(), match.end("more")
                    break
        text = sentence.text[begin:end]
        name, text = (each[0].upper() + each[1:] for each in (_PLURAL.sub("", name), text))
        yield Series(name, text, number, town, sentence, begin)


def _name(text: str) -> str:
    """Return the name without the article and such that a sentence writes with a capital: "Les API Hours"."""
    words = re.sub(r"\s+", " ", text).split(" ")
    while words and len(words) > 1 and fold(words[0]) in _BEFORE_SERIES:
        words.pop(0)
    return " ".join(words) if any(re.search(r"[A-ZÀ-Þ]", word) or len(words) > 1 for word in words) else ""
