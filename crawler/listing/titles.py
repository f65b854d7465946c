"""What an event of a list is called: by its own words, else by the head of its column, its section or its page.

Candidates are the pieces of text of a record, without days, times and names of papers. Each is scored by where it
stands and what it says; the place with the best mean over the list is where the list has its titles.
"""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from crawler.dates import MONTH, YEAR
from crawler.listing.lines import Line
from crawler.listing.marks import Dates
from crawler.listing.records import Group, Record
from crawler.listing.tables import Table
from crawler.listing.words import (
    ADDRESS,
    LABEL,
    PLACE_HEAD,
    PLACE_LABEL,
    ROOM,
    TIME_HEAD,
    TITLE_HEAD,
    is_paper,
    meets,
    says_something,
    status_of,
    without_status,
    words_of,
)

LONGEST = 160  # characters of a title
ENOUGH = 1.0  # the least score of a piece of text that is a title

_YEAR = re.compile(r"\(?\b(?:19|20)\d\d(?: ?[-–—/] ?(?:19|20)?\d\d)?\b\)?|\bFY ?\d\d\b", re.IGNORECASE)
_MONTHS = re.compile(
    r"\b(?:january|february|march|april|may|june|july|august|september|october|november|december|janvier|février|mars|"
    r"avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre)\b",
    re.IGNORECASE,
)
# Words of a heading that say that a list follows, and not what of.
_LISTING = re.compile(
    r"\b(?:upcoming|next|past|previous|future|current|latest|recent|all|the following|following|scheduled?|"
    r"schedules?|dates?|"
    r"calendars?|archives?|archived|lists?|agendas?|minutes|notices?|documents?|materials|information|details|recordings?|videos?|"
    r"audio|transcripts?|packets?|times?|locations?|and locations?|annual calendar|regularly scheduled|view|see|"
    r"download|"
    r"prochaine?s?|à venir|pass[ée]e?s?|calendriers?|agenda|programmes?|ordres? du jour|comptes?[- ]rendus?|liste|"
    r"dates)\b",
    re.IGNORECASE,
)
_JOINTS = re.compile(
    r"^(?:(?:and|of|the|for|&|et|de|des|du|la|le|les|in|on|our|to|at|with|a|an|\W)+(?:\b|(?=\W))\s*)+|(?:\s*\b(?:and|of|the|for|et|de|des|du|in|on|to|at|with)|[\s&,;:|/–—-])+$",
    re.IGNORECASE,
)
_PLURALS = {
    "meetings": "meeting",
    "hearings": "hearing",
    "sessions": "session",
    "workshops": "workshop",
    "events": "event",
}
_GENERIC = frozenset(
    """
    meeting meetings mtg mtgs event events home welcome page content main calendar schedule date dates about contact
    menu search agenda minutes public open regular monthly quarterly annual special information resources documents
    board's decisions overview general office other our us more transparency réunion réunions accueil agenda événements
    archives and of the for at to in a an category categories posts
    """.split()
)
_SEPARATORS = re.compile(r"\s+[-–—|•·]\s+|\s*[|•·]\s*|\s{3,}")
_BRACKETS = re.compile(r"^[\s(\[*:;,.@–—-]+|[\s(\[*:;,@–—-]+$")


# "Board meeting agenda (PDF)": the paper is about the meeting.
_PAPER_TAIL = re.compile(
    r"(?:[\s\-–—:,(]+(?:draft|approved|final|revised|amended)?[\s-]*(?:agendas?|minutes|notices?|packets?|recordings?|transcripts?|"
    r"materials|books?|ordres? du jour|comptes?[- ]rendus?)\)?(?:\s*\(?\.?(?:pdf|docx?)\)?)?|\s*\(?\.?\b(?:pdf|"
    r"docx?)\b\)?)+$",
    re.IGNORECASE,
)


_PAPER_HEAD = re.compile(
    r"^(?:comptes?[- ]rendus?|proc[èe]s[- ]verba(?:l|ux)|ordres? du jour|cr|pv)\s*"
    r"(?:[:(–—-]\s*|(?:de (?:la )?|du |des |de l['’])(?=\w))|"
    r"^(?:(?:draft|approved|final|revised|amended)\s+)?(?:agenda|minutes|notice)s?\s*"
    r"(?:[:(–—-]\s*|of (?:the )?|for (?:the )?)(?=\w)",
    re.IGNORECASE,
)


