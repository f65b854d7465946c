"""What a directory of people leaves out, before anything is stored.

Contact details have no field in the record, and are taken out of free text and addresses as well
(``crawler.contacts``). This module drops attendee lists that were not switched on, and keeps out people who asked to be
removed: their names are known only as salted hashes (``exclusions.json`` in the data directory), so that the list
itself tells nothing.
"""

import hashlib
import re
import secrets
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import orjson
from boltons.fileutils import atomic_save

from crawler.contacts import address_without_contacts, without_contacts
from crawler.placeholders import is_placeholder

MAX_NAME_WORDS = 6  # a longer run of words is not looked up as a name

_WORD = re.compile(r"[^\W_]+")
_ASCII_BLANKS = {code: " " for code in range(128) if not chr(code).isalnum()}


class ExclusionsError(ValueError):
    """The exclusion file cannot be read: nothing may be stored until it can."""


def fold(name: str) -> str:
    """Return a name's letters alone: lower case, without accents, words split by single spaces."""
    if name.isascii():  # most are, and these have no accents to lose
        return " ".join(name.lower().translate(_ASCII_BLANKS).split())
    decomposed = unicodedata.normalize("NFKD", name.replace("œ", "oe").replace("Œ", "OE")).casefold()
    return " ".join(_WORD.findall("".join(c for c in decomposed if not unicodedata.combining(c))))


