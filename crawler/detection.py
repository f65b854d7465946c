"""What can be read at an address: every format found, there and behind it, the richest first.

The order is: what the address itself tells, the type and first bytes of what answers, marks in an HTML page, what the
page names as its other forms, and only then a guess: which software its host says that it runs (nodeinfo). One document
is asked for, then at most two more. Nothing here fetches: ``investigate`` says what it wants, and is sent it
(``crawler/probe.py`` does it over the network, tests from files).
"""

from collections import Counter
from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from crawler import platforms, reached, readers
from crawler.catalogue import Source
from crawler.documents import Document, Link, ReaderError
from crawler.intake import take
from crawler.platforms import Pointer
from crawler.privacy import Exclusions

PROBES = 2  # documents asked for beside the first
SAMPLES = 5
MAX_FOUND = 20  # forms of a page that are named

# What a reading is worth: what it states, less where it had to be guessed from prose and layout.
GUESSED = 0.3
PERSON = 0.2  # a page's authors are no reason to read it
ENTRY = 0.5  # of a page that it leads to and that may say more
CONTINUED = 1.5  # where it goes on at another address


class DetectionError(RuntimeError):
    """The address cannot be read: why."""


@dataclass(frozen=True, slots=True)
class Failed:
    """A document that was asked for and did not come: why, in words."""

    reason: str


