"""Writes the word index (``output/text.py`` has its fields), with the same bytes each time for the same entries.

tantivy names its files at random and lists them in hash order: they are renamed and the lists written anew.
"""

import hashlib
import json
import tempfile
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import tantivy

from output.text import INITIALS, NAMES, languages, plain, register, schema

MEMORY = 400_000_000  # bytes that the words of one segment may take; a million names are one segment
META = "meta.json"


@dataclass(frozen=True, slots=True)
class Entry:
    """A node as the word index has it. ``days`` are ordinals, ``points`` latitude and longitude."""

    number: int
    names: Sequence[str]
    person: bool
    text: str
    language: str | None
    plain: Mapping[str, Sequence[str]]
    keywords: Mapping[str, Sequence[str]]
    days: Sequence[int]
    points: Sequence[tuple[float, float]]


def write(entries: Iterable[Entry], folder: Path, prefix: str) -> Path:
    """Write a word index to a new folder in ``folder``, whose name is ``prefix`` and a hash of the content."""
    fields = schema()
    scratch = Path(tempfile.mkdtemp(prefix=prefix, dir=folder))
    index = tantivy.Index(fields, path=str(scratch))
    register(index)
    # One thread: segments would end where chance has it with more. It works beside this one anyway.
    writer = index.writer(heap_size=MEMORY, num_threads=1)
    for entry in entries:
        writer.add_document(tantivy.Document.from_dict(_document(entry), fields))
    writer.commit()
    writer.wait_merging_threads()
    return _settle(scratch, prefix)


def _document(entry: Entry) -> dict[str, object]:
    document: dict[str, object] = {"number": entry.number, NAMES: list(entry.names)}
    if entry.person:
        document[INITIALS] = " ".join(sorted({word[0] for name in entry.names for word in name.split()}))
    if text := plain(entry.text):
        for language in languages(text, entry.language):
            document[language] = text
    for field, values in entry.plain.items():
        if values:
            document[field] = [plain(value) for value in values]
    for field, values in entry.keywords.items():
        if values:
            document[field] = list(values)
    if entry.days:
        document["day"] = list(entry.days)
        document["last"] = entry.days[-1]
    if entry.points:
        document["latitude"] = [point[0] for point in entry.points]
        document["longitude"] = [point[1] for point in entry.points]
    return document


def _settle(folder: Path, prefix: str) -> Path:
    """Name segments by their number and the folder by its content; return the folder's new path."""
    meta = json.loads((folder / META).read_text(encoding="utf-8"))
    segments = {each["segment_id"].replace("-", ""): number for number, each in enumerate(meta["segments"])}
    for each in meta["segments"]:
        each["segment_id"] = str(uuid.UUID(int=segments[each["segment_id"].replace("-", "")]))
    for file in list(folder.iterdir()):
        stem, _, suffix = file.name.partition(".")
        if stem in segments:
            file.rename(folder / f"{uuid.UUID(int=segments[stem]).hex}.{suffix}")
        else:
            file.unlink()  # locks, and the list of files that a writer would go on with
    (folder / META).write_text(json.dumps(meta, indent=1), encoding="utf-8")
    digest = hashlib.sha256()
    for file in sorted(folder.iterdir()):
        with file.open("rb") as content:
            digest.update(file.name.encode() + hashlib.file_digest(content, "sha256").digest())
    folder.chmod(0o755)
    return folder.rename(folder.parent / f"{prefix}{digest.hexdigest()[:16]}")
