"""A site of the sample web, served and published, and a browser to look at it with."""

import functools
import http.server
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import uvicorn

from output.web.app import create_app
from tests.conftest import ROOT, Once, Recroise

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Request

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
# A browser in a container, as root, that asks nobody but the pages it is shown.
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--disable-dev-shm-usage",
)  # fmt: skip
QUIET = 3  # frames without a request, after which a page is as it stays
MOST_FRAMES = 1_000  # that are waited for that

# axe's rules that every page keeps.
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
    api = pytest.importorskip("playwright.sync_api", reason="needs playwright: pip install 'recroise[browser]'")
    if CHROMIUM is None:
        pytest.skip("needs a browser: apt-get install chromium")
    with api.sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield launched
        launched.close()


class _Server(uvicorn.Server):
    def install_signal_handlers(self) -> None:
        pass  # it runs in a thread


@contextmanager
def serving(data: Path) -> Iterator[str]:
    """Serve an export on loopback; give the site's address, with a slash at its end."""
    server = _Server(uvicorn.Config(create_app(data), host="127.0.0.1", port=0, log_level="warning"))
    started = threading.Event()
    startup = server.startup

    async def begin(*arguments: Any, **more: Any) -> None:
        await startup(*arguments, **more)
        started.set()

    server.startup = begin  # type: ignore[method-assign]
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    assert started.wait(30)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}/"
    finally:
        server.should_exit = True
        thread.join(10)


@contextmanager
def files_of(folder: Path) -> Iterator[str]:
    """Serve a folder as a plain file server does."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture(scope="session")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The browser's modules where node takes them for what they are."""
    folder = tmp_path_factory.mktemp("scripts")
    shutil.copytree(ROOT / "output" / "web" / "static", folder / "static")
    (folder / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    return folder / "static" / "js"


@pytest.fixture(scope="session")
def served(crawled: Path) -> Iterator[str]:
    """The address of the served site of the sample web."""
    with serving(crawled) as address:
        yield address


@pytest.fixture(scope="session")
def published(crawled: Path, once: Once, recroise: Recroise) -> Iterator[str]:
    """The address of the published site of the sample web: plain files, under a path of their own."""

    def publish(folder: Path) -> None:
        shutil.copytree(crawled, folder / "data")
        done = recroise("publish", folder / "host" / "town" / "site", "--data", folder / "data")
        assert done.returncode == 0, done.stderr

    with files_of(once("published", publish) / "host") as address:
        yield f"{address}town/site/"


@dataclass
class Watched:
    """A page that is being watched: what it asked for, what it complained of."""

    page: "Page"
    requests: "list[Request]" = field(default_factory=list)
    answered: int = 0  # of them, or failed
    errors: list[str] = field(default_factory=list)

    def open(self, address: str) -> "Page":
        """Go to an address, and return when the page asks for nothing more and has been drawn."""
        self.page.goto(address)
        self.settle()
        return self.page

    def settle(self) -> None:
        """Return when nothing was asked for in the last few frames (Playwright's own would wait half a second)."""
        quiet = 0
        for _ in range(MOST_FRAMES):
            self.page.evaluate("() => new Promise(drawn => requestAnimationFrame(() => setTimeout(drawn)))")
            quiet = 0 if self.answered < len(self.requests) else quiet + 1
            if quiet == QUIET:
                return
        raise AssertionError(f"{self.page.url}: asks for more and more, or waits for ever")

    def answer(self, _: "Request") -> None:
        """Count a request that has come to its end."""
        self.answered += 1


@contextmanager
def looking(browser: "Browser", **options: Any) -> Iterator[Watched]:
    """Open an empty page of a new visitor, and fail where it met an error, a refused script or a stranger's host."""
    context = browser.new_context(locale=options.pop("locale", "fr-FR"), **options)
    page = context.new_page()
    watched = Watched(page)
    page.on("request", lambda request: watched.requests.append(request))
    page.on("requestfinished", watched.answer)
    page.on("requestfailed", watched.answer)
    page.on("pageerror", lambda error: watched.errors.append(f"error: {error}"))
    page.on("dialog", lambda dialog: (watched.errors.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    page.on("console", lambda said: watched.errors.append(said.text) if said.type in ("error", "warning") else None)
    try:
        yield watched
        strangers = [
            each.url for each in watched.requests if "://127.0.0.1" not in each.url and each.url.startswith("http")
        ]
        assert strangers == []
        assert context.cookies() == []
    finally:
        context.close()
