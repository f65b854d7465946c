"""How a run of one source went: what was read, what went wrong, and the state that follows from it."""

from collections import Counter
from dataclasses import dataclass, field

# Why a source could not be read, by class: what is told to people is beside it, in words.
REASONS = (
    "no such host", "connection", "timeout", "tls", "broken answer", "too large", "redirects", "server error",
    "client error", "unauthorised", "gone", "too many requests", "robots.txt", "address refused", "unreadable",
    "objection", "catalogue", "other",
)  # fmt: skip

MAX_PROBLEMS = 20  # lines kept of one source's run; the rest is counted


@dataclass
class Outcome:
    """A run of one source.

    ``failure`` is why its own address could not be read, by ``state``; what happened to the pages that it leads to
    is in ``problems`` and does not make the source fail. ``asked`` documents were wanted, ``requests`` were sent for
    them: redirects and further tries too. ``bytes`` came over the network for these, headers and bodies as they were
    sent. ``starts`` are the documents that it begins with and that were not refused so far: a platform may have
    several. ``retry_after``: seconds from the crawl's beginning, before which a server does not want to be asked again.
    """

    source: str
    starts: int = 0
    asked: int = 0
    requests: int = 0
    read: int = 0
    unchanged: int = 0
    bytes: int = 0
    records: int = 0
    waited: float = 0.0
    retry_after: float = 0.0
    began: float | None = None  # when the first request left (monotonic)
    stopped: set[str] = field(default_factory=set)  # budgets that were used up, in words
    failed_state: str | None = None
    failed_class: str | None = None
    failure: str | None = None
    digests: set[str] = field(default_factory=set)  # of the documents of this run
    formats: Counter[str] = field(default_factory=Counter)
    dropped: Counter[str] = field(default_factory=Counter)
    surprises: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    more_problems: int = 0
    reached: Counter[str] = field(default_factory=Counter)  # limits, by name: how often

    def fail(self, why: "Failed") -> None:
        """Note that the source itself cannot be read; the first reason stays."""
        if self.failure is None:
            self.failed_state, self.failed_class, self.failure = why.state, why.reason, why.detail

    def miss_start(self, why: "Failed") -> None:
        """Note that a document that the source begins with cannot be read; it fails where none of them can."""
        self.starts -= 1
        if self.starts > 0 or self.read or self.unchanged:
            self.problem(why.detail)
        else:
            self.fail(why)

    def problem(self, line: str) -> None:
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(line)
        else:
            self.more_problems += 1


@dataclass(frozen=True, slots=True)
class Failed:
    """Why a document could not be read: the state that follows for its source, the class, and the reason in words."""

    state: str
    reason: str
    detail: str


def failed_status(status: int) -> Failed:
    """Return what an HTTP error means for the source whose address answered with it."""
    detail = f"the server answered {status}"
    if status in (401, 403, 407, 451):
        return Failed("refused", "unauthorised", detail)
    if status in (404, 410):
        return Failed("gone", "gone", detail)
    if status == 429:
        return Failed("failing", "too many requests", detail)
    kinds = {3: "redirects", 4: "client error", 5: "server error"}
    return Failed("failing", kinds.get(status // 100, "other"), detail)
