"""Writes docs/sources.md from what readers and platforms say of themselves: ``python -m crawler.handbook``."""

from pathlib import Path

from crawler import platforms, readers

PAGE = Path(__file__).parents[1] / "docs" / "sources.md"

_HEAD = """\
# What is read, and how it is recognised

<!-- Written by `python -m crawler.handbook` from the readers themselves. -->

Paste any address: `recroise detect URL` looks at it, then at no more than two further documents, and ranks what it
found by how much each says. The order of looking:

1. what the address itself tells (the platforms below),
2. the type and the first bytes of what answers,
3. marks in an HTML page: its head, then its body,
4. the other forms that the page names: calendars, feeds, interfaces,
5. only when nothing was found: which software the host says that it runs (`/.well-known/nodeinfo`), and that
   software's interface.

A parser is paid for only when its format's mark is there. What a source says beyond what its reader knows is counted
as a surprise (`recroise crawl --json`), so that a changed source is seen. Contact details, keymasters, present-now
sensors, and attendee lists that were not switched on are dropped at the reader, counted, and never stored.
"""


def page() -> str:
    """Return the page's text."""
    parts = [_HEAD, "## Formats\n"]
    for title, chosen in (
        ("A document that is one thing", [reader for reader in readers.WHOLE if reader.order < readers.UNSTRUCTURED]),
        ("Structure in an HTML page", [each for each in readers.EMBEDDED if each.order < readers.UNSTRUCTURED]),
        (
            "Pages and answers without a format: only where no structure told of an event",
            [reader for reader in readers.READERS.values() if reader.order >= readers.UNSTRUCTURED],
        ),
    ):
        parts += [f"### {title}\n", "| format | recognised by | gives |", "| --- | --- | --- |"]
        parts += [
            f"| [{reader.title}]({reader.specification}) (`{reader.name}`) | {reader.marks} | {reader.gives} |"
            for reader in chosen
        ]
        parts.append("")
    parts += [
        "## Platforms\n",
        "Software and services whose data lies elsewhere than the page that people know. The table is data:",
        '[platforms.toml](../crawler/platforms.toml). A source can name its platform (`platform = "gancio"`); mostly',
        "it need not.\n",
        "| platform | known by | read there by | why there |",
        "| --- | --- | --- | --- |",
    ]
    parts += [_row(platform) for platform in platforms.platforms()]
    return "\n".join(parts) + "\n"


def _row(platform: platforms.Platform) -> str:
    marks = (
        ("its address", platform.address),
        ("a mark in the page", platform.page),
        (f"nodeinfo `{platform.software}`", platform.software),
    )
    known = ", ".join(words for words, there in marks if there)
    return f"| {platform.title} (`{platform.name}`) | {known} | `{platform.reader}` | {platform.note} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
