"""Errors as problem details (RFC 9457)."""

from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Annotated

import orjson
from pydantic import Field

from output.web.resource import Document

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Problem:
    """What went wrong: the kind in ``title``, and in ``detail`` what was wrong and what to ask instead."""

    type: str
    title: str
    status: Annotated[int, Field(ge=400, le=599)]
    detail: str


def problem(status: int, detail: str) -> Document:
    """Return the answer that tells of a problem."""
    told = Problem("about:blank", HTTPStatus(status).phrase, status, detail)
    return Document(orjson.dumps(asdict(told)), MEDIA_TYPE, status)


__all__ = ["MEDIA_TYPE", "Problem", "problem"]
