"""An operation of the API: a resource that says which parameters it takes and what it answers."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import asdict, is_dataclass
from types import MappingProxyType
from typing import Any, ClassVar

import orjson

from output.index import UnknownIdError
from output.met import MetError
from output.periods import PeriodError
from output.search import SearchError
from output.web.api import cursors
from output.web.api.parameters import Query, read
from output.web.api.problems import problem
from output.web.resource import Asked, BadRequestError, Document, NotFoundError, Resource
from output.web.site import Site

JSON = "application/json"
ROOT = "/api/v1"


class Operation(Resource):
    """An operation.

    Attributes:
        name: ``operationId``.
        summary: what it does, in a line.
        description: what else is to be known.
        tag: the heading that it stands under.
        parameters: those of the query and of the path.
        headers: beyond those that every answer has.
        answers: the type of what it answers, a dataclass or what pydantic makes a JSON Schema of.
    """

    name: ClassVar[str]
    summary: ClassVar[str]
    description: ClassVar[str] = ""
    tag: ClassVar[str]
    parameters: ClassVar[type[Query]] = Query
    answers: ClassVar[Any]
    headers: ClassVar[Mapping[str, str]] = MappingProxyType({})

    @abstractmethod
    def reply(self, site: Site, asked: Any) -> Any:
        """Answer what was asked, an instance of ``parameters``."""

    def answer(self, site: Site, asked: Asked) -> Document:
        try:
            found = self.reply(site, read(self.parameters, asked, asked.values))
        except (BadRequestError, MetError) as error:
            return problem(400, str(error))
        except PeriodError as error:
            return problem(400, f"when: {error}")
        except SearchError as error:  # a town that is not known
            return problem(404, str(error).replace("--", ""))
        except (UnknownIdError, NotFoundError) as error:
            return problem(404, str(error))
        if isinstance(found, Document):
            return found
        body = asdict(found) if is_dataclass(found) and not isinstance(found, type) else found
        return Document(orjson.dumps(body), JSON, headers=self.headers)


def question(operation: Operation, asked: Query) -> Any:
    """Return what a cursor belongs to: everything that was asked but how much, and from where on."""
    return [operation.name, asked.model_dump(mode="json", exclude={"cursor", "limit"})]


def begun(operation: Operation, asked: Any) -> int:
    """Return how many answers came before, by the cursor."""
    return int(cursors.read(question(operation, asked), asked.cursor)) if asked.cursor else 0


def page(operation: Operation, asked: Any, found: Sequence[Any], start: int, most: int) -> tuple[list[Any], str | None]:
    """Return the answers of a page, and the cursor of the next.

    Args:
        operation: the operation.
        asked: what was asked, with a limit.
        found: the answers from ``start`` on, one more than the limit where there are more.
        start: how many came before.
        most: how many answers there are at the most on all pages.
    """
    end = start + asked.limit
    more = len(found) > asked.limit and end < most
    return list(found[: asked.limit]), cursors.write(question(operation, asked), end) if more else None


__all__ = ["JSON", "ROOT", "Operation", "begun", "page", "question"]
