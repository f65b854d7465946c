"""Whether what stands where a person's name should names anybody: "TBA", "Various speakers" and the like do not.

The words, in the languages that the readers know, are in ``placeholders.toml``.
"""

import re
import tomllib
import unicodedata
from functools import cache, lru_cache
from pathlib import Path

WORDS = Path(__file__).with_name("placeholders.toml")

_WORD = re.compile(r"[^\W_]+")


@lru_cache(maxsize=50_000)
def is_placeholder(name: str) -> bool:
    """Whether the whole of a name, whatever its case, accents and punctuation, says that nobody is named."""
    bare = "".join(char for char in unicodedata.normalize("NFKD", name) if not unicodedata.combining(char))
    words = _WORD.findall(bare.casefold())
    if len(words) > 2 and all(len(word) == 1 for word in words):
        words = ["".join(words)]  # T.B.A.
    whole = " ".join(words)
    listed, unsaid, several, before, roles = _words()
    if whole in listed or whole in unsaid or whole in several:
        return True
    if words[-1:] and words[-1] in roles and " ".join(words[:-1]) in unsaid | several | before:
        return True
    return bool(words) and words[0] in roles and " ".join(words[1:]) in unsaid


@cache
def _words() -> tuple[frozenset[str], ...]:
    table = tomllib.loads(WORDS.read_text(encoding="utf-8"))
    kinds = ("unsaid", "several", "before_roles", "roles")
    return frozenset(table["whole"]), *(
        frozenset(word for words in table[kind].values() for word in words) for kind in kinds
    )
