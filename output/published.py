"""Where this instance was published: folders that a site, or outside the data directory an export, was written to.

Kept so that an erasure can make them anew, or say that somebody has to.
"""

import shlex
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal

import orjson
from boltons.fileutils import atomic_save
from filelock import FileLock, Timeout

FILE = "published.json"
LOCK = ".export.lock"
WAIT = 600  # seconds for another command that exports from the same data directory

Kind = Literal["export", "site"]


class PublishedError(ValueError):
    """The list of published folders cannot be read: where, and what to do."""


class ExportingError(RuntimeError):
    """Another command is exporting from the data directory, and does not come to its end."""


@contextmanager
def lock(data: Path) -> Iterator[None]:
    """Hold what is exported from a data directory alone while in the context; wait for whoever does.

    Raises:
        ExportingError: when it takes longer than ``WAIT``.
    """
    if not data.is_dir():
        yield  # whatever reads there says so
        return
    held = FileLock(data / LOCK, timeout=WAIT, is_singleton=True)
    try:
        held.acquire()
    except Timeout:
        raise ExportingError(f"another recroise command is exporting {data}; try again when it has ended") from None
    try:
        yield
    finally:
        held.release()


@dataclass(frozen=True, order=True, slots=True)
class Published:
    """A folder (absolute), and what was written there: an ``export``, or the ``site`` that ``publish`` makes of one.

    ``options`` are those of the command line that the site was last made with.
    """

    folder: str
    kind: Kind
    options: tuple[str, ...] = field(default=(), compare=False)

    def command(self, data: Path) -> str:
        """Return the command that makes the site of a data directory anew."""
        return shlex.join(("recroise", "publish", self.folder, "--data", str(data), *self.options))


def remember(data: Path, folder: Path, kind: Kind, options: Sequence[str] = ()) -> None:
    """Note that something was written to a folder; an export inside the data directory needs no note."""
    place = folder.resolve()
    if kind == "export" and place.is_relative_to(data.resolve()):
        return
    with lock(data):
        known, new = load(data), Published(str(place), kind, tuple(options))
        if not any(each == new and each.options == new.options for each in known):
            rows = sorted([*(each for each in known if each != new), new])
            with atomic_save(str(data / FILE), overwrite_part=True) as file:
                file.write(orjson.dumps([asdict(each) for each in rows], option=orjson.OPT_INDENT_2))


def load(data: Path) -> list[Published]:
    """Return every folder that was ever published to, in order; none where there is no list.

    Raises:
        PublishedError: for a list that is none.
    """
    try:
        rows = orjson.loads((data / FILE).read_bytes())
        return [Published(row["folder"], row["kind"], tuple(map(str, row.get("options", ())))) for row in rows]
    except FileNotFoundError:
        return []
    except (orjson.JSONDecodeError, AttributeError, KeyError, TypeError) as error:
        raise PublishedError(
            f"{data / FILE}: not a list of folders ({error}); mend it, or remove it and write the folders' exports anew"
        ) from None
