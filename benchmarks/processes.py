"""What a process and those that it started take."""

import os
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

EVERY = 1.0  # seconds between two looks at a process's memory: looking takes the process's own time


def family(pid: int) -> Iterator[int]:
    """Yield the ids of a process and of those that it started."""
    pids = [pid]
    while pids:
        yield (each := pids.pop())
        pids += map(int, Path(f"/proc/{each}/task/{each}/children").read_text().split())


def memory(pid: int) -> int:
    """Return the memory of a process and its children, in MiB: what several have in common is counted once (PSS)."""
    shares = [Path(f"/proc/{each}/smaps_rollup").read_text() for each in family(pid)]
    return round(
        sum(int(next(x for x in each.splitlines() if x.startswith("Pss:")).split()[1]) for each in shares) / 1024
    )


def processor(pid: int) -> float:
    """Return the processor time of a process and its children, in seconds."""
    stats = [Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split() for each in family(pid)]
    return sum(int(each[11]) + int(each[12]) for each in stats) / os.sysconf("SC_CLK_TCK")


class Peak:
    """Watches the memory of a process and its children for as long as it runs; ``mib`` is the most that was seen."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.mib = 0
        self._process = process
        self._gone = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()

    def _watch(self) -> None:
        while not self._gone.wait(EVERY):
            try:
                self.mib = max(self.mib, memory(self._process.pid))
            except OSError:
                continue  # one of them has just ended

    def end(self) -> None:
        """Stop to look."""
        self._gone.set()
        self._thread.join()
