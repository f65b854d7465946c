"""Events in the order of time."""

from datetime import timedelta
from typing import Any

import orjson
from pydantic import Field

from output.search import numbers
from output.web.api import cursors
from output.web.api.answers import EventPage, event_item
from output.web.api.operation import ROOT, Operation, question
from output.web.api.parameters import Cursor, Day, Limit, Narrowed, period
from output.web.happening import happening
from output.web.scopes import LASTING, WHOLE
from output.web.site import Site

_EVENTS = f"""
SELECT node.number, node.start, node.id FROM node
WHERE {{where}} AND length(node.start) >= 10 AND node.start >= ?2 AND node.end >= ?3 AND substr(node.start, 1, 10) <= ?4
AND (node.start, node.id) > (?5, ?6) AND {WHOLE}
ORDER BY node.start, node.id LIMIT ?7
"""


class _Asked(Narrowed):
    from_: Day = Field(None, alias="from")
    to: Day = None
    limit: Limit = 50
    cursor: Cursor = Field(None)


class ApiEvents(Operation):
    pattern = f"{ROOT}/events"
    name = "events"
    summary = "Events from a day to another, near a town, of a region, series or source"
    description = "In the order of their starts; what is part of another event with a day stands among its neighbours."
    tag = "Look up"
    parameters = _Asked
    answers = EventPage

    def reply(self, site: Site, asked: Any) -> EventPage:
        first, last = period(asked.from_), period(asked.to)
        place = cursors.read(question(self, asked), asked.cursor) if asked.cursor else ["", ""]
        narrowing = {name: value for name, value in asked.narrowing().items() if value is not None}
        where, listed = "node.type = 'Event'", "[]"
        if narrowing:
            where = "node.number IN (SELECT value FROM json_each(?1)) AND +node.type = 'Event'"
            listed = orjson.dumps(numbers(site.index, types=["Event"], from_=first, to=last, **narrowing)).decode()
        begins = str(first.start - timedelta(days=LASTING)) if first and first.start.toordinal() > LASTING else ""
        rows = list(
            site.index.rows(
                _EVENTS.format(where=f"{where} AND ?1 = ?1"),
                listed,
                begins,
                str(first.start) if first else "",
                str(last.end) if last else "9999-12-31",
                *place,
                asked.limit + 1,
            )
        )
        shown = rows[: asked.limit]
        told = [happening(site.index, node) for node in site.index.by_number([row[0] for row in shown])]
        after = cursors.write(question(self, asked), shown[-1][1:]) if len(rows) > asked.limit else None
        return EventPage([event_item(each) for each in told if each], after)