@dataclass
class Exclusions:
    """People who asked not to be listed, as salted hashes of their names.

    A name is covered in any order of its words, whatever its case, accents, hyphens, particles (``de la``) and blanks,
    with ``ø``, ``ł`` and the like or the plain letter, with ``ü`` or ``ue``, with middle initials or without, and with
    initials for its given names before the family name.

    What may be somebody else's name as well is covered only in a *circle* that the person is known in: the source, the
    organisation or the profile's address where they were named. There a name of one word (a pseudonym), and a name with
    middle names that were not known (``Anne Marie Dupont`` for Anne Dupont), is taken to be theirs; elsewhere it stays.

    Attributes:
        hashes: of each way to write each name.
        words: the first digits of the hashes of single words: which words are worth a closer look. They are cut so
            short that many other words share them; None where the file is of a time when there were none.
        removed, changed: keys of the records that went, and of those that lost a mention; ``pages`` are hashes of the
            addresses that went with a name in them: what instances that read this one are told (``erasures.json``).
        pending: an erasure began and did not come to its end.
    """

    salt: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    hashes: set[str] = field(default_factory=set)
    words: set[str] | None = field(default_factory=set)
    removed: set[str] = field(default_factory=set)
    changed: set[str] = field(default_factory=set)
    pages: set[str] = field(default_factory=set)
    pending: bool = False
    _seen: dict[str, bool] = field(default_factory=dict, repr=False)

    @classmethod
    def load(cls, path: Path) -> "Exclusions":
        """Return the list kept at ``path``, an empty one where there is no file; ExclusionsError where it is broken."""
        try:
            data = orjson.loads(path.read_bytes())
            words = data.get("words")
            return cls(
                bytes.fromhex(data["salt"]),
                set(data["names"]),
                None if words is None else set(words),
                set(data.get("removed", ())),
                set(data.get("changed", ())),
                set(data.get("pages", ())),
                bool(data.get("pending")),
            )
        except FileNotFoundError:
            return cls()
        except (orjson.JSONDecodeError, AttributeError, KeyError, TypeError, ValueError, OSError) as error:
            raise ExclusionsError(
                f"{path}: the exclusion file cannot be read ({error}); mend it before going on"
            ) from None

    def save(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        content = {"salt": self.salt.hex(), "names": sorted(self.hashes), "pending": self.pending}
        content |= {name: sorted(getattr(self, name)) for name in ("removed", "changed", "pages")}
        if self.words is not None:
            content["words"] = sorted(self.words)
        with atomic_save(str(path), overwrite_part=True) as file:
            file.write(orjson.dumps(content))

    def add(self, name: str) -> None:
        """Keep a person out by a full name, and by the other ways to write it that are known to be it."""
        self.hashes |= {self._hash(key) for key in _with_initials(name)}
        for words in _spellings(_WORD.findall(fold(name))):
            self.hashes |= {self._hash(key) for key in _keys(words)}
            if self.words is not None:
                runs = [words[start:stop] for start in range(len(words)) for stop in range(start + 1, len(words) + 1)]
                joined = {"".join(run) for run in (*runs, words[::-1], [*words[-1:], *words[:-1]])}
                self.words |= {self._hash(word)[:_WORD_DIGITS] for word in joined if len(word) > 1}
        self._seen.clear()

    def add_within(self, name: str, circles: Iterable[str]) -> None:
        """Keep a name out in circles (``circles``): one of a single word, or a full one with further middle names."""
        for words in _spellings(_core(name)):
            self.hashes |= {self._hash(f"{_ends(words)}@{circle}") for circle in circles}
            if self.words is not None:
                self.words |= {self._hash(word)[:_WORD_DIGITS] for word in (words[0], words[-1])}
        self._seen.clear()

    def covers(self, name: str, circles: Sequence[str] = ()) -> bool:
        """Whether this name, however it is written, was excluded, or has an excluded one in it."""
        if not self.hashes:
            return False
        if self.redact(name) != unicodedata.normalize("NFC", name):
            return True
        words = _core(name)
        return self._in_circle(words, circles) and not _compound(name)

    def redact(self, text: str, circles: Sequence[str] = ()) -> str:
        """Return ``text``, which belongs to ``circles``, with every excluded name in it replaced by ``[…]``."""
        if not self.hashes:
            return text
        text = unicodedata.normalize("NFC", text)
        words = list(_WORD.finditer(text))
        folded = [_WORD.findall(fold(word[0])) for word in words]
        looked_at = [any(map(self._may_name, each)) for each in folded]
        if not any(looked_at):
            return text
        parts, done, i = [], 0, 0
        while i < len(words):
            for size in range(min(MAX_NAME_WORDS, len(words) - i), 0, -1):
                if any(looked_at[i : i + size]) and (
                    self._is_name([w for each in folded[i : i + size] for w in each])
                    or (circles and self._stands_in_circle(text, words[i : i + size], circles))
                ):
                    parts += [text[done : words[i].start()], "[…]"]
                    done, i = words[i + size - 1].end(), i + size - 1
                    break
            i += 1
        return "".join(parts) + text[done:]

    def in_address(self, url: str) -> bool:
        """Whether an excluded name stands in an address, its words in a row: ``/team/first-last``."""
        if not self.hashes:
            return False
        text = unicodedata.normalize("NFC", re.sub(r"[^\w]+|_", " ", unquote(url)))
        return self.redact(text) != text

    def in_source(self, id: str, url: str) -> bool:  # noqa: A002
        """Whether a source is an excluded person's own: its id or its address names them."""
        return self.in_address(id) or self.in_address(url)

    def _in_circle(self, words: list[str], circles: Sequence[str]) -> bool:
        if not words or (len(words) == 1 and len(words[0]) < 2):
            return False
        ends = [_ends(each) for each in _spellings(words)]
        return any(self._hash(f"{each}@{circle}") in self.hashes for each in ends for circle in circles)

    def _stands_in_circle(self, text: str, words: list[re.Match[str]], circles: Sequence[str]) -> bool:
        """Whether words of a running text are a name that is excluded in one of its circles."""
        begin, end = words[0].start(), words[-1].end()
        if len(words) == 1:
            # A part of a longer name is somebody else's: "Karine" in "Karine Martin".
            if _NAME_FOLLOWS.match(text, end) or _NAME_PRECEDES.search(text, 0, begin):
                return False
        elif len(words) > 4 or not _FULL_NAME.fullmatch(text, begin, end):
            return False
        return self._in_circle(_core(text[begin:end]), circles)

    def _may_name(self, word: str) -> bool:
        if self.words is None:
            return True
        if (known := self._seen.get(word)) is None:
            if len(self._seen) > 100_000:
                self._seen.clear()
            forms = (self._hash(each)[:_WORD_DIGITS] for (each,) in _spellings([word]))
            known = self._seen[word] = any(each in self.words for each in forms)
        return known

    def _is_name(self, words: list[str]) -> bool:
        return any(map(self._is_written, _spellings(words)))

    def _is_written(self, words: list[str]) -> bool:
        if len(words) == 1:
            return len(words[0]) >= LEAST_LETTERS and self._hash(_letters(words)) in self.hashes
        keys = _keys(words)
        # A particle or a letter at the ends belongs to the sentence: "de Karine Sabatier", "d'Ada Lovelace".
        if words[0] in _PARTICLES:
            keys = {_all(words), _letters(words)}
        elif len(words[0]) == 1 or len(words[-1]) == 1:
            keys = {_all(words), _all([word for word in words if word not in _PARTICLES]), _letters(words)}
        return any(self._hash(key) in self.hashes for key in keys)

    def _hash(self, key: str) -> str:
        return hashlib.blake2b(key.encode(), key=self.salt, digest_size=16).hexdigest()


# Words of a name that some write and others leave out. Single letters are initials.
_PARTICLES = frozenset(
    "de du des la le les van von der den di da do dos del della af av zu zur ter ten ben bin al el".split()
)
_WORD_DIGITS = 4
LEAST_LETTERS = 8  # of a name that is recognised with its words run together


def _all(words: list[str]) -> str:
    return " ".join(sorted(words))


def _letters(words: list[str]) -> str:
    """What stays the same whatever the order of a name's words and wherever they are parted."""
    return "~" + "".join(sorted("".join(words)))


# Capitalised words with nothing but blanks between them: whatever else stands there parts two people.
_FULL_NAME = re.compile(r"[^\W\d_a-z][\w’']*(?: [^\W\d_a-z][\w’']*\.?)+")
_NAME_FOLLOWS = re.compile(r"[ -](?=[^\W\d_])(?![a-zà-öø-ÿœ])\w")
_NAME_PRECEDES = re.compile(r"(?<=[\w,;:] )(?![a-zà-öø-ÿœ])[^\W\d_]\w*[ -]$")


def _core(name: str) -> list[str]:
    """Return a name's folded words without particles."""
    return [word for word in _WORD.findall(fold(name)) if word not in _PARTICLES]


# Letters that no accent parts from the one that is written where a keyboard lacks them; and "Mueller" for "Müller".
_PLAIN = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "þ": "th"})
_DIGRAPH = re.compile("(?<=[aou])e")


