"""An event as a list of them tells it, before it is a record: with how sure the reading is, and of what."""

from dataclasses import dataclass, field

THRESHOLD = 0.5  # below it an event is doubtful: shown to who asks, never stored


@dataclass
class Found:
    """One event of a list. ``start`` and ``end`` are ISO 8601, local wall time unless they carry an offset.

    ``own_title`` tells that the title stands with the event, and not above the list. ``confidence`` lies between 0 and
    1; ``grounds`` say in a few words each what speaks for it and against it.
    """

    title: str
    start: str
    end: str | None = None
    place: str | None = None
    status: str | None = None
    link: str | None = None
    own_title: bool = True
    confidence: float = 0.5
    grounds: list[str] = field(default_factory=list)

    @property
    def doubtful(self) -> bool:
        return self.confidence < THRESHOLD

    @property
    def day(self) -> str:
        return self.start[:10]

    def ground(self, weight: float, why: str) -> None:
        """Let one more thing speak for the event (a positive ``weight``) or against it."""
        self.confidence = min(0.99, max(0.01, self.confidence + weight))
        self.grounds.append(f"{why} ({weight:+.2f})")

    def __str__(self) -> str:
        return f"{self.start} {self.title!r}: {self.confidence:.2f}, {'; '.join(self.grounds)}"
