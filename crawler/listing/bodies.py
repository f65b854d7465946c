"""Who meets, as a page calls them: the short name of a body, without its agency, its place and its letters.

A list seldom says it in full: "Board Mtg" in a row, "CDB Board Meetings" above it, "the Capital Development Board" in
the running text. What a heading says is brought to the name of the body alone; a bare noun takes the name that the page
gives that noun most often.
"""

import re
from collections import Counter
from functools import cached_property
from urllib.parse import urlsplit

from crawler import reached
from crawler.listing.lines import Line
from crawler.listing.titles import cleaned, generic
from crawler.listing.words import SECTION_NO_EVENT, meets

MAX_LINES = 400  # of a page that are searched for bodies
MAX_LENGTH = 600  # characters of such a line
LONG = 60  # characters of a heading that is more than the name of a body
_ENOUGH = 2  # times that a page names a body before it is the one that is meant

_NOUN = r"Board|Commission|Committee|Council|Authority|Panel|Task Force|Association|Assembly|Club|Conseil|Comité"
_BODY = re.compile(
    rf"(?:[A-Z#][\w#&’'.-]*,? (?:#?\d+ )?(?:(?:of|and|for|on|the|&|in|to) ){{0,3}}){{0,7}}?(?:{_NOUN})\b"
    r"(?: (?:of|on|for|de|du|des|d['’]) (?:the )?[A-Z]\w+(?:(?:,? and|,|&)? [A-Z]\w+){0,3})?"
)
# What an agency has one of: letters before it are the agency's.
_GOVERNS = re.compile(r"(?:Board|Commission|Council|Authority)(?: of .+)?", re.IGNORECASE)
_NAMED = re.compile(rf"\b(?:{_NOUN}|Trustees|Directors|Commissioners)\b", re.IGNORECASE)
_BARE = re.compile(
    r"(?:the |full )?(board|commission|committee|council|authority|association|club|conseil|comité)"
    r"(?: (?:meeting|mtg|réunion)s?\.?)?",
    re.IGNORECASE,
)
_KINDS = re.compile(
    r"(?:about|the|view|regular|special|address|our|all|each|this|full|next|joint|approved|future|"
    r"\w+day|january|february|march|april|may|june|july|august|september|october|november|december)\b",
    re.IGNORECASE,
)
_MEETING_OF = re.compile(r"(?:\w+ ){0,2}meetings? of (?:the )?(.{3,})", re.IGNORECASE)
_KIND_OF_MEETING = re.compile(
    r"\b(?:special|regular|full|annual|joint|emergency|extraordinary|monthly|quarterly)\b", re.IGNORECASE
)
_BODY_MEETING = re.compile(
    r"(.{3,}\b(?:board|commission|committee|council|authority|trustees|directors|commissioners|panel)|commission|"
    r"council) (?:meeting|mtg)s?",
    re.IGNORECASE,
)
# A meeting of commissioners is one of their commission, unless they are a board.
_COMMISSIONERS = re.compile(
    r"(?:^|.*[^\w\s]|.*#? ?\d+ |.*\b[A-Z]{2,6} )commissioners?['’]?s?['’]? (?:meeting|mtg)s?\W*", re.IGNORECASE
)
# The letters and the number of an agency: "CDB", "SSA #18".
_LETTERS = re.compile(r"\b[A-Z]{2,6}(?: ?(?:#|No\.? ?)? ?\d+)?(?= |$)")
_STATES = (
    "Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Georgia|Hawaii|Idaho|Illinois|"
    "Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota|Mississippi|Missouri|"
    "Montana|Nebraska|Nevada|New Hampshire|New Jersey|New Mexico|New York|North Carolina|North Dakota|Ohio|Oklahoma|"
    "Oregon|Pennsylvania|Rhode Island|South Carolina|South Dakota|Tennessee|Texas|Utah|Vermont|Virginia|Washington|"
    "West Virginia|Wisconsin|Wyoming"
)
_TOWN = r"([A-Z][a-zà-ÿ’'-]+(?: [A-Z][a-zà-ÿ’'-]+)?)"
_TOWNS = (
    re.compile(rf"\b(?:City|Town|Village|County|Township|Ville|Commune) (?:of|de) {_TOWN}"),
    re.compile(rf"(?:^|[,.|] ?|\d ){_TOWN}, ?(?:[A-Z]{{2}}|{_STATES})(?: \d{{5}}|\b(?! ?[a-z]))"),
)
_STATE = re.compile(rf"(?:(?:State of )?(?:{_STATES}) )(?=[A-Z])")
_COUNTY = re.compile(r"(?:[A-Z][a-z]+ ){1,2}County (?=[A-Z])")
_REALM = re.compile(r"(?:State|City|County|Village|Town|Township) (?=Board\b)")