def _spellings(words: list[str]) -> list[list[str]]:
    """Return folded words as they stand, and as they are compared where one of their letters is written in two ways.

    Both, since lists of before know only the first. None for no words.
    """
    plain = [_DIGRAPH.sub("", word.translate(_PLAIN)) for word in words]
    return [words, plain] if plain != words else [words] if words else []


def _ends(words: list[str]) -> str:
    """What a name with middle names has in common with the one without: its first and its last word."""
    return " ".join(sorted({words[0], words[-1]}))


def _compound(name: str) -> bool:
    """Whether the first of several given names is half of one with a hyphen: Anne-Marie is not Anne."""
    first = re.match(r"\s*[^\W\d_]+[-‐‑][^\W\d_]", name)
    return first is not None and len(_core(name)) > 2


def circles_of(person: dict[str, Any], source: str | None = None) -> tuple[str, ...]:
    """Return the circles in which a person (JSON form) is named: source, organisations, profile's address."""
    bodies = [each for key in ("worksFor", "memberOf", "affiliation") for each in _texts(person.get(key))]
    names = [each["name"] for each in bodies if isinstance(each, dict) and isinstance(each.get("name"), str)]
    addresses = [each for key in ("url", "sameAs") for each in _texts(person.get(key)) if isinstance(each, str)]
    return circles([source] if source else [], names, addresses)


def circles(sources: Iterable[str], organizations: Iterable[str], profiles: Iterable[str]) -> tuple[str, ...]:
    """Return circles by the ids of sources, the names of organisations, and the addresses of profiles."""
    found = [f"source:{each}" for each in sources]
    found += [f"organization:{fold(each)}" for each in organizations if fold(each)]
    bare = (re.sub(r"^https?://(www\.)?", "", each, flags=re.IGNORECASE) for each in profiles)
    found += [f"profile:{each.partition('#')[0].rstrip('/').casefold()}" for each in bare]
    return tuple(dict.fromkeys(found))


