"""Who was that? By clues alone: a diary is read where it lies, never sent."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from output.met import met
from output.web.api.answers import MetAnswers
from output.web.api.operation import ROOT, Operation
from output.web.api.parameters import Query, Text, integer
from output.web.resource import BadRequestError
from output.web.site import Site

MOST = 20


class _Asked(Query):
    name: Text | None = Field(None, description="A first name, or any part of a name.", examples=["karine"])
    at: Text | None = Field(None, description="An event, a series, or who held it.")
    where: Text | None = Field(None, description="A town or a place.", examples=["Lorient"])
    when: Annotated[str | None, Field(max_length=40)] = Field(
        None, description="2012, spring 2012, il y a deux ans.", examples=["2012"]
    )
    about: Text | None = Field(None, description="A topic, a role, a skill.")
    limit: Annotated[int, Field(ge=1, le=MOST, description="How many at the most."), BeforeValidator(integer)] = 5


class ApiMet(Operation):
    pattern = f"{ROOT}/met"
    slow = True
    name = "met"
    summary = "Find somebody that you met, from what you remember"
    description = "Every clue is optional, one is needed; a wrong one does not exclude. It takes no diary."
    tag = "Look up"
    parameters = _Asked
    answers = MetAnswers

    def reply(self, site: Site, asked: Any) -> MetAnswers:
        if not asked.model_fields_set - {"limit"}:
            raise BadRequestError("give at least one clue: name, at, where, when or about")
        clues = asked.model_dump(exclude={"limit", "name"})
        found = met(site.index, asked.name, **clues, limit=asked.limit, today=site.today)
        return MetAnswers(list(found.people), found.ask)
