"""The readers on the shared corpus: no traceback, no hang, and everything that is read is let in."""

import gzip
import tarfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler import readers
from crawler.catalogue import Source
from crawler.documents import Document, ReaderError
from crawler.intake import take
from crawler.privacy import Exclusions
from tests.conftest import ROOT

CORPUS = ROOT.parent / "shared" / "corpus"

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not CORPUS.exists(), reason="needs the shared corpus beside the checkout"),
]

SOURCE = Source(id="corpus", name="corpus", url="http://a.example/", community="agenda", region="FR")


def read(body: bytes, media_type: str) -> str:
    """Return in a word what came of a document: records, nothing, or a reader's one clear reason."""
    document = Document("http://a.example/x", body, "2026-11-23T00:00:00Z", SOURCE, media_type)
    try:
        reading = readers.read(document)
    except ReaderError as error:
        assert "\n" not in str(error)
        return "reason"
    intake = take(reading, document, Exclusions())
    assert all("\n" not in line for line in (*reading.problems, *intake.refused))
    return "records" if intake.records else "nothing"


def files(folder: str, *suffixes: str) -> Iterator[bytes]:
    for path in sorted((CORPUS / folder).rglob("*")):
        name = path.name.removesuffix(".gz")
        if path.is_file() and name.endswith(suffixes):
            yield gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


@pytest.mark.parametrize(
    ("folder", "suffixes", "media_type", "least"),
    [
        ("calendars", (".ics",), "text/calendar", 130),
        ("structured", (".html",), "text/html", 100),
        ("listings", (".html",), "text/html", 5),
        ("wiki", (".html",), "text/html", 0),
    ],
)
def test_documents_of_every_odd_kind_are_read_or_refused(
    folder: str, suffixes: tuple, media_type: str, least: int
) -> None:
    counts = Counter(read(body, media_type) for body in files(folder, *suffixes))
    print(folder, dict(counts))
    assert counts["records"] >= least


def test_feeds_of_every_odd_kind_are_read_or_refused() -> None:
    counts: Counter[str] = Counter()
    with tarfile.open(Path(CORPUS / "feeds" / "feedparser-tests.tar.gz")) as archive:
        for member in archive.getmembers():
            if (file := archive.extractfile(member)) is not None:
                counts[read(file.read(), "application/xml")] += 1
    print("feeds", dict(counts))
    assert counts.total() > 2_000
