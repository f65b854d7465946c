"""Places where people meet, as sentences name them, and the towns that they are in."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from crawler.gazetteer import Town, find
from crawler.privacy import fold
from crawler.prose.article import MAX_SENTENCE, Article, Sentence
from crawler.prose.names import CAPITALIZED, LINK, TAIL
from crawler.prose.vocabulary import LOWER, NOT_NAMES, OWN_KINDS, PLACE_KINDS, UPPER

MIN_ABROAD = 100_000  # inhabitants of a town outside the source's country that a name may mean
MIN_BESIDE = 10_000  # inhabitants of a town that stands beside a place's kind without a word
ALIKE = 4  # letters that a town and the adjective made of it share at least
MIN_ALONE = 2_000  # inhabitants of a town that is named without a word before it

_PLACE = re.compile(
    rf"(?<![\w’'-])(?P<article>(?:[Ll]a|[Ll]e|[Tt]he|[Ll]['’]|[Uu]ne?|[Dd]es|[Ll]es|[Dd]u|[Aa]u|[Cc]ette)\s?)?"
    rf"(?P<head>(?i:{'|'.join(PLACE_KINDS)}))(?![\w’'-])(?P<tail>{TAIL}{{0,6}})"
)
TOWN_IN_TAIL = re.compile(
    rf"(?:^| )(?:de |d['’]|à |in |at )(?P<town>[{UPPER}][\w’'-]+(?:[ -][{UPPER}][\w’'-]+){{0,3}})"
)
_OWN_KIND = "|".join(kind for kind, name in PLACE_KINDS.items() if name in OWN_KINDS)
# "La Colline, un espace de coworking à Lorient": the name first, then what it is.
_IS_A = re.compile(
    rf"(?<![\w’'-])(?P<name>(?:La |Le |Les |L['’]|The )?{CAPITALIZED}(?:[ ](?:{LINK}[ ]?)?{CAPITALIZED}){{0,4}})"
    r"(?:, (?:une? |an? |(?=premier |première |nouve))|,? (?:qui )?(?:est|is) (?:une? |an? |le |la |l['’]|the ))"
    rf"(?:(?:premi(?:er|ère)|nouve(?:l|au|lle)|petite?|grande?|first|new|small) )?(?P<head>(?i:{_OWN_KIND}))(?![\w’'-])"
    rf"(?P<rest>[^,.;:()]{{0,40}}?(?:\s(?:de|d['’]|à|in|at)\s?"
    rf"(?P<town>[{UPPER}][\w’'-]+(?:[ -][{UPPER}][\w’'-]+){{0,2}})|(?=[,.;:()]|$)))"
)
_BESIDE = re.compile(rf"(?: numérique)?\s\(?(?P<town>[{UPPER}][\w’'-]+)\)?(?![\w’'-])")  # "La Cantine (Nantes)"
_GENTILIC = re.compile(rf"(?<![\w’'-])(?P<stem>[{LOWER}]{{3,}}?)(?:aise?|oise?|ienne?|éenne?|aine?)(?![\w’'-])")
# A town named in a sentence: "à Lorient", "in Lorient", "Lorient (56)".
_TOWN = re.compile(
    rf"(?:(?<![\w’'-])(?P<word>à |à la |au |de |d['’]|in |at |near |sur |vers )|(?P<comma>,\s?))"
    rf"(?P<town>(?:L[ae]s? |Le |L['’])?[{UPPER}][\w’'-]+(?: [{UPPER}][\w’'-]+){{0,3}})"
)


# Words of a place's name that do not set it apart.
_SMALL = frozenset("de la le les l d du des en et numerique numeriques coworking digital the of".split())


@dataclass(frozen=True, slots=True)
class Mention:
    """A place named in a sentence, at ``begin`` in it; ``own`` is what sets it apart from others of its kind."""

    name: str
    kind: str
    town: Town | None
    sentence: Sentence
    begin: int
    own: str

    @property
    def is_bare(self) -> bool:
        """Whether only the kind is named: "la Cantine"."""
        return not self.own and self.town is None


def town_of(name: str, country: str | None = "FR") -> Town | None:
    """Return the town that a name most likely means: one of the country, else a large one abroad, as it is written."""
    inside = find(name, country=country) if country else []
    if inside:
        return inside[0]
    abroad = [town for town in find(name) if town.population >= MIN_ABROAD]
    return replace(abroad[0], name=name) if abroad else None


def town_of_gentilic(text: str) -> Town | None:
    """Return the French town that an adjective is made of: rennaise, brestois, parisienne."""
    for match in _GENTILIC.finditer(text):
        stem = match["stem"]
        stems = dict.fromkeys((stem, stem + "e", stem + "es", stem + "s", re.sub(r"(.)\1$", r"\1", stem)))
        towns = [town for each in stems for town in find(each, country="FR") if town.population >= 10 * MIN_ALONE]
        if towns:
            return max(towns, key=lambda town: town.population)
    return None


def towns(text: str, country: str | None = "FR", *, strict: bool = False) -> Iterator[tuple[int, Town]]:
    """Yield the towns that a sentence names after a word of place, with the name's offset.

    ``strict`` leaves out those after "de", which may be part of any name.
    """
    for match in _TOWN.finditer(text):
        word = match["word"] or ""
        if strict and word.startswith("d"):
            continue
        words = match["town"].split(" ")
        for size in range(len(words), 0, -1):
            town = town_of(" ".join(words[:size]).rstrip("’'-"), country)
            sure = word.startswith(("à", "in", "at")) and size == len(words)
            if town and (sure or town.population >= MIN_ALONE):
                yield match.start("town"), town
                break


def mentions(article: Article, country: str | None = "FR") -> list[Mention]:
    """Return the places of this world's kinds that the article names, in order.

    A bare "la Cantine" is the place of that kind that was last spoken of, or the only one; else it is left out.
    """
    named_towns = [town for sentence in article.sentences for _, town in towns(sentence.text, country)]
    found = [
        mention
        for sentence in article.sentences
        if len(sentence.text) <= MAX_SENTENCE and article.blocks[sentence.block].level <= 2  # below: titles of talks
        for mention in _in_sentence(sentence, country, named_towns)
    ]
    same: dict[str, list[Mention]] = {}
    for each in found:
        if not each.is_bare:
            same.setdefault(each.kind, []).append(each)
    same = {kind: _canonical(each) for kind, each in same.items()}
    named_again = [
        replace(place, sentence=sentence, begin=match.start())
        for each in same.values()
        for place in each
        if place.own and not place.name.islower()
        for sentence in article.sentences
        if len(sentence.text) <= MAX_SENTENCE
        for match in re.finditer(rf"(?<![\w’'-]){re.escape(place.name)}(?![\w’'-])", sentence.text)
    ]
    at = {(each.sentence, each.begin) for each in found}
    found += [each for each in named_again if (each.sentence, each.begin) not in at]
    found.sort(key=lambda each: (each.sentence.begin, each.begin))
    result: list[Mention] = []
    for each in found:
        others = same.get(each.kind, [])
        if each.is_bare:  # the one last spoken of, else the only one
            before = [mention for mention in result if mention.kind == each.kind]
            match = before[-1:] or (others if len(others) == 1 else [])
        else:
            match = [other for other in others if _same(each, other)]
        if match:
            result.append(replace(match[0], sentence=each.sentence, begin=each.begin))
    return result


def _same(one: Mention, other: Mention) -> bool:
    if one.own == other.own or not one.own or not other.own:
        return (one.town is not None and other.town is not None and one.town.name == other.town.name) or (
            bool(one.own) and one.own == other.own and (one.town is None or other.town is None)
        )
    return False


def _canonical(mentions: list[Mention]) -> list[Mention]:
    """Return one mention for each place: with what others say of the same one."""
    result: list[Mention] = []
    for each in mentions:
        for number, other in enumerate(result):
            if _same(each, other):
                name = max((other.name, each.name), key=lambda name: (sum(map(str.isupper, name)) > 0, len(name)))
                result[number] = replace(other, name=name, own=other.own or each.own, town=other.town or each.town)
                break
        else:
            result.append(each)
    return result


def _kind_of(head: str) -> str:
    return next(kind for words, kind in PLACE_KINDS.items() if re.fullmatch(words, head, re.IGNORECASE))


def _in_sentence(sentence: Sentence, country: str | None, named_towns: list[Town]) -> Iterator[Mention]:
    text = sentence.text
    told: list[tuple[int, int]] = []
    for match in _IS_A.finditer(text):
        town = (town_of(match["town"], country) if match["town"] else None) or town_of_gentilic(match["rest"])
        if fold(match["name"]) not in NOT_NAMES:
            name = match["name"]
            yield Mention(name, _kind_of(match["head"]), town, sentence, match.start("name"), fold(name))
            told.append(match.span())
    for match in _PLACE.finditer(text):
        if any(begin <= match.start("head") < end for begin, end in told):
            continue
        kind = _kind_of(match["head"])
        tail, head = match["tail"], match["head"]
        article = (match["article"] or "").strip().lower()
        if kind not in OWN_KINDS or article in ("un", "une", "des", "les"):
            continue
        if not tail and not (head[0].isupper() and article in ("la", "le", "the", "l'", "l’", "cette", "du", "au")):
            continue
        town, name = None, head + tail
        if placed := TOWN_IN_TAIL.search(tail):
            town = town_of(placed["town"], country)
        elif beside := _BESIDE.match(text[match.start("tail") :]):
            named = town_of(beside["town"], country)
            if named and named.population >= MIN_BESIDE:
                town = named
                if article in ("la", "le", "l'", "l’", "the"):  # "La Cantine (Nantes)" is called La Cantine
                    name = f"{match['article']}{head}{' numérique' if ' numérique' in tail else ''}"
        town = town or town_of_gentilic(tail) or _town_alike(tail, named_towns)
        own = _own(tail, town)
        if town is None and head[0].isupper() and head.lower() == "coworking":
            continue  # "Coworking Initiatives": a name that begins so
        if not own and town is None and tail:
            continue  # "espace de coworking numérique": a kind, no place
        name = name.strip()
        if head[0].islower() and re.match(rf" [{UPPER}]", tail) and own:
            name = tail.strip()  # "l'espace de coworking La Colloc"
        yield Mention(name[0].upper() + name[1:], kind, town, sentence, match.start("head"), own)


def _town_alike(tail: str, named: list[Town]) -> Town | None:
    """Return the town, named elsewhere in the article, that an adjective begins like: vannetaise, Vannes."""
    for match in _GENTILIC.finditer(tail):
        for town in named:
            if len(match["stem"]) >= ALIKE and fold(town.name).startswith(fold(match["stem"])[:ALIKE]):
                return town
    return None


def _own(tail: str, town: Town | None) -> str:
    words = fold(_GENTILIC.sub(" ", tail) if town else tail).split()
    town_words = set(fold(town.name).split()) if town else set()
    return " ".join(word for word in words if word not in _SMALL and word not in town_words)
