"""Search in the browser, beside search on the command line: the same names with slips, key by key.

``python benchmarks/browser.py --data DIR [--names 500] [--typed 60]``

Wants ``pip install 'recroise[browser]'`` and Chromium. Names of the export's people, places, series and some events are
edited (one slip or two, parts swapped, initials); both are asked for ten, and compared: the first, and all ten in
order. Then the first of the names are typed key by key, and each key is timed from the question to the list, in
Chromium and its worker. Prints JSON; the last result is kept in ``benchmarks/results/browser.json``.
"""

import argparse
import gzip
import json
import random
import statistics
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from playwright.sync_api import sync_playwright  # noqa: E402

from output.index import open_index  # noqa: E402
from output.search import search  # noqa: E402
from tests.web.conftest import CHROMIUM, FLAGS, serving  # noqa: E402

RESULTS = ROOT / "benchmarks" / "results" / "browser.json"
LETTERS = "abcdefghijklmnopqrstuvwxyz"
MEASURE = """async ([site, names, typed]) => {
    const { Asking } = await import(`${site}static/js/lookup/asking.js`);
    const asking = new Asking(`${site}data/lookup/`);
    let begun = performance.now();
    await asking.ask("search", { query: "kar", options: { limit: 8 } });
    const first = performance.now() - begun;
    await asking.open(false);
    const texts = performance.now() - begun;
    begun = performance.now();
    await asking.open(true);
    const links = performance.now() - begun;
    const found = [];
    for (const query of names) {
        const { results } = await asking.ask("search", { query, options: { limit: 10 } });
        found.push(results.map(each => each.id));
    }
    const keys = [];
    for (const name of names.slice(0, typed)) for (let end = 1; end <= name.length; end++) {
        begun = performance.now();
        await asking.ask("search", { query: name.slice(0, end), options: { limit: 8 } });
        keys.push(performance.now() - begun);
    }
    return { first, texts, links, found, keys };
}"""


def edited(name: str, chance: random.Random) -> str:
    """Return a name with a slip, its parts in another order, or an initial for the last of them."""
    words, where = name.split(), chance.randrange(1, max(2, len(name) - 1))
    kind = chance.randrange(6)
    if kind == 4:
        return " ".join(chance.sample(words, len(words)))
    if kind == 5:
        return " ".join([*words[:-1], words[-1][0]])
    new = {
        0: "",
        1: chance.choice(LETTERS) + name[where : where + 1],
        2: chance.choice(LETTERS),
        3: name[where : where + 2][::-1],
    }[kind]
    return name[:where] + new + name[where + (2 if kind == 3 else 1) :]


def measured(data: Path, count: int, typed: int) -> dict[str, Any]:
    chance = random.Random(7)
    with open_index(data) as index:
        rows = "SELECT names FROM node WHERE type != 'Event' OR number % 9 = 0 ORDER BY id"
        all_names = [row[0].partition("\n")[0] for row in index.rows(rows)]
        names = chance.sample(all_names, min(count, len(all_names)))
        queries = []
        for name in names:
            query = edited(name, chance)
            queries.append(edited(query, chance) if len(name) > 8 and chance.random() < 0.33 else query)
        begun = time.perf_counter()
        expected = [[each.id for each in search(index, query, limit=10)] for query in queries]
        python = (time.perf_counter() - begun) / len(queries) * 1000
    with serving(data) as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        page = browser.new_page()
        page.goto(f"{site}fr/met/")
        found = page.evaluate(MEASURE, [site, queries, typed])
        browser.close()
    keys = sorted(found["keys"])
    both = list(zip(expected, found["found"], strict=True))
    files = {path.name: path.read_bytes() for path in sorted((data / "export" / "lookup").iterdir())}
    return {
        "names": len(queries),
        "same_first": sum(one[:1] == other[:1] for one, other in both),
        "same_ten": sum(one == other for one, other in both),
        "python_ms": round(python, 1),
        "first_answer_ms": round(found["first"]),
        "with_texts_ms": round(found["texts"]),
        "links_ms": round(found["links"]),
        "keys": len(keys),
        "key_median_ms": round(statistics.median(keys), 1),
        "key_p95_ms": round(keys[int(len(keys) * 0.95)], 1),
        "key_max_ms": round(keys[-1], 1),
        "keys_over_100_ms": sum(key > 100 for key in keys),
        "bytes": {name: len(body) for name, body in files.items()},
        "gzip": {name: len(gzip.compress(body, 6)) for name, body in files.items()},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--names", type=int, default=500)
    parser.add_argument("--typed", type=int, default=60)
    asked = parser.parse_args()
    text = json.dumps(measured(asked.data, asked.names, asked.typed), indent=2) + "\n"
    RESULTS.write_text(text, encoding="utf-8")
    print(text, end="")


if __name__ == "__main__":
    main()
