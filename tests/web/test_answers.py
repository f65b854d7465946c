"""What takes long is answered beside what does not, with nothing loaded that only writes exports."""

import subprocess
import sys
import threading
from pathlib import Path

import httpx
import pytest

from output.web.resource import Asked, Document
from output.web.resources.api_met import ApiMet
from output.web.site import Site
from tests.web.conftest import serving

WAIT = 30.0  # seconds after which a test that hangs is given up


def test_no_page_waits_for_a_slow_answer(crawled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, done = threading.Event(), threading.Event()

    def slowly(_: ApiMet, site: Site, asked: Asked) -> Document:
        begun.set()
        assert done.wait(WAIT)
        return Document(f"{asked.one('name')} {site.index.when}".encode(), "text/plain")

    monkeypatch.setattr(ApiMet, "answer", slowly)
    answers: list[httpx.Response] = []
    with serving(crawled) as address:
        asking = threading.Thread(
            target=lambda: answers.append(httpx.get(f"{address}api/v1/met?name=Nolwenn", timeout=WAIT))
        )
        asking.start()
        try:
            assert begun.wait(WAIT)
            assert httpx.get(f"{address}fr/", timeout=WAIT).status_code == 200
            assert not answers
        finally:
            done.set()
            asking.join(WAIT)
    assert answers[0].text.startswith("Nolwenn ")


def test_serving_loads_nothing_that_links_or_writes(crawled: Path) -> None:
    """It is half of the memory of a server, and most of the time in which it starts."""
    code = (
        "import sys\nfrom pathlib import Path\nfrom output.web.app import create_app\ncreate_app(Path(sys.argv[1]))\n"
        "print(*sorted(name for name in sys.modules if name.split('.')[0] in ('networkx', 'scrapy', 'crawler')))"
    )
    done = subprocess.run([sys.executable, "-c", code, crawled], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
