"""Where this instance was published: folders that a site, or outside the data directory an export, was written to.

Kept so that an erasure can make them anew, or say that somebody has to.
"""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

import orjson
from boltons.fileutils import atomic_save

FILE = "published.json"

Kind = Literal["export", "site"]


class PublishedError(ValueError):
    """The list of published folders cannot be read: where, and what to do."""


@dataclass(frozen=True, order=True, slots=True)
class Published:
    """A folder (absolute), and what was written there: an ``export``, or the ``site`` that ``publish`` makes of one."""

    folder: str
    kind: Kind


def remember(data: Path, folder: Path, kind: Kind) -> None:
    """Note that something was written to a folder; an export inside the data directory needs no note."""
    place = folder.resolve()
    if kind == "export" and place.is_relative_to(data.resolve()):
        return
    known = load(data)
    if (new := Published(str(place), kind)) not in known:
        with atomic_save(str(data / FILE), overwrite_part=True) as file:
            file.write(orjson.dumps([asdict(each) for each in sorted({*known, new})], option=orjson.OPT_INDENT_2))


def load(data: Path) -> list[Published]:
    """Return every folder that was ever published to, in order; none where there is no list.

    Raises:
        PublishedError: for a list that is none.
    """
    try:
        return [Published(row["folder"], row["kind"]) for row in orjson.loads((data / FILE).read_bytes())]
    except FileNotFoundError:
        return []
    except (orjson.JSONDecodeError, KeyError, TypeError) as error:
        raise PublishedError(
            f"{data / FILE}: not a list of folders ({error}); mend it, or remove it and write the folders' exports anew"
        ) from None
