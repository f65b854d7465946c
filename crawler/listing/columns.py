"""Which key of a list of objects is the start, the title, the link: by its name and by what stands under it.

Keys are taken apart into words (``MM_MeetingTitle``: mm, meeting, title); values are looked at in a sample of the rows.
"""

import re
from typing import Any

from crawler import reached
from crawler.listing.moments import clock_time, moment_of
from crawler.listing.words import meets
from crawler.text import clean

Row = dict[str, Any]

MAX_COLUMNS = 400
TAG = re.compile(r"<[^>]{0,500}>")
_SPLIT = re.compile(r"[^A-Za-z]+|(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
# Keys that say only in which form the value of the key above them stands.
_EMPTY = frozenset("label text value rendered plain raw content html en fr main english french default".split())
# What keys are called, in the words that they are made of.
_START = frozenset("start starts begin begins from dtstart debut when".split())
_DATE = frozenset("date day datetime jour event meeting session".split())
_END = frozenset("end ends finish until thru to dtend fin stop".split())
_OTHER_DATES = frozenset(
    """
    accessed added approved birth birthday cancelled changed closed closing created creation cut cutoff deadline
    deleted due edited effective expiration expire expires expiry indexed inserted issue issued joined last loaded
    lastmod modification modified post posted pub publication publish published recorded register registered
    registration release released reminder saved sent stamp submitted sync timestamp update updated upload uploaded
    valid visible maj modif horodateur horodatage saisie inscription naissance parution ajout
    """.split()
)
_TITLE = frozenset("title titre name nom summary subject label heading headline event intitule libelle".split())
_TITLE_LESS = frozenset("body committee meeting group type desc department board category kind".split())
_NOT_TITLE = frozenset(
    """
    address author city color contact country creator day district editor email file filename first id image
    last lang language locale location menu module month organiser organizer owner path person phone place room slug
    source speaker state street tag template timezone url user username venue zone full parent media site document
    icon class css style status format
    """.split()
)
_LINK = frozenset("url link href permalink lien path".split())
_ALL_DAY = frozenset(("allday", "isallday", "alldayevent", "isfullday", "fullday", "wholeday"))


def words(path: str) -> list[str]:
    """Return the words that a key is made of: ``MM_MeetingTitle`` → mm, meeting, title."""
    return [word.lower() for word in _SPLIT.split(path) if word]


def tells_when(key: str) -> bool:
    """Whether a key is called like a date, so that a number under it may count seconds."""
    return bool(set(words(key)) & (_START | _DATE | _END | {"time", "timestamp", "ts"}))


def says_start(key: str) -> bool:
    """Whether a key is called like the beginning or the day of an event, and not only like some date."""
    return bool(
        set(words(key)) & (_START | {"event", "meeting", "session", "hearing", "evenement", "reunion", "seance"})
    )


class _Column:
    """A column: its values, and how much speaks for each role."""

    def __init__(self, path: str, rows: list[Row]) -> None:
        self.path = path
        named = [part for part in path.split(".") if not set(words(part)) <= _EMPTY] or [path]
        self.words = words(named[-1])
        self.all = words(path)
        self.depth = named.index(named[-1]) + 2 * path.count("[]")
        self.values = [row.get(path) for row in rows]
        self.texts = [text for value in self.values if isinstance(value, str) and (text := value.strip())]

    def share(self, values: list[Any]) -> float:
        return len(values) / len(self.values)


def roles_of(rows: list[Row]) -> dict[str, str] | None:
    """Return which column is ``start``, ``title`` and so on; None when the rows are no events."""
    if not rows:
        return None
    paths = dict.fromkeys(path for row in rows[:500] for path in row)
    sample = rows[:500]
    columns = [_Column(path, sample) for path in reached.cut(list(paths), MAX_COLUMNS, "listing.columns.MAX_COLUMNS")]
    dated = [(score, column) for column in columns if (score := _date_score(column)) is not None]
    starts = [(score, column) for score, column in dated if score >= 1 and column.share(column.texts) >= 0.6]
    if not starts:
        return None
    start = max(starts, key=lambda each: each[0])[1]
    titles = [(score, column) for column in columns if (score := _title_score(column)) > 0]
    if not titles:
        return None
    roles = {"start": start.path, "title": max(titles, key=lambda each: each[0])[1].path}
    ends = [column for _, column in dated if set(column.words) & _END and not set(column.words) & _OTHER_DATES]
    if ends:
        roles["end"] = min(ends, key=lambda column: column.depth).path
    for role, vocabulary, without in (
        ("time", "time heure hour".split(), _END),
        ("end time", "time heure".split(), None),
    ):
        for column in columns:
            named = set(column.words)
            if not named & set(vocabulary) or (without and named & without) or named & _OTHER_DATES:
                continue
            if without is None and not named & _END:
                continue
            if column.texts and sum(clock_time(text) is not None for text in column.texts) * 2 > len(column.texts):
                roles.setdefault(role, column.path)
    links = [column for column in columns if _link_score(column)]
    if links:
        roles["link"] = max(links, key=_link_score).path
    for column in columns:
        if "".join(column.words) in _ALL_DAY:
            roles["all day"] = column.path
    return roles


def _date_score(column: _Column) -> float | None:
    """Return how much speaks for a column of dates being the start; None when it holds no dates."""
    if not column.texts:
        return None
    moments = [text for text in column.texts[:60] if moment_of(text)]
    if len(moments) < 0.8 * len(column.texts[:60]):
        return None
    named = set(column.words)
    above = set(column.all) - named
    score = 0.5 * bool(named & _DATE) + 2.0 * bool(named & _START) + 0.5 * bool({"date", "datetime"} & named)
    score += 0.3 * bool(above & (_START | {"event", "meeting", "date", "dates", "start"})) - 0.3 * column.depth
    score += 0.3 * any("T" in text or ":" in text for text in moments)
    if len(column.all) > len(named) and above & _START:
        score += 1.0  # start.date, start.dateTime
    if (named | above) & _OTHER_DATES or named & _END:
        score -= 5
    return score


def _title_score(column: _Column) -> float:
    if not column.texts or column.share(column.texts) < 0.6:
        return 0
    named = set(column.words)
    texts = [clean(TAG.sub(" ", text)) for text in column.texts[:60]]
    if sum(len(text) > 300 or not any(c.isalpha() for c in text) for text in texts) * 4 > len(texts):
        return 0
    if any(re.match(r"https?://|/|#[0-9a-f]{3,6}$|\S+@\S+$", text) for text in texts[:5]):
        return 0
    if sum(bool(moment_of(text) or clock_time(text)) for text in texts) * 2 > len(texts):
        return 0
    strong, weak = named & _TITLE, named & _TITLE_LESS
    if not strong and not weak:
        return 0
    score = 3.0 * bool({"title", "titre", "summary", "name", "nom", "subject", "headline"} & named) + 0.5 * bool(weak)
    score += 0.6 * bool({"event", "meeting"} & named) + 0.3 * bool(strong)
    score -= 1.5 * len(named & _NOT_TITLE) + 0.8 * column.depth
    score -= 1.5 * bool(strong and named & {"category", "type", "group", "kind", "department", "dept"})
    if column.depth and set(column.all) & _NOT_TITLE:
        score -= 1.5
    if "id" in named or "ids" in named:
        score -= 2
    if named & {"description"}:
        score -= 1
    score -= sum(len(text) for text in texts) / len(texts) / 100  # a title is short
    score += 2.5 * sum(meets(text) for text in texts) / len(texts)
    # A title that says the same of everything says less than one that does not.
    return max(score - 0.5 * (len(set(texts)) == 1 and len(texts) > 3), 0)


def _link_score(column: _Column) -> float:
    named = set(column.words)
    if not named & _LINK or not column.texts:
        return 0
    if sum(not re.match(r"https?://|/\w", text) for text in column.texts[:20]):
        return 0
    other = set(column.all) & {
        "image",
        "img",
        "thumbnail",
        "photo",
        "calendar",
        "i",
        "map",
        "video",
        "file",
        "document",
    }
    return max(3 - column.depth - 1.5 * bool(other), 0.1)