def _keys(words: list[str]) -> set[str]:
    """Return what is compared of a name as it is written."""
    bare = [word for word in words if word not in _PARTICLES]
    core = [word for word in bare if len(word) > 1]
    keys = {_all(words), *(_all(each) for each in (bare, core) if len(each) > 1)}
    if sum(map(len, words)) >= LEAST_LETTERS:
        keys.add(_letters(words))
    return keys


def _with_initials(name: str) -> Iterator[str]:
    """Yield a name's keys with initials for the given names: the family name is in capitals, or stands last."""
    parts = [word for word in _WORD.findall(name) if len(word) > 1 and fold(word) not in _PARTICLES]
    if len(parts) < 2:
        return
    shouted = [word for word in parts if word.isupper()]
    family = shouted[-1] if 0 < len(shouted) < len(parts) else parts[-1]
    given = [fold(word) for word in parts if word is not family]
    initials = [word[0] for word in given]
    for (written,) in _spellings([fold(family)]):
        for form in ([initials[0]], initials, ["".join(initials)]):
            yield _all([*form, written])


@dataclass(frozen=True, slots=True)
class Rules:
    """What applies to one source's records; ``dropped`` counts, by kind, what they took out.

    ``attendees``: whether its attendee lists were switched on by hand; ``people``: whether it may name people at all.
    ``source`` is its id.
    """

    exclusions: Exclusions
    attendees: bool
    people: bool
    dropped: Counter[str]
    source: str | None = None

    @property
    def circles(self) -> tuple[str, ...]:
        return (f"source:{self.source}",) if self.source else ()


def protect(thing: dict[str, Any], rules: Rules) -> dict[str, Any] | None:
    """Return a thing (JSON form) with what must not be kept taken out, nested things too; None when it is all to go."""
    if thing.get("type") == "Person":
        if not rules.people:
            rules.dropped["person of a noindex page"] += 1
            return None
        if isinstance(thing.get("name"), str) and is_placeholder(thing["name"]):
            rules.dropped["placeholder for a person"] += 1
            return None
        names = (thing.get("name"), *_texts(thing.get("alternateName")))
        circles = circles_of(thing, rules.source) if rules.exclusions.hashes else ()
        if any(isinstance(name, str) and rules.exclusions.covers(name, circles) for name in names):
            rules.dropped["excluded person"] += 1
            return None
    stamp = thing.get("source")
    if isinstance(stamp, dict) and rules.exclusions.in_address(str(stamp.get("url"))):
        rules.dropped["page of an excluded person"] += 1
        return None
    result: dict[str, Any] = {}
    for key, value in thing.items():
        if key == "attendee" and not rules.attendees:
            rules.dropped["attendee"] += len(_texts(value))
        elif (kept := _protect_value(key, value, rules)) is not None:
            result[key] = kept
    return result


_ADDRESSES = {"id", "url", "sameAs"}
_EXACT = {"type", "id", "url", "sameAs", "startDate", "endDate", "dateModified", "timeZone"}  # never free text


def _protect_value(key: str, value: Any, rules: Rules) -> Any:
    match value:
        case dict():
            return _protect_stamp(value, rules) if key == "source" else protect(value, rules)
        case str() if key in _ADDRESSES and rules.exclusions.in_address(value):
            rules.dropped["address of an excluded person"] += 1
            return None
        case str() if key in ("url", "sameAs"):
            return address_without_contacts(value, rules.dropped)
        case list():
            kept = [_protect_value(key, each, rules) for each in value]
            return [each for each in kept if each is not None]
        case str() if key == "id" and "@" in value:
            # An iCalendar UID often ends in a mailbox or host: keep what tells it apart, not the address.
            return "sha256:" + hashlib.sha256(value.encode("utf-8", "replace")).hexdigest()[:32]
        case str() if key not in _EXACT:
            return rules.exclusions.redact(without_contacts(value, rules.dropped), rules.circles)
        case _:
            return value


def _protect_stamp(stamp: dict[str, Any], rules: Rules) -> dict[str, Any]:
    """Return a record's source without contacts in the page's address; what cannot go without the page stays."""
    url = stamp.get("url")
    kept = address_without_contacts(url, rules.dropped) if isinstance(url, str) else None
    return {**stamp, "url": kept} if kept and kept != url else stamp


def _texts(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
