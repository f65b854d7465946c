"""How fast prose is read: pages a second and memory, beside the bare language model on the same text.

``python benchmarks/prose.py [--pages FOLDER] [--rounds N]`` reads every page of the sample web and every saved document
of prose (with ``--pages``, every ``.md``, ``.txt`` and ``.html`` of a folder instead) with the prose reader, with and
without its language models, and gives the same main text to the bare model, for entities alone and as it comes.
Rounds alternate, the medians count. For the memory each way runs in a process of its own. Prints JSON; the last
result is kept in ``benchmarks/results/prose.json``.
"""

import argparse
import json
import platform
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from crawler.catalogue import Source  # noqa: E402
from crawler.documents import Document  # noqa: E402
from crawler.prose import article as articles  # noqa: E402
from crawler.prose import language  # noqa: E402
from crawler.readers.prose import Prose  # noqa: E402

RESULTS = ROOT / "benchmarks" / "results" / "prose.json"
MEDIA_TYPES = {".md": "text/markdown", ".txt": "text/plain", ".html": "text/html"}
OWN = (ROOT / "crawler" / "sampleweb" / "sites", ROOT / "tests" / "readers" / "saved" / "prose")


def documents(folders: list[Path]) -> list[Document]:
    source = Source(id="pages", name="pages", url="http://pages.invalid/", community="agenda", region="FR")
    paths = sorted(path for folder in folders for path in folder.rglob("*") if path.suffix in MEDIA_TYPES)
    return [
        Document(
            f"http://pages.invalid/{path.name}",
            path.read_bytes(),
            "2013-03-04T09:00:00Z",
            source,
            MEDIA_TYPES[path.suffix],
        )
        for path in paths
    ]


def text_of(document: Document) -> str:
    if document.is_html:
        return articles.from_html(document.html, "").text
    return (articles.from_markdown if document.media_type == "text/markdown" else articles.from_text)(
        document.text
    ).text


def ways(folders: list[Path]) -> dict[str, Callable[[], int]]:
    """Return each way of reading: what it is called, and the function that reads all pages once and counts records."""
    given = documents(folders)

    def reader() -> int:
        fresh = [Document(each.url, each.body, each.fetched, each.source, each.content_type) for each in given]
        return sum(len(Prose().read(each).records) for each in fresh)

    def patterns() -> int:
        kept, language.model = language.model, lambda _: None  # type: ignore[assignment]
        try:
            return reader()
        finally:
            language.model = kept  # type: ignore[assignment]

    def names_only() -> int:
        return sum(len(list(language.model("fr")(text).ents)) for text in map(text_of, given))

    def bare() -> int:
        import spacy

        if "whole" not in loaded:
            loaded["whole"] = spacy.load(language.MODELS["fr"])
        return sum(len(list(loaded["whole"](text).ents)) for text in map(text_of, given))

    loaded: dict[str, object] = {}
    return {
        "prose reader": reader,
        "prose reader, patterns alone": patterns,
        "bare model, entities alone": names_only,
        "bare model, as it comes": bare,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=Path, help="a folder of pages to read instead of the project's own")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--memory", help=argparse.SUPPRESS)
    options = parser.parse_args()
    folders = [options.pages] if options.pages else list(OWN)
    all_ways = ways(folders)
    if options.memory:
        all_ways[options.memory]()
        # Not getrusage: it starts with what the process that began this one took.
        status = Path("/proc/self/status").read_text(encoding="ascii")
        print(int(re.search(r"VmHWM:\s*(\d+)", status)[1]) // 1024)
        return
    pages = len(documents(folders))
    found = {name: way() for name, way in all_ways.items()}  # models are loaded here, outside the rounds
    times: dict[str, list[float]] = {name: [] for name in all_ways}
    for _ in range(options.rounds):
        for name, way in all_ways.items():
            begin = time.perf_counter()
            way()
            times[name].append(time.perf_counter() - begin)
    result = {
        "machine": f"{platform.machine()}, Python {platform.python_version()}",
        "pages": pages,
        "characters of text a page": round(sum(len(text_of(each)) for each in documents(folders)) / pages),
        "ways": {
            name: {
                "pages a second": round(pages / statistics.median(times[name]), 1),
                "records" if name.startswith("prose") else "entities": found[name],
                "MiB at most": int(
                    subprocess.run(
                        [
                            sys.executable,
                            __file__,
                            "--memory",
                            name,
                            *(["--pages", options.pages] if options.pages else []),
                        ],
                        check=True,
                        capture_output=True,
                        text=True,
                    ).stdout
                ),
            }
            for name in all_ways
        },
    }
    text = json.dumps(result, indent=1, ensure_ascii=False)
    if not options.pages:
        RESULTS.write_text(text + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
