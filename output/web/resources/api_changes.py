"""What was added, changed and removed."""

from bisect import bisect_left
from collections.abc import Sequence
from typing import Any

import orjson
from pydantic import Field

from output.names import CHANGES
from output.web.api import cursors
from output.web.api.answers import ChangeItem, ChangePage
from output.web.api.files import Line, changes
from output.web.api.operation import ROOT, Operation
from output.web.api.parameters import Cursor, Instant, Limit, Query, period
from output.web.site import Site


class _Asked(Query):
    since: Instant = Field(None, examples=["2026-11-01T00:00:00Z"])
    limit: Limit = 100
    cursor: Cursor = Field(None, description="`next` or `resume` of an earlier answer; in place of `since`.")


class ApiChanges(Operation):
    pattern = f"{ROOT}/changes"
    name = "changes"
    summary = "What was added, changed and removed since"
    description = "The oldest first. Come back with `resume`; remove from your copy what was removed here."
    tag = "The whole"
    parameters = _Asked
    answers = ChangePage

    def reply(self, site: Site, asked: Any) -> ChangePage:
        log = changes(site.export)
        start = self._start(log, asked)
        end = min(len(log), start + asked.limit)
        found: list[ChangeItem] = []
        if start < end:
            with (site.export / CHANGES).open("rb") as file:
                for line in log[start:end]:
                    file.seek(line.start)
                    found.append(_item(orjson.loads(file.read(line.size))))
        place = cursors.write(self.name, [log[end - 1].id, log[end - 1].when]) if end else None
        return ChangePage(found, place if end < len(log) else None, place)

    def _start(self, log: Sequence[Line], asked: _Asked) -> int:
        """Return the number of the first line that is asked for."""
        if asked.cursor:
            last, when = cursors.read(self.name, asked.cursor)
            number = next((number for number, line in enumerate(log, 1) if line.id == last), None)
            # What a later change has replaced leaves the log: then everything of that instant is told once more.
            return number if number is not None else bisect_left(log, when, key=lambda line: line.when)
        return bisect_left(log, _instant(asked.since), key=lambda line: line.when) if asked.since else 0


def _instant(text: str) -> str:
    day, _, clock = text.partition("T")
    begins = period(day)
    return f"{begins.start if begins else day}T{clock or '00:00:00Z'}"


def _item(change: dict[str, Any]) -> ChangeItem:
    return ChangeItem(
        id=change["id"],
        when=change["when"],
        change=change["change"],
        node=change["node"],
        type=change["type"],
        name=change.get("name"),
        fields=change.get("fields", []),
        into=change.get("into"),
    )
