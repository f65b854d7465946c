"""Events that prose tells of: announced with day, hour and place, or reported with series, theme and speakers."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial

from crawler import dates
from crawler.gazetteer import Town
from crawler.privacy import fold
from crawler.prose.article import MAX_SENTENCE, Article, Sentence
from crawler.prose.names import ORGANIZATION, is_plausible
from crawler.prose.series import Series, key
from crawler.prose.venues import Venue, labelled, venue
from crawler.prose.vocabulary import NOT_NAMES, UPPER

# What says, in the sentence of a date, that something takes place then.
_TAKES_PLACE = re.compile(
    r"\b(?:aur(?:a|ont) lieu|se (?:tiendra|tiendront|déroulera|dérouleront|tient|déroule|déroulait|"
    r"tenait)|est (?:prévue?|organisée?|fixée?|programmée?)|"
    r"rendez-vous|rdv|on se (?:retrouve|retrouvera|voit|donne rendez-vous)|se retrouver(?:a|ont)|"
    r"(?:vous|nous) (?:donne|donnons|attend|attendons|invite|invitons|accueille|"
    r"accueillera|accueillerons|retrouvons|retrouverons)|retrouvez[- ]nous|"
    r"(?:a|ont) eu lieu|s['’]est (?:tenue?|déroulée?)|sera organisée?|sera inaugurée?|(?:ouvre|"
    r"ouvrira) ses portes|aura pour thème|aura lieu|"
    r"prochain(?:e)? (?:édition|rencontre|rendez-vous|soirée|réunion|atelier)|"
    r"takes? place|took place|will be held|is (?:being )?held|was held|will meet|meets|join us|"
    r"we(?:'re| are) meeting|we meet|next (?:meeting|meetup|event|edition|session)|see you)\b",
    re.IGNORECASE,
)
# Dates of other things than the event itself.
_OTHER_DATE = re.compile(
    r"ouverture des (?:places|inscriptions|réservations)|inscriptions? (?:ouvertes?|jusqu|avant|du)|"
    r"s['’]inscrire avant|publié|posté|mis à jour|modifié|avant le|jusqu['’]au|"
    r"à partir du|deadline|register by|registration (?:opens|closes)|posted|published|updated|"
    r"tickets? (?:on sale|available)|appel à|call for|depuis",
    re.IGNORECASE,
)
_WHEN = re.compile(  # headings under which a date is the event's
    r"(?:infos?|informations?) pratiques?|en pratique|(?:ou et |et )?quand(?: et ou)?|ou et quand|"
    r"date(?: et (?:lieu|heure|horaires?))?|"
    r"(?:when|where)(?: and (?:where|when))?|practical (?:info|information|details)|details|rendez vous"
)
_PAST = re.compile(
    r"\b(?:se (?:déroulait|tenait)|a eu lieu|ont eu lieu|s['’]est (?:tenue?|déroulée?)|took place|was held)\b",
    re.IGNORECASE,
)
_LABEL = re.compile(r"^(?:date|quand|when|jour|horaires?|date et heure|date & heure)\s*[:：]", re.IGNORECASE)
_CANCELLED = re.compile(
    r"\b(?:est|a été|is|has been|was) (?:annulée?|cancell?ed)\b|^\W*(?:ANNUL[ÉE]E?|CANCELL?ED)\b", re.IGNORECASE
)
_POSTPONED = re.compile(
    r"\b(?:est|a été|is|has been) (?:reportée?|postponed)\b|^\W*(?:REPORT[ÉE]E?|POSTPONED)\b", re.IGNORECASE
)
_THEME = re.compile(
    r"(?:avait|aura|a|ayant|avec|with|has|had) (?:pour|comme|as) (?:thème|thématique|sujet|a theme|theme|topic)\s*:?\s*"
    r"(?P<theme>[^.!?;\n]{3,120})|"
    r"\b(?:thème|thématique|sujet|theme|topic)(?: (?:du|de la|de l['’]|of|for|"
    r"this) ?[\w’'-]+)?\s*:\s*(?P<topic>[^.!?;\n]{3,120})|"
    r"\b(?:sur|autour d[ue]|on|around) (?:le |the )?(?:thème|thématique|sujet|theme|topic) (?:de la |"
    r"de l['’]|du |des |de |d['’]|of )?\s*:?\s*"
    r"(?P<on>[^.!?;\n]{3,120})",
    re.IGNORECASE,
)
# Where a theme's words end and the sentence goes on.
_THEME_END = re.compile(
    r"\s*[,(–]\s.*$|\s(?:par|by|avec|with|animée?|présentée?|proposée?|le (?:lundi|mardi|mercredi|"
    r"jeudi|vendredi|samedi|dimanche|\d)|"
    r"à \d|at \d|qui|who|que|a réuni|aura lieu)\s.*$",
    re.IGNORECASE,
)
_OCCASION = re.compile(
    rf"(?P<name>(?:inauguration|ouverture|fête|lancement|opening|launch) (?:de la |de l['’]|du |des |"
    rf"de |d['’]|of the |of )(?:la |le |l['’]|the )?[{UPPER}\w][^,.;:!?()]{{2,70}}?)(?=\s+(?:aura|"
    rf"se tiendra|a eu|est|le|ce|du|qui|will|is|took|on)\b|[,.;:!?()])",
    re.IGNORECASE,
)
_INAUGURATED = re.compile(
    rf"(?:^|[,.] |[Ll]['’]|[Ll]a |"
    rf"[Ll]e )(?P<what>[{UPPER}][^,.;:!?()]{{2,70}}?) (?:sera (?:officiellement )?inaugurée?|"
    rf"a été inaugurée?|"
    rf"(?P<opens>ouvre|ouvrira|a ouvert) ses portes)"
)
_ORGANIZED_BY = re.compile(
    rf"(?i:organi[sz]ée?s?|co-organi[sz]ée?s?|organi[sz]ed|proposée?s?|portée?s?|hosted|run) (?:par|"
    rf"by) (?P<who>(?:(?:l['’]|la |le |les |the )?"
    rf"(?:association |société |collectif |agence )?{ORGANIZATION}(?:,? (?:et|and|&) |, )?){{1,4}})"
)
_INVITES = re.compile(
    rf"(?:^|[,.] )(?:l['’]|la |le |les |the )?(?:association |société |collectif |"
    rf"agence )?(?P<who>(?-i:{ORGANIZATION})) "
    rf"(?:(?:vous|nous) (?:invite|propose|convie|donne rendez-vous|accueille)(?:nt)?|organise(?:nt)?|"
    rf"invites you|hosts|organi[sz]es)\b",
    re.IGNORECASE,
)
_THANKS = re.compile(
    r"(?:merci|thanks|thank you|un grand merci) (?:encore )?(?:à la |à l['’]|au |aux |à |to the |"
    r"to )(?P<host>[^,.!?;]{3,60}?) (?:pour|qui|for|who) (?:l['’]|son |leur |nous |a |ont |nous a |"
    r"nous ont |the |their )?(?:accueil\w*|hospitalité|héberge\w*|reçus?|hosting|having us|venue|"
    r"hospitality)",
    re.IGNORECASE,
)
_WAS_THERE = re.compile(
    r"\b(?:était|étions|étais|étaient|avait|avons|a eu|ont|s['’]est|fut|was|were|had|met|took|"
    r"gathered|dernière?|last)\b",
    re.IGNORECASE,
)
_REPORT = re.compile(r"\b(?:retour (?:sur|d)|compte[- ]rendu|bilan|report|recap|looking back|review)\b", re.IGNORECASE)
GENERIC = frozenset(  # words of headings that name nothing
    """
    concept programme informations pratiques inscription infos agenda presentation about welcome bienvenue accueil home
    contact
    """.split()
)


TITLES = 2  # the level of heading down to which one is a page's title
EARLY = 8  # sentences at a report's beginning in which its day stands
NEAR = 90  # days between an announcement and its event

Days = Callable[[str], dates.Expression | None]
Find = Callable[[str], list[dates.Expression]]


@dataclass(slots=True)
class Happening:
    """An event as the article tells of it. ``quotes`` are the sentences that state it, by property."""

    name: str
    series: str | None = None
    start: str | None = None
    finish: str | None = None
    venue: Venue | None = None
    town: Town | None = None
    theme: str | None = None
    host: str | None = None
    organizers: list[str] = field(default_factory=list)
    status: str | None = None
    announced: bool = False
    named_there: bool = False  # its own sentence says what it is called
    quotes: list[tuple[tuple[str, ...], Sentence]] = field(default_factory=list)


def happenings(
    article: Article, reference: date, language: str, named: list[Series], country: str | None, *, relative: bool
) -> list[Happening]:
    """Return the events of the article, in order of their telling: announced ones, else the one that it reports on.

    ``relative`` says whether ``reference`` is the day of publication, so that "last Thursday" has a date.
    """
    days = partial(_day, reference=reference, language=language, relative=relative)
    find = partial(dates.find, reference=reference, language=language)
    found = list(_announced(article, days, find, named, country))
    if not found:
        found = list(_reported(article, days, find, named))
        for happening in found:
            if happening.venue is None:
                happening.venue = _venue_told(happening, find, country)
    theme_of(article, found)
    _organizers(article, found)
    for sentence in article.sentences:
        thanks = _THANKS.search(sentence.text)
        if thanks and len(found) == 1 and not found[0].host:
            found[0].host = re.sub(r"^(?:la|le|les|l['’]|the)\s?", "", thanks["host"]).strip()
            found[0].quotes.append((("organizer", "location"), sentence))
    return found


def _announced(
    article: Article, days: Days, find: Find, named: list[Series], country: str | None
) -> Iterator[Happening]:
    told: dict[str, Happening] = {}
    for number, sentence in enumerate(article.sentences):
        label = _LABEL.match(sentence.text)
        if len(sentence.text) > MAX_SENTENCE or not (day := days(sentence.text)):
            continue
        block = article.blocks[sentence.block]
        here = any(each.sentence == sentence for each in named) or _OCCASION.search(sentence.text) is not None
        told_here = (
            label
            or _TAKES_PLACE.search(sentence.text)
            or _WHEN.fullmatch(fold(block.section))
            or (here and (day.time is not None or (block.kind == "heading" and block.level <= TITLES)))
        )
        if not told_here:
            continue
        start, finish = day.start, day.finish
        following = article.text[sentence.begin + day.end : sentence.begin + day.end + 900]
        if start and "T" not in start and (hour := _hour(sentence, day, article, number, find)):
            start, finish = hour
        where = _place(article, number, following, find, country)
        if where is None or not (where.name or where.street or where.online):
            before = venue(sentence.text[: day.begin], country)
            where = before if before and (before.name or before.street) else where
        name, of, own = _named(article, sentence, named, day)
        detailed = "T" in (start or "") or (where is not None and bool(where.name or where.street or where.online))
        if not own and (_PAST.search(sentence.text) or not (detailed or label)):
            continue  # what took place is not what the page is called
        if not own and any(
            not each.named_there for each in told.values() if (each.start or "")[:10] != (start or "")[:10]
        ):
            continue  # a second date without a name of its own: of what, nobody says
        happening = Happening(name, of.name if of else None, start, finish, where, announced=True, named_there=own)
        happening.town = of.town if of and not (where and where.town) else None
        happening.status = _status(article, sentence)
        happening.quotes.append((("startDate", "location") if where else ("startDate",), sentence))
        known = told.setdefault((start or "")[:10], happening)
        if known is not happening:  # the same day again: what it adds
            known.venue = known.venue or happening.venue
            if "T" not in (known.start or "") and "T" in (start or ""):
                known.start, known.finish = start, finish
            known.quotes += happening.quotes
    yield from told.values()


def _day(text: str, reference: date, language: str, relative: bool) -> dates.Expression | None:
    found = [
        each
        for each in dates.find(text, reference, language)
        if each.kind in (dates.DATE, dates.DATETIME, dates.RANGE, dates.RELATIVE, dates.ITEM)
        and each.start
        and len(each.start) >= 10
        and not _OTHER_DATE.search(text[max(0, each.begin - 50) : each.begin])
        and (relative or not each.relative)
        and not (each.relative and each.finish and each.finish[:10] != each.start[:10])
    ]
    exact = [each for each in found if not each.relative]
    if len(exact) > 1 and all(each.kind == dates.ITEM for each in exact):  # "les 8, 9 et 10 novembre"
        first, last = exact[0].start or "", exact[-1].start or ""
        if date.fromisoformat(last[:10]).toordinal() - date.fromisoformat(first[:10]).toordinal() == len(exact) - 1:
            return replace(exact[0], finish=last[:10], start=first[:10], end=exact[-1].end)
    return _right_year(exact[0], reference) if exact else found[0] if found else None


def _month(text: str, find: Find) -> str | None:
    """Return the month with its year that a sentence tells, where it tells no day."""
    for each in find(text):
        if (
            each.kind == dates.MONTH
            and each.has_year
            and not _OTHER_DATE.search(text[max(0, each.begin - 50) : each.begin])
        ):
            return each.start
    return None


def _right_year(day: dates.Expression, reference: date) -> dates.Expression:
    """Return the day in the year next to the written one that its weekday fits and that is near: a slip of January."""
    if not day.weekday_is_wrong or day.start is None or day.finish:
        return day
    written = date.fromisoformat(day.start[:10])
    for year in (written.year + 1, written.year - 1):
        try:
            other = written.replace(year=year)
        except ValueError:
            continue
        if other.weekday() == day.weekday and abs((other - reference).days) <= NEAR:
            return replace(day, start=other.isoformat() + day.start[10:])
    return day


def _hour(
    sentence: Sentence, day: dates.Expression, article: Article, number: int, find: Find
) -> tuple[str, str | None] | None:
    """Return start and end with the hour that stands apart from the day: later in its sentence or in the next two."""
    texts = [sentence.text[day.end :], *(each.text for each in article.sentences[number + 1 : number + 3])]
    for text in texts:
        if _OTHER_DATE.search(text):
            continue
        for each in find(text):
            if each.kind == dates.TIME and each.time:
                joined = dates.combine(day, each)
                return (joined.start or day.start or "", joined.finish)
    return None


def _place(article: Article, number: int, following: str, find: Find, country: str | None) -> Venue | None:
    around = article.sentences[max(0, number - 3) : number + 6]
    for each in around:
        if text := labelled(each.text):
            found = venue("à " + text, country) or venue(text, country)
            if found and not found.name and not re.match(r"\d", text):
                head = re.split(r"\s*[,(–]|\s-\s", text)[0].strip()
                return Venue(head, found.street, found.postcode, found.town, found.region, found.country)
            return found
    # Up to the next heading: what stands under another one is of something else.
    block = article.blocks[article.sentences[number].block]
    end = next((b.begin for b in article.blocks if b.kind == "heading" and b.begin > block.begin), len(article.text))
    begin = article.sentences[number].end - len(article.sentences[number].text)
    length = max(0, end - begin)
    return venue(_without_dates(following[:length], find), country)


def _named(
    article: Article, sentence: Sentence, named: list[Series], day: dates.Expression
) -> tuple[str, Series | None, bool]:
    """Return what the event is called, the series that it belongs to, and whether its own sentence names it."""
    here = [each for each in named if each.sentence == sentence]
    title = [each for each in named if each.text in article.title or fold(each.name) in fold(article.title)]
    counted = Counter(each.name for each in named)
    often = (
        max(named, key=lambda each: (counted[each.name], each.number is not None, each.town is not None))
        if named
        else None
    )
    of = here[0] if here else title[0] if title else often
    if here and (here[0].number or here[0].town or (title and here[0].name != title[0].name)):
        return here[0].text, of, True
    if (opened := _INAUGURATED.search(sentence.text)) and article.title:
        what = opened["what"][0].upper() + opened["what"][1:]
        return (f"Ouverture : {what}" if opened["opens"] else f"Inauguration : {what}"), None, True
    if occasion := _OCCASION.search(sentence.text):
        end = day.begin if day.begin > occasion.start() else len(sentence.text)
        return sentence.text[occasion.start() : min(occasion.end(), end)].rstrip(" ,:(–-"), None, True
    if article.title and not _REPORT.search(article.title) and fold(article.title) not in GENERIC:
        return article.title, of, False
    if of:
        return of.name, of, bool(here)
    heading = next(
        (b.text for b in article.blocks if b.kind == "heading" and not set(fold(b.text).split()) <= GENERIC), None
    )
    return heading or article.title or sentence.text[:80], of, False


def _reported(article: Article, days: Days, find: Find, named: list[Series]) -> Iterator[Happening]:
    """Yield the event that a report is about: one named with its town or number, of which more is told."""
    told: dict[tuple[str, str], Happening] = {}
    for each in named:
        if not (each.town or each.number):
            continue
        text = each.sentence.text
        theme = _THEME.search(text)
        day = days(text)
        past = re.search(
            r"\b(?:avait|était|a été|ont|a eu|fut|was|were|had|took|last|dernier|dernière|hier|yesterday)\b", text
        )
        titled = article.blocks[each.sentence.block].kind == "heading" or text == article.title
        report = _REPORT.search(article.title) is not None
        if not (theme or day or (past and _month(text, find)) or (report and (past or titled))):
            continue
        which = (key(each.name), each.town.name if each.town else "")
        happening = told.setdefault(which, Happening(each.text, each.name, town=each.town))
        if each.number and not re.search(r"\d", happening.name):
            happening.name = each.text
        properties: tuple[str, ...] = ("name",)
        if day and not happening.start:
            happening.start, happening.finish = day.start, day.finish
            properties = ("name", "startDate")
        elif past and not happening.start and (month := _month(text, find)):
            happening.start, properties = month, ("name", "startDate")
        happening.quotes.append((properties, each.sentence))
    if len(told) == 1 and _REPORT.search(article.title):  # the day may stand in a sentence of its own
        happening = next(iter(told.values()))
        for sentence in article.sentences[:EARLY]:
            if happening.start:
                break
            if (day := days(sentence.text)) and _WAS_THERE.search(sentence.text):
                happening.start, happening.finish = day.start, day.finish
                happening.quotes.append((("startDate",), sentence))
    yield from told.values()


def _organizers(article: Article, found: list[Happening]) -> None:
    """Give the one event the organisations that a sentence says it is organised by."""
    for sentence in article.sentences if len(found) == 1 else ():
        if len(sentence.text) > MAX_SENTENCE:
            continue
        if match := _ORGANIZED_BY.search(sentence.text) or _INVITES.search(sentence.text):
            for who in re.split(r",? (?:et|and|&) |, ", match["who"]):
                name = re.sub(
                    r"^(?:l['’]|la |le |les |the )?(?:association |société |collectif |agence )?", "", who
                ).strip(" .")
                if (
                    name and not is_plausible(name) and fold(name) not in NOT_NAMES
                ):  # people are read elsewhere, and checked
                    found[0].organizers.append(name)
            if found[0].organizers:
                found[0].quotes.append((("organizer",), sentence))
                return


def theme_of(article: Article, found: list[Happening]) -> None:
    """Give each event the theme that stands in its sentences, or, where there is one event, anywhere."""
    for happening in found:
        sentences = [sentence for _, sentence in happening.quotes]
        for sentence in [*sentences, *(article.sentences if len(found) == 1 else ())]:
            if len(sentence.text) <= MAX_SENTENCE and (match := _THEME.search(sentence.text)):
                theme = match["theme"] or match["topic"] or match["on"]
                quoted = re.match(r"\s*[«“\"]\s*([^»”\"]{3,100}?)\s*[»”\"]", theme)
                happening.theme = quoted[1] if quoted else _THEME_END.sub("", theme).strip(' «»“”":')
                happening.quotes.append((("about",), sentence))
                break


def _venue_told(happening: Happening, find: Find, country: str | None) -> Venue | None:
    """Return the place that stands in a sentence with the event's day."""
    for properties, sentence in happening.quotes:
        if "startDate" in properties:
            where = venue(_without_dates(sentence.text, find), country)
            if where and where.name and not where.online:
                return where
    return None


def _without_dates(text: str, find: Find) -> str:
    """Return a text with a stop where dates stood: the place before one ends there."""
    for each in reversed(find(text)):
        text = text[: each.begin] + ";" + text[each.end :]
    return text


def _status(article: Article, sentence: Sentence) -> str | None:
    for text in (article.title, sentence.text):
        if _CANCELLED.search(text):
            return "EventCancelled"
        if _POSTPONED.search(text):
            return "EventPostponed"
    return None
