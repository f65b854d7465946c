"""What may be asked, as pydantic models: names, types and bounds, for reading a query and for the OpenAPI document."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from output.periods import Period, parse
from output.web.resource import Asked, BadRequestError

LONGEST = 200  # characters of what is looked for
LARGEST_PAGE = 100

_INTEGER = re.compile(r"-?[0-9]{1,9}")
_NUMBER = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,9})?")


def integer(value: Any) -> Any:
    """Return a value; ValueError for a text that is no whole number in digits alone."""
    if isinstance(value, str) and not _INTEGER.fullmatch(value):
        raise ValueError("a whole number is wanted")
    return value


def _number(value: Any) -> Any:
    if isinstance(value, str) and not _NUMBER.fullmatch(value):
        raise ValueError("a number such as 20 or 7.5 is wanted")
    return value


Id = Annotated[
    str,
    Field(
        pattern=r"^(person|place|event|eventseries|organization)-[0-9a-f]{12}$",
        description="The stable id of a node.",
        examples=["eventseries-0123456789ab"],
    ),
]
Text = Annotated[str, Field(max_length=LONGEST)]
Type = Literal["Person", "Place", "Event", "EventSeries", "Organization"]
Limit = Annotated[
    int, BeforeValidator(integer), Field(ge=1, le=LARGEST_PAGE, description="How many at the most on a page.")
]
Cursor = Annotated[
    str | None,
    Field(max_length=400, description="Where to go on: `next` of the page before, as it stands there."),
]
Day = Annotated[
    str | None,
    Field(max_length=40, description="A day, month or year: 2012, 2012-11, 2012-11-08, novembre 2012, last year."),
]


class Query(BaseModel):
    """Parameters of one operation; what is not named is refused, so that a slip is noticed."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Narrowed(Query):
    """What a search and a list of events can be narrowed by."""

    near: Text | None = Field(None, description="A town, or latitude,longitude.", examples=["Lorient"])
    within: Annotated[float | None, BeforeValidator(_number)] = Field(
        None, gt=0, le=1_000, description="Kilometres around `near`; 20 by default."
    )
    region: Annotated[str | None, Field(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")] = Field(
        None, description="ISO 3166-2 code of a region, or a country.", examples=["FR-BRE"]
    )
    series: Text | None = Field(None, description="Words of the name of the series.")
    source: Text | None = Field(None, description="The id of a source.")

    def narrowing(self) -> dict[str, Any]:
        """Return the filters for ``output.search``."""
        return {name: getattr(self, name) for name in Narrowed.model_fields}


class Searched(Narrowed):
    """A search among everything."""

    q: Text = Field(
        "", description='Words, "a phrase", town:lorient, -not. Slips are forgiven.', examples=["open coffee"]
    )
    type: list[Type] = Field([], max_length=5, description="Only nodes of these types; may be repeated.")
    from_: Day = Field(None, alias="from")
    to: Day = None

    def filters(self, today: date) -> dict[str, Any]:
        """Return the filters for ``output.search``; PeriodError for a time that cannot be read."""
        return {
            **self.narrowing(),
            "types": self.type,
            "from_": period(self.from_, today),
            "to": period(self.to, today),
        }


class SearchFeed(Narrowed):
    """A search whose events one subscribes to."""

    q: Text = ""


def period(text: str | None, today: date) -> Period | None:
    """Return the period that is meant; PeriodError where it cannot be read."""
    return parse(text, today) if text and text.strip() else None


Model = TypeVar("Model", bound=Query)


def read(model: type[Model], asked: Asked, values: Mapping[str, str] | None = None) -> Model:
    """Return the parameters of a request: of its query, and of its path.

    Raises:
        BadRequestError: for a name that is not known, a value that cannot be, and one that is given twice.
    """
    lists = {
        field.alias or name for name, field in model.model_fields.items() if str(field.annotation).startswith("list")
    }
    given: dict[str, Any] = dict(values or {})
    for name, several in asked.query.items():
        if name in given or (len(several) > 1 and name not in lists):
            raise BadRequestError(f"{name[:50]}: given more than once")
        given[name] = list(several) if name in lists else several[0]
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise BadRequestError("; ".join(_problems(error.errors()))) from None


def _problems(errors: Sequence[Any]) -> Sequence[str]:
    return [f"{'.'.join(str(each) for each in error['loc'])[:50]}: {error['msg']}" for error in errors[:5]]
