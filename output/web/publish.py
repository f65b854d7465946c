"""The site as files, for any host: every resource's ``published()``, written by several processes."""

import gc
import os
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, field
from importlib.resources import files
from itertools import islice
from multiprocessing import connection, get_context, parent_process
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from output import published
from output.web import doors
from output.web.addresses import STATIC, is_public, relative
from output.web.folder import FolderError, file_of, open_folder, place
from output.web.processors import processors
from output.web.resource import Asked, Document, MovedError, NotFoundError, Resource
from output.web.resources import all_resources
from output.web.security import HEADERS
from output.web.site import Site, version_of
from output.web.tiles import Tiles

SHARE = 200  # pages that a process is given at a time
OF_NODE = "/{lang}/{id}/"  # how the addresses of a node's page, and of those below it, begin
WORTH = 1_000  # pages that are worth the start of another process

Values = Mapping[str, str]
Share = tuple[int, Sequence[tuple[str, str, Values]]]  # the resource's number; file, path and values of each page
Tell = Callable[[int, int], None]  # pages done, of how many


class PublishError(RuntimeError):
    """A site cannot be published: why."""


@dataclass(slots=True)
class Summary:
    """What publishing did. ``theirs`` are files of somebody else that were left as they are."""

    folder: str
    written: int = 0
    unchanged: int = 0
    removed: int = 0
    seconds: float = 0.0
    theirs: list[str] = field(default_factory=list)
    unnamable: list[str] = field(default_factory=list)

    @property
    def line(self) -> str:
        """What is said of it."""
        return (
            f"Published to {self.folder}: {self.written:,} files written, {self.unchanged:,} unchanged, "
            f"{self.removed:,} removed, in {self.seconds:.1f} s."
        )

    @property
    def left_out(self) -> list[str]:
        """A line for each file that should be there and is not ours."""
        return [
            *(f"{self.folder}/{file}: not published; somebody else's file stands there" for file in self.theirs),
            *(f"{path}: not published; no file can have that name" for path in self.unnamable),
        ]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class _Job:
    """What every process knows."""

    data: Path
    folder: str
    url: str | None
    tiles: Tiles | None
    version: object


def publish(
    data: Path,
    folder: Path,
    url: str | None = None,
    tiles: Tiles | None = None,
    jobs: int | None = None,
    tell: Tell | None = None,
) -> Summary:
    """Write the site of a data directory into a folder; return what changed there.

    A file is written only where its bytes change, whole or not at all. What an earlier run wrote and this one does not
    is removed; nothing else is. Killed at any moment, the next run completes it.

    Args:
        data: the data directory, with an export.
        folder: a folder that is empty, or was published to before.
        url: the site's public address.
        tiles: the operator's map tiles.
        jobs: how many processes write; as many as there are processors.
        tell: is told how many pages are done, of how many.

    Raises:
        IndexFileError: where there is no export.
        FolderError: where the folder has other things in it.
        PublishError: where the export was replaced meanwhile, or the address is none.
    """
    begun = time.perf_counter()
    if url is not None and not is_public(url):
        raise PublishError(f"--url {url}: say the whole address, such as https://example.org/site/")
    if folder.resolve() == data.resolve() or folder.resolve() in data.resolve().parents:
        raise FolderError(f"{folder}: the data directory is there, and not all of it is for everybody; say another")
    job = _Job(data, str(folder.resolve()), url.rstrip("/") + "/" if url else None, tiles, version_of_export(data))
    summary = Summary(str(folder))
    worker = _Worker(job)
    try:
        with open_folder(folder) as held:
            shares, summary.unnamable = _planned(worker.site)
            paths = [file for _, pages in shares for file, _, _ in pages]
            taken = frozenset(paths)
            more = {file: body for file, body in _more(worker, shares).items() if file not in taken}
            ours, summary.theirs = held.plan(dict.fromkeys((*paths, *more)))
            published.remember(data, folder, "site", _options(job))
            theirs = frozenset(summary.theirs)
            for file, body in more.items():
                if file not in theirs:
                    _count(summary, place(job.folder, file, body))
            shares = [(number, [each for each in pages if each[0] not in theirs]) for number, pages in shares]
            _write(worker, shares, jobs or processors(), summary, tell)
            summary.removed = held.finish(ours)
    except OSError as error:
        # What is copied there has a name too, and writing to an open file tells none.
        told = next((each for each in (error.filename2, error.filename) if each), str(folder))
        raise OSError(error.errno, error.strerror, told) from None
    finally:
        worker.site.close()
    summary.seconds = round(time.perf_counter() - begun, 1)
    return summary


def _options(job: _Job) -> list[str]:
    """Return the options of the command line that what a site says depends on."""
    options = ["--url", job.url] if job.url else []
    if job.tiles:
        options += ["--tiles", job.tiles.url]
        options += ["--attribution", job.tiles.attribution] if job.tiles.attribution else []
    return options


def version_of_export(data: Path) -> object:
    """Return what tells the export from the next; None where there is none."""
    try:
        return version_of(data)
    except FileNotFoundError:
        return None  # opening it says what to do


def path_of(resource: Resource, values: Values) -> str:
    """Return the address of a page of a resource, from the site's root."""
    return re.sub(r":\w+}", "}", resource.pattern).format_map(values)


