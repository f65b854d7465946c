"""One way of folding text, for the index and for what is asked of it."""

import re
import unicodedata

_LIGATURES = str.maketrans(
    {"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ß": "ss", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L"}
)
_WORD = re.compile(r"[^\W_]+")
# C++ and C# are other things than C.
_SIGNED = re.compile(r"(?<![^\W_])([A-Za-z])(\+\+|#(?![^\W_]))")
# Each character of ASCII as it is in a folded word: a blank where it is in none.
_ASCII = "".join(chr(code).lower() if chr(code).isalnum() else " " for code in range(128))
ELISIONS = frozenset(("l", "d", "j", "n", "s", "m", "t", "c", "qu"))
STOP_WORDS = frozenset(
    """
    le la les un une des du de au aux et ou en a dans sur pour par avec chez the of in at on and or for with to an
    """.split()
)


def spelt_out(text: str) -> str:
    """Return a text with the signs of a letter as words, where they say which one is meant: C++ is Cplusplus."""
    if "++" not in text and "#" not in text:
        return text
    return _SIGNED.sub(lambda match: f"{match[1]}{'sharp' if match[2] == '#' else 'plusplus'} ", text)


def fold(text: str) -> str:
    """Return the words of a text, lower case, without accents, ligatures or punctuation, split by single blanks.

    A letter's ``++`` or ``#`` stays with it, in words: ``cplusplus``, ``csharp``.
    """
    text = spelt_out(text)
    if text.isascii():  # most text is, and an index folds millions
        return " ".join(text.translate(_ASCII).split())
    decomposed = unicodedata.normalize("NFKD", text.translate(_LIGATURES)).casefold()
    return " ".join(_WORD.findall("".join(char for char in decomposed if not unicodedata.combining(char))))


def words(text: str) -> list[str]:
    """Return the folded words of a text that say something: without elided articles (``l'``, ``d'``) and stop words.

    Where nothing would be left, all words are given.
    """
    all_words = fold(text).split()
    kept = [word for word in all_words if word not in STOP_WORDS and word not in ELISIONS]
    return kept or all_words
