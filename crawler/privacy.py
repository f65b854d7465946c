"""What a directory of people leaves out, before anything is stored.

Contact details have no field in the record; this module takes them out of free text as well, drops attendee lists that
were not switched on, and keeps out people who asked to be removed: their names are known only as salted
hashes (``exclusions.json`` in the data directory), so that the list itself tells nothing.
"""

import hashlib
import re
import secrets
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import orjson
from boltons.fileutils import atomic_save

MAX_NAME_WORDS = 6  # a longer run of words is not looked up as a name

_EMAIL = re.compile(
    r"(?:mailto:)?[\w.+-]{1,64}\s?(?:@|\(at\)|\[at\])\s?[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}", re.IGNORECASE
)
_PHONE = re.compile(r"(?<![\w/.-])(?:\+\d{1,3}[ .-]?(?:\(0\)[ .-]?)?|0)[1-9](?:[ .-]?\d\d){4}(?![\w/-])")
_WORD = re.compile(r"[^\W_]+")


class ExclusionsError(ValueError):
    """The exclusion file cannot be read: nothing may be stored until it can."""


def fold(name: str) -> str:
    """Return a name's letters alone: lower case, without accents, words split by single spaces."""
    decomposed = unicodedata.normalize("NFKD", name.replace("œ", "oe").replace("Œ", "OE")).casefold()
    return " ".join(_WORD.findall("".join(c for c in decomposed if not unicodedata.combining(c))))


@dataclass
class Exclusions:
    """People who asked not to be listed, as salted hashes of their folded names, words in alphabetical order."""

    salt: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    hashes: set[str] = field(default_factory=set)

    @classmethod
    def load(cls, path: Path) -> "Exclusions":
        """Return the list kept at ``path``, an empty one where there is no file; ExclusionsError where it is broken."""
        try:
            data = orjson.loads(path.read_bytes())
            return cls(bytes.fromhex(data["salt"]), set(data["names"]))
        except FileNotFoundError:
            return cls()
        except (orjson.JSONDecodeError, KeyError, TypeError, ValueError, OSError) as error:
            raise ExclusionsError(
                f"{path}: the exclusion file cannot be read ({error}); mend it before going on"
            ) from None

    def save(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        with atomic_save(str(path), overwrite_part=True) as file:
            file.write(orjson.dumps({"salt": self.salt.hex(), "names": sorted(self.hashes)}))

    def add(self, name: str) -> None:
        self.hashes.add(self._hash(_WORD.findall(fold(name))))

    def covers(self, name: str) -> bool:
        """Whether this name, in any order, case and accents, was excluded."""
        return bool(self.hashes) and self._hash(_WORD.findall(fold(name))) in self.hashes

    def redact(self, text: str) -> str:
        """Return ``text`` with every excluded name in it replaced by ``[…]``."""
        if not self.hashes:
            return text
        text = unicodedata.normalize("NFC", text)
        words = list(_WORD.finditer(text))
        folded = [_WORD.findall(fold(word[0])) for word in words]
        parts, done, i = [], 0, 0
        while i < len(words):
            for size in range(min(MAX_NAME_WORDS, len(words) - i), 1, -1):
                if self._hash([each for word in folded[i : i + size] for each in word]) in self.hashes:
                    parts += [text[done : words[i].start()], "[…]"]
                    done, i = words[i + size - 1].end(), i + size - 1
                    break
            i += 1
        return "".join(parts) + text[done:]

    def in_address(self, url: str) -> bool:
        """Whether an excluded name stands in an address, its words in a row: ``/team/first-last``."""
        if not self.hashes:
            return False
        text = re.sub(r"[^\w]+|_", " ", unquote(url))
        return self.redact(text) != text

    def _hash(self, words: Iterable[str]) -> str:
        return hashlib.blake2b(" ".join(sorted(words)).encode(), key=self.salt, digest_size=16).hexdigest()


def without_contacts(text: str, dropped: Counter[str]) -> str:
    """Return ``text`` without e-mail addresses and telephone numbers, counting what was taken out."""
    if "@" in text or "at" in text:
        text, count = _EMAIL.subn("[…]", text)
        dropped["e-mail"] += count
    text, count = _PHONE.subn("[…]", text)
    dropped["telephone"] += count
    return text


@dataclass(frozen=True, slots=True)
class Rules:
    """What applies to one source's records; ``dropped`` counts, by kind, what they took out.

    ``attendees``: whether its attendee lists were switched on by hand; ``people``: whether it may name people at all.
    """

    exclusions: Exclusions
    attendees: bool
    people: bool
    dropped: Counter[str]


def protect(thing: dict[str, Any], rules: Rules) -> dict[str, Any] | None:
    """Return a thing (JSON form) with what must not be kept taken out, nested things too; None when it is all to go."""
    if thing.get("type") == "Person":
        if not rules.people:
            rules.dropped["person of a noindex page"] += 1
            return None
        names = (thing.get("name"), *_texts(thing.get("alternateName")))
        if any(isinstance(name, str) and rules.exclusions.covers(name) for name in names):
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
            return value if key == "source" else protect(value, rules)
        case str() if key in _ADDRESSES and rules.exclusions.in_address(value):
            rules.dropped["address of an excluded person"] += 1
            return None
        case list():
            kept = [_protect_value(key, each, rules) for each in value]
            return [each for each in kept if each is not None]
        case str() if key == "id" and "@" in value:
            # An iCalendar UID often ends in a mailbox or host: keep what tells it apart, not the address.
            return "sha256:" + hashlib.sha256(value.encode("utf-8", "replace")).hexdigest()[:32]
        case str() if key not in _EXACT:
            return rules.exclusions.redact(without_contacts(value, rules.dropped))
        case _:
            return value


def _texts(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
