"""What several tests share: the command line in a process of its own, and a data directory with the sample web in it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import settings

from crawler.sampleweb.server import SampleWeb, catalogue

ROOT = Path(__file__).parents[1]

# How long an example takes is the machine's affair, and says nothing of what is tested.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

Recroise = Callable[..., "subprocess.CompletedProcess[str]"]


def run(*arguments: str | Path, timeout: float = 120, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run ``recroise`` and return its exit status and output."""
    return subprocess.run(
        [sys.executable, "-c", "from output.cli import main; main()", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
        cwd=ROOT,
        env={**os.environ, **environment},
    )


@pytest.fixture(scope="session")
def recroise() -> Recroise:
    return run


@dataclass(frozen=True)
class Sample:
    """A sample web that is being served, its catalogue, and a data directory."""

    web: SampleWeb
    catalogue: Path
    data: Path


@pytest.fixture
def sample(tmp_path: Path) -> Sample:
    """A served sample web with nothing crawled yet."""
    with SampleWeb() as web:
        path = tmp_path / "sample.toml"
        path.write_text(catalogue(web.port), encoding="utf-8")
        yield Sample(web, path, tmp_path / "data")


Once = Callable[[str, Callable[[Path], object]], Path]


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Once:
    """Give a folder of a name that is filled once, however many processes run the tests. Not to be written to."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own

    def made(name: str, make: Callable[[Path], object]) -> Path:
        folder = shared / name
        with FileLock(f"{folder}.lock"):
            if not folder.exists():
                begun = shared / f"{name}.begun"
                shutil.rmtree(begun, ignore_errors=True)
                begun.mkdir()
                make(begun)
                begun.rename(folder)
        return folder

    return made


@pytest.fixture(scope="session")
def crawled(once: Once) -> Path:
    """A data directory in which the sample web was crawled, linked and exported. Not to be written to."""

    def crawl(folder: Path) -> None:
        with SampleWeb() as web:
            path = folder / "sample.toml"
            path.write_text(catalogue(web.port), encoding="utf-8")
            done = run("run", "--data", folder / "data", "--catalogue", path)
            assert done.returncode == 3, done.stderr  # a dead site and one that refuses robots are part of it

    return once("crawled", crawl) / "data"