_ENDING = re.compile(r"(?:\s+(?:for|of|on|at|and|the|from|to|with|in|by|de|du|des|le|la|et|à|au))+\s*$", re.IGNORECASE)


# What stands beside an event and is never its name: a point of an agenda, a label with its value, a price, an author.
_NO_NAME = re.compile(
    r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?s?\W*$|"
    r"(?:lun|mar|mer|jeu|ven|sam|dim)(?:\.|di|credi|dredi|edi|anche)?\W*$|"
    r"\d{1,2}[.)] |(?:categor(?:y|ies)|cat[ée]gories?|tags?|mots[- ]cl[ée]s|cost|price|prix|tarifs?|contact|phone|"
    r"t[ée]l[ée]phone|"
    r"pr[ée]sentations?|attachments?|exhibits?|handouts?|organi[sz]ers?|organisateur|status|statut|type|published|"
    r"publi[ée]) ?:|\W*[\d.,]+ ?(?:usd|eur|euros?|€|\$|£)|"
    r"(?:view|download|click|voir|t[ée]l[ée]charger) |meeting locations?\b|(?:at|@|from|à|de) \d|"
    r"(?:locations?|places?|venues?|times?|lieu|heure)\W*(?:tb[ad]|to be \w+|à \w+)\W*$|"
    r"(?:\w+ )?(?:is|are|was|est|sont) (?:on|at|the|in|le|à)\b|"
    r"(?:by|par) [A-Z]|(?:aura|auront|a|se) (?:lieu|tiendra|d[ée]roulera)\b|(?:takes?|will take) place\b",
    re.IGNORECASE,
)
# How people meet is not what they meet for.
_MANNER = re.compile(
    r"\W*(?:virtual|online|on-?line|remote|hybrid|in[- ]person|zoom|webex|teams|video ?conference|teleconference|"
    r"distanciel)"
    r"(?: (?:meeting|only|via \w+|conference|event|r[ée]union))?\W*|\W*(?:r[ée]union )?(?:en ligne|[àa] distance)\W*",
    re.IGNORECASE,
)


@dataclass
class Piece:
    """A piece of a record's text: the place in the record that it stands in, and how much makes it a title."""

    text: str
    line: Line
    place: tuple[Any, ...]
    score: float
    whole: str  # the line's text as it stands, days included


def pieces_of(record: Record, dates: Dates, table: Table | None) -> list[Piece]:
    """Return what may be the record's title."""
    pieces: list[Piece] = []
    seen: defaultdict[tuple[Any, ...], int] = defaultdict(int)
    papers = False
    for line in record.lines:
        text = _bare(record, line, dates)
        # A link after one to the minutes is to a paper as well, whatever it is called: "Financial results".
        papers = line.linked and (papers or is_paper(line.text))
        for part in _parts(text, line):
            if papers and not meets(part):
                continue
            place = _place(record, line)
            seen[place] += 1
            score = _score(part, line, record, table)
            if score > 0:
                pieces.append(Piece(part, line, (*place, min(seen[place], 3)), score, line.text))
    return pieces


def own_titles(group: Group, dates: Dates, tables: dict[Any, Table]) -> dict[Record, Piece]:
    """Return the records' own titles, as far as they have any: from the same place wherever that place is filled."""
    table = tables.get(group.container)
    pieces = {record: pieces_of(record, dates, table or _table_of(record, tables)) for record in group.records}
    scores: defaultdict[tuple[Any, ...], list[float]] = defaultdict(list)
    for each in pieces.values():
        best: dict[tuple[Any, ...], float] = {}
        for piece in each:
            best[piece.place] = max(piece.score, best.get(piece.place, 0))
        for place, score in best.items():
            scores[place].append(score)
    count = len(group.records)
    ranked = {place: fmean(values) * (len(values) / count) ** 0.5 for place, values in scores.items()}
    # What nearly every record says in the same place is what the list is about, whatever words it uses.
    texts: defaultdict[tuple[Any, ...], Counter[str]] = defaultdict(Counter)
    for each in pieces.values():
        for piece in each:
            texts[piece.place][piece.text.casefold()] += 1
    usual = {
        place
        for place, values in scores.items()
        if count >= 2
        and len(values) >= 0.6 * count
        and fmean(values) >= 0.5
        # What says the same in most records is no name, and what has several in a row is a list within it.
        and (len(values) == 2 or max(texts[place].values()) < 0.75 * len(values))
        and len(texts[place]) > 1
        and len(scores.get((*place[:-1], place[-1] + 1), ())) * 2 < len(values)
    }
    titles = {}
    for record, each in pieces.items():
        good = [piece for piece in each if piece.score + 0.5 * (piece.place in usual) >= ENOUGH]
        if good:
            titles[record] = max(
                good, key=lambda piece: (round(ranked[piece.place] + 0.25 * piece.score, 2), -piece.line.number)
            )
    _share(group, titles)
    return titles


