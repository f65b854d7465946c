"""What an article says, put together as records in the contract's JSON form."""

import hashlib
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Any

from crawler import reached
from crawler.catalogue import Source
from crawler.gazetteer import Town
from crawler.privacy import fold
from crawler.prose import events, figures, people, places, programme, resources, series, shape
from crawler.prose.article import Article, Sentence
from crawler.prose.language import confirmed
from crawler.prose.vocabulary import KNOWN_SERIES, SENSITIVE
from crawler.schema_org import person_key
from crawler.times import from_iso

MAX_QUOTES = 3  # sentences quoted for one person or place
MAX_QUOTE = 300  # characters of a sentence that are quoted
MAX_SENSITIVE = 3  # sentences on beliefs or health from which on an article's people are left alone altogether

_FRENCH = frozenset(
    "le la les des du est une dans pour que qui sur avec nous vous au et en ce cette sont pas plus par".split()
)
_ENGLISH = frozenset(
    "the of and is to in that for with on are we you this was at be by an as it from our have will".split()
)

Json = dict[str, Any]


@dataclass(frozen=True)
class Context:
    """What is known around an article: its address and source, when it was published or at least read.

    ``published`` is the day of publication; without it ``reference`` is only the day of reading, and what is told
    relative to the day ("last week") has no date. ``names_people`` is False where the page may name nobody.
    """

    url: str
    source: Source
    reference: date
    published: bool = False
    language: str | None = None
    names_people: bool = True


@dataclass
class Read:
    records: list[Json] = field(default_factory=list)
    dropped: Counter[str] = field(default_factory=Counter)


def read(article: Article, context: Context) -> Read:
    """Return the records of what an article says."""
    return _Reader(article, context).read()


def language_of(text: str) -> str:
    """Return "fr" or "en", by the small words that a text has more of."""
    words = re.findall(r"[a-zà-ÿ]+", text[:20_000].lower())
    return "en" if sum(word in _ENGLISH for word in words) > sum(word in _FRENCH for word in words) else "fr"


