"""Erasure: takes a person out of the store and keeps them from coming back."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from crawler.backup import forget_copies
from crawler.datadir import EXCLUSIONS, open_store, write_lock
from crawler.privacy import Exclusions, Rules, fold, protect


class ForgetError(ValueError):
    """The name cannot be used for an erasure."""


@dataclass(frozen=True)
class Forgotten:
    """How many records went altogether and how many lost a mention; 0 and 0 still keeps the name out from now on."""

    removed: int
    changed: int


def forget(data: Path, names: list[str]) -> Forgotten:
    """Erase people by their names (every spelling that is known) from the store, its history included.

    The names are first put on the exclusion list, as salted hashes: if anything fails afterwards, no crawl brings them
    back and the command can be given again.

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
        exclusions.save(data / EXCLUSIONS)
        removed = changed = 0
        with open_store(data) as store:
            rules = Rules(exclusions, attendees=True, people=True, dropped=Counter())
            for key, states in store.states():
                kept = [protect(state, rules) for state in states]
                if kept == states:
                    continue
                removed += kept[-1] is None
                changed += kept[-1] is not None
                store.rewrite(key, kept[-1])
            store.forget_pages(exclusions.in_address)
            store.flush()
            store.scrub()
        forget_copies(data)
    return Forgotten(removed, changed)
