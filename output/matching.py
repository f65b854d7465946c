"""From a query to candidates in the word index, and from candidates to the best: by a real string distance.

Words are looked for as they are, in names and in (stemmed) texts; in names also begun, as initials and with one slip in
each; where nothing comes near, with two slips, and with blanks missing, added or mistyped. Beside words that stand
somewhere, one that stands nowhere is a slip, of a name or a text. A year is also one in which something took place. The
index gives a few hundred candidates, the distance of their names from what was typed orders them; how much a node is
connected and how recent it is only break ties.
"""

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import orjson
from tantivy import Occur, Query

from output.fold import fold
from output.index import Index
from output.query import Asked, Clause
from output.similarity import best
from output.text import INITIALS, KEYWORDS, NAMES, STEMS, Words

CANDIDATES = 200  # that are compared with what was typed, of each kind
NEAR = 0.75  # likeness from which a name is what was typed, with slips
LIKE = 0.55  # likeness below which a name has nothing to do with what was typed
NAME, TEXT = 0.75, 0.25  # weight of the name's likeness and of the words found
IN_NAME = 3.0  # weight of a word in a name, beside one in a text
# How near a word of a name is to a word that was typed: what the index orders candidates by.
SAME, SLIP, BEGUN, INITIAL, TWO_SLIPS = 1.0, 0.8, 0.7, 0.7, 0.55
BONUS = 0.008  # of links and of recency together, at most: less than one slip in a long name
YEARS = 20.0  # after which recency counts no more
LONGEST = 12  # words that are looked for; nobody types more of a name