class Bodies:
    """The bodies that a page names, each as often as it does."""

    def __init__(self, lines: list[Line], title: str, url: str) -> None:
        self._lines = lines
        self._title = title
        self._host = urlsplit(url).netloc

    @cached_property
    def _raw(self) -> Counter[str]:
        names: Counter[str] = Counter()
        for line in reached.cut(self._lines, MAX_LINES, "listing.bodies.MAX_LINES"):
            if len(line.text) < MAX_LENGTH:
                names.update(found[0].strip() for found in _BODY.finditer(line.text))
        names.update(found[0].strip() for found in _BODY.finditer(self._title) for _ in range(3))
        return names

    @cached_property
    def _names(self) -> Counter[str]:
        """The names without agency and place.

        One that is told with its article, or whose letters head the page, counts as the one that is meant.
        """
        names: Counter[str] = Counter()
        for name, count in self._raw.items():
            article = name.startswith(("The ", "the "))
            short = self.short(cleaned(name))
            names[short] += count + article + bool((_initials(name) | _initials(short)) & self._letters)
        return names

    @cached_property
    def _towns(self) -> set[str]:
        texts = [self._title, *(line.text for line in self._lines if len(line.text) < MAX_LENGTH)]
        return {found[1] for text in texts for pattern in _TOWNS for found in pattern.finditer(text)}

    @cached_property
    def _letters(self) -> set[str]:
        """The letters that agencies go by on the page's headings."""
        heads = [self._title, *(line.text for line in self._lines if line.level)]
        return {found[0].split()[0] for text in heads for found in re.finditer(r"\b[A-Z]{3,6}\b", text)}

    def default(self, texts: list[str]) -> str:
        """Return what the events of a list are called by the headings ``texts``, the nearest first; "" for nothing."""
        found = [self._beginning(self.full(self.short(text))) for text in texts]
        good = [
            text for text in found if 2 < len(text) <= 120 and not generic(text) and not SECTION_NO_EVENT.search(text)
        ]
        named = [text for text in good if meets(text)]
        best = next(iter([*named, *good, *(text for text in found if text)]), "")
        if best.casefold() == "board":
            return f"{best} Meeting"  # a board whose name the page keeps to itself
        if best.casefold() == "hearing" and self._public_hearings:
            return "Public Hearing"
        return self._of(best) or best

    @cached_property
    def _public_hearings(self) -> bool:
        return sum("public hearing" in line.text.casefold() for line in self._lines) >= _ENOUGH

    def _beginning(self, text: str) -> str:
        """Return the body that a text begins with, where it goes on with something else: its address, its archives."""
        names = [
            name
            for name, count in self._names.items()
            if count >= _ENOUGH
            and len(name.split()) > 1
            and not _KINDS.match(name)
            and text.startswith(f"{name} ")
            and text[len(name) + 1].isupper()
            and not meets(text[len(name) :])
        ]
        return max(names, key=len, default=text)

    def short(self, text: str) -> str:
        """Return the name of the body alone, of a heading that names one: without agency, place and "meetings of"."""
        # An "Â" at the end is what a no-break space looks like in the wrong encoding.
        text = (re.sub(r"\s*\([^()]*\)\W*$", "", text) or text).removesuffix(" Â")
        if _COMMISSIONERS.fullmatch(text) and "Board of" not in text:
            return "Commission"
        text = who(text)
        if not _NAMED.search(text):
            return text
        if len(text) > LONG and (found := _BODY.search(text)) and len(found[0].split()) > 1:
            text = found[0]
        short = self._without_agency(re.sub(r"^the ", "", text, flags=re.IGNORECASE))
        short = self._without_place(short)
        return short if _NAMED.search(short) else text

    def full(self, text: str) -> str:
        """Return the name of who is called "the Board" or "Council meeting", as the page's own text has it."""
        match = _BARE.fullmatch(text)
        if not match:
            return text
        noun = match[1].casefold()
        names = {
            name: count
            for name, count in self._names.items()
            if len(name.split()) > 1
            and not _KINDS.match(name)
            and len(name) < LONG
            and (name.split()[-1].casefold() == noun or name.casefold().startswith(f"{noun} of "))
        }
        best = max(names, key=lambda name: (names[name], -len(name)), default=None)
        return best if best and names[best] >= _ENOUGH else text

    def named_by(self, text: str, default: str) -> str | None:
        """Return who a row means that says no more than "Board Mtg" or "Full Board"; None for rows that say more."""
        match = _BARE.fullmatch(cleaned(text))
        if not match:
            return None
        full = self.full(match[1].capitalize())
        if _BARE.fullmatch(full) and match[1].casefold() in default.casefold():
            return default
        return full if not _BARE.fullmatch(full) else None

    def _without_agency(self, text: str) -> str:
        if text.upper() != text:
            for found in reversed(list(_LETTERS.finditer(text))):
                rest = text[found.end() :].strip(" ,–—-")
                if _NAMED.search(rest) and self._is_agency(found[0], rest):
                    return rest
        words = text.split()
        for acronym in sorted(self._letters):
            for place in range(len(words) - len(acronym)):
                initials = "".join(word[0] for word in words[place : place + len(acronym)])
                rest = " ".join(words[place + len(acronym) :])
                if initials == acronym and _NAMED.match(rest.split()[-1]):
                    return rest
        return text

    def _is_agency(self, letters: str, rest: str) -> bool:
        """Whether letters before the name of a body are those of the page's agency, and not its matter: "ADA"."""
        name = letters.split()[0]
        return (
            any(c.isdigit() for c in letters)
            or bool(_GOVERNS.fullmatch(rest))
            or re.search(rf"\b{name}\b", self._title) is not None
            or (len(name) > 2 and name.casefold() in self._host)
        )

    def _without_place(self, text: str) -> str:
        for pattern in (_STATE, _COUNTY):
            if (match := pattern.match(text)) and len(text[match.end() :].split()) > 2:
                text = text[match.end() :]
        for town in sorted(self._towns, key=lambda town: (-len(town), town)):
            rest = text.removeprefix(f"{town} ")
            if rest != text and len(rest.split()) > 1 and _NAMED.search(rest):
                text = rest
                break
        return _REALM.sub("", text, count=1) if _REALM.match(text) else text

    def _of(self, agency: str) -> str | None:
        """Return the body of an agency that goes by its letters ("SSA #18"), as the page's own text names it."""
        if not agency or _NAMED.search(agency):
            return None
        letters = {found[0].split()[0] for found in _LETTERS.finditer(agency)}
        words = re.findall(r"[A-Z]\w+", agency)
        letters.add("".join(word[0] for word in words if not word.isupper()))
        letters = {each for each in letters if len(each) >= 3}
        if not letters:
            return None
        named: Counter[str] = Counter()
        for name, count in self._raw.items():
            initials = "".join(word[0] for word in name.split())
            if any(re.search(rf"\b{each}\b", name) or each in initials for each in letters):
                short = self.short(name)
                if short != name:
                    named[short] += count
        return max(named, key=lambda name: named[name], default=None)


def _initials(name: str) -> set[str]:
    """Return the letters that a name may go by."""
    words = re.findall(r"[^\W\d_][\w'’-]*", name.removeprefix("The "))
    return {"".join(word[0] for word in words), "".join(word[0] for word in words if word[0].isupper())}


def kind_of_meeting(text: str) -> bool:
    """Whether a title begins with the kind of meeting that it is: "Special meeting of the Board"."""
    return bool(_KIND_OF_MEETING.match(text))


def who(text: str) -> str:
    """Return who meets, of a heading that says no more than that: "Meetings of the Board", "Council meetings"."""
    if match := _MEETING_OF.fullmatch(text):
        return match[1]
    if kind_of_meeting(text):
        return text
    match = _BODY_MEETING.fullmatch(text)
    return match[1] if match and not _KIND_OF_MEETING.search(text) and not re.search(r"\d{4}", text) else text