class _Reader:
    def __init__(self, article: Article, context: Context) -> None:
        self.article, self.context = article, context
        self.language = language_of(article.text) if article.text else context.language or "fr"
        self.country = "FR" if self.language == "fr" else None
        self.result = Read()
        self._by_block: dict[int, list[tuple[Sentence, int, str, str]]] | None = None
        self.names_people = self._may_name()
        self.whole = article.title + "\n" + article.text if article.title not in article.text else article.text

    def read(self) -> Read:
        article, context = self.article, self.context
        self.named = named = series.named(article, self.country)
        found = events.happenings(
            article, context.reference, self.language, named, self.country, relative=context.published
        )
        self.places = places.mentions(article, self.country)
        self.people = self._people()
        self.by_name: dict[str, list[people.Appearance]] = {}
        for each in self.people:
            self.by_name.setdefault(fold(each.name), []).append(each)
        self.place_names = {fold(each.name): each.name for each in reversed(self.places)}
        talks = self._talks()
        self.figures = self._figures(found)
        for number, happening in enumerate(found):
            alone = len(found) == 1
            self.result.records.append(self._event(happening, talks if alone or number == 0 else [], alone))
        if found:
            self._talk_events(found[0], talks)
        self._place_records()
        self._person_records()
        self._series_records(named, found)
        self._resource_records()
        self._organization_records()
        if not self.names_people:
            self.result.records = [shape.without_quotes(record) for record in self.result.records]
        return self.result

    # What the article says of people

    def _people(self) -> list[people.Appearance]:
        if not self.names_people:
            return []
        found = people.appearances(self.article, partial(confirmed, language=self.language))
        return [
            replace(each, organization=self._extended(each.organization, each.sentence)) if each.organization else each
            for each in found
        ]

    def _may_name(self) -> bool:
        if not self.context.names_people:
            return False
        sensitive = sum(1 for sentence in self.article.sentences if SENSITIVE.search(sentence.text))
        if sensitive >= MAX_SENSITIVE or SENSITIVE.search(self.article.title):
            self.result.dropped["people of a page on a sensitive topic"] = 1
            return False
        return True

    def _talks(self) -> list[programme.Talk]:
        return programme.talks(self.article, partial(confirmed, language=self.language)) if self.names_people else []

    def _person(self, name: str, role: str | None = None, organization: str | None = None) -> Json:
        known = self.by_name.get(fold(name), [])
        role = role or next((each.role for each in known if each.role), None)
        organization = organization or next((each.organization for each in known if each.organization), None)
        person: Json = {"type": "Person", "id": person_key(name, self.context.url), "name": name}
        if role:
            person["jobTitle"] = role
        if organization:
            person["worksFor"] = {"type": "Organization", "name": self._organization(organization)}
        return person

    def _extended(self, name: str, sentence: Sentence) -> str:
        """Return an organisation's name with the lower-case words after it that the article repeats with it."""
        begin = sentence.text.find(name)
        for match in _NEXT.finditer(sentence.text, begin + len(name)) if begin >= 0 else ():
            longer = sentence.text[begin : match.end()]
            if match.start() == begin + len(name) and self.whole.count(longer) > 1:
                return longer
        return name

    def _organization(self, name: str) -> str:
        """Return an organisation's name as the article best writes it: the one of its place where it is one."""
        if known := self.place_names.get(fold(name)):
            return known
        return name[0].upper() + name[1:] if name[0].islower() and name.split(" ")[0].islower() else name

    def _person_records(self) -> None:
        told: dict[str, Json] = {}
        for each in self.people:
            if not (each.role or each.organization):
                continue
            key = fold(each.name)
            if " " not in each.name and any(name.startswith(key + " ") for name in self.by_name):
                continue  # the first name of somebody named in full
            person = told[key] if key in told else told.setdefault(key, self._person(each.name))
            if reached.over(len(person.get("quote", ())) + 1, MAX_QUOTES, "prose.facts.MAX_QUOTES"):
                continue
            properties = ["name", *(["jobTitle"] if each.role else []), *(["worksFor"] if each.organization else [])]
            person.setdefault("quote", []).append(self._quote(properties, each.sentence))
        self.result.records += told.values()

    # Events

    def _event(self, happening: events.Happening, talks: list[programme.Talk], alone: bool) -> Json:
        record: Json = {"type": "Event", "id": self._id(happening), "name": happening.name[:500]}
        record |= self._times(happening)
        if happening.status:
            record["eventStatus"] = happening.status
        record |= self._where(happening)
        if happening.theme:
            record["about"] = [happening.theme]
        sentences = [sentence for _, sentence in happening.quotes]
        blocks = {sentence.block for sentence in sentences}
        speakers, organizers = [], []
        for each in self.people:
            if not (alone or each.sentence.block in blocks):
                continue
            if each.part == "speaker" and " " in each.name:
                speakers.append(self._person(each.name) | {"quote": [self._quote(["name"], each.sentence)]})
            elif each.part == "organizer" and " " in each.name:
                organizers.append(self._person(each.name) | {"quote": [self._quote(["name"], each.sentence)]})
        for talk in talks:
            speakers += [self._speaker(speaker, talk) for speaker in talk.speakers]
        if happening.host and self._is_organization(happening.host):
            organizers.append({"type": "Organization", "name": self._organization(happening.host)})
        organizers += [{"type": "Organization", "name": self._organization(name)} for name in happening.organizers]
        record["performer"] = shape.distinct(speakers)
        record["organizer"] = shape.distinct(organizers)
        if happening.series:
            record["superEvent"] = {"type": "EventSeries", "name": happening.series}
        record["figure"] = self.figures.pop(("event", happening.name), [])
        stated: dict[Sentence, dict[str, None]] = {}
        for properties, sentence in happening.quotes:
            stated.setdefault(sentence, {}).update(dict.fromkeys(properties))
        record["quote"] = [self._quote(list(properties), sentence) for sentence, properties in stated.items()]
        record["url"] = self.context.url
        return {key: value for key, value in record.items() if value not in (None, [], {})}

    def _times(self, happening: events.Happening) -> Json:
        where = happening.venue
        country = where.country if where and where.country else happening.town.country if happening.town else None
        if not happening.start:
            return {}
        if country not in (None, "FR") and "T" in happening.start:  # in another zone than the source's: wall time
            return {"startDate": happening.start}
        return from_iso(happening.start, happening.finish, self.context.source)

    def _is_organization(self, host: str) -> bool:
        return bool(re.match(r"[A-ZÀ-Þ]", host)) or any(fold(each.name) == fold(host) for each in self.places)

    def _speaker(self, speaker: programme.Speaker, talk: programme.Talk) -> Json:
        sentence = Sentence(talk.block.text, talk.block.begin, 0)
        return self._person(speaker.name, speaker.role, speaker.organization) | {
            "quote": [self._quote(["name"], sentence)]
        }

    def _talk_events(self, happening: events.Happening, talks: list[programme.Talk]) -> None:
        parent: Json = {"type": "Event", "id": self._id(happening), "name": happening.name[:500]}
        times = from_iso(happening.start[:10], None, self.context.source) if happening.start else {}
        for talk in talks:
            if talk.title:
                key = hashlib.sha256(fold(talk.title).encode()).hexdigest()[:12]
                record: Json = {
                    "type": "Event",
                    "id": f"{self._id(happening)}-{key}",
                    "name": talk.title[:500],
                    "additionalType": "talk",
                }
                record |= times
                record["performer"] = [self._speaker(speaker, talk) for speaker in talk.speakers]
                record["superEvent"] = parent | {key: value for key, value in times.items() if key == "startDate"}
                self.result.records.append(record)

    def _id(self, happening: events.Happening) -> str:
        what = (happening.start or "")[:10] or hashlib.sha256(fold(happening.name).encode()).hexdigest()[:12]
        return f"{self.context.url}#{what}"

    def _where(self, happening: events.Happening) -> Json:
        where, town = happening.venue, happening.town or self._town_of_title()
        if where and where.online:
            return {
                "location": {"type": "VirtualLocation", "name": where.online},
                "eventAttendanceMode": "OnlineEventAttendanceMode",
            }
        host = next((each for each in self.places if happening.host and fold(each.name) == fold(happening.host)), None)
        if where is None and host:
            return {"location": shape.place(host.name, host.town or town, host.kind)}
        if where is None:
            return {"location": shape.place(happening.town.name, happening.town)} if happening.town else {}
        return {"location": shape.venue(where, town)}

    def _town_of_title(self) -> Town | None:
        found = {town.name: town for _, town in places.towns(self.article.title, self.country, strict=True)}
        return next(iter(found.values())) if len(found) == 1 else None

    # Places, series, sites

    def _place_records(self) -> None:
        told: dict[tuple[str, str], Json] = {}
        for each in self.places:
            record = told.setdefault((each.kind, each.name), shape.place(each.name, each.town, each.kind))
            if not reached.over(len(record.get("quote", ())) + 1, MAX_QUOTES, "prose.facts.MAX_QUOTES"):
                record.setdefault("quote", []).append(self._quote(["name"], each.sentence))
        for (kind, name), record in told.items():
            record["id"] = f"{self.context.url}#{hashlib.sha256(fold(kind + name).encode()).hexdigest()[:12]}"
            if found := self.figures.pop(("place", name), []):
                record["figure"] = found
            self.result.records.append(record)

    def _series_records(self, named: list[series.Series], found: list[events.Happening]) -> None:
        counted = Counter(series.key(each.name) for each in named)
        wanted = {series.key(each.series) for each in found if each.series}
        told: dict[str, Json] = {}
        for each in named:
            key = series.key(each.name)
            if key in wanted or counted[key] > 1 or re.fullmatch(KNOWN_SERIES, each.name):
                record = told.setdefault(key, {"type": "EventSeries", "name": each.name, "quote": []})
                if not record["quote"]:
                    record["id"] = f"{self.context.url}#{hashlib.sha256(key.encode()).hexdigest()[:12]}"
                    record["quote"] = [self._quote(["name"], each.sentence)]
                    if figure := self.figures.pop(("series", key), []):
                        record["figure"] = figure
        self.result.records += told.values()

    def _resource_records(self) -> None:
        for each in resources.resources(self.article):
            record: Json = {"type": "Organization", "name": each.name, "additionalType": each.kind}
            record["id"] = f"{self.context.url}#{hashlib.sha256(fold(each.name).encode()).hexdigest()[:12]}"
            if each.url and re.match(r"https?://", each.url):
                record["url"] = each.url
            record["quote"] = [self._quote(["name"], each.sentence)]
            self.result.records.append(record)

    # Figures

    def _figures(self, found: list[events.Happening]) -> dict[tuple[str, str], list[Json]]:
        """Return the figures by the thing that they are of: its kind, and its name or key."""
        result: dict[tuple[str, str], list[Json]] = {}
        for figure in figures.figures(self.article):
            about = self._about(figure, found)
            if about:
                value: Json = {"name": figure.name}
                value |= (
                    {"value": figure.value}
                    if figure.maximum is None
                    else {"minValue": figure.value, "maxValue": figure.maximum}
                )
                value |= {"unitText": figure.unit, "quote": [self._quote([], figure.sentence)]}
                known = result.setdefault(about, [])
                if all((each["name"], each.get("value")) != (value["name"], value.get("value")) for each in known):
                    known.append(value)
        return result

    def _about(self, figure: figures.Figure, found: list[events.Happening]) -> tuple[str, str] | None:
        """Return what a figure is of: what its sentence names, else what its paragraph named last, else the event."""
        sentence = figure.sentence
        near = self._near(sentence.block)
        here = sorted((begin, kind, name) for where, begin, kind, name in near if where == sentence)
        if len(found) == 1 and not found[0].announced and _ATTENDANCE.search(figure.name) and _of_event(here, found[0]):
            return "event", found[0].name
        if here:
            before = [each for each in here if each[0] < figure.begin]
            return (before[-1] if before else here[0])[1:]
        for happening in found:
            if any(each == sentence for _, each in happening.quotes) and not happening.announced:
                return "event", happening.name
        paragraph = sorted(
            (where.begin + begin, kind, name) for where, begin, kind, name in near if where.begin < sentence.begin
        )
        if paragraph:
            return paragraph[-1][1:]
        if len(found) == 1 and not found[0].announced and _ATTENDANCE.search(figure.name):
            return "event", found[0].name
        names = {each.name for each in self.places if each.sentence.begin < sentence.begin}
        if len(names) == 1 and not (found and _ATTENDANCE.search(figure.name)):
            return "place", names.pop()
        keys = {series.key(each.name) for each in self.named}
        return ("series", keys.pop()) if not names and len(keys) == 1 and not found else None

    def _near(self, block: int) -> list[tuple[Sentence, int, str, str]]:
        """Return the places, series and organisations that a block names: sentence, offset in it, kind, name or key."""
        if self._by_block is None:
            self._by_block = {}
            named = [(each.sentence, each.begin, "place", each.name) for each in self.places]
            named += [(each.sentence, each.begin, "series", series.key(each.name)) for each in self.named]
            for each in [*named, *self._organizations_named()]:
                self._by_block.setdefault(each[0].block, []).append(each)
        return self._by_block.get(block, [])

    def _organizations_named(self) -> list[tuple[Sentence, int, str, str]]:
        """Return where the organisations that somebody works for are spoken of themselves; places are elsewhere."""
        names = {each.organization for each in self.people if each.organization}
        return [
            (sentence, match.start(), "organization", name)
            for name in sorted(name for name in names if fold(name) not in self.place_names)
            for sentence in self.article.sentences
            for match in re.finditer(rf"(?<![\w’'-]){re.escape(name)}(?![\w’'-])", sentence.text)
            if not _OF_SOMEBODY.search(sentence.text[: match.start()])
        ]

    def _organization_records(self) -> None:
        for (kind, name), found in list(self.figures.items()):
            if kind == "organization":
                record: Json = {"type": "Organization", "name": name, "figure": found}
                record["id"] = f"{self.context.url}#{hashlib.sha256(fold(name).encode()).hexdigest()[:12]}"
                self.result.records.append(record)

    def _quote(self, properties: list[str], sentence: Sentence) -> Json:
        exact = sentence.text
        if reached.over(len(exact), MAX_QUOTE, "prose.facts.MAX_QUOTE"):
            exact = exact[: MAX_QUOTE - 1].rsplit(" ", 1)[0] + "…"
        quote: Json = {"exact": exact, "start": sentence.begin, "end": sentence.end}
        return {"property": properties, **quote} if properties else quote


_OF_SOMEBODY = re.compile(r"(?:\b(?:de|du|des|la|chez|of|at|from|for|the|à|au|@)|\bd['’]|\()\s?$", re.IGNORECASE)
_NEXT = re.compile(r" (?:(?:des?|du|de la|aux?|en|à) |d['’]|de l['’])?[a-zß-öø-ÿœ]{3,}(?![\w’'-])")
_ATTENDANCE = re.compile(
    r"participant|personne|people|inscrit|attendee|visiteur|visitor|projet|project|équipe|team|groupe|"
    r"mentor|pays|countries",
    re.IGNORECASE,
)


def _of_event(here: list[tuple[int, str, str]], happening: events.Happening) -> bool:
    """Whether a count of people or projects in a sentence that names these things is the event's."""
    return not any(kind == "place" for _, kind, _ in here) or any(
        kind == "series" and happening.series and name == series.key(happening.series) for _, kind, name in here
    )
