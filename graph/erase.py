"""What an erasure changes in this room: the log of judgements, what was compared, and everything that is linked."""

from collections.abc import Callable
from pathlib import Path

from crawler.datadir import write_lock
from graph import judgements, reuse
from graph.link import LinkResult, link_data


def relink(data: Path, redacted: Callable[[str], str]) -> LinkResult:
    """Take names out of the reasons of judgements, and link anew; ``redacted`` takes them out of a text."""
    with write_lock(data):
        judgements.redact(data / judgements.FILE, redacted)
        reuse.forget(data)
    return link_data(data, keep=False)
