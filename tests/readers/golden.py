"""Saved documents and what is expected of them.

``saved/<reader>/<case>.<ext>`` is a document; ``<case>.expected.json`` beside it holds the expected ``reading`` and, where the
defaults do not fit, the ``document`` (url, content_type, fetched, and fields of its source).
"""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from crawler import readers
from crawler.catalogue import Source
from crawler.documents import Document, Link, Reading
from crawler.saved import MEDIA_TYPES

SAVED = Path(__file__).with_name("saved")


def cases() -> list[Path]:
    """Return every saved document."""
    return sorted(path for path in SAVED.glob("*/*") if not path.name.endswith(".expected.json"))


def expected_file(case: Path) -> Path:
    return case.with_suffix(".expected.json")


def expected(case: Path) -> dict[str, Any]:
    path = expected_file(case)
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def document_of(case: Path) -> Document:
    given = dict(expected(case).get("document", {}))
    source = Source(
        **{
            "id": "saved",
            "name": "saved",
            "url": "http://saved.example/",
            "community": "agenda",
            "region": "FR",
            **given.pop("source", {}),
        }
    )
    defaults = {
        "url": f"http://saved.example/{case.name}",
        "fetched": "2012-11-20T09:00:00Z",
        "content_type": MEDIA_TYPES.get(case.suffix, ""),
    }
    return Document(body=case.read_bytes(), source=source, **{**defaults, **given})


def reading_of(case: Path) -> dict[str, Any]:
    return as_json(readers.READERS[case.parent.name].read(document_of(case)))


def as_json(reading: Reading) -> dict[str, Any]:
    """Return a reading as JSON, without what is empty."""
    data = {key: value for key, value in vars(reading).items() if value not in (None, [], {})}
    return json.loads(json.dumps(data, default=_stated))


def _stated(value: Any) -> dict[str, Any]:
    """Return a link or page as JSON, a link without what it does not ask for."""
    fields = asdict(value)
    return {key: each for key, each in fields.items() if each is not None} if isinstance(value, Link) else fields


def write(case: Path, reading: dict[str, Any]) -> None:
    content = {**expected(case), "reading": reading}
    text = json.dumps(content, ensure_ascii=False, indent=1)
    expected_file(case).write_text(text + "\n", encoding="utf-8")
