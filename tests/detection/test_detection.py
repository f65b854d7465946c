"""What is found at an address, on saved webs: no network.

``saved/<case>.json`` holds the address, the documents of that web by the key of their link (``body`` as text, or ``json``), and
what is expected: the best format and its address, the addresses asked for in order, and every format found.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from crawler.catalogue import Source
from crawler.detection import Detection, DetectionError, Failed, investigate
from crawler.documents import Document

SAVED = Path(__file__).with_name("saved")
CASES = sorted(SAVED.glob("*.json"))


def look(case: dict[str, Any]) -> tuple[Detection, list[str]]:
    """Return what is found in a saved web, and the addresses that were asked for."""
    source = Source(id="saved", name="saved", url=case["url"], community="agenda", region="FR")
    asked: list[str] = []
    investigation = investigate(source)
    link = next(investigation)
    while True:
        asked.append(link.url)
        saved = next((each for each in case["documents"] if each["url"] == link.url and matches(each, link)), None)
        answer: Document | Failed = Failed("the server answered 404")
        if saved:
            body = saved["body"] if "body" in saved else json.dumps(saved["json"])
            kind = saved.get("content_type", "text/html" if "body" in saved else "application/json")
            answer = Document(link.url, body.encode(), "2012-11-20T09:00:00Z", source, kind, asked=link.body or "")
        try:
            link = investigation.send(answer)
        except StopIteration as end:
            return end.value, asked


def matches(saved: dict[str, Any], link: Any) -> bool:
    """A saved answer may be one to a certain media type or to a certain query alone."""
    return saved.get("accept", "") in (link.accept or "") and saved.get("asked", "") in (link.body or "")


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_richest_is_found_with_few_requests(path: Path) -> None:
    case = json.loads(path.read_text(encoding="utf-8"))
    expected = case["expected"]
    if "error" in expected:
        with pytest.raises(DetectionError, match=expected["error"]):
            look(case)
        return
    found, asked = look(case)
    shown = found.to_json()
    assert {key: shown[key] for key in ("best", "best_url")} == {key: expected[key] for key in ("best", "best_url")}
    assert [each["format"] for each in shown["formats"]] == expected["formats"]
    assert asked == expected["asked"]
    assert len([url for url in asked if "nodeinfo/" not in url]) <= 3


def test_there_are_cases() -> None:
    assert len(CASES) >= 14
