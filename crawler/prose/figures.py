"""Figures with a unit: coworkers, members, jobs, revenue, events a year, shares."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from crawler.prose.article import MAX_SENTENCE, Article, Sentence
from crawler.prose.vocabulary import LOWER, UNITS

MAX_LABEL = 80  # characters

_NUMBERS = {
    "un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7, "huit": 8, "neuf": 9,
    "dix": 10, "onze": 11, "douze": 12, "quinze": 15, "vingt": 20, "trente": 30, "quarante": 40, "cinquante": 50,
    "soixante": 60, "cent": 100, "mille": 1000, "une dizaine": 10, "une douzaine": 12, "une quinzaine": 15,
    "une vingtaine": 20, "une trentaine": 30, "une quarantaine": 40, "une cinquantaine": 50, "une soixantaine": 60,
    "une centaine": 100,
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11,
    "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "a dozen": 12, "a hundred": 100,
}  # fmt: skip
_SHARES = {
    "un tiers": 1 / 3, "le tiers": 1 / 3, "un autre tiers": 1 / 3, "le dernier tiers": 1 / 3, "deux tiers": 2 / 3,
    "un quart": 1 / 4, "trois quarts": 3 / 4, "la moitié": 1 / 2, "un cinquième": 1 / 5,
    "a third": 1 / 3, "one third": 1 / 3, "another third": 1 / 3, "the last third": 1 / 3, "two thirds": 2 / 3,
    "a quarter": 1 / 4, "three quarters": 3 / 4, "half": 1 / 2,
}  # fmt: skip
_MULTIPLES = {"k€": 1_000, "m€": 1_000_000, "k": 1_000, "mille": 1_000, "million": 1_000_000, "millions": 1_000_000}

_DIGITS = r"\d{1,3}(?:[ \u00a0\u202f.,']\d{3})+(?!\d)|\d+(?:[.,]\d{1,2})?"
_WORDS = "|".join(sorted((re.escape(word) for word in _NUMBERS), key=len, reverse=True))
_UNIT = "|".join(rf"(?P<u{number}>{noun})" for number, noun in enumerate(UNITS))
_FIGURE = re.compile(
    rf"(?<![\w.,/#°-])(?P<value>{_DIGITS}|(?:{_WORDS})(?= ))(?P<range>\s?(?:à|-|–|to)\s?(?:{_DIGITS}))?"
    rf"\s*(?P<times>k|mille|millions?)?\s*(?:d['’]|de )?(?P<adjectives>(?:(?!(?:{_WORDS}|ans?|mois|"
    rf"jours?|heures?|minutes?|semaines?|ce[ts]?|cette|ces|les?|la|years?|days?|"
    rf"hours?)\b)[{LOWER}]+ ){{0,2}}?)"
    rf"(?P<unit>(?i:{_UNIT}))(?![\w’'-])(?P<rest>(?: (?:à |de |d['’])?[{LOWER}’'-]+){{0,3}})",
)
_SHARE = re.compile(
    rf"(?P<value>(?:un|une|le|la|l['’]|a|an|one|the|two|three|deux|trois)?\s?(?:autre |dernier |last |"
    rf"another )?(?:tiers|quarts?|moitié|cinquième|thirds?|quarters?|half))(?![\w’'-])"
    rf"(?P<what> (?:des|du|de la|de l['’]|d['’]|of the|of)\s?[{LOWER}’'-]+(?: (?!(?:sont|est|a|ont|are|"
    rf"is|was|were|come|comes)\b)[{LOWER}’'-]+)?)?(?P<by>[^,.;:]{{0,40}}?(?:par|by) (?:la |le |les |"
    rf"l['’]|the )?[\w’'-]+)?",
    re.IGNORECASE,
)
_LABEL_BEFORE = re.compile(
    r"(?P<label>(?:[LlSs][ae]s? |[Ll]['’]|[Nn]otre |[Tt]he |[Oo]ur |[Ii]ts )?(?:chiffre d['’]affaires|taux d['’][\w]+|"
    r"revenus?|recettes?|budget|subventions?|loyers?|superficie|surface|fréquentation|investissement|"
    r"turnover|revenue|income|grant|area)[^.;:]{0,60}?)\s+(?:sont|est|était|étaient|atteint|"
    r"atteignent|s['’]élèvent? à|is|are|was|were|reached|of|de|d['’]un montant)\s*(?:de |of |à |"
    r"environ |près de |plus de |about )*$"
)
# What a number before a unit is not: a limit, an age, a price, a ballot.
_NO_FIGURE = re.compile(
    r"(?:limitée?s? à|maximum|max\.?|moins de|à partir de|tarif|prix|entrée|gratuit|coûte|jusqu['’]à|"
    r"limited to|up to|tickets?|price|fee|entre)\s*(?:\w+ )?$",
    re.IGNORECASE,
)
_TAIL_STOP = re.compile(
    r"\s(?:et|ou|venus|venues|ayant|dès|depuis|chaque|en|pour|qui|que|came|come|joined|attended|were|was|dans|avec|sur|"
    r"par|en|and|or|for|who|"
    r"that|in|with|on|by|ont|sont|est|a|"
    r"se|y|lors|présents?|c['’]est|au|aux|à la|à l['’])(?:\s|$).*$|\s(?:de|d['’]|à)$"
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure: ``name`` says what is counted, in the text's words; ``maximum`` is set for a range."""

    name: str
    value: float
    unit: str
    sentence: Sentence
    begin: int
    maximum: float | None = None


