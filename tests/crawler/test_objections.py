"""Who objects is not read, and what was read goes."""

from pathlib import Path

import pytest

from crawler import readers
from crawler.catalogue import Source
from crawler.documents import Document
from crawler.objections import Objections, ObjectionsError
from crawler.reservations import Reservations
from crawler.store import Store
from crawler.stored import PageState


def test_hosts_and_addresses_object(tmp_path: Path) -> None:
    path = tmp_path / "objections.txt"
    path.write_text("# by mail, 3 March\nexample.org\nhttps://wiki.example/team/ # the team's page\n\n")
    objections = Objections.load(path)
    assert objections.cover("https://www.example.org/agenda")
    assert objections.cover("https://sub.example.org/")
    assert not objections.cover("https://myexample.org/")
    assert objections.cover("https://wiki.example/team/x")
    assert not objections.cover("https://wiki.example/agenda")
    assert not Objections.load(tmp_path / "none").cover("https://example.org/")


def test_a_line_that_is_neither_stops_everything(tmp_path: Path) -> None:
    path = tmp_path / "objections.txt"
    path.write_text("example.org\nplease do not read us\n")
    with pytest.raises(ObjectionsError, match="line 2"):
        Objections.load(path)


def test_what_was_read_from_them_goes_history_and_all(tmp_path: Path) -> None:
    def save(store: Store, url: str, name: str, read: str) -> None:
        stamp = {"id": "s", "url": url, "fetched": read}
        record = {"type": "Place", "id": url, "name": name, "source": stamp}
        store.save_page(PageState(url, "s", "0" * 64, read), [record])

    with Store(tmp_path / "store.sqlite") as store:
        for url in ("https://a.example/x", "https://b.example/y"):
            save(store, url, "La Cantine", "2026-01-01T00:00:00Z")
            store.flush()
            save(store, url, "La Cantine de Brest", "2026-01-02T00:00:00Z")
        assert store.withdraw(lambda url: "a.example" in url) == 1
        (left,) = store.records()
        assert left.body["source"]["url"] == "https://b.example/y"
        assert len(store.history(left.key)) == 1
        assert store.page("s", "https://a.example/x") is None


PAGE = b'<html><head>%s</head><body><div class="h-event"><b class="p-name">x</b></div></body></html>'


@pytest.mark.parametrize(
    ("meta", "header", "read"),
    [
        (b"", False, True),
        (b'<meta name="tdm-reservation" content="1">', False, False),
        (b'<meta name="TDM-Reservation" content="0">', False, True),
        (b"", True, False),
    ],
)
def test_a_publisher_who_reserves_mining_is_not_read(meta: bytes, header: bool, read: bool) -> None:
    source = Source(id="saved", name="x", url="http://a.example/", community="agenda", region="FR")
    document = Document("http://a.example/", PAGE % meta, "2026-01-01T00:00:00Z", source, "text/html", reserved=header)
    reading = readers.read(document)
    assert bool(reading.records) is read
    assert bool(reading.dropped["tdm-reservation"]) is not read


@pytest.mark.parametrize(
    ("rules", "reserved", "free"),
    [
        ('[{"location": "/", "tdm-reservation": 1, "tdm-policy": "https://a.example/p.json"}]', "/agenda", None),
        ('[{"location": "/", "tdm-reservation": 1}, {"location": "/libre/", "tdm-reservation": 0}]', "/x", "/libre/x"),
        ('[{"location": "/*.pdf$", "tdm-reservation": "1"}]', "/a/b.pdf", "/a/b.pdf.html"),
        ('[{"location": "equipe/", "tdm-reservation": 1}]', "/equipe/ada", "/agenda"),
        ('[{"location": "/x", "tdm-reservation": 0}, {"location": "/x", "tdm-reservation": 1}]', "/x", "/y"),
        (
            '[{"location": "/\\nDisallow: /y", "tdm-reservation": 1}, {"location": "/x", "tdm-reservation": 1}]',
            "/x",
            "/y",
        ),
        ('[{"location": "/", "tdm-reservation": 0}]', None, "/"),
        ('[{"location": ["/"], "tdm-reservation": 1}, 7, null]', None, "/"),
        ('{"location": "/", "tdm-reservation": 1}', None, "/"),
        ("<html>", None, "/"),
    ],
)
def test_a_host_reserves_by_the_pattern_of_a_path(rules: str, reserved: str | None, free: str | None) -> None:
    reservations = Reservations(rules.encode())
    assert reserved is None or reservations.cover(f"https://a.example{reserved}")
    assert free is None or not reservations.cover(f"https://a.example{free}")
