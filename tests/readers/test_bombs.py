"""No document whatsoever makes a reader raise anything but its own error, loop, or take more than bounded memory."""

import subprocess
import sys

from tests.conftest import ROOT


def test_documents_made_to_harm_are_read_or_refused_within_bounds() -> None:
    # In a process of its own: the system ends it where it takes more memory or processor time than it may.
    done = subprocess.run(
        [sys.executable, "-m", "tests.readers.bombs"], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.returncode == 0, f"{done.stdout[-300:]}\n{done.stderr[-2000:]}"
