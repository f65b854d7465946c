"""People in a public role, as sentences say it: "X, directrice de la Y", "animé par X (Y)", "X, CEO of Y".

A name counts only together with the words that give the role: never a name alone.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from crawler import reached
from crawler.privacy import fold
from crawler.prose.article import MAX_SENTENCE, Article, Sentence
from crawler.prose.names import ORGANIZATION, Name, is_first_name, people
from crawler.prose.vocabulary import LOWER, ROLE_HEAD, SENSITIVE, UPPER

MAX_CHECKED = 500  # sentences of one page that are given to the language model

Part = Literal["speaker", "organizer"]


@dataclass(frozen=True, slots=True)
class Appearance:
    """A person in one sentence. ``part`` is what they do at the event that it speaks of, where it says so."""

    name: str
    sentence: Sentence
    begin: int  # of the name in the sentence
    role: str | None = None
    organization: str | None = None
    part: Part | None = None


Checker = Callable[[str, list[Name]], list[Name]]

_DET = (
    r"(?:(?:le|la|l['’]|les|un|une|the|a|an|notre|nos|our|its|son|sa|leurs?|also|aussi|également|"
    r"ancien|ancienne|actuel|actuelle|nouveau|nouvelle|jeune|current|former)\s?)*"
)
_OF = (
    r"(?:de la|de l['’]|du|des|de|d['’]|chez|au sein d(?:e la|e l['’]|u|e)|à la|à l['’]|à|at the|at|"
    r"of the|of|for the|for|from|with|@)"
)
_ORG = rf"(?:la |le |les |[Ll]['’]|the |notre )?(?P<org>(?:(?:La|Le|Les|The) )?{ORGANIZATION})"
# A role: its head, the lower-case words that narrow it down, and the organisation.
_ROLE = (
    rf"(?P<role>(?i:{ROLE_HEAD})(?:(?: (?:et|and|,))?(?: (?:à l['’]|à la |au |aux |en )|"
    rf" )[{LOWER}][{LOWER}'’-]+){{0,4}}?)(?:(?:\s+{_OF}\s?|, ){_ORG})"
)
_ROLE_ALONE = (
    rf"(?P<role>(?i:{ROLE_HEAD})(?: (?:général|générale|adjoint|adjointe|associé|associée|technique|"
    rf"indépendant|indépendante|bénévole|exécutif|exécutive|artistique|commercial|"
    rf"commerciale))?)(?: (?:de la |de l['’]|du |des |of the |"
    rf"of our )[{LOWER}][{LOWER}'’-]+(?: [{LOWER}'’-]+)?)?(?=\s*(?:[,.;:)!]|$|et |and |qui |who ))"
)
_VERB = (
    r"(?:(?:nous |vous |y )?(?:présentera|présente|a présenté|présentait|animera|anime|a animé|"
    r"interviendra|intervenait|parlait|est intervenue?|parlera|a parlé|"
    r"viendra|vient|est venue?|racontera|expliquera|proposera)|(?:nous |vous )a (?:présenté|parlé|raconté|expliqué)|"
    r"will (?:present|talk|speak|give|show|explain|introduce)|(?:presented|spoke|gave a talk|talked|"
    r"presents|talks|speaks))\b"
)
_AFTER = (  # anchored at the end of the name
    re.compile(rf"\s*,\s*(?:qui (?:est|était)|who(?:'s| is| was))?\s*{_DET}{_ROLE}"),
    re.compile(rf"\s*\(\s*{_DET}{_ROLE}\s*\)?"),
    re.compile(rf"\s*,?\s*(?:qui |who )?(?:est|était|sera|devient|is|was|becomes|will be)\s+{_DET}{_ROLE}"),
    re.compile(rf"\s+[–—-]\s+{_DET}{_ROLE}"),
    re.compile(rf"\s*[,(]\s*{_DET}{_ROLE_ALONE}"),
)
_DOES = re.compile(
    rf"\s*,?\s*(?:qui |who )(?P<verb>dirige|représente|préside|anime|gère|coordonne|a fondé|a créé|"
    rf"runs|founded|co-founded|manages|"
    rf"represents|leads|organi[sz]es)\s+{_ORG}"
)
_ROLE_OF_VERB = {  # what somebody is called who does that, in the form that stands in dictionaries
    "dirige": "dirigeant", "représente": "représentant", "préside": "président", "anime": "animateur", "gère": "gérant",
    "coordonne": "coordinateur", "a fondé": "fondateur", "a créé": "créateur", "runs": "manager", "founded": "founder",
    "co-founded": "co-founder", "manages": "manager", "represents": "representative", "leads": "lead",
    "organises": "organiser", "organizes": "organizer",
}  # fmt: skip
_IN_PARENTHESES = re.compile(rf"\s*\(\s*(?:de |du |d['’]|chez |from |@\s?)?{_ORG}\s*\)")
_FROM = re.compile(rf"\s*,?\s*(?:de la|de l['’]|du|chez|from|of|at|@)\s?{_ORG}")
_SPEAKS = re.compile(rf"\s*(?:\([^()]{{1,60}}\)|,[^,.]{{1,80}},)?\s*(?:qui |who )?{_VERB}")
_BEFORE_SPEAKER = re.compile(
    r"(?:(?:animée?s?|présentée?s?|proposée?s?|donnée?s?|assurée?s?|menée?s?|presented|given|led|"
    r"moderated|run) (?:par|by)|"
    r"(?:l['’]|les |nos |notre |le |la |the |our )?(?:intervenante?s?|conférenci(?:er|ère)s?|"
    r"orat(?:eur|rice)s?|speakers?|invitée?s?|guests?)"
    r"(?: du jour| de la soirée| tonight| this month)?\s*(?:était|étaient|est|sera|seront|sont|is|are|"
    r"was|were|will be|:)+\s*:?|"
    r"(?:talk|conférence|présentation|intervention|atelier|keynote|exposé|workshop|session|causerie|"
    r"mini-conférence) (?:de|par|by|avec|with)|"
    r"(?:talk|conférence|présentation|intervention|atelier|exposé) d['’]|"
    r"(?:talk|conférence|présentation|intervention|atelier|keynote|exposé|démonstration|session|"
    r"retour d['’]expérience) "
    r"[^.;:()]{1,70}? (?:par|avec|by|with)|"
    r"(?:avec|with) (?:pour|comme|en) (?:intervenante?s?|invitée?s?))\s*(?:notamment )?$",
    re.IGNORECASE,
)
_BEFORE_ORGANIZER = re.compile(
    r"(?:organi[sz]ée?s?|co-organi[sz]ée?s?|organi[sz]ed|hosted|initiée?s?|lancée?s?|started) (?:par|by)\s*$",
    re.IGNORECASE,
)
_BEFORE_ROLE = re.compile(rf"(?:^|[\s(«“]){_DET}{_ROLE}\s*(?:,|:|est|is)?\s*$")
_BEFORE_ROLE_ALONE = re.compile(
    r"(?:^|[\s(«“,])(?:le |la |l['’]|the |our |notre |son |sa |its |un |une |leur )"
    r"(?P<role>(?:co-?|vice-?)?(?:fondat(?:eur|rice)|direct(?:eur|rice)|président|présidente|gérant|gérante|founder|"
    r"organi[sz]er|director|manager|animat(?:eur|rice)|créat(?:eur|rice)|coordinat(?:eur|rice)|"
    r"coordinator|trésori(?:er|ère)|treasurer|secrétaire|responsable|gérante?)"
    r"(?: (?:général|générale|exécutif))?),?\s*$",
    re.IGNORECASE,
)
_BEFORE_HOST = re.compile(
    r"(?:co-?)?(?:organisat(?:eur|rice)s?|organi[sz]ers?|hosts?) (?:de l['’]|de la |du |"
    r"of the )(?:événement|évènement|soirée|rencontre|journée|event|evening|meetup),?\s*$",
    re.IGNORECASE,
)
_FIRST_NAME = re.compile(
    rf"(?<![\w’'.@#-])(?<![{UPPER}{LOWER}] )([{UPPER}][{LOWER}]+(?:-[{UPPER}][{LOWER}]+)?)(?=, {_DET}(?i:{ROLE_HEAD}))"
)
_JOINS = re.compile(
    r"\s*(?:\([^()]{1,60}\))?\s*(?:,|et|and|&|\+|ainsi que|as well as|, et|, and)\s*(?:de |d['’]|par |by )?"
)


def appearances(article: Article, check: Checker) -> Iterator[Appearance]:
    """Yield the people whom the article shows in a public role, sentence by sentence.

    ``check`` gets a sentence and the names found in it and returns those that it holds to be people's, without words
    before the name where it knows better.
    """
    checked = 0
    for sentence in article.sentences:
        if len(sentence.text) > MAX_SENTENCE or SENSITIVE.search(sentence.text):
            continue
        found = list(_in_sentence(sentence))
        if not found:
            continue
        checked += 1
        if reached.over(checked, MAX_CHECKED, "prose.people.MAX_CHECKED"):
            return
        kept = {name.end: name for name in check(sentence.text, [_name(each) for each in found])}
        for each in found:
            if name := kept.get(each.begin + len(each.name)):
                yield replace(each, name=name.text, begin=name.begin)


def _name(appearance: Appearance) -> Name:
    return Name(appearance.name, appearance.begin, appearance.begin + len(appearance.name))


def _in_sentence(sentence: Sentence) -> Iterator[Appearance]:
    text = sentence.text
    names = list(people(text)) + list(_first_names(text))
    names.sort(key=lambda name: name.begin)
    run: list[Appearance] = []  # names joined by "et" that wait for what is said of them all
    told = 0  # where what is said of the last of them ends
    for number, name in enumerate(names):
        before, after = text[: name.begin], text[name.end :]
        joined = bool(run) and bool(_JOINS.fullmatch(text[told : name.begin]))
        if not joined:
            yield from _told(run)
            run = []
        single = " " not in name.text
        found = Appearance(name.text, sentence, name.begin)
        found, length = _role(found, before, after, first=number == 0 or not joined)
        told = name.end + length
        found = _part(found, before, after)
        if joined and run[-1].part and not found.part:
            found = replace(found, part=run[-1].part)
        if found.part and not found.organization and not single:
            inside = _IN_PARENTHESES.match(after) or _FROM.match(after)
            if inside:
                found = replace(found, organization=_organization(inside["org"], name.text))
        if joined and not found.role and run[0].role and _is_plural(run[0].role):
            found = replace(found, role=run[0].role, organization=run[0].organization)
        if joined and found.role and not run[-1].role and _is_plural(found.role):
            run = [
                replace(each, role=each.role or found.role, organization=each.organization or found.organization)
                for each in run
            ]
        if single and not (found.role and found.organization):
            continue
        run.append(found)
    yield from _told(run)


def _told(run: list[Appearance]) -> Iterator[Appearance]:
    plural = len(run) > 1
    for each in run:
        if each.role or each.part:
            yield replace(each, role=_singular(each.role)) if plural and each.role else each


def _first_names(text: str) -> Iterator[Name]:
    """Yield single words that stand as a name does before a role: "Éric, fondateur de Mutinerie"."""
    for match in _FIRST_NAME.finditer(text):
        if is_first_name(match[1]):
            yield Name(match[1], match.start(1), match.end(1))


def _role(found: Appearance, before: str, after: str, *, first: bool) -> tuple[Appearance, int]:
    """Return the person with role and organisation, and how many characters after the name tell them."""
    for pattern in (*_AFTER, _DOES):
        if match := pattern.match(after):
            groups = match.groupdict()
            role = _ROLE_OF_VERB[groups["verb"]] if groups.get("verb") else _clean_role(groups["role"])
            organization = _organization(groups.get("org"), found.name)
            return replace(found, role=role, organization=organization), match.end()
    if first:
        for pattern in (_BEFORE_ROLE, _BEFORE_ROLE_ALONE):
            if match := pattern.search(before[-160:]):
                organization = _organization(match.groupdict().get("org"), found.name)
                return replace(found, role=_clean_role(match["role"]), organization=organization), 0
    return found, 0


def _part(found: Appearance, before: str, after: str) -> Appearance:
    if _BEFORE_SPEAKER.search(before[-120:]):
        return replace(found, part="speaker")
    if _BEFORE_ORGANIZER.search(before[-60:]) or _BEFORE_HOST.search(before[-60:]):
        return replace(found, part="organizer")
    if " " in found.name and _SPEAKS.match(after):
        return replace(found, part="speaker")
    return found


def _clean_role(role: str) -> str:
    return re.sub(r"\s+(?:et|and|,)$", "", role.strip(" ,"))


def _organization(text: str | None, person: str) -> str | None:
    """Return an organisation's name as it stands, or None where what follows the role is none."""
    if not text:
        return None
    text = re.sub(r"['’]s$", "", text.strip(" ,.;:-–"))
    text = re.sub(
        r"^(?:association|société|start-?up|collectif|agence|entreprise|groupe|réseau|hackerspace|fablab|"
        r"espace de coworking|club) (?=[A-ZÀ-Þ0-9@])",
        "",
        text,
    )
    return None if len(text) < 2 or fold(text) == fold(person) or text.isdigit() else text


def _is_plural(role: str) -> bool:
    return role.split(" ")[0].endswith("s")


def _singular(role: str | None) -> str | None:
    if not role:
        return role
    head, space, rest = role.partition(" ")
    return (head[:-1] if head.endswith("s") and not head.endswith("ss") else head) + space + rest
