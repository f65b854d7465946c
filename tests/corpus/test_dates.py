"""Dates on the labelled expressions of the shared corpus: Duckling's (French, with a reference time) and dateparser's.

Left out, by kind, is what cannot date something that is announced; what Duckling fills in by a convention of its own
(an evening begins at six) is compared at the precision that the words have. Both are counted and printed.
"""

import ast
import json
import re
from collections import Counter
from datetime import date, datetime, timedelta

import pytest

from crawler.dates import TIME, Expression, find, parse
from tests.conftest import ROOT

CORPUS = ROOT.parent / "shared" / "corpus" / "dates"

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not CORPUS.exists(), reason="needs the shared corpus beside the checkout"),
]

DAY_PART = r"matin|matinée|soir|soirée|midi|journée"
NUMBER = r"(une?|deux|trois|vingt quatre|\d+)"
LEFT_OUT = {  # the whole text, without regard to case
    "the moment of speaking": r"maintenant|tout de suite|ce jour|en ce moment|(un peu )?plus tard( dans .*)?|dans la journée",
    "less than a day away": rf"(il y ?a |dans |en )(environ |moins de |moins d')?{NUMBER} ?(secondes?|minutes?|min|heures?|s|[\"'])"
    rf"|moins de {NUMBER} ?(secondes?|minutes?|heures?|[smh])|{NUMBER} (derni[eè]res|prochaines) (secondes|minutes|heures)|\d heures suivantes",
    "counts from a day told before": r"(la veille|le lendemain|(un|deux) jours? (après|plus tard)|(le )?jour (d'avant|d'après|précédent|suivant)"
    r"|(mardi|mercredi) (suivant|d'après))( au soir)?|après dix ans",
    "a part of some day": rf"((en|au|à la) (début|milieu|fin) (de la |de l'|de |d')|dans la |l'|le |dès l[ea] |(le )?(très )?tôt le )({DAY_PART}|après-midi)"
    r"( très)?( tôt)?",
    "a meal, the end of work": r"(après|avant|pendant|à|au) (le |l'heure du |moment de )?(déjeuner|travail)",
    "every working day": r"en semaine",
    "another place's clock": r"à seize heures cet",
    "a length without a direction": r"1 an(née)?,? .*",
}  # fmt: skip
CONVENTIONS = {
    "a part of a named day: the day": rf"({DAY_PART}|après-midi)\b",
    "a weekend: its last day": r"week-end",
    "the edge of a month or year: the month, the year": r"\b(fin|début|mi)\b.*(mars|avril|décembre|mois|année)",
    "within days: until when": r"d'ici \d|dans les \d+ jours|jusqu'à",
    "days away: no hour": r"^dans (un|\d+) jours?",
    "months and years away: no day": r"^(dans|il y ?a|en) .*\b(mois|ans?|années?)\b",
}
GRAINS = {"Year": 4, "Month": 7, "Week": 10, "Day": 10}


def left_out(text: str) -> str | None:
    return next((kind for kind, words in LEFT_OUT.items() if re.fullmatch(words, text, re.IGNORECASE)), None)


def convention(text: str) -> str | None:
    return next((kind for kind, words in CONVENTIONS.items() if re.search(words, text, re.IGNORECASE)), None)


def moments(expression: Expression, today: str) -> tuple[str, str]:
    """Return start and finish; hours without a day are those of today."""
    start = expression.start or (f"{today}T{expression.time}" if expression.time else "")
    day = (expression.start or today)[:10]
    finish = expression.finish or (f"{day}T{expression.time_end}" if expression.time_end else "")
    return start, finish


def last(end: str, grain: str) -> str:
    """Return the last year, month, day, hour or minute before an exclusive end as we write it."""
    moment = datetime.fromisoformat(end.replace("-00", "-01"))
    if grain in GRAINS:
        return (moment - timedelta(days=1)).date().isoformat()[: GRAINS[grain]]
    step = timedelta(hours=1) if grain == "Hour" else timedelta(minutes=1)
    return (moment - step).isoformat()[:16]


def is_right(expression: Expression | None, label: dict, today: str, kind: str | None) -> bool:
    if expression is None:
        return False
    start, finish = moments(expression, today)
    wanted = label["start"][: GRAINS.get(label["grain"], 16)]
    if label.get("direction") == "Before":
        return wanted == finish
    if expression.kind == TIME and label["kind"] == "instant":  # which day's hours they are is not told
        return start[11:] == wanted[11:]
    if kind is None:
        end = label.get("end_exclusive")
        return start == wanted and (end is None or finish == last(end, label["grain"]))
    if "until" in kind:
        return finish[:10] == last(label["end_exclusive"], label["grain"])[:10]
    if "weekend" in kind:
        return finish == last(label["end_exclusive"], "Day")
    if "days away" in kind or "named day" in kind:  # an hour that is told beside it counts
        return start == (wanted if expression.time else wanted[:10])
    return len(start) < 10 and start == wanted[: len(start)]


