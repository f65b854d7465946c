"""Erasure: takes a person out of the store and keeps them from coming back."""

import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crawler import runs
from crawler.backup import forget_copies
from crawler.datadir import EXCLUSIONS, STORE, open_store, write_lock
from crawler.documents import page_hash
from crawler.privacy import Exclusions, Rules, fold, protect

CHUNK = 8 * 1024 * 1024  # bytes of a file that are looked through at once


class ForgetError(ValueError):
    """The name cannot be used for an erasure."""


@dataclass(frozen=True)
class Forgotten:
    """How many records went altogether and how many lost a mention; 0 and 0 still keeps the name out from now on."""

    removed: int
    changed: int


def forget(data: Path, names: list[str]) -> Forgotten:
    """Erase people by their names (every spelling that is known) from the store, its history, runs and copies.

    The names are first put on the exclusion list, as salted hashes: if anything fails afterwards, no crawl brings them
    back, and ``resume`` goes on. What is made of the store has to be made anew; then call ``finish``.

    Raises:
        ForgetError: for a name of one word: it would erase too many people.
    """
    for name in names:
        if len(fold(name).split()) < 2:
            raise ForgetError(f"{name!r} is one word: give the full name, or the id that 'recroise search' shows")
    with write_lock(data):
        exclusions = Exclusions.load(data / EXCLUSIONS)
        for name in names:
            exclusions.add(name)
        exclusions.pending = True
        exclusions.save(data / EXCLUSIONS)
        return _erase(data, exclusions)


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
    for key, each in states:
        kept = [protect(state, rules) for state in each]
        if kept != each:
            yield key, kept[-1]


def held(data: Path, names: list[str]) -> list[dict[str, Any]]:
    """Return everything that the store holds on a person: each record that names them, with when and where it was seen.

    ``history`` are its earlier states. For an access request (GDPR, art. 15).
    """
    asked = Exclusions()
    for name in names:
        asked.add(name)
    if not (data / STORE).exists():
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