def _share(group: Group, titles: dict[Record, Piece]) -> None:
    """Give the title that a line of several days tells once to all of them: "4, 11 and 18: soldering"."""
    lines: defaultdict[int, list[Record]] = defaultdict(list)
    for record in group.records:
        if record.shared:
            lines[record.mark.line.number].append(record)
    for records in lines.values():
        told = [titles[record] for record in records if record in titles]
        if len(told) == 1:
            titles.update(dict.fromkeys(records, told[0]))


def common_tail(titles: list[str]) -> str:
    """Return what most titles of a list have in brackets at their end: whose list it is, and no part of a name."""
    tails = Counter(match[0] for title in titles if (match := re.search(r" *\([^()]+\)$", title)) and match.start())
    tail, count = tails.most_common(1)[0] if tails else ("", 0)
    return tail if count >= 3 and count >= 0.6 * len(titles) and len(set(titles)) > 1 else ""


def _table_of(record: Record, tables: dict[Any, Table]) -> Table | None:
    cell = record.mark.line.cell
    return tables.get(cell.table) if cell else None


def _bare(record: Record, line: Line, dates: Dates) -> str:
    """Return the text of a line without its days, times, and the names of papers that are linked."""
    text = line.text
    spans = [(begin, end) for begin, end, kind in dates.spans.get(line.number, []) if kind not in (MONTH, YEAR)]
    if line is record.mark.line and record.mark.end:
        spans.append((record.mark.begin, record.mark.end))
    low, high = 0, len(text)
    if record.shared and line is record.mark.line:
        starts = sorted(begin for begin, _ in spans if begin > record.mark.begin)
        low, high = record.mark.begin, (starts[0] if starts else high)
    characters = list(text)
    for begin, end in spans:
        for place in range(begin, min(end, len(characters))):
            characters[place] = "\0"
    bare = "".join(characters)[low:high]
    for inside, _ in line.links:
        if inside and is_paper(_YEAR.sub("", re.sub(r"\d+", "", inside))) and inside in bare:
            bare = bare.replace(inside, "\0", 1)
    return bare


def _parts(text: str, line: Line) -> list[str]:
    """Return the pieces of a line between its days, times and separators."""
    parts = []
    for part in re.split(r"\0+|\s[|•·]\s", text):
        for each in (part,) if line.level and line.level < 7 else _SEPARATORS.split(part):
            bare = re.sub(r"^\s*(?:at|on|from|the|and|le|à|de|by|@)\s*$", "", each, flags=re.IGNORECASE)
            bare = _BRACKETS.sub("", without_status(bare))
            bare = _ENDING.sub("", _PAPER_HEAD.sub("", bare))
            bare = _PAPER_TAIL.sub("", bare.strip(" .*\u200b")).strip(" .*-–—:,")
            if bare.endswith(")") and "(" not in bare:
                bare = bare[:-1]
            if bare and any(c.isalpha() for c in bare):
                parts.append(bare)
    return parts[:8]


def _place(record: Record, line: Line) -> tuple[Any, ...]:
    if line.cell is not None and record.root.tag == "tr":
        return ("column", line.cell.column)
    if line is record.mark.line:
        return ("day", line.level)
    path = []
    for element in line.ancestors:
        if element is record.root or element is record.container:
            break
        path.append(f"{element.tag}.{(element.get('class') or '').partition(' ')[0]}")
    return ("path", line.number < record.mark.line.number, line.level, *path)


