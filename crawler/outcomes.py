"""How a run of one source went: what was read, what went wrong, and the state that follows from it."""

from collections import Counter
from dataclasses import dataclass, field

STATES = ("never seen", "healthy", "empty", "failing", "refused", "gone")

MAX_PROBLEMS = 20  # lines kept of one source's run; the rest is counted


@dataclass
class Outcome:
    """A run of one source.

    ``failure`` is why its own address could not be read, by ``state``; what happened to the pages that it leads to
    is in ``problems`` and does not make the source fail. ``starts`` are the documents that it begins with and that were
    not refused so far: a platform may have several.
    """

    source: str
    starts: int = 0
    requests: int = 0
    read: int = 0
    unchanged: int = 0
    bytes: int = 0
    records: int = 0
    failed_state: str | None = None
    failure: str | None = None
    formats: Counter[str] = field(default_factory=Counter)
    dropped: Counter[str] = field(default_factory=Counter)
    surprises: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    more_problems: int = 0

    def fail(self, state: str, reason: str) -> None:
        """Note that the source itself cannot be read; the first reason stays."""
        if self.failure is None:
            self.failed_state, self.failure = state, reason

    def miss_start(self, state: str, reason: str) -> None:
        """Note that a document that the source begins with cannot be read; it fails where none of them can."""
        self.starts -= 1
        if self.starts > 0 or self.read or self.unchanged:
            self.problem(reason)
        else:
            self.fail(state, reason)

    def problem(self, line: str) -> None:
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(line)
        else:
            self.more_problems += 1

    def state(self, known_records: int) -> str:
        """The state after this run; ``known_records`` are those that the store holds of the source by now."""
        if self.failed_state:
            return self.failed_state
        return "healthy" if known_records else "empty"


def state_of_status(status: int) -> str:
    """Return the state of a source whose address answered with an HTTP error."""
    if status in (401, 403, 407, 451):
        return "refused"
    return "gone" if status in (404, 410) else "failing"
