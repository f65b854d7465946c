"""Erasure: takes a person out of the store and keeps them from coming back."""

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from crawler import runs
from crawler.backup import forget_copies
from crawler.datadir import EXCLUSIONS, has_store, open_store, write_lock
from crawler.documents import page_hash
from crawler.privacy import LEAST_LETTERS, Exclusions, Rules, circles_of, fold, protect

CHUNK = 8 * 1024 * 1024  # bytes of a file that are looked through at once


class ForgetError(ValueError):
    """The name cannot be used for an erasure."""


@dataclass(frozen=True)
class Forgotten:
    """How many records went altogether and how many lost a mention; 0 and 0 still keeps the name out from now on."""

    removed: int
    changed: int


def forget(data: Path, names: list[str], circles: Sequence[str] = ()) -> Forgotten:
    """Erase people by their names (every spelling that is known) from the store, its history, runs and copies.

    ``circles`` are those that the person is known in (``privacy.circles_of``); what the store tells of further ones is
    added. A name of one word goes there alone.

    The names are first put on the exclusion list, as salted hashes: if anything fails afterwards, no crawl brings them
    back, and ``resume`` goes on. What is made of the store has to be made anew; then call ``finish``.

    Raises:
        ForgetError: for a name of one word without a circle: it would erase too many people.
    """
    for name in names:
        if len(fold(name).split()) < 2 and not circles:
            raise ForgetError(f"{name!r} is one word: give the full name, or the id that 'recroise search' shows")
    with write_lock(data):
        exclusions = Exclusions.load(data / EXCLUSIONS)
        full = [name for name in names if len(fold(name).split()) > 1]
        for name in full:
            exclusions.add(name)
        for name in names:
            exclusions.add_within(name, circles)
        for name in full:
            exclusions.add_within(name, _circles(data, name))
        exclusions.pending = True
        exclusions.save(data / EXCLUSIONS)
        return _erase(data, exclusions)


def _circles(data: Path, name: str) -> set[str]:
    """Return the circles in which the store names somebody by their full name."""
    asked = Exclusions()
    asked.add(name)
    found: set[str] = set()

    def look(thing: Any, source: str) -> None:
        for each in thing if isinstance(thing, list) else [thing]:
            if not isinstance(each, dict):
                continue
            if each.get("type") == "Person" and isinstance(stated := each.get("name"), str) and asked.covers(stated):
                found.update(circles_of(each, source))
            for key, value in each.items():
                if key != "source":
                    look(value, source)

    if has_store(data):
        with open_store(data) as store:
            for _, states in store.states():
                for state in states:
                    look(state, state["source"]["id"])
    return found


def resume(data: Path) -> bool:
    """Go on with an erasure that did not come to its end; whether there was one."""
    exclusions = Exclusions.load(data / EXCLUSIONS)
    if exclusions.pending:
        with write_lock(data):
            _erase(data, exclusions)
    return exclusions.pending


def finish(data: Path) -> None:
    """Note that everything that is made of the store was made anew since the last erasure."""
    with write_lock(data):
        exclusions = Exclusions.load(data / EXCLUSIONS)
        if exclusions.pending:
            exclusions.pending = False
            exclusions.save(data / EXCLUSIONS)


def _erase(data: Path, exclusions: Exclusions) -> Forgotten:
    removed = changed = 0
    with open_store(data) as store:
        stored = {record.key: record.body["source"]["url"] for record in store.records(held=True)}
        for key, kept in _covered(store.states(), exclusions):
            if exclusions.in_address(stored[key]):
                exclusions.pages.add(page_hash(stored[key]))
            # What instances that read this one are told must be written down before it is gone here.
            (exclusions.changed if kept else exclusions.removed).add(key)
            removed += kept is None
            changed += kept is not None
        exclusions.changed -= exclusions.removed
        exclusions.save(data / EXCLUSIONS)
        for key, kept in _covered(store.states(), exclusions):
            store.rewrite(key, kept)
        for source, row in store.sources().items():
            if exclusions.in_source(source, row["catalogue"]["url"]):
                store.drop_source(source)
                runs.drop(store, source)
        store.forget_pages(exclusions.in_address)
        store.redact_sources(exclusions.redact)
        runs.redact(store, exclusions.redact)
        store.flush()
        store.scrub()
    forget_copies(data)
    return Forgotten(removed, changed)


def _covered(
    states: Iterator[tuple[str, list[dict[str, Any]]]], exclusions: Exclusions
) -> Iterator[tuple[str, dict[str, Any] | None]]:
    """Yield the key of every record that names an excluded person in any of its states, and what is left of it."""
    rules = Rules(exclusions, attendees=True, people=True, dropped=Counter())
    others = replace(rules, exclusions=Exclusions())  # what other rules would take out of it today names nobody
    for key, each in states:
        kept = [protect(state, replace(rules, source=state["source"]["id"])) for state in each]
        if kept != each and kept != [protect(state, others) for state in each]:
            yield key, kept[-1]


def naming(names: list[str]) -> Callable[[str], bool]:
    """Return what tells whether a text names somebody, in any spelling that an erasure would take out of it.

    A name of one word, which others may have too, names nobody in a text of no source.
    """
    asked = Exclusions()
    for name in names:
        if len(fold(name).split()) > 1:
            asked.add(name)
    return lambda text: asked.redact(text) != unicodedata.normalize("NFC", text) if asked.hashes else False


def held(data: Path, names: list[str], circles: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Return everything that the store holds on a person: each record that names them, with when and where it was seen.

    ``history`` are its earlier states. For an access request (GDPR, art. 15).
    """
    asked = Exclusions()
    for name in names:
        if len(fold(name).split()) > 1:
            asked.add(name)
        asked.add_within(name, circles)
    if not has_store(data):
        return []
    found = []
    with open_store(data) as store:
        stored = {record.key: record for record in store.records(held=True)}
        for key, _ in _covered(store.states(), asked):
            record = stored[key]
            found.append(
                {
                    "key": key,
                    "first_seen": record.first_seen,
                    "last_seen": record.last_seen,
                    "record": record.body,
                    "history": store.history(key),
                }
            )
    return found


def traces(data: Path, names: list[str]) -> list[Path]:
    """Return the files below a directory in which a name still stands, folded or not, whichever word comes first."""
    wanted = set()
    for name in names:
        words = [word.encode() for word in fold(name).split()]
        if len(words) == 1 and len(words[0]) < LEAST_LETTERS:
            continue  # stands inside too many other words to be told from them
        wanted |= {b"".join(words), b"".join(words[::-1]), b"".join([*words[-1:], *words[:-1]])}
    return [path for path in sorted(data.rglob("*")) if path.is_file() and _names_any(path, wanted)]


def _names_any(path: Path, wanted: set[bytes]) -> bool:
    rest = b""
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            text = unicodedata.normalize("NFKD", (rest + chunk).decode("utf-8", "ignore")).casefold()
            letters = "".join(char for char in text if char.isalnum()).encode()
            if any(name in letters for name in wanted):
                return True
            rest = chunk[-400:]
    return False