def _planned(site: Site) -> tuple[list[Share], list[str]]:
    """Return all pages in shares, and the addresses that no file can have."""
    shares: list[Share] = []
    seen: set[str] = set()
    unnamable = []
    for number, resource in enumerate(all_resources()):
        pages = []
        for values in resource.published(site):
            path = path_of(resource, values)
            file = file_of(path)
            if file is None:
                unnamable.append(path)
            elif file not in seen:  # as in a server, the more literal pattern answers
                seen.add(file)
                pages.append((file, path, values))
        rest = iter(pages)
        while share := list(islice(rest, SHARE)):
            shares.append((number, share))
    return shares, unnamable


def _more(worker: "_Worker", shares: Sequence[Share]) -> dict[str, bytes | Path]:
    """Return the files that are no resource: what belongs to the design, where merged ids went, the host's own."""
    found: dict[str, bytes | Path] = {".nojekyll": b""}
    root = Path(str(files("output.web") / "static"))
    for path in sorted(root.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            found[STATIC.lstrip("/") + path.relative_to(root).as_posix()] = path
    above = urlsplit(worker.job.url or "").path.strip("/")
    found["404.html"] = _alone(doors.missing(f"/{above}/" if above else "/"))
    found["index.html"] = _alone(doors.first())
    before: dict[str, list[str]] = {}
    for old, new in worker.site.index.rows("SELECT old, new FROM redirect ORDER BY old"):
        before.setdefault(new, []).append(old)
    for number, pages in shares if before else ():
        if all_resources()[number].pattern.startswith(OF_NODE):
            for _, there, values in pages:
                for old in before.get(values["id"], ()):
                    here = there.replace(values["id"], old, 1)
                    if file := file_of(here):
                        found[file] = _moved(here, there)
    return found


def _write(worker: "_Worker", shares: Sequence[Share], jobs: int, summary: Summary, tell: Tell | None) -> None:
    total = sum(len(pages) for _, pages in shares)
    done = 0
    for written, unchanged in _worked(worker, shares, min(jobs, 1 + total // WORTH)):
        summary.written += written
        summary.unchanged += unchanged
        done += written + unchanged
        if tell:
            tell(done, total)


def _worked(worker: "_Worker", shares: Sequence[Share], jobs: int) -> Iterator[tuple[int, int]]:
    if jobs < 2:
        yield from map(worker.write, shares)
        return
    # Each starts anew: a copy of a process that has threads and an open index is not one to rely on.
    with ProcessPoolExecutor(jobs, get_context("spawn"), _start, (worker.job,)) as pool:
        yield from pool.map(_share, shares)


class _Worker:
    """One process that writes."""

    def __init__(self, job: _Job) -> None:
        self.job = job
        self.site = Site(job.data, tiles=job.tiles)
        self._resources = all_resources()

    def write(self, share: Share) -> tuple[int, int]:
        """Write pages of one resource; return how many were written, and how many stood there already."""
        number, pages = share
        if version_of(self.job.data) != self.job.version:
            raise PublishError(f"{self.job.data}: a new export landed meanwhile; publish again")
        written = 0
        for file, path, values in pages:
            written += place(self.job.folder, file, self._body(self._resources[number], path, values))
        return written, len(pages) - written

    def _body(self, resource: Resource, path: str, values: Values) -> bytes | Path:
        try:
            found = resource.answer(self.site, Asked(path, values, {}, self.job.url, dynamic=False))
        except MovedError as moved:
            if path.endswith("/"):
                return _moved(path, moved.path)
            # No program follows a page that leads on: what it reads is here too.
            return self._body(resource, moved.path, {**values, "id": self.site.index.node(values["id"]).id})
        except NotFoundError as error:
            raise PublishError(f"{path}: is announced and not there ({error})") from None
        return found.file or _alone(found)


_worker: _Worker


def _start(job: _Job) -> None:
    global _worker
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _worker = _Worker(job)
    gc.freeze()


def _end_with_parent() -> None:
    """End when who started us does, even by a kill: what it planned is for its successor to write."""
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


def _share(share: Share) -> tuple[int, int]:
    return _worker.write(share)


def _alone(document: Document) -> bytes:
    """Return a page as it has to be where no server sends headers with it."""
    if not document.media_type.startswith("text/html"):
        return document.body
    headers = {**HEADERS, **document.headers}
    # The rest cannot be said in a page, and browsers complain of it.
    policy = "; ".join(
        each
        for each in headers["Content-Security-Policy"].split("; ")
        if not each.startswith(("frame-ancestors", "report", "sandbox"))
    )
    stated = (
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n<meta name="referrer" content="no-referrer">'
    )
    mark = b'<meta charset="utf-8">'
    if mark not in document.body:
        raise PublishError(f"a page has no {mark.decode()}, behind which its policy has to stand")
    return document.body.replace(mark, mark + b"\n" + stated.encode(), 1)


def _moved(here: str, there: str) -> bytes:
    """Return a page that leads to another."""
    link = relative(here, there)
    return (
        f'<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>Moved</title>\n'
        f'<meta name="robots" content="noindex">\n<link rel="canonical" href="{link}">\n'
        f'<meta http-equiv="refresh" content="0; url={link}">\n<p><a href="{link}">→</a></p>\n</html>\n'
    ).encode()


def _count(summary: Summary, written: bool) -> None:
    if written:
        summary.written += 1
    else:
        summary.unchanged += 1


__all__ = ["PublishError", "Summary", "publish"]
