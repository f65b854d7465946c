"""Writes the word index (``output/text.py`` has its fields), with the same bytes each time for the same documents.

tantivy names its files at random and lists them in hash order: they are renamed and the lists written anew.
"""

import hashlib
import json
import os
import re
import tempfile
import uuid
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

import orjson
import tantivy

from output.exports.documents import Document
from output.text import register, schema

MEMORY = 400_000_000  # bytes that the words of one segment may take; a million names are one segment
META = "meta.json"
BATCH = 2_000  # documents


def write(documents: Iterable[Document], folder: Path, prefix: str) -> Path:
    """Write a word index to a new folder in ``folder``, whose name is ``prefix`` and a hash of the content.

    Raises:
        OSError: when it cannot be written.
    """
    scratch = Path(tempfile.mkdtemp(prefix=prefix, dir=folder))
    try:
        _write(documents, scratch)
    except ValueError as error:
        # tantivy says so in a sentence: "An IO error occurred: 'No space left on device (os error 28)'".
        if (said := re.search(r"\(os error (\d+)\)", str(error))) is None:
            raise
        raise OSError(int(said[1]), os.strerror(int(said[1])), str(scratch)) from None
    return _settle(scratch, prefix)


def _write(documents: Iterable[Document], folder: Path) -> None:
    fields = schema()
    index = tantivy.Index(fields, path=str(folder))
    register(index)
    # One thread: segments would end where chance has it with more. It works beside this one anyway.
    writer = index.writer(heap_size=MEMORY, num_threads=1)
    # Several at once: the thread that indexes is woken for a batch, not for every document.
    coming = iter(documents)
    while batch := [orjson.dumps(each).decode() for each in islice(coming, BATCH)]:
        for document in batch:
            writer.add_json(document)
    writer.commit()
    writer.wait_merging_threads()


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
