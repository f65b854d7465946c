"""What has an address: the question, the answer, and the base of all that answer."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from output.web.site import Site

HTML = "text/html; charset=utf-8"


class NotFoundError(LookupError):
    """Nothing has this address."""


class BadRequestError(ValueError):
    """What was asked cannot be answered: what, and what to ask instead."""


class MovedError(LookupError):
    """What was asked for has another address now, for ever: ``path``, from the site's root."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: the path from the site's root, the values of its pattern, the query's, and where the site is.

    ``base`` is the site's absolute address with a slash at its end, where it is known (``--url``, or the request's
    own): feeds and cards need it, links between pages do not. ``dynamic`` tells a server's answer from a file.
    """

    path: str
    values: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, Sequence[str]] = field(default_factory=dict)
    base: str | None = None
    dynamic: bool = True

    def one(self, name: str) -> str:
        """Return the first value of a name of the query, without blanks around it; empty where there is none."""
        return next(iter(self.query.get(name, ())), "").strip()


@dataclass(frozen=True, slots=True)
class Document:
    """One answer: its bytes, what they are, and headers beyond those that every answer has.

    Where ``file`` is given, that file is the answer, as it is, and ``body`` is empty.
    """

    body: bytes
    media_type: str = HTML
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    file: Path | None = None


class Resource(ABC):
    """Everything of one pattern of addresses.

    ``pattern`` is Starlette's: ``/{lang}/search/``. An address that ends with a slash is the file
    ``index.html`` where it is published, so links to pages end with one. Answers that may take long are ``slow``: a
    server makes them one after the other, beside all others, which do not wait for them.
    """

    pattern: ClassVar[str]
    slow: ClassVar[bool] = False

    @abstractmethod
    def answer(self, site: "Site", asked: Asked) -> Document:
        """Answer; NotFoundError, BadRequestError or MovedError where that cannot be."""

    def published(self, site: "Site") -> Iterable[Mapping[str, str]]:  # noqa: ARG002 - those that need it have it
        """Return the pattern's values for every file that a published site has; none where it needs a server."""
        return ()