def figures(article: Article) -> list[Figure]:
    """Return the figures with a unit that the article states, in order."""
    found: list[Figure] = []
    for sentence in article.sentences:
        if len(sentence.text) <= MAX_SENTENCE and article.blocks[sentence.block].kind != "heading":
            found += sorted(_in_sentence(sentence), key=lambda figure: figure.begin)
    return found


def _in_sentence(sentence: Sentence) -> Iterator[Figure]:
    text = sentence.text
    shares_of = ""
    for match in _SHARE.finditer(text):
        share = _SHARES.get(re.sub(r"\s+", " ", match["value"]).lower().strip())
        what = (match["what"] or "").strip()
        if share is None or not (what or (shares_of and match["by"])):
            continue
        shares_of = what or shares_of
        label = re.sub(r"^(?:des|du|de la|de l['’]|d['’]|of the|of)\s?", "", shares_of)
        yield Figure(f"{label}{_by(match['by'])}"[:MAX_LABEL], round(share, 4), "share", sentence, match.start("value"))
    for match in _FIGURE.finditer(text):
        before = text[: match.start()]
        if _NO_FIGURE.search(before[-40:]) or match["value"].lower() in ("un", "une", "one"):
            continue
        number = next(number for number in range(len(UNITS)) if match[f"u{number}"])
        unit = list(UNITS.values())[number]
        factor = _MULTIPLES.get((match["times"] or match["unit"]).lower(), 1)
        value = _number(match["value"])
        maximum = _number(re.sub(r"^\s?(?:à|-|–|to)\s?", "", match["range"])) if match["range"] else None
        if value is None:
            continue
        if unit in ("EUR", "GBP", "USD", "%"):
            label = _label(before) or ""
        else:
            label = (match["adjectives"] + match["unit"] + _TAIL_STOP.sub("", match["rest"])).strip()
        if not label:
            continue
        yield Figure(
            label[:MAX_LABEL], value * factor, unit, sentence, match.start("value"), maximum and maximum * factor
        )


def _by(text: str | None) -> str:
    if not text:
        return ""
    found = re.search(r"(?:par|by) .*$", text.strip())
    return " " + found[0] if found else ""


def _label(before: str) -> str | None:
    match = _LABEL_BEFORE.search(before)
    return (
        re.sub(r"^(?:[LlSs][ae]s? |[Ll]['’]|[Nn]otre |[Tt]he |[Oo]ur |[Ii]ts )", "", match["label"]).strip()
        if match
        else None
    )


def _number(text: str) -> float | None:
    words = text.lower().strip()
    if words in _NUMBERS:
        return _NUMBERS[words]
    digits = re.sub(r"[ \u00a0\u202f']|[.,](?=\d{3}(?:\D|$))", "", words).replace(",", ".")
    try:
        value = float(digits)
    except ValueError:
        return None
    return int(value) if value.is_integer() else value
