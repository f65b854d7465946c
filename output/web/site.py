"""An opened export, as the pages need it."""

import json
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from output.index import FILE, Index, IndexFileError, open_index
from output.web.addresses import LANGUAGES
from output.web.tiles import Tiles

if TYPE_CHECKING:
    from output.web.overview import Overview

ATTEMPTS = 5  # to open an export that others are replacing


class Site:
    """One export, opened read-only. It never changes: a new export is a new site."""

    def __init__(self, data: Path, today: date | None = None, tiles: Tiles | None = None) -> None:
        self.data = data
        self.version, self.index = _opened(data)
        self.today = today or date.today()
        self.tiles = tiles

    @cached_property
    def export(self) -> Path:
        """The directory of the export's files."""
        return (self.data / FILE).parent

    @cached_property
    def health(self) -> dict[str, Any]:
        """What ``health.json`` says of each source; empty where there is none."""
        path = self.export / "health.json"
        return dict(json.loads(path.read_bytes())) if path.exists() else {}

    @cached_property
    def sources(self) -> dict[str, dict[str, str]]:
        """The sources, by their ids."""
        return {source["id"]: {"name": source["id"], **source} for source in self.index.sources}

    @cached_property
    def stale(self) -> dict[str, str | None]:
        """The sources whose last reading failed or is not believed, each with the day of the last good one."""
        return {
            source: row.get("last_good")
            for source, row in self.health.items()
            if row.get("last_good") != row.get("last_run")
        }

    @cached_property
    def read_well(self) -> dict[str, str]:
        """When each source was last read without a failure or a suspicion."""
        return {source: row["last_good"] for source, row in self.health.items() if row.get("last_good")}

    @cached_property
    def overview(self) -> "Overview":
        """What the export has as a whole."""
        from output.web.overview import overview

        return overview(self)

    def close(self) -> None:
        self.index.close()


def _opened(data: Path) -> tuple[tuple[int, int, int], Index]:
    """Return the index with all that belongs to it open, so that what replaces it later takes nothing away."""
    for attempt in range(ATTEMPTS):
        version, index = version_of(data), open_index(data)
        try:
            _ = index.words
        except IndexFileError:  # an export replaced it in between
            index.close()
            if attempt == ATTEMPTS - 1:
                raise
        else:
            return version, index
    raise AssertionError("unreachable")


def version_of(data: Path) -> tuple[int, int, int]:
    """Return what tells one export from the one that replaced it."""
    try:
        stat = (data / FILE).stat()
    except FileNotFoundError:
        raise IndexFileError(f"{data / FILE}: there is no index yet; run: recroise export (or recroise demo)") from None
    return stat.st_ino, stat.st_mtime_ns, stat.st_size


__all__ = ["LANGUAGES", "Site", "version_of"]
