"""Places that sources tell in one line."""

from typing import Any

import pytest

from crawler.catalogue import Source
from crawler.documents import Document
from crawler.venue import venue

SOURCE = Source(id="saved", name="x", url="http://saved.example/", community="agenda", region="FR")


@pytest.mark.parametrize(
    ("text", "location"),
    [
        (
            "La Colloc (42 av. de la Perrière, Lorient, France)",
            {
                "type": "Place",
                "name": "La Colloc",
                "address": {
                    "streetAddress": "42 av. de la Perrière",
                    "addressLocality": "Lorient",
                    "addressCountry": "France",
                },
            },
        ),
        ("La Cantine (Rennes)", {"type": "Place", "name": "La Cantine (Rennes)"}),
        ("(en ligne)", {"type": "VirtualLocation", "name": "en ligne"}),
        ("https://lu.ma/event/evt-1", None),
        ("https://meet.example/x", {"type": "VirtualLocation", "name": "online", "url": "https://meet.example/x"}),
    ],
)
def test_a_place_in_one_line(text: str, location: dict[str, Any] | None) -> None:
    document = Document("http://saved.example/", b"", "2012-11-20T09:00:00Z", SOURCE)
    assert venue(text, document).get("location") == location
