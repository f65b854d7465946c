"""The word index, in tantivy: which fields a node has in it, how text becomes words, and how one is opened.

Names are kept as they are written, only folded; texts are stemmed, French and English each by its own rules. The index
is read through links in a directory of its own, since tantivy leaves a lock file wherever it opens one: a lookup
writes nothing beside the data, and an export can be read where nothing can be written.
"""

import atexit
import shutil
import tempfile
import unicodedata
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import tantivy
from tantivy import Filter, Query, Searcher, TextAnalyzerBuilder, Tokenizer

from output.fold import spelt_out

WORD_LENGTH = 40  # characters; what is longer is no word

# Folded words, in the order of the spelling; the first letters of a person's names.
NAMES, INITIALS = "names", "initials"
# Everything that is said of a node, stemmed.
STEMS = {"fr": "French", "en": "English"}
# What one can ask for by its own name.
PLAIN = ("theme", "role", "organisation", "town", "series")
# Kept whole, to filter by and to count.
KEYWORDS = ("type", "region", "source", "year", "place")

_FRENCH = frozenset(
    "le la les des du une et est pour sur avec dans au aux ou qui que par nous vous il elle ce cette".split()
)
_ENGLISH = frozenset("the of and is for with in to on at from by how what your you it this that are we an be".split())
_TELLING = _FRENCH | _ENGLISH


def schema() -> tantivy.Schema:
    """Return the fields of the word index."""
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("number", fast=True)
    builder.add_text_field(NAMES, tokenizer_name="whitespace")
    builder.add_text_field(INITIALS, tokenizer_name="whitespace", index_option="basic")
    for language in STEMS:
        builder.add_text_field(language, tokenizer_name=f"stems_{language}")
    for field in PLAIN:
        builder.add_text_field(field, tokenizer_name="words")
    for field in KEYWORDS:
        builder.add_text_field(field, tokenizer_name="raw", fast=True, index_option="basic")
    # Days (proleptic Gregorian ordinals) of the event itself, or of each event that a node is connected with.
    builder.add_integer_field("day", fast=True)
    builder.add_integer_field("last", fast=True)  # the latest of them
    builder.add_float_field("latitude", fast=True)
    builder.add_float_field("longitude", fast=True)
    return builder.build()


def analyzer(language: str | None) -> tantivy.TextAnalyzer:
    """Return what makes words of a text: folded, and stemmed by the rules of a language where one is given."""
    builder = TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.remove_long(WORD_LENGTH))
    builder = builder.filter(Filter.lowercase()).filter(Filter.ascii_fold())
    return (builder.filter(Filter.stemmer(STEMS[language])) if language else builder).build()


def register(index: tantivy.Index) -> None:
    """Teach an index how text becomes words."""
    index.register_tokenizer("whitespace", TextAnalyzerBuilder(Tokenizer.whitespace()).build())
    index.register_tokenizer("words", analyzer(None))
    for language in STEMS:
        index.register_tokenizer(f"stems_{language}", analyzer(language))


def plain(text: str) -> str:
    """Return text in the composed form that the analysers fold, with C++ and C# as words."""
    text = spelt_out(text)
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def languages(text: str, stated: str | None = None) -> Sequence[str]:
    """Return the languages by whose rules a text is stemmed: the stated one, else the one it looks like, else both."""
    if stated and stated[:2].lower() in STEMS:
        return (stated[:2].lower(),)
    found = _TELLING.intersection(text.lower().split())
    french, english = len(found & _FRENCH), len(found & _ENGLISH)
    if french == english:
        return tuple(STEMS)
    return ("fr",) if french > english else ("en",)


class Words:
    """An open word index: queries on its fields, and the numbers of the nodes that they find."""

    def __init__(self, folder: Path) -> None:
        # A thread of tantivy's may still be writing its lock there when the folder is to go.
        with tempfile.TemporaryDirectory(prefix="recroise-", ignore_cleanup_errors=True) as links:
            for file in folder.iterdir():
                (Path(links) / file.name).symlink_to(file.resolve())
            index = tantivy.Index.open(links)
            self._searcher: Searcher = index.searcher()
        if Path(links).exists():  # it was: by the end of the process it has let go
            atexit.register(shutil.rmtree, links, ignore_errors=True)
        self._schema = index.schema
        self._index = index
        register(index)
        self._analyzers = {field: analyzer(field if field in STEMS else None) for field in (*STEMS, "words")}

    def analyse(self, field: str, text: str) -> list[str]:
        """Return the terms that a text has in a field."""
        if field in (NAMES, INITIALS):
            return text.split()
        return self._analyzers[field if field in STEMS else "words"].analyze(plain(text))

    def term(self, field: str, value: Any) -> Query:
        return Query.term_query(self._schema, field, value)

    def known(self, field: str, term: str) -> bool:
        """Whether any node has the term in the field."""
        return self._searcher.doc_freq(field, term) > 0

    def like(self, field: str, term: str, distance: int, prefix: bool = False) -> Query:
        """Nodes with a word at most so many slips away: letters changed, missing, added, or two swapped."""
        return Query.fuzzy_term_query(self._schema, field, term, distance, transposition_cost_one=True, prefix=prefix)

    def phrase(self, field: str, terms: list[str]) -> Query:
        return Query.phrase_query(self._schema, field, list(terms)) if len(terms) > 1 else self.term(field, terms[0])

    def between(self, field: str, first: float | None, last: float | None) -> Query:
        kind = tantivy.FieldType.Integer if field == "day" else tantivy.FieldType.Float
        return Query.range_query(self._schema, field, kind, first, last)

    def days(self, first: date | None, last: date | None) -> Query:
        return self.between("day", first.toordinal() if first else None, last.toordinal() if last else None)

    def find(self, query: Query, limit: int, newest: bool = False) -> list[tuple[int, float]]:
        """Return the numbers of the best nodes (of the newest, with score 0), each with its score."""
        order = "last" if newest else None
        hits = self._searcher.search(query, limit, count=False, order_by_field=order).hits
        numbers = self._searcher.fast_field_values("number", [address for _, address in hits])
        scores = (0.0 if newest else float(score) for score, _ in hits)
        return [(int(number or 0), score) for number, score in zip(numbers, scores, strict=True)]

    def count(self, query: Query, fields: Sequence[str], size: int) -> dict[str, dict[str, int]]:
        """Return how many of the nodes that a query finds have each of the values of some fields, most first."""
        asked = {field: {"terms": {"field": field, "size": size}} for field in fields}
        found = self._searcher.aggregate(query, asked)
        return {
            field: {str(bucket["key"]): int(bucket["doc_count"]) for bucket in found[field]["buckets"]}
            for field in fields
        }


__all__ = [
    "INITIALS",
    "KEYWORDS",
    "NAMES",
    "PLAIN",
    "STEMS",
    "Words",
    "analyzer",
    "languages",
    "plain",
    "register",
    "schema",
]