@dataclass
class Found:
    """One document that can be read.

    ``formats`` are the formats in it, each with the mark that tells; ``format`` is how it is read (several of them
    where each says most of something), ``platform`` the row of the platforms' table that led to it.
    """

    url: str
    format: str
    why: str
    platform: str | None = None
    formats: list[tuple[str, str]] = field(default_factory=list)
    types: Counter[str] = field(default_factory=Counter)
    entries: int = 0
    worth: float = 0.0
    samples: list[dict[str, Any]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        return {
            "url": self.url,
            "format": self.format,
            "platform": self.platform,
            "why": self.why,
            "types": dict(sorted(self.types.items())),
            "entries": self.entries,
            "problems": self.problems,
        }


@dataclass
class Detection:
    """What stands at an address and behind it: the documents that were looked at, the richest first.

    ``named`` are other forms that the page or its address names and that were not asked for.
    """

    url: str
    found: list[Found] = field(default_factory=list)
    named: list[Link] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def best(self) -> Found | None:
        """What to read, or None where nothing says anything."""
        return self.found[0] if self.found and self.found[0].worth else None

    def to_json(self) -> dict[str, Any]:
        best = self.best
        return {
            "url": self.url,
            "best": best.format if best else None,
            "best_url": best.url if best else None,
            "types": dict(sorted(best.types.items())) if best else {},
            "samples": best.samples if best else [],
            "formats": [
                {"format": name, "why": why, "url": each.url} for each in self.found for name, why in each.formats
            ],
            "documents": [each.to_json() for each in self.found],
            "named": [{"url": link.url, "kind": link.kind} for link in self.named],
            "problems": self.problems,
        }


Investigation = Generator[Link, Document | Failed, Detection]


def investigate(source: Source) -> Investigation:
    """Yield the documents to be asked for, be sent each (or why it did not come), and return what was found.

    Raises:
        DetectionError: when neither the address nor what stands behind it answers.
    """
    look = _Look(Detection(source.url))
    behind = platforms.by_address(source.url)
    # The address alone may tell where to read: then the page that people see is not needed.
    if behind and isinstance(answer := (yield from look.ask(behind[0].link)), Document):
        look.at(answer, behind[0].why, behind[0].platform)
    if not look.best:
        answer = yield from look.ask(Link(source.url, "start"))
        if isinstance(answer, Failed):
            raise DetectionError(f"{source.url}: {answer.reason}")
        look.at(answer, "the address itself", None)
    yield from look.further(behind[1:])
    if not look.best or look.best.worth < ENTRY * 2:
        yield from look.software(source.url)
    return look.ended()


class _Look:
    """What was asked for and found so far."""

    def __init__(self, detection: Detection) -> None:
        self.detection = detection
        self._asked: set[str] = set()
        self._probes = -1  # the first document is none
        self._pointers: dict[str, Pointer] = {}
        self._links: dict[str, Link] = {}

    @property
    def best(self) -> Found | None:
        return max(self.detection.found, key=lambda found: found.worth, default=None)

    def ask(self, link: Link, probe: bool = True) -> Generator[Link, Document | Failed, Document | Failed]:
        self._asked.add(link.key)
        self._probes += probe
        answer = yield link
        # Few hosts say which software they run; that one does not tells nobody anything.
        if isinstance(answer, Failed) and not link.url.endswith(platforms.SOFTWARE):
            self.detection.problems.append(f"{link.url}: {answer.reason}")
        return answer

    def at(self, document: Document, why: str, platform: str | None) -> None:
        """Take in what one document says and where it leads to."""
        found = Found(document.url, "", why, platform)
        try:
            found.formats = [(reader.name, mark) for reader, mark in readers.recognise(document)]
            reading = readers.read(document)
        except ReaderError as error:
            self.detection.problems.append(str(error))
            return
        intake = take(reading, document, Exclusions())
        found.format = reading.format
        found.types = Counter(record["type"] for record in intake.records)
        found.samples = intake.records[:SAMPLES]
        found.entries = sum(link.kind in ("entry", "listed") for link in reading.links)
        found.problems = [*reading.problems, *intake.refused]
        continued = any(link.kind == "next" for link in reading.links)
        found.worth = _worth(intake.records, reading.format, found.entries) * (CONTINUED if continued else 1)
        self.detection.found.append(found)
        self._pointers |= {pointer.link.key: pointer for pointer in platforms.by_page(document)}
        self._links |= {link.key: link for link in reading.links if link.kind in ("api", "alternate")}

    def further(self, behind: list[Pointer]) -> Generator[Link, Document | Failed, None]:
        """Ask for what the address and the pages name, the platforms' own interfaces first, as far as probes last."""
        self._pointers |= {pointer.link.key: pointer for pointer in behind}
        while self._probes < PROBES and (link := self._next()):
            answer = yield from self.ask(link)
            pointer = self._pointers.get(link.key)
            if isinstance(answer, Document):
                why = pointer.why if pointer else f"named by the page ({link.kind})"
                self.at(answer, why, pointer.platform if pointer else None)

    def software(self, url: str) -> Generator[Link, Document | Failed, None]:
        """Ask the host which software it runs, and that software for what it holds."""
        if self._probes >= PROBES:
            return
        answer = yield from self.ask(Link(platforms.root_of(url) + platforms.SOFTWARE, "api"))
        if isinstance(answer, Failed) or not (named := platforms.nodeinfo_document(answer.json, answer)):
            return
        # What that document names is no guess of ours, and no probe.
        answer = yield from self.ask(Link(named, "api"), probe=False)
        if isinstance(answer, Document):
            pointers = platforms.by_software(answer.json, url)
            self._pointers |= {pointer.link.key: pointer for pointer in pointers}
            yield from self.further([])

    def ended(self) -> Detection:
        self.detection.found.sort(key=lambda found: -found.worth)
        links = [*(pointer.link for pointer in self._pointers.values()), *self._links.values()]
        left = [link for link in links if link.key not in self._asked]
        self.detection.named = reached.cut(left, MAX_FOUND, "detection.MAX_FOUND")
        return self.detection

    def _next(self) -> Link | None:
        links = [*(pointer.link for pointer in self._pointers.values()), *self._links.values()]
        return next((link for link in links if link.key not in self._asked), None)


def _worth(records: list[dict[str, Any]], format_: str, entries: int) -> float:
    stated = {kind: weight * (PERSON if kind == "Person" else 1) for kind, weight in readers.weights(records).items()}
    guessed = all(readers.READERS[name].order >= readers.UNSTRUCTURED for name in format_.split("+"))
    return sum(stated.values()) * (GUESSED if guessed else 1) + ENTRY * entries


def host_stem(url: str) -> str:
    """Return an address's host without ``www.``, for naming a source after it."""
    return (urlsplit(url).hostname or "").removeprefix("www.")
