"""Documents and records that lie in files: ``read`` and ``ingest``."""

import gzip
import sys
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import orjson
import typer

from crawler import limits, readers
from crawler.catalogue import Source
from crawler.datadir import EXCLUSIONS, open_store, write_lock
from crawler.documents import Document, ReaderError
from crawler.intake import accept, take
from crawler.privacy import Exclusions
from crawler.records import now as present
from crawler.stored import Counts

MAX_BYTES = 256 * 1024 * 1024  # of one unpacked file

MEDIA_TYPES = {
    ".ics": "text/calendar",
    ".rss": "application/rss+xml",
    ".atom": "application/atom+xml",
    ".xml": "application/xml",
    ".json": "application/json",
    ".html": "text/html",
    ".htm": "text/html",
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
    ".geojson": "application/geo+json",
    ".jsonl": "application/x-ndjson",
    ".md": "text/markdown",
    ".txt": "text/plain",
}


class FileError(ValueError):
    """A file that cannot be read, or an option that does not fit it."""


def read_files(files: Sequence[Path], url: str | None, format_: str | None, now: str | None) -> int:
    """Print the records of saved documents as JSON lines; return 1 when one of them could not be read, else 0."""
    limits.apply()
    instant = _instant(now)
    failed = False
    for path in files:
        try:
            for line in _read_file(path, url, format_, instant):
                sys.stdout.buffer.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))
        except (FileError, ReaderError) as error:
            failed = True
            typer.echo(f"{path}: {error}" if isinstance(error, ReaderError) else error, err=True)
    sys.stdout.buffer.flush()
    return int(failed)


def _read_file(path: Path, url: str | None, format_: str | None, instant: str) -> Iterator[dict[str, Any]]:
    body = load(path)
    suffix = (path.with_suffix("") if path.suffix == ".gz" else path).suffix.lower()
    address = url or "http://saved.invalid/" + quote(path.name)
    source = Source(id="saved", name="saved document", url=address, community="agenda", region="FR", format=format_)
    document = Document(address, body, instant, source, MEDIA_TYPES.get(suffix, ""))
    reading = readers.read(document)
    intake = take(reading, document, Exclusions())
    for line in (*reading.problems, *intake.refused):
        typer.echo(line, err=True)
    if not intake.records:
        title = f" ({reading.page.title!r})" if reading.page and reading.page.title else ""
        typer.echo(f"{path}: no records: read as {reading.format}{title}", err=True)
    yield from intake.records


def _instant(now: str | None) -> str:
    if now is None:
        return present()
    try:
        moment = datetime.fromisoformat(now)
    except ValueError:
        raise FileError(f"--now {now}: not a day or instant such as 2012-11-15 or 2012-11-15T09:00:00Z") from None
    return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def load(path: Path) -> bytes:
    """Return a file's bytes, unpacked when it is gzip; FileError, in one line, where that cannot be."""
    try:
        with path.open("rb") as file:
            packed = file.peek(2)[:2] == b"\x1f\x8b"  # not by going back: a pipe cannot
            content = (gzip.GzipFile(fileobj=file) if packed else file).read(MAX_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise FileError(f"{path}: {getattr(error, 'strerror', None) or error}") from None
    if len(content) > MAX_BYTES:
        raise FileError(f"{path}: larger than {MAX_BYTES} bytes")
    return content


@dataclass
class IngestResult:
    """What was taken from files of records, and in one line each what was refused."""

    counts: Counts = field(default_factory=Counts)
    refused: list[str] = field(default_factory=list)
    dropped: Counter[str] = field(default_factory=Counter)


def ingest_files(files: Sequence[Path], data: Path) -> IngestResult:
    """Store the records of JSON lines files. Each record keeps the source that it names.

    Attendee lists are not taken: whoever switched them on did so for their own instance.
    """
    contents = [(path, load(path)) for path in files]  # all of them, before anything is stored
    result = IngestResult()
    exclusions = Exclusions.load(data / EXCLUSIONS)
    with write_lock(data), open_store(data) as store:
        for path, content in contents:
            lines = enumerate(content.splitlines(), 1)
            store.save_records(
                record for number, line in lines for record in _ingest_line(path, number, line, exclusions, result)
            )
        store.flush()
        for counts in store.counts.values():
            result.counts += counts
    return result


def _ingest_line(
    path: Path, number: int, line: bytes, exclusions: Exclusions, result: IngestResult
) -> list[dict[str, Any]]:
    if not line.strip():
        return []
    try:
        record = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        result.refused.append(f"{path}, line {number}: not JSON: {error}")
        return []
    if not isinstance(record, dict):
        result.refused.append(f"{path}, line {number}: not a record")
        return []
    intake = accept([record], exclusions)
    result.dropped += intake.dropped
    result.refused += [f"{path}, line {number}: {refused}" for refused in intake.refused]
    return intake.records
