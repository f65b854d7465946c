"""Hands out: graph → people. Exports, search index, lookup and the command line.

For programs: ``open_index``, ``search``, ``met`` and ``show``; they open the index file alone and never load the graph.
"""

from output.index import Edge, Index, IndexFileError, Node, UnknownIdError, open_index
from output.met import Answer, Answers, Meeting, MetError, met
from output.periods import Period, PeriodError
from output.search import Result, SearchError, search
from output.show import Fact, Neighbour, Shown, members, show

__all__ = [
    "Answer",
    "Answers",
    "Edge",
    "Fact",
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
    "members",
    "met",
    "open_index",
    "search",
    "show",
]