def _score(text: str, line: Line, record: Record, table: Table | None) -> float:
    """Return how much makes a piece of text a title; 0 and less for what cannot be one."""
    if _NO_NAME.match(text) or _MANNER.fullmatch(text):
        return 0
    if len(text) < 3 or len(text) > LONGEST or not says_something(text) or LABEL.match(text):
        return 0
    bare = re.sub(r"\d+", " ", _YEAR.sub(" ", text))
    if is_paper(_MONTHS.sub(" ", bare)) or PLACE_LABEL.match(line.text) or re.search(r"https?://|\S@\S+\.\w", text):
        return 0
    score = 0.6
    if record.mark.root is not None and record.root.tag != "tr":
        score += 0.6  # what stands in a calendar's box is what takes place
    if 0 < line.level < 7:
        score += 1.8
    elif line.level:
        score += 0.6
    if any(text in inside or inside in text for inside, _ in line.links if len(inside) > 3):
        score += 0.5
    if meets(text):
        score += 1.0
    head = table.head(line) if table and line.cell else ""
    if head and line.cell and line is not record.mark.line:
        if PLACE_HEAD.search(head) or TIME_HEAD.search(head):
            return 0
        if is_paper(head):
            score -= 1.0
        elif TITLE_HEAD.search(head):
            score += 1.2
    classes = " ".join(
        (element.get("class") or "") + " " + (element.get("itemprop") or "") for element in line.ancestors[:2]
    ).lower()
    if re.search(r"title|summary|headline|(?:^|[\s_-])name|heading", classes):
        score += 0.8
    if ADDRESS.search(text):
        score -= 1.5
    elif ROOM.search(text) and not meets(text):
        score -= 0.9
    if len(text) > 90:
        score -= 0.8
    if text[:1].islower():
        score -= 0.1 if len(text) <= 40 else 1.2
    if re.search(r"[.!?]$", text) and len(text) > 50:
        score -= 0.8
    if re.search(
        r"^(?:due to|because)\b|"
        r"\b(?:please|click|will be|call|dial|join|if you|you can|must|should|cliquez|veuillez)\b",
        text,
        re.IGNORECASE,
    ):
        score -= 1.2
    if text.endswith(":") or line.text.rstrip().endswith(":"):
        score -= 0.5
    if abs(line.number - record.mark.line.number) > 6:
        score -= 0.3
    if re.fullmatch(r"\W*(?:first|second|third|fourth|last|\d\w\w) \w+day\W*", text, re.IGNORECASE):
        return 0
    return score


def cleaned(text: str, dates_in: list[tuple[int, int, str]] | None = None) -> str:
    """Return what a heading of a list says that its events are: without year, month and the words of lists."""
    for begin, end, _ in sorted(dates_in or [], reverse=True):
        text = f"{text[:begin]} {text[end:]}"
    text = _LISTING.sub(" ", _MONTHS.sub(" ", _YEAR.sub(" ", text)))
    text = re.sub(r"\(\s*\)|\[\s*\]", " ", text)
    text = re.sub(r"\s+", " ", text).strip(" :*–—-|.,")
    for _ in range(3):
        text = _JOINTS.sub("", text).strip(" :*–—-|.,")
    text = re.sub(r"\s*[,/&]\s*(?=[,/&])", "", text)
    words = text.split()
    if words and words[-1].lower() in _PLURALS:
        single = _PLURALS[words[-1].lower()]
        words[-1] = single.capitalize() if words[-1][0].isupper() else single
        if text.isupper():
            words[-1] = single.upper()
    return " ".join(words)


def without_month(text: str) -> str:
    """Return a title without the month and year that it begins or ends with: its event's day tells them."""
    bare = re.sub(
        rf"^{_MONTHS.pattern},? (?:19|20)\d\d\b[\s:–-]+|[\s,–-]+{_MONTHS.pattern},? (?:19|20)\d\d$",
        "",
        text,
        flags=re.I,
    )
    return bare if meets(bare) else text


def generic(text: str) -> bool:
    """Whether a title says no more than that there is a meeting."""
    return all(word in _GENERIC for word in words_of(text))


def status_in(record: Record) -> str | None:
    """Return what became of a record's event, by its own lines."""
    mark = record.mark
    for line in record.lines:
        if line is mark.line and mark.text and line.struck and mark.text[:12] in line.struck:
            return "EventCancelled"
    if record.shared:
        return status_of(mark.line.text[mark.begin : mark.end + 40].split(";")[0])
    for line in record.lines:
        if len(line.text) <= 300 and (status := status_of(line.text)):
            return status
    return None
