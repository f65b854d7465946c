"""What other rooms may set in motion here without importing it: the entry points of ``recroise.steps``."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from types import MappingProxyType
from typing import Any

Known = Mapping[str, Sequence[str]]
NOWHERE: Known = MappingProxyType({})


def crawl(data: Path, **options: Any) -> dict[str, Any]:
    """Crawl, show how each source fared on standard error, and return the report with its ``exit_code``."""
    from crawler import run, show

    with show.progress("reading") as step:
        report = run.crawl(data, progress=step, **options)
    show.crawl_report(report, json=False, err=True)
    return {"exit_code": report.exit_code, **report.to_json()}


def forget(data: Path, names: Sequence[str], known: Known = NOWHERE) -> dict[str, Any]:
    """Erase a person by name from the store; return how many records went and how many were changed.

    ``known`` tells where names of one word are theirs: ids of ``sources``, names of ``organizations``, ``profiles``.
    """
    from crawler import forget as erasure

    return asdict(erasure.forget(data, list(names), _circles(known)))


def check(data: Path) -> dict[str, Any]:
    """Look at the store and at what people wrote into the data directory; return the records' number and what is wrong.

    ``todo`` is empty where the store itself is broken.
    """
    from crawler import backup

    return backup.check_data(data)


def restore(data: Path) -> Path:
    """Put the last sound copy in the place of the store; return its path."""
    from crawler import backup

    return backup.restore(data)


def resume_forget(data: Path) -> bool:
    """Go on with an erasure that was broken off; whether there was one."""
    from crawler import forget as erasure

    return erasure.resume(data)


def finish_forget(data: Path) -> None:
    """Note that nothing that was made before an erasure is left."""
    from crawler import forget as erasure

    erasure.finish(data)


def traces(data: Path, names: Sequence[str]) -> list[Path]:
    """Return the files of a directory that still name somebody."""
    from crawler import forget as erasure

    return erasure.traces(data, list(names))


def held(data: Path, names: Sequence[str], known: Known = NOWHERE) -> list[dict[str, Any]]:
    """Return every record that names somebody, with its history; ``known`` as for ``forget``."""
    from crawler import forget as erasure

    return erasure.held(data, list(names), _circles(known))


def naming(names: Sequence[str]) -> Callable[[str], bool]:
    """Return what tells whether a text names somebody, as an erasure would find them in it."""
    from crawler import forget as erasure

    return erasure.naming(list(names))


def _circles(known: Known) -> tuple[str, ...]:
    from crawler.privacy import circles

    return circles(*(known.get(key, ()) for key in ("sources", "organizations", "profiles")))


def redacted(data: Path) -> Callable[[str], str]:
    """Return what takes the names of erased people out of a text."""
    from crawler.datadir import EXCLUSIONS
    from crawler.privacy import Exclusions

    return Exclusions.load(data / EXCLUSIONS).redact


def erased(data: Path) -> dict[str, list[str]]:
    """Return keys of the records that went because of an erasure, of those that lost a mention, and hashes of pages."""
    from crawler.datadir import EXCLUSIONS
    from crawler.privacy import Exclusions

    exclusions = Exclusions.load(data / EXCLUSIONS)
    return {name: sorted(getattr(exclusions, name)) for name in ("removed", "changed", "pages")}


def back_up(data: Path) -> Path | None:
    """Copy the store where a copy is due; return the copy's path."""
    from crawler import backup

    return backup.back_up(data)


def health(data: Path) -> dict[str, dict[str, Any]]:
    """Return how every source that ever ran fares, by its id; nothing where there is no store."""
    from crawler import limits, runs
    from crawler.datadir import open_store

    limits.apply()
    with open_store(data) as store:
        return runs.table(store)


@contextmanager
def sample_web(data: Path, port: int) -> Iterator[tuple[Path, int]]:
    """Serve the sample web on loopback while in the context; gives its catalogue file and the port."""
    from boltons.fileutils import atomic_save

    from crawler.sampleweb.server import SampleWeb, catalogue

    with SampleWeb(port=port) as web:
        path = data / "demo.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        with atomic_save(str(path), overwrite_part=True) as file:
            file.write(catalogue(web.port).encode())
        yield path, web.port
