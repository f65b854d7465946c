"""Every file of the shared corpus through the readers, as ``recroise read`` does it: no traceback, no hang.

``make corpus`` prints the table of what came of them, and the slowest file of each kind.
"""

import gzip
import tarfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler import readers
from crawler.catalogue import Source
from crawler.documents import Document, ReaderError
from crawler.intake import take
from crawler.privacy import Exclusions
from crawler.saved import MEDIA_TYPES
from tests.conftest import ROOT

CORPUS = ROOT.parent / "shared" / "corpus"

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not CORPUS.exists(), reason="needs the shared corpus beside the checkout"),
]

SOURCE = Source(id="corpus", name="corpus", url="http://a.example/", community="agenda", region="FR")


def read(name: str, body: bytes, media_type: str) -> tuple[str, int]:
    """Return what came of a document (records, no records, refused: one clear line), and how many records it gave."""
    document = Document(f"http://a.example/{name}", body, "2026-11-23T00:00:00Z", SOURCE, media_type)
    try:
        reading = readers.read(document)
    except ReaderError as error:
        assert str(error).strip()
        assert "\n" not in str(error)
        return "refused with a reason", 0
    intake = take(reading, document, Exclusions())
    assert all("\n" not in line for line in (*reading.problems, *intake.refused))
    assert intake.refused == []
    return "records" if intake.records else f"no records: read as {reading.format}", len(intake.records)


def files(folder: str) -> Iterator[tuple[str, bytes]]:
    """Yield the files of a folder of the corpus, unpacked, by their names."""
    for path in sorted((CORPUS / folder).rglob("*")):
        if path.name.endswith(".tar.gz"):
            with tarfile.open(path) as archive:
                for member in archive:
                    if (file := archive.extractfile(member)) is not None:
                        yield Path(member.name).name, file.read()
        elif path.is_file():
            body = path.read_bytes()
            yield path.name.removesuffix(".gz"), gzip.decompress(body) if path.suffix == ".gz" else body


@pytest.mark.parametrize(
    ("folder", "at_least", "with_records"),
    [("calendars", 360, 200), ("structured", 440, 90), ("feeds", 2_100, 5), ("listings", 100, 5), ("wiki", 3, 0)],
)
def test_documents_of_every_odd_kind_are_read_or_refused(folder: str, at_least: int, with_records: int) -> None:
    documents: Counter[str] = Counter()
    records: Counter[str] = Counter()
    slowest = (0.0, "")
    for name, body in files(folder):
        began = time.perf_counter()
        outcome, count = read(name, body, MEDIA_TYPES.get(Path(name).suffix.lower(), ""))
        slowest = max(slowest, (time.perf_counter() - began, name))
        documents[outcome] += 1
        records[outcome] += count
    print(f"{folder}: {documents.total()} files; the slowest {slowest[0]:.2f} s ({slowest[1]})")
    for outcome, count in documents.most_common():
        print(f"  {count:5} {outcome}" + (f" ({records[outcome]})" if records[outcome] else ""))
    assert documents.total() >= at_least
    assert documents["records"] >= with_records
