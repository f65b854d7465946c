"""A folder that holds a published site: which of its files are ours, and how each gets there whole.

What is ours stands in a list beside the files, a path a line. The list names a file before the file is written and
until it is removed, so that whenever a run is killed the next one knows what to mend; what it does not name is somebody
else's, and is neither written nor removed. Where a run did not come to its end, the folder of files on their way stays:
a site of which some pages are of the export before is not taken for a whole one (``unfinished``).
"""

import contextlib
import filecmp
import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from filelock import FileLock, Timeout

LIST = ".recroise-site"
LOCK = ".recroise-site.lock"
SCRATCH = ".recroise-writing"  # files on the way to their place; there as long as the site is not whole
OURS = frozenset((LIST, LOCK, SCRATCH))
HEAD = "Files of a site that recroise published. What is not listed here is never touched.\n"
ALLOWED = frozenset((".git",))  # beside which a folder counts as empty: a branch made for the site
LONGEST = 255  # bytes of a name in a path


class FolderError(RuntimeError):
    """Nothing can be published in a folder: why, and what to do."""


def file_of(path: str) -> str | None:
    """Return the file of an address, relative to the site's root; None where no file can have such a name."""
    file = path.lstrip("/") + ("index.html" if path.endswith("/") else "")
    parts = file.split("/")
    if any(
        not part or part in (".", "..") or len(part.encode()) > LONGEST or not part.isprintable() or "\\" in part
        for part in parts
    ):
        return None
    return None if parts[0] in OURS else file


def place(folder: str, file: str, body: bytes | Path) -> bool:
    """Put a file in its place, whole, unless it is there already; return whether it was written."""
    target = f"{folder}/{file}"
    if _same(target, body):
        return False
    scratch = f"{folder}/{SCRATCH}/{os.getpid()}"
    if isinstance(body, Path):
        shutil.copyfile(body, scratch)
    else:
        with open(scratch, "wb") as written:  # noqa: PTH123 - a hundred thousand times
            written.write(body)
    try:
        os.replace(scratch, target)  # noqa: PTH105
    except FileNotFoundError:
        os.makedirs(os.path.dirname(target), exist_ok=True)  # noqa: PTH103, PTH120
        os.replace(scratch, target)  # noqa: PTH105
    return True


def _same(target: str, body: bytes | Path) -> bool:
    try:
        if isinstance(body, Path):
            return filecmp.cmp(target, body, shallow=False)
        with open(target, "rb") as file:  # noqa: PTH123
            return file.read(len(body) + 1) == body
    except (FileNotFoundError, NotADirectoryError):
        return False


class Folder:
    """One published folder, held by ``open_folder``."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.listed = frozenset(listed(path / LIST))

    def plan(self, files: Iterable[str]) -> tuple[list[str], list[str]]:
        """Note what is about to be written; return what is, and what is not because somebody else's file is there."""
        ours: list[str] = []
        theirs: list[str] = []
        for file in files:
            (theirs if file not in self.listed and (self.path / file).exists() else ours).append(file)
        self._list({*ours, *self.listed})
        return ours, theirs

    def finish(self, files: Iterable[str]) -> int:
        """Remove what is listed and not among the files, and folders that are empty then; return how many files."""
        kept = frozenset(files)
        removed = 0
        for file in sorted(self.listed - kept):
            path = self.path / file
            with contextlib.suppress(FileNotFoundError, NotADirectoryError):
                path.unlink()
                removed += 1
            self._prune(path.parent)
        self._list(kept)
        return removed

    def _prune(self, folder: Path) -> None:
        while folder != self.path:
            try:
                folder.rmdir()
            except FileNotFoundError:
                pass
            except OSError:
                return  # something is in it
            folder = folder.parent

    def _list(self, files: Iterable[str]) -> None:
        place(str(self.path), LIST, (HEAD + "".join(f"{file}\n" for file in sorted(files))).encode())


@contextlib.contextmanager
def open_folder(path: Path) -> Iterator[Folder]:
    """Hold a folder that is ours, or empty and ours from now on.

    Raises:
        FolderError: where it has other things in it, or another run is writing there.
    """
    if path.exists() and not path.is_dir():
        raise FolderError(f"{path}: is no directory; say one that is empty or does not exist yet")
    found = {each.name for each in path.iterdir()} if path.exists() else set()
    if LIST not in found and found - ALLOWED - OURS:
        raise FolderError(
            f"{path}: has things in it that recroise did not publish, {min(found - ALLOWED - OURS)} for one; "
            "say a directory that is empty or does not exist yet"
        )
    path.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(path / LOCK, timeout=0):
            scratch = path / SCRATCH
            shutil.rmtree(scratch, ignore_errors=True)
            scratch.mkdir()
            try:
                yield Folder(path.resolve())
            except BaseException:
                # What takes up room goes; that the folder is there says that the site is not whole.
                for each in scratch.iterdir():
                    each.unlink(missing_ok=True)
                raise
            shutil.rmtree(scratch)
    except Timeout:
        raise FolderError(f"{path}: another run is publishing there; this one stops") from None


def unfinished(path: Path) -> str | None:
    """Return what is missing for the site in a folder to be a whole one, None where nothing is."""
    if (path / SCRATCH).exists():
        return "the site there is not whole: publishing broke off, or is under way"
    missing = [file for file in listed(path / LIST) if not (path / file).is_file()]
    if len(missing) > 1:
        return f"{missing[0]} and {len(missing) - 1} more of the site's files are missing"
    return f"{missing[0]} is missing" if missing else None


def listed(path: Path) -> Iterator[str]:
    """Yield the files that a list names; none where there is no list, FolderError where it is none."""
    if not path.exists():
        return
    text = path.read_text(encoding="utf-8")
    if not text.startswith(HEAD):
        raise FolderError(f"{path}: is no list of published files; remove the directory, or say another")
    yield from (line for line in text[len(HEAD) :].splitlines() if file_of(f"/{line}") == line)


__all__ = ["Folder", "FolderError", "file_of", "listed", "open_folder", "place", "unfinished"]
