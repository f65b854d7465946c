"""What people decided about merges: an append-only log in JSON lines, which can live in git.

A later line on the same pair replaces an earlier one; ``unsure`` takes a judgement back. Nothing is ever lost.
"""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Literal, get_args

import orjson
from boltons.fileutils import atomic_save

Verdict = Literal["same", "different", "unsure"]
VERDICTS: tuple[str, ...] = get_args(Verdict)

FILE = "judgements.jsonl"


class JudgementError(ValueError):
    """A judgement that cannot be read or made: where, and why."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """One line: two mention keys, the verdict, by whom, when (ISO 8601, UTC) and why."""

    left: str
    right: str
    verdict: str
    by: str = ""
    when: str = ""
    why: str = ""

    @property
    def pair(self) -> tuple[str, str]:
        return (self.left, self.right) if self.left <= self.right else (self.right, self.left)


def load(path: Path) -> list[Judgement]:
    """Return the log's lines in order, none where there is no file.

    A last line that a crash cut off is left out; any other broken line is a JudgementError: decisions are not guessed.
    """
    try:
        lines = path.read_bytes().split(b"\n")
    except FileNotFoundError:
        return []
    found = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            judgement = Judgement(**orjson.loads(line))
            if judgement.verdict not in VERDICTS:
                raise ValueError(f"verdict {judgement.verdict!r}")
        except (orjson.JSONDecodeError, TypeError, ValueError) as error:
            torn = number == len(lines) or (isinstance(error, orjson.JSONDecodeError) and not line.endswith(b"}"))
            if torn:  # the writing broke off; the next line was put on a line of its own
                continue
            raise JudgementError(f"{path}, line {number}: not a judgement: {error}") from None
        found.append(judgement)
    return found


def append(path: Path, judgement: Judgement) -> None:
    """Add a line to the log."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab+") as file:
        file.seek(0)
        torn = (content := file.read()) and not content.endswith(b"\n")
        file.write((b"\n" if torn else b"") + orjson.dumps(asdict(judgement), option=orjson.OPT_APPEND_NEWLINE))


def redact(path: Path, redacted: Callable[[str], str]) -> bool:
    """Take names out of the log's reasons: for erasure. Whether there were any; the decisions stay."""
    log = load(path)
    kept = [replace(each, why=redacted(each.why), by=redacted(each.by)) for each in log]
    if kept == log:
        return False
    with atomic_save(str(path), overwrite_part=True) as file:
        file.write(b"".join(orjson.dumps(asdict(each), option=orjson.OPT_APPEND_NEWLINE) for each in kept))
    return True


def standing(judgements: Iterable[Judgement]) -> dict[tuple[str, str], Judgement]:
    """Return the judgement that stands for each pair: the last one, where it is not ``unsure``."""
    last = {judgement.pair: judgement for judgement in judgements}
    return {pair: judgement for pair, judgement in last.items() if judgement.verdict != "unsure"}
