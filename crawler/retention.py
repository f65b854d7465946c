"""How long a person stays whom no source names any more, and from when that is counted.

Counted from the present, not from the last sighting: where every source fails, nobody may stay for ever. The present is
the clock's, unless it leapt: from a day more than ``LEAP`` after all that is known (runs, failed ones too, and
sightings) nothing is counted until what is known from then on spans ``PROOF``. A clock that jumps years ahead, for a
run or for a week, makes nobody go; a directory that really was left alone so long lets them go a month after it is
taken up again. Nothing of it is lost either way: people who go from the graph stay in the store.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from crawler import limits
from crawler.records import now
from crawler.store import Store

YEARS_MAX = 3  # years without a sighting after which a person goes from graph and export
LEAP = timedelta(days=365)
PROOF = timedelta(days=30)


def years() -> int:
    """Return after how many years without a sighting people go: the default, or what ``RECROISE_LIMITS`` says.

    Raises:
        LimitError: for a setting that cannot be read.
    """
    limits.apply()
    return YEARS_MAX


def oldest_kept(store: Store) -> str:
    """Return the day (ISO 8601) before which a sighting no longer keeps a person.

    Raises:
        LimitError: as ``years``.
    """
    day = present(store.days(), now()[:10])
    return f"{max(0, int(day[:4]) - years()):04}{day[4:]}"


def present(known: Iterable[str], today: str) -> str:
    """Return the day that retention is counted from: ``today``, or the last that is ``known`` before a leap.

    All are days in ISO 8601; those after today are from while a clock ran ahead.
    """
    days = sorted({date.fromisoformat(day) for day in known if day <= today} | {date.fromisoformat(today)})
    begin = end = days[-1]
    for earlier in reversed(days[:-1]):
        if begin - earlier > LEAP:
            if end - begin >= PROOF:
                break
            end = earlier
        begin = earlier
    return end.isoformat()
