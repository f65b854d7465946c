"""A text cut into words, numbers and marks that keep their place in it, spelt in one way."""

import re
import unicodedata

JOINED = "̀"  # stands for what is written and not read: a combining accent, a soft hyphen, a zero-width blank
_APOSTROPHES = frozenset("'’‘ʼʻ՚ꞌ＇′‵ʹ`´")
_LINE_ENDS = frozenset("\n\v\f\x1c\x1d\x1e\x85\u2028\u2029")
_KEPT = 0x3000  # foldings are remembered below: Latin, its marks and punctuation

WORD, NUMBER, MARK = "word", "number", "mark"
BREAK = "\n\n"  # an empty line: nothing is read across it
_TOKEN = re.compile(rf"(?P<word>(?:[^\W\d_]|{JOINED})+)|(?P<number>[0-9]+)|(?P<mark>\n[ \n]*\n|[^\s])")


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


class Tokens:
    """Words, numbers and marks of a text; past the end stands an empty mark."""

    __slots__ = ("begins", "ends", "folded", "kinds", "language", "order", "source", "texts", "whole")

    def __init__(self, source: str, folded: str, language: str | None, order: str, whole: bool) -> None:
        self.source, self.folded = source, folded
        self.language, self.order, self.whole = language, order, whole
        self.texts: list[str] = []
        self.kinds: list[str] = []
        self.begins: list[int] = []
        self.ends: list[int] = []
        for match in _TOKEN.finditer(folded):
            text = match.group()
            self.texts.append(text.replace(JOINED, "") if JOINED in text else text)
            self.kinds.append(match.lastgroup or MARK)
            self.begins.append(match.start())
            self.ends.append(match.end())
        self.texts.append("")
        self.kinds.append(MARK)
        self.begins.append(len(folded))
        self.ends.append(len(folded))

    def __len__(self) -> int:
        return len(self.texts) - 1

    def at(self, place: int) -> str:
        """Return the token at a place, and nothing outside the text."""
        return self.texts[place] if 0 <= place < len(self.texts) else ""

    def number(self, place: int) -> int | None:
        """Return the number at a place, of four figures at most, or None."""
        if 0 <= place < len(self.texts) and self.kinds[place] == NUMBER and len(self.texts[place]) <= 4:
            return int(self.texts[place])
        return None

    def digits(self, place: int) -> int:
        """Return how many figures the number at a place has; 0 where none is."""
        return len(self.texts[place]) if 0 <= place < len(self.texts) and self.kinds[place] == NUMBER else 0

    def glued(self, place: int) -> bool:
        """Whether nothing stands between the token at a place and the one before it."""
        return 0 < place < len(self.texts) and self.begins[place] == self.ends[place - 1]

    def follows(self, place: int, *texts: str) -> int:
        """Return the place after ``texts`` where they stand at ``place`` in a row, else 0."""
        if self.texts[place : place + len(texts)] == list(texts):
            return place + len(texts)
        return 0

    def new_line(self, place: int) -> bool:
        """Whether a line ends between the token at a place and the one before it."""
        return 0 < place < len(self.texts) and "\n" in self.folded[self.ends[place - 1] : self.begins[place]]
