"""One badge a source, for its own page or a wiki: its name, its state and how many records it gives, as SVG."""

from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from output.steps import step

if TYPE_CHECKING:
    from graph.build import Graph

GREEN, YELLOW, RED, GREY = "#3a7d34", "#96690a", "#b3261e", "#5f6368"  # all of them readable under white
COLOURS = {
    "healthy": GREEN,
    **dict.fromkeys(("shrinking", "empty", "stale"), YELLOW),
    **dict.fromkeys(("failing", "refused", "gone"), RED),
}
CHARACTER = 6.6  # pixels of the widest usual character at this size

TEXT = """\
<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="20" role="img" aria-label="{left}: {right}">\
<title>{left}: {right}</title>\
<rect width="{width}" height="20" rx="3" fill="#444"/>\
<path d="M{middle} 0h{rest}a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3h-{rest}z" fill="{colour}"/>\
<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">\
<text x="6" y="14">{left}</text><text x="{start}" y="14">{right}</text></g></svg>
"""


def write(_graph: "Graph", data: Path, path: Path) -> None:
    """Write ``<source id>.svg`` for every source that ever ran into the folder ``path``."""
    path.mkdir()
    for name, row in step("health")(data).items():
        # An id of the catalogue is letters, digits and hyphens; whatever else it came to be must not be a path.
        if name.replace("-", "").isalnum() and name.isascii():
            (path / f"{name}.svg").write_text(badge(name, row["state"], row["records"]), encoding="utf-8")


def badge(name: str, state: str, records: int) -> str:
    """Return the badge of a source."""
    left, right = name, f"{state} · {records}"
    middle, width = (round(12 + CHARACTER * len(left)), round(12 + CHARACTER * len(right)))
    return TEXT.format(
        left=escape(left),
        right=escape(right),
        middle=middle,
        start=middle + 6,
        width=middle + width,
        rest=width - 3,
        colour=COLOURS.get(state, GREY),
    )
