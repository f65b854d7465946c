"""Which column of a table is which of our fields: by its header, confirmed or found by what stands in it.

No table needs to be described beforehand. A header is split into words (camel case, underscores, words written
without spaces), without accents, and looked up in ``columns.toml``; then the values must fit: a column called
``site`` with no web address in it is none. What no header tells may show in the values: postcodes, points, addresses
on the web, opening hours. What a catalogue says of its source's columns goes before all of this.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from crawler import reached
from crawler.cells import BY_VALUE, begins_with_digit, cell_text, fits, has_hours, is_mailbox, is_phone, share
from crawler.headers import DAY_WORDS, DAYS, field_order, fields, scores_of, words_of
from crawler.privacy import fold
from crawler.strict import as_number

SAMPLE = 300  # rows that are looked at
MAX_COLUMNS = 1_000
NONE = "-"  # in a catalogue: no column is this field
LISTED = "[]"  # in a header: the column is of the first of several things that belong to a row
MANY = frozenset(("profile", "keywords"))  # fields that several columns may be together

_HOURS_WORDS = frozenset(
    "horaires horaire ouv h heures ouverture open opening hours matin apres midi am pm soir".split()
)
_FIRST_NAMES = frozenset(("prenom", "prenoms", "first name", "firstname", "given name", "vorname", "nombre", "nome"))
_SURNAMES = frozenset(("nom", "name", "nom famille", "nachname", "cognome", "apellido", "surname", "last name"))
# What the first of several things may say of a row: where it is, not what it is called.
_OF_PLACES = frozenset(
    "street street_number postcode city region country latitude longitude venue keywords known".split()
) | {"never.e-mail", "never.telephone", "never.contact"}


class ColumnError(ValueError):
    """What the catalogue says of the columns does not fit the table: what, and what there is."""


@dataclass
class Columns:
    """Which columns are what.

    ``fields``: our field → the columns that are it (more than one only where they belong together). ``hours``: day
    (``Mo`` … ``Su``) → its columns. ``never``: column → what is left out there. ``unknown``: columns without meaning.
    ``projected``: latitude and longitude are no degrees but metres. ``of_people``: the rows are people, so nothing is
    a name.
    """

    fields: dict[str, list[str]] = field(default_factory=dict)
    hours: dict[str, list[str]] = field(default_factory=dict)
    never: dict[str, str] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    projected: bool = False
    of_people: bool = False

    def __contains__(self, name: str) -> bool:
        return name in self.fields

    @property
    def is_table_of_things(self) -> bool:
        """Whether rows are things that are somewhere, or begin at some time: each with a name."""
        return "name" in self and any(name in self for name in ("city", "street", "postcode", "latitude", "point",
                                                               "url", "start", "country"))  # fmt: skip


def inspect(
    headers: Sequence[str], rows: Iterable[Mapping[str, Any]], named: Mapping[str, str] | None = None
) -> Columns:
    """Return which of the columns ``headers`` are which fields, by their names and the values in ``rows``.

    ``named`` says it for some: our field → header, or ``-`` for none.

    Raises:
        ColumnError: for a field that is none of ours, and for a column that the table does not have.
    """
    inspection = _Inspection(reached.cut(list(headers), MAX_COLUMNS, "columns.MAX_COLUMNS"), rows)
    inspection.believe(named or {})
    inspection.find_mailboxes()
    inspection.find_days()
    inspection.find_by_header()
    inspection.find_by_value()
    inspection.check_people()
    inspection.check_points()
    inspection.check_numbers()
    return inspection.result()


class _Inspection:
    """One table while it is looked at: what stands in its columns, which are spoken for, which fields are settled."""

    def __init__(self, headers: list[str], rows: Iterable[Mapping[str, Any]]) -> None:
        sample = list(islice(rows, SAMPLE))
        self.headers = headers
        self.values = {header: [row.get(header) for row in sample] for header in headers}
        self.stated = {
            header: [value for value in column if value not in (None, "", [], {})]
            for header, column in self.values.items()
        }
        self.columns = Columns()
        self.named: Mapping[str, str] = {}
        self.taken: set[str] = set()
        self.settled: set[str] = set()

    def believe(self, named: Mapping[str, str]) -> None:
        """Take what the catalogue says."""
        self.named = named
        folded = {fold(header): header for header in reversed(self.headers)}
        for name, header in named.items():
            if name not in fields():
                raise ColumnError(f"columns: {name!r} is no field; fields are {', '.join(sorted(fields()))}")
            self.settled.add(name)
            if header == NONE:
                continue
            found = header if header in self.headers else folded.get(fold(header))
            if found is None:
                there = ", ".join(map(repr, self.headers[:40]))
                raise ColumnError(
                    f"columns: {name} is to be {header!r}, and the table has no such column; it has {there}"
                )
            self._give(name, found)

    def find_mailboxes(self) -> None:
        """Find the columns of mailboxes by what stands in them, whatever they are called: they are never kept."""
        for header, column in self.stated.items():
            if header not in self.taken and share(column, is_mailbox) >= 0.5:
                self._leave_out("e-mail", header)

    def find_days(self) -> None:
        """Find one column a day (``horaires_lundi``, ``lundi matin``): only where most of a week is there."""
        if "hours" in self.settled:
            return
        found: dict[str, list[str]] = defaultdict(list)
        for header, column in self.stated.items():
            words = words_of(header)
            about_hours = bool(_HOURS_WORDS & set(words))
            days = {DAY_WORDS[word] for word in words if word in DAY_WORDS and (len(word) > 4 or about_hours)}
            at_an_end = words and (words[-1] in DAY_WORDS or words[0] in DAY_WORDS)
            says_hours = not column or share(column, has_hours) >= 0.3
            if header not in self.taken and at_an_end and len(days) == 1 and says_hours:
                found[days.pop()].append(header)
        if len(found) >= 5:
            self.columns.hours = {day: found[day] for day in DAYS if day in found}
            self.taken.update(header for each in found.values() for header in each)
            self.settled.add("hours")

    def find_by_header(self) -> None:
        """Give columns to fields by their headers, the best fit first."""
        order = field_order()
        candidates = [
            (-score, order[name], number, name, header)
            for number, header in enumerate(self.headers)
            if header not in self.taken and (self.stated[header] or not self.values[header])
            for name, score in scores_of(words_of(header)).items()
            if LISTED not in header or name in _OF_PLACES
        ]
        for score, _, _, name, header in sorted(candidates):
            if header in self.taken or (name in self.settled and name not in MANY):
                continue
            if name.startswith("never."):
                self._leave_out(name.removeprefix("never."), header)
            elif name == "known":
                self.taken.add(header)
            elif name == "hours" and any(len(word) > 4 for word in DAY_WORDS.keys() & set(words_of(header))):
                continue  # of one day only
            elif self._fits(name, header, sure=-score >= 0.7):
                self._give(name, header)

    def find_by_value(self) -> None:
        """Find what no header told: telephones (left out), then postcodes, points, addresses, hours and a name."""
        for header, column in self.stated.items():
            if header not in self.taken and len(column) >= 3 and share(column, is_phone) >= 0.6:
                self._leave_out("telephone", header)
        for name, test in BY_VALUE.items():
            if name in self.settled or (name == "point" and "latitude" in self.columns):
                continue
            fitting = [header for header in self._free() if share(self.stated[header], test) >= 0.8]
            if name == "postcode":  # a number that is the same everywhere, or a key, is none
                fitting = [each for each in fitting if len(set(self.stated[each])) > 1 and "id" not in words_of(each)]
            if fitting:
                self._give(name, fitting[0])
        if "name" in self.settled:
            return
        called = [header for header in self._free() if "name" in scores_of(words_of(header))]
        if "start" in self.columns:  # meetings of one body bear its name again and again
            called.sort(key=lambda header: -scores_of(words_of(header))["name"])
        else:
            called = [header for header in self._free() if self._mostly_different(header)]
        if found := next((header for header in called if self._fits("name", header, sure=True)), None):
            self._give("name", found)

    def check_people(self) -> None:
        """See whether the rows are people: a first name beside a name that is nothing's in particular."""
        name = self.columns.fields.get("name", [""])[0]
        alone = {word for header in self.headers if len(words := words_of(header)) <= 2 for word in [" ".join(words)]}
        if "name" not in self.named and " ".join(words_of(name)) in _SURNAMES and alone & _FIRST_NAMES:
            del self.columns.fields["name"]
            self._leave_out("person", name)
            self.columns.of_people = True

    def check_points(self) -> None:
        """See whether latitude and longitude are degrees, and put them right where each is in the other's column."""
        found = self.columns.fields
        if "latitude" not in found or "longitude" not in found:
            found.pop("latitude", None)
            found.pop("longitude", None)
            return
        north, east = (
            [number for value in self.stated[found[name][0]] if (number := as_number(value)) is not None]
            for name in ("latitude", "longitude")
        )
        if not north or not east:
            return
        if share(north, lambda number: abs(number) > 1_000) > 0.5:
            self.columns.projected = True
            return
        straight = [_in_france(one, other) for one, other in zip(north, east, strict=False)]
        swapped = [_in_france(one, other) for one, other in zip(east, north, strict=False)]
        if share(north, lambda number: abs(number) > 90) > 0.5 or (
            share(swapped, bool) > 0.8 and share(straight, bool) < 0.2
        ):
            found["latitude"], found["longitude"] = found["longitude"], found["latitude"]

    def check_numbers(self) -> None:
        """Let go of a column of house numbers where the street's own column has them."""
        street, number = self.columns.fields.get("street"), self.columns.fields.get("street_number")
        if number and (not street or share(self.stated[street[0]], begins_with_digit) > 0.2):
            del self.columns.fields["street_number"]

    def result(self) -> Columns:
        self.columns.unknown = [header for header in self.headers if header not in self.taken and self.stated[header]]
        return self.columns

    def _give(self, name: str, header: str) -> None:
        self.columns.fields.setdefault(name, []).append(header)
        self.settled.add(name)
        self.taken.add(header)

    def _leave_out(self, what: str, header: str) -> None:
        self.columns.never[header] = what
        self.taken.add(header)

    def _free(self) -> list[str]:
        """Return the columns of rows' own that nobody knows yet and that hold enough to tell."""
        own = (header for header in self.headers if LISTED not in header)
        return [header for header in own if header not in self.taken and len(self.stated[header]) >= 3]

    def _fits(self, name: str, header: str, *, sure: bool = False) -> bool:
        return fits(name, self.values[header], self.stated[header], sure=sure)

    def _mostly_different(self, header: str) -> bool:
        texts = [cell_text(value) for value in self.stated[header]]
        return len(set(texts)) >= 0.8 * len(texts)


def _in_france(latitude: float, longitude: float) -> bool:
    return 41 <= latitude <= 51.5 and -5.5 <= longitude <= 10
