"""What may be asked, as pydantic models: names, types and bounds, for reading a query and for the OpenAPI document."""

import calendar
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from output.periods import Period
from output.web.resource import Asked, BadRequestError

LONGEST, LONG = 200, 100  # characters of what is looked for, and of other words
LARGEST_PAGE = 100

_INTEGER = re.compile(r"-?[0-9]{1,9}")


def integer(value: Any) -> Any:
    """Return a value; ValueError for a text that is no whole number in digits alone."""
    if isinstance(value, str) and not _INTEGER.fullmatch(value):
        raise ValueError("a whole number is wanted")
    return value


Id = Annotated[
    str,
    Field(
        pattern=r"^(person|place|event|eventseries|organization)-[0-9a-f]{12}$",
        description="The stable id of a node.",
        examples=["eventseries-0123456789ab"],
    ),
]
Text = Annotated[str, Field(max_length=LONG)]
Words = Annotated[str, Field(max_length=LONGEST)]
Type = Literal["Person", "Place", "Event", "EventSeries", "Organization"]
Limit = Annotated[
    int, Field(ge=1, le=LARGEST_PAGE, description="How many at the most on a page."), BeforeValidator(integer)
]
Cursor = Annotated[
    str | None,
    Field(
        max_length=400,
        pattern="^[A-Za-z0-9_-]+$",
        description="Where to go on: `next` of the page before, as it stands there.",
    ),
]
_DATE = r"[1-9][0-9]{3}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?"
_TIME = r"T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z"
Day = Annotated[str | None, Field(pattern=f"^{_DATE}$", description="A day, month or year: 2012, 2012-11, 2012-11-08.")]
Instant = Annotated[str | None, Field(pattern=f"^{_DATE}({_TIME})?$", description="A day, or an instant in UTC.")]


class Query(BaseModel):
    """Parameters of one operation; what is not named is refused, so that a slip is noticed."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Narrowed(Query):
    """What a search and a list of events can be narrowed by."""

    near: Text | None = Field(None, description="A town, or latitude,longitude.", examples=["Lorient"])
    within: Annotated[int | None, BeforeValidator(integer)] = Field(
        None, ge=1, le=1_000, description="Kilometres around `near`; 20 by default."
    )
    region: Annotated[str | None, Field(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")] = Field(
        None, description="ISO 3166-2 code of a region, or a country.", examples=["FR-BRE"]
    )
    series: Text | None = Field(None, description="Words of the name of the series.")
    source: Text | None = Field(None, description="The id of a source.")

    @model_validator(mode="after")
    def _within_what(self) -> Self:
        if self.within is not None and not (self.near or "").strip():
            raise ValueError("within says how far from near: give both")
        return self

    def narrowing(self) -> dict[str, Any]:
        """Return the filters for ``output.search``."""
        return {name: getattr(self, name) for name in Narrowed.model_fields}


class Searched(Narrowed):
    """A search among everything."""

    q: Words = Field(
        "", description='Words, "a phrase", town:lorient, -not. Slips are forgiven.', examples=["open coffee"]
    )
    type: list[Type] = Field([], max_length=5, description="Only nodes of these types; may be repeated.")
    from_: Day = Field(None, alias="from")
    to: Day = None

    def filters(self) -> dict[str, Any]:
        """Return the filters for ``output.search``."""
        return {**self.narrowing(), "types": self.type, "from_": period(self.from_), "to": period(self.to)}


class SearchFeed(Narrowed):
    """A search whose events one subscribes to."""

    q: Words = ""


def period(text: str | None) -> Period | None:
    """Return the days of a day, month or year; of one that a month does not have, its last."""
    if text is None:
        return None
    year, month, day = (*(int(part) for part in text.split("-")), 0, 0)[:3]
    if not month:
        return Period(date(year, 1, 1), date(year, 12, 31))
    last = calendar.monthrange(year, month)[1]
    return Period(date(year, month, min(day or 1, last)), date(year, month, min(day or last, last)))


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
    told = []
    for error in errors[:5]:
        name, text = ".".join(str(each) for each in error["loc"])[:50], error["msg"].removeprefix("Value error, ")
        told.append(f"{name}: {text}" if name else text)
    return told
