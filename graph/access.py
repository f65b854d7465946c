"""What people decided about a person's records: part of what is held on them (GDPR, art. 15)."""

from collections.abc import Callable, Collection
from pathlib import Path

from sqlalchemy import inspect, select

from crawler.datadir import has_store, open_store
from graph import judgements
from graph.ids import MEMBERS
from graph.judgements import Judgement


def judgements_on(data: Path, nodes: Collection[str], named: Callable[[str], bool]) -> list[Judgement]:
    """Return the lines of the log that judge what these nodes are made of, or whose reason or author is ``named``.

    Raises:
        JudgementError: for a log that cannot be read.
    """
    log = judgements.load(data / judgements.FILE)
    if not log:
        return []
    mentions = _mentions(data, nodes)
    return [each for each in log if not mentions.isdisjoint(each.pair) or named(each.why) or named(each.by)]


def _mentions(data: Path, nodes: Collection[str]) -> set[str]:
    if not has_store(data):
        return set()
    with open_store(data) as store:
        if not inspect(store.connection).has_table(MEMBERS.name):
            return set()
        return {row.mention for row in store.connection.execute(select(MEMBERS)) if row.node in nodes}
