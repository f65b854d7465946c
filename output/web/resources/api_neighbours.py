"""What a node is connected with."""

from typing import Any, Literal

import orjson
from pydantic import Field

from output.index import Index
from output.web.api.answers import NeighbourItem, NeighbourPage
from output.web.api.operation import ROOT, Operation, begun, page
from output.web.api.parameters import Cursor, Id, Limit, Query, Type
from output.web.resource import MovedError
from output.web.site import Site

MOST = 1_000_000

_EDGES = """
SELECT edge.source = ?1, edge.type, edge.doc, near.id, near.type, content.doc, edge.rowid
FROM edge JOIN node AS near ON near.number = CASE WHEN edge.source = ?1 THEN edge.target ELSE edge.source END
JOIN content ON content.number = near.number
WHERE edge.rowid IN (SELECT rowid FROM edge WHERE source = ?1 UNION SELECT rowid FROM edge WHERE target = ?1)
AND (?2 = '[]' OR edge.type IN (SELECT value FROM json_each(?2)))
AND (?3 = '[]' OR near.type IN (SELECT value FROM json_each(?3)))
ORDER BY edge.type, near.start, near.id, edge.rowid LIMIT ?4 OFFSET ?5
"""

Relation = Literal["performer", "organizer", "attendee", "location", "superEvent", "worksFor", "memberOf", "founder"]


class _Asked(Query):
    id: Id
    relation: list[Relation] = Field([], max_length=8, description="Only these relations; may be repeated.")
    type: list[Type] = Field([], max_length=5, description="Only nodes of these types; may be repeated.")
    limit: Limit = 50
    cursor: Cursor = Field(None)


class ApiNeighbours(Operation):
    pattern = f"{ROOT}/nodes/{{id}}/neighbours"
    name = "neighbours"
    summary = "What a node is connected with, each edge with its sources"
    tag = "The graph"
    parameters = _Asked
    answers = NeighbourPage

    def reply(self, site: Site, asked: Any) -> NeighbourPage:
        node = site.index.node(asked.id)
        if node.id != asked.id:
            raise MovedError(f"{ROOT}/nodes/{node.id}/neighbours")
        start = begun(self, asked)
        found = _neighbours(site.index, node.id, asked, start)
        return NeighbourPage(*page(self, asked, found, start, MOST))


def _neighbours(index: Index, node: str, asked: _Asked, start: int) -> list[NeighbourItem]:
    (number,) = next(index.rows("SELECT number FROM node WHERE id = ?", node))
    relations, types = orjson.dumps(asked.relation).decode(), orjson.dumps(asked.type).decode()
    found = []
    for outgoing, relation, edge, other, kind, doc, row in index.rows(
        _EDGES, number, relations, types, asked.limit + 1, start
    ):
        ends = (node, other) if outgoing else (other, node)
        whole = {"source": ends[0], "target": ends[1], "key": f"{relation}-{row}", **orjson.loads(edge)}
        data = orjson.loads(doc)
        found.append(NeighbourItem(bool(outgoing), other, kind, data["name"], data.get("startDate"), whole))
    return found
