"""Hands out: graph → people. Exports, search index, lookup and the command line.

For programs: ``open_index``, ``search``, ``facets``, ``met``, ``show`` and ``members``; they open the index alone and
never load the graph (``docs/lookup.md``).
"""

from output.diary import DiaryError, Entry
from output.index import Edge, Index, IndexFileError, Node, UnknownIdError, open_index
from output.met import Answer, Answers, Meeting, MetError, met
from output.periods import Period, PeriodError
from output.search import Filters, Result, SearchError, facets, search
from output.show import Fact, Neighbour, Shown, members, show

__all__ = [
    "Answer",
    "Answers",
    "DiaryError",
    "Edge",
    "Entry",
    "Fact",
    "Filters",
    "Index",
    "IndexFileError",
    "Meeting",
    "MetError",
    "Neighbour",
    "Node",
    "Period",
    "PeriodError",
    "Result",
    "SearchError",
    "Shown",
    "UnknownIdError",
    "facets",
    "members",
    "met",
    "open_index",
    "search",
    "show",
]
