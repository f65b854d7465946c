"""An access request (GDPR, art. 15): everything that is held on one person, each with where and when it was read."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from graph.access import judgements_on
from output.index import UnknownIdError, open_index
from output.show import Shown, show, sought
from output.steps import step


@dataclass(frozen=True)
class Held:
    """What is held on a person.

    ``names`` are the spellings that were looked for; ``nodes`` what is published of them; ``records`` every record that
    names them (``key``, ``first_seen``, ``last_seen``, ``record`` with its source, ``history``), published or not;
    ``judgements`` the lines of the log of judgements on what the nodes are made of, or that name them.
    """

    names: tuple[str, ...]
    nodes: tuple[Shown, ...]
    records: tuple[dict[str, Any], ...]
    judgements: tuple[dict[str, Any], ...]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def everything(data: Path, who: str) -> Held:
    """Return all that is held on the person of a full name, a node's id or a profile's address.

    Raises:
        UnknownIdError: for an id or address that no person has, and for a name that stands nowhere.
        JudgementError: for a log of judgements that cannot be read.
    """
    asked = sought(data, who)
    names = asked.names
    records = step("held")(data, names, asked.known)
    with open_index(data) as index:
        ids = [id for (id,) in index.rows("SELECT id FROM node WHERE type = 'Person' ORDER BY id")]  # noqa: A001
        wanted = set(names)
        nodes = [show(index, id) for id in ids if wanted & _spellings(index.node(id).data)]  # noqa: A001
    judgements = tuple(asdict(each) for each in judgements_on(data, {node.id for node in nodes}, step("naming")(names)))
    if not nodes and not records and not judgements:
        raise UnknownIdError(f"{who}: nothing is held on anybody of this name")
    return Held(names, tuple(nodes), tuple(records), judgements)


def _spellings(data: dict[str, Any]) -> set[str]:
    return {data["name"], *data["alternateName"]}