_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A node that may be meant: ``likeness`` of its name from 0 to 1, ``score`` of everything together."""

    number: int
    score: float
    likeness: float


def candidates(index: Index, asked: Asked, filters: Sequence[Query] = (), limit: int = CANDIDATES) -> list[Candidate]:
    """Return the nodes that may be meant, the best first."""
    words = index.words
    conditions = [*filters, *(_clause(words, clause) for clause in asked.must)]
    forbidden = [_clause(words, clause) for clause in asked.must_not]
    ranking = _Ranking(index, typed_name(asked))
    enough = max(limit, CANDIDATES)
    if not asked.words:
        query = _all(conditions, forbidden)
        if not typed_name(asked):
            return _newest(index, words.find(query, enough, newest=True))[:limit]
        return ranking.of(dict(words.find(query, enough)))[:limit]
    texts = dict(words.find(_all([_as_typed(words, asked.words), *conditions], forbidden), enough))
    names: dict[int, float] = {}
    ranked = ranking.of(texts)
    if not ranked or ranked[0].likeness < 1.0:
        parts = asked.whole.split()[:LONGEST]
        names |= words.find(_all([_nearly(words, parts), *conditions], forbidden), CANDIDATES)
        ranked = ranking.of(texts, names)
        # One slip leaves nothing further away than this; the rest is for two, and for blanks.
        near = 1 - 1.01 / max(1, len(asked.whole))
        if not texts and (not ranked or ranked[0].likeness < near):
            names |= words.find(_all([_distantly(words, parts), *conditions], forbidden), CANDIDATES * 2)
            ranked = ranking.of(texts, names)
    if not texts and (not ranked or ranked[0].likeness < NEAR):
        # Nothing has all of the words as they are: what has those that stand somewhere, and the like of the others.
        mended = _with_slips(index, asked, conditions, forbidden, enough)
        if not mended and (not ranked or ranked[0].likeness < LIKE):
            texts = dict(words.find(_all([_any(words, asked.words), *conditions], forbidden), enough))
            ranked = ranking.of(texts, names)
        if mended:
            known, least = {each.number for each in mended}, mended[-1].score
            others = (each for each in ranked if each.number not in known)
            ranked = [*mended, *(replace(each, score=min(each.score, least)) for each in others)]
    return ranked[:limit]


def _with_slips(
    index: Index, asked: Asked, conditions: Sequence[Query], forbidden: Sequence[Query], limit: int
) -> list[Candidate]:
    """Return what has the words that stand somewhere, first what has a name like the others; those may be left out."""
    words = index.words
    said = asked.words[:LONGEST]
    slipped = [word for word in said if not stands(words, word)]
    if not slipped:
        return []
    for query in _mended(words, said, slipped):
        found = dict(words.find(_all([query, *conditions], forbidden), limit))
        if found:
            whole = {each.number: each.likeness for each in _Ranking(index, asked.whole).of(found)}
            by_slips = _Ranking(index, " ".join(slipped)).of(found)
            return [Candidate(each.number, each.score, whole[each.number]) for each in by_slips]
    return []


def matching(index: Index, asked: Asked, filters: Sequence[Query] = ()) -> Query:
    """Return the query for all nodes that ``candidates`` would choose from: what facets count."""
    words = index.words
    conditions = [*filters, *(_clause(words, clause) for clause in asked.must)]
    forbidden = [_clause(words, clause) for clause in asked.must_not]
    if not asked.words:
        return _all(conditions, forbidden)
    parts = asked.whole.split()[:LONGEST]
    ways = [_as_typed(words, asked.words), _nearly(words, parts), _distantly(words, parts)]
    said = asked.words[:LONGEST]
    if slipped := [word for word in said if not stands(words, word)]:
        ways += _mended(words, said, slipped)
    for query in ways:
        whole = _all([query, *conditions], forbidden)
        if words.find(whole, 1):
            return whole
    return _all([_any(words, asked.words), *conditions], forbidden)


def typed_name(asked: Asked) -> str:
    """Return what of a query may be a name, folded."""
    phrases = [clause.text for clause in asked.must if clause.field in (None, "names")]
    return fold(" ".join([asked.text, *phrases]))


class _Ranking:
    """Candidates in the order of their likeness to what was typed, which is worked out once for each."""

    def __init__(self, index: Index, typed: str) -> None:
        self._index = index
        self._typed = typed
        self._known: dict[int, tuple[float, float]] = {}  # likeness, and what breaks ties

    def of(self, texts: dict[int, float], names: Iterable[int] = ()) -> list[Candidate]:
        numbers = {**texts, **dict.fromkeys(names)}
        self._look_at([number for number in numbers if number not in self._known])
        most = max(texts.values(), default=0.0) or 1.0
        found = []
        for number in numbers:
            alike, tie = self._known[number]
            # The more a name says by itself, the less does it matter what is said besides.
            known = alike if alike >= LIKE else 0.0
            score = NAME * known + TEXT * (1 - known) ** 2 * texts.get(number, 0.0) / most
            found.append(Candidate(number, score + tie, alike))
        return sorted(found, key=lambda each: (-each.score, each.number))

    def _look_at(self, numbers: list[int]) -> None:
        today = date.today().toordinal()
        query = "SELECT number, names, links, seen FROM node WHERE number IN (SELECT value FROM json_each(?))"
        for number, spellings, links, seen in self._index.rows(query, orjson.dumps(numbers).decode()):
            known = math.log1p(links) / math.log1p(links + 100)
            recent = min(1.0, max(0.0, 1 - (today - seen) / (365.25 * YEARS))) if seen else 0.0
            alike = best(self._typed, spellings.split("\n"))
            self._known[number] = (alike, BONUS * (3 * known + recent) / 4)


def _newest(index: Index, found: Iterable[tuple[int, float]]) -> list[Candidate]:
    """Return nodes with what took place last first, those that have most links before others of the same day."""
    listed = orjson.dumps([number for number, _ in found]).decode()
    query = (
        "SELECT number FROM node WHERE number IN (SELECT value FROM json_each(?)) "
        "ORDER BY coalesce(seen, 0) DESC, links DESC, number"
    )
    return [Candidate(row[0], 0.0, 0.0) for row in index.rows(query, listed)]


def _all(must: Sequence[Query], must_not: Sequence[Query]) -> Query:
    parts = [(Occur.Must, each) for each in must or [Query.all_query()]]
    return Query.boolean_query([*parts, *((Occur.MustNot, each) for each in must_not)])


def _best(*queries: Query) -> Query:
    return Query.disjunction_max_query(list(queries))


def _always(query: Query, score: float) -> Query:
    return Query.const_score_query(query, score)


def _as_typed(words: Words, asked: Sequence[str]) -> Query:
    """All words, in names or texts, the last one perhaps only begun."""
    parts = [_anywhere(words, word, begun=number == len(asked)) for number, word in enumerate(asked[:LONGEST], 1)]
    return Query.boolean_query([(Occur.Must, part) for part in parts])


def _any(words: Words, asked: Sequence[str]) -> Query:
    return Query.boolean_query([(Occur.Should, _anywhere(words, word, begun=False)) for word in asked[:LONGEST]])


def _anywhere(words: Words, word: str, begun: bool) -> Query:
    found = [Query.boost_query(words.term(NAMES, word), IN_NAME)]
    for language in STEMS:
        found += [words.term(language, stem) for stem in words.analyse(language, word)]
    if begun and len(word) > 1:
        found += [_always(words.like(field, word, 0, prefix=True), BEGUN) for field in (NAMES, *STEMS)]
    elif begun:
        found.append(_always(words.term(INITIALS, word), INITIAL))
    if _YEAR.fullmatch(word):
        found.append(_always(words.term("year", word), SAME))
    return _best(*found)


def stands(words: Words, word: str) -> bool:
    """Whether a word is in any name or text, or a year."""
    if words.known(NAMES, word) or _YEAR.fullmatch(word):
        return True
    return any(words.known(field, stem) for field in STEMS for stem in words.analyse(field, word))


def _mended(words: Words, asked: Sequence[str], slipped: Sequence[str]) -> list[Query]:
    """What has all words that stand somewhere, and one at least of the others as it may have been meant; or without."""
    parts = [_anywhere(words, word, begun=False) for word in asked if word not in slipped]
    meant = Query.boolean_query([(Occur.Should, _meant(words, word)) for word in slipped])
    ways = [[*parts, meant], parts] if parts else [[meant]]
    return [Query.boolean_query([(Occur.Must, part) for part in way]) for way in ways]


def _meant(words: Words, word: str) -> Query:
    """A word with one slip, or two words of which the blank is missing."""
    found = [_near(words, word)]
    for language in STEMS:
        found += [
            _always(words.like(language, stem, 1), SLIP) for stem in words.analyse(language, word) if len(stem) > 3
        ]
    for parts in apart(words, word):
        found.append(_all([_anywhere(words, part, begun=False) for part in parts], ()))
    return _best(*found)


def apart(words: Words, word: str) -> Iterator[tuple[str, str]]:
    """Yield the two words, both of which stand somewhere, that a word may be with the blank between them missing."""
    for cut in range(2, len(word) - 1):
        if stands(words, word[:cut]) and stands(words, word[cut:]):
            yield word[:cut], word[cut:]


def _nearly(words: Words, parts: Sequence[str]) -> Query:
    """All parts of a name, each with one slip, begun or an initial; of three or more, one may be missing."""
    return _most_of([_near(words, part) for part in parts])


def _near(words: Words, part: str, slips: int = 1) -> Query:
    found = [_always(words.term(NAMES, part), SAME)]
    if len(part) == 1:
        return _best(*found, _always(words.term(INITIALS, part), INITIAL))
    found.append(_always(words.like(NAMES, part, 1), SLIP))
    if len(part) > 2:
        found.append(_always(words.like(NAMES, part, 0, prefix=True), BEGUN))
    if len(part) > 4:
        found.append(_always(words.like(NAMES, part, 1, prefix=True), TWO_SLIPS))
    if slips > 1 and len(part) > 3:
        found.append(_always(words.like(NAMES, part, 2), TWO_SLIPS))
    return _best(*found)


def _once(words: Words, part: str) -> Query:
    """A part of a name as it is, or with one slip; two letters are too few for one."""
    same = _always(words.term(NAMES, part), SAME)
    return _best(same, _always(words.like(NAMES, part, 1), SLIP)) if len(part) > 2 else same


def _most_of(queries: Sequence[Query], least: int | None = None) -> Query:
    least = least if least is not None else len(queries) - 1 if len(queries) > 2 else len(queries)
    return Query.boolean_query([(Occur.Should, each) for each in queries], minimum_number_should_match=least)


def _distantly(words: Words, parts: Sequence[str]) -> Query:
    """Two slips in a part, or one part unlike everything; or a blank that is missing, added or another letter."""
    ways = [_most_of([_near(words, part, slips=2) for part in parts], max(1, len(parts) - 1))]
    for others, spelt in _with_other_blanks(parts):
        # Two slips are not in both parts, where one of them is a blank: one is a name as it stands.
        if len(spelt) > 1 and not any(len(each) > 1 and words.known(NAMES, each) for each in spelt):
            continue
        near = [_always(words.term(NAMES, each), SAME) for each in others]
        near += [_once(words, each) for each in spelt]
        ways.append(Query.boost_query(_most_of(near, len(near)), len(parts) / len(near)))
    return _best(*ways)


def _with_other_blanks(parts: Sequence[str]) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    """Yield for each way to set blanks otherwise the parts that stay, and those that are spelt anew."""
    for place, part in enumerate(parts):
        others = [*parts[:place], *parts[place + 1 :]]
        if place + 1 < len(parts):
            yield [*parts[:place], *parts[place + 2 :]], [part + parts[place + 1]]
        for cut in range(1, len(part)):
            yield others, [part[:cut], part[cut:]]
            if cut + 1 < len(part):
                yield others, [part[:cut], part[cut + 1 :]]


def _clause(words: Words, clause: Clause) -> Query:
    """Return what a clause finds; a field whose text has no words finds nothing."""
    if clause.field in KEYWORDS:
        return keyword(words, clause.field, clause.text)
    fields = (NAMES, *STEMS) if clause.field is None else tuple(STEMS) if clause.field == "text" else (clause.field,)
    ways = []
    for field in fields:
        terms = words.analyse(field, fold(clause.text) if field == NAMES else clause.text)
        if terms:
            ways.append(words.phrase(field, terms))
    return _best(*ways) if ways else Query.empty_query()


def keyword(words: Words, field: str, text: str) -> Query:
    """Return the nodes that have a value in a field of values, whatever its case."""
    ways = {text, text.upper(), text.lower(), text.capitalize(), "EventSeries" if fold(text) == "eventseries" else text}
    return _best(*(words.term(field, each) for each in sorted(ways)))


__all__ = ["Candidate", "apart", "candidates", "keyword", "matching", "stands", "typed_name"]
