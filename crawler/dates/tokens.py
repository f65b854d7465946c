"""A text cut into words, numbers and marks that keep their place in it, spelt in one way."""

import re
import unicodedata
from datetime import date

JOINED = "̀"  # stands for what is written and not read: a combining accent, a soft hyphen, a zero-width blank
_APOSTROPHES = frozenset("'’‘ʼʻ՚ꞌ＇′‵ʹ`´")
_LINE_ENDS = frozenset("\n\v\f\x1c\x1d\x1e\x85\u2028\u2029")
_KEPT = 0x3000  # foldings are remembered below: Latin, its marks and punctuation

WORD, NUMBER, MARK = "word", "number", "mark"
BREAK = "\n\n"  # an empty line: nothing is read across it
_TOKEN = re.compile(rf"(?P<word>[^\W\d_](?:[^\W\d_]|{JOINED})*)|(?P<number>[0-9]+)|(?P<mark>\n[ \n]*\n|[^\s*{JOINED}])")


class _Folding(dict[int, str]):
    """One character for one character, so that places hold: lower case, no accent, one apostrophe, one dash."""

    def __missing__(self, code: int) -> str:
        folded = _fold(chr(code))
        if code < _KEPT:
            self[code] = folded
        return folded


def _fold(char: str) -> str:
    category = unicodedata.category(char)
    if char in _APOSTROPHES:
        return "'"
    if char in _LINE_ENDS:
        return "\n"
    if char.isspace():
        return " "
    if category in ("Mn", "Cf"):
        return JOINED
    if category == "Pd" or char == "−":
        return "-"
    if category in ("No", "So"):
        return char
    base = unicodedata.normalize("NFKD", char)
    if len(base) > 1 and any(unicodedata.category(mark) != "Mn" for mark in base[1:]):
        base = char
    lower = base[0].lower()
    return lower if len(lower) == 1 else char


_FOLDING = _Folding()


def fold(text: str) -> str:
    """Return ``text`` character for character in lower case and without accents; places stay what they are."""
    return text.lower() if text.isascii() and "`" not in text and text.isprintable() else text.translate(_FOLDING)


Phrases = dict[str, tuple[tuple[str, ...], ...]]
_AROUND = 16  # empty marks after the last token, and (as lists count) before the first: rules look around freely


def phrases(*texts: str) -> Phrases:
    """Return phrases, given as tokens split by blanks, by their first token; the longest first."""
    table: dict[str, list[tuple[str, ...]]] = {}
    for phrase in sorted((tuple(text.split()) for text in texts), key=len, reverse=True):
        table.setdefault(phrase[0], []).append(phrase)
    return {first: tuple(several) for first, several in table.items()}


class Tokens:
    """Words, numbers and marks of a text, and what is known around it; before and after stand empty marks."""

    __slots__ = (
        "begins", "ends", "folded", "kinds", "language", "order", "reference", "size", "source", "texts", "whole",
        "year",
    )  # fmt: skip

    def __init__(
        self,
        source: str,
        folded: str,
        reference: date,
        language: str | None,
        order: str,
        year: int | None,
        *,
        whole: bool,
    ) -> None:
        self.source, self.folded = source, folded
        self.reference, self.language, self.order, self.year = reference, language, order, year
        self.whole = whole  # the text is asked to be one expression
        matches = list(_TOKEN.finditer(folded))
        self.size = len(matches)
        self.texts = [match.group() for match in matches] + [""] * _AROUND
        self.kinds = [match.lastgroup or MARK for match in matches] + [MARK] * _AROUND
        self.begins = [match.start() for match in matches] + [len(folded)] * _AROUND
        self.ends = [match.end() for match in matches] + [len(folded)] * _AROUND
        if JOINED in folded:
            self.texts = [text.replace(JOINED, "") for text in self.texts]

    def number(self, place: int) -> int | None:
        """Return the number at a place, of four figures at most, or None."""
        if self.kinds[place] == NUMBER and len(self.texts[place]) <= 4:
            return int(self.texts[place])
        return None

    def digits(self, place: int) -> int:
        """Return how many figures the number at a place has; 0 where none is."""
        return len(self.texts[place]) if self.kinds[place] == NUMBER else 0

    def glued(self, place: int) -> bool:
        """Whether nothing stands between the token at a place and the one before it."""
        return 0 < place < self.size and self.begins[place] == self.ends[place - 1]

    def glued_word(self, place: int) -> bool:
        """Whether a word stands right at the end of the token before a place."""
        return self.kinds[place] == WORD and self.glued(place)

    def follows(self, place: int, *texts: str) -> int:
        """Return the place after ``texts`` where they stand at ``place`` in a row, else 0."""
        if self.texts[place] != texts[0]:
            return 0
        stop = place + len(texts)
        return stop if self.texts[place:stop] == list(texts) else 0

    def any_of(self, place: int, table: Phrases) -> int:
        """Return the place after the longest phrase of a table that stands at ``place``, else 0."""
        for phrase in table.get(self.texts[place], ()):
            stop = place + len(phrase)
            if len(phrase) == 1 or tuple(self.texts[place:stop]) == phrase:
                return stop
        return 0

    def new_line(self, place: int) -> bool:
        """Whether a line ends between the token at a place and the one before it."""
        return 0 < place < self.size and "\n" in self.folded[self.ends[place - 1] : self.begins[place]]