def test_what_an_announcement_may_say_is_read_as_duckling_reads_it() -> None:
    corpus = json.loads((CORPUS / "duckling_fr.json").read_text())
    today = corpus["reference_time"][:10]
    counts: Counter[str] = Counter()
    misses = []
    for label in corpus["examples"]:
        text = label["text"]
        if why := left_out(text):
            counts[f"left out: {why}"] += 1
            continue
        kind = convention(text)
        counts[f"compared by convention: {kind}" if kind else "compared as labelled"] += 1
        expression = parse(text, date.fromisoformat(today), "fr")
        if is_right(expression, label, today, kind):
            counts["right"] += 1
        else:
            misses.append((text, label["start"], label.get("end_exclusive"), expression and moments(expression, today)))
    asked = sum(count for name, count in counts.items() if name.startswith("compared"))
    print(f"\nright {counts['right']} of {asked} = {counts['right'] / asked:.3f}")
    print(*(f"{count:4} {name}" for name, count in sorted(counts.items())), "missed:", *misses, sep="\n")
    assert counts["right"] / asked >= 0.95


def test_what_must_not_parse_does_not() -> None:
    corpus = json.loads((CORPUS / "duckling_fr.json").read_text())
    today = date.fromisoformat(corpus["reference_time"][:10])
    for text in corpus["negatives"]:
        for language in ("fr", "en", None):
            assert parse(text, today, language) is None
            assert find(text, today, language) == []


# dateparser's own choices for what the words leave open.
OTHER_CHOICES = {
    "a weekday alone is the last one": r"^Jeu \d",
    "a weekday that contradicts the date does not decide the year": r"^Dimanche 1er Février à",
}
REFERENCE = date(2012, 11, 13)  # the day of dateparser's tests


def test_dateparser_cases() -> None:
    corpus = json.loads((CORPUS / "dateparser_fr.json").read_text())
    counts: Counter[str] = Counter()
    misses = []
    for key in sorted({json.dumps([case["args"], case["kwargs"]]) for case in corpus["cases"]}):
        args, kwargs = json.loads(key)
        texts = [ast.literal_eval(arg) for arg in [*args, kwargs.get("text", "")] if arg[:1] in ("'", '"')]
        text = next(text for text in texts if text != "fr")
        why = left_out(text) or next((why for why, words in OTHER_CHOICES.items() if re.search(words, text)), None)
        if why:
            counts[f"left out: {why}"] += 1
            continue
        wanted = expected(args, kwargs)
        if wanted is None:
            counts["no value given"] += 1
            continue
        alone = parse(text, REFERENCE, "fr")
        several = [alone] if alone else find(text, REFERENCE, "fr")
        found = [part[:10] for one in several for part in (one.start, one.finish) if part]
        # Months and years away are told without a day.
        if [day[: len(got)] for day, got in zip(wanted, found, strict=False)] == found and len(found) == len(wanted):
            counts["right"] += 1
        else:
            misses.append((text, wanted, found))
    asked = counts["right"] + len(misses)
    print(
        f"\nright {counts['right']} of {asked}",
        *(f"{n:4} {name}" for name, n in sorted(counts.items())),
        *misses,
        sep="\n",
    )
    assert counts["right"] / asked >= 0.95


def expected(args: list[str], kwargs: dict[str, str]) -> list[str] | None:
    """Return the days that a case of dateparser's tests expects, or None where it states none."""
    everything = " ".join([*args[1:], kwargs.get("expected", "")])
    if days := re.findall(r"datetime(?:\.datetime)?\((\d+), (\d+), (\d+)", everything):
        return [date(*map(int, day)).isoformat() for day in days]
    for name, sign in (("ago", -1), ("in_future", 1)):
        if name in kwargs:
            away = ast.literal_eval(kwargs[name])
            months = (
                REFERENCE.year * 12 + REFERENCE.month - 1 + sign * (away.get("years", 0) * 12 + away.get("months", 0))
            )
            start = date(months // 12, months % 12 + 1, REFERENCE.day)
            return [(start + sign * timedelta(days=away.get("days", 0), weeks=away.get("weeks", 0))).isoformat()]
    if away := re.search(r"'(in )?(\d+) day", everything):
        return [(REFERENCE + timedelta(days=int(away[2]) * (1 if away[1] else -1))).isoformat()]
    if absolute := re.search(r"'(\d+) (january|february|october|november|december) (\d{4})", everything):
        return [datetime.strptime(" ".join(absolute.groups()), "%d %B %Y").date().isoformat()]
    if absolute := re.search(r"(\d+) (october|november) (\d{4})", everything):
        return [datetime.strptime(" ".join(absolute.groups()), "%d %B %Y").date().isoformat()]
    return None
