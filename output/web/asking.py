"""The words of "Who did I meet?": what a browser says by itself, and what the server says without one, are the same."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from output.met import Answer, Answers, Meeting, Sentence
from output.periods import span
from output.web.addresses import page, relative
from output.web.resource import Asked
from output.web.templating import translations
from output.web.wording import LOCALES, day, role, titles

ROLES = {"performer": "spoke at {name}", "organizer": "organised {name}", "attendee": "took part in {name}"}
BELONGING = {
    "founder": "founder of {whole}",
    "title": "{title} of {whole}",
    "worksFor": "works for {whole}",
    "memberOf": "member of {whole}",
    "role": "{title}",
}
AGAINST = {
    "name": "the name is not like {name!r}",
    "similar": "the name is only similar to {name!r}",
    "at": "no event of theirs is known as {at!r}",
    "where": "no event of theirs is known in {where}",
    "when": "no event of theirs is known in that period",
    "diary": "your diary has none of their events",
}
OR = {
    "where": "Was it in {one} or in {other}?",
    "when": "Was it in {one} or in {other}?",
    "about": "Was it about {one} or {other}?",
    "at": "Was it {one} or {other}?",
}
DIARY = {
    "calendar": "{file} cannot be read; export it again as .ics, or write a CSV of days and places.",
    "day": "{file}, line {line}: the day cannot be read; write 2012-11-08, 8 novembre 2012 or novembre 2012.",
    "backwards": "{file}, line {line}: it ends before it begins.",
    "many": "{file}, line {line}: too many lines; give the years that matter.",
    "large": "{file} is too large for a diary.",
    "slow": "{file} takes too long to read; export the years that matter.",
    "failed": "The index cannot be loaded; try again.",
}
SAID = {
    "start": "Say anything that you remember; answers come by themselves.",
    "loading": "Looking…",
    "failed": "The index cannot be loaded; try again.",
    "unread": "This period cannot be read; say 2012, November 2012, spring 2012, 2011-2013 or two years ago.",
    "nobody": (
        "Nobody fits. Leave a clue out, or say it otherwise: whoever has no public role on record cannot be found."
    ),
    "first": "First: {name}.",
    "equal": "{first} and {second} are about equally likely.",
    "askName": "Do you remember any part of the name?",
    "askMore": "What else do you remember?",
    "share": "{share} likely",
    "on": ", on {about}",
    "there": "; you were there, by your diary",
    "remove": "Remove",
    "profile": "Public profile",
    "elsewhere": "elsewhere",
}
COUNTED = {
    "count": ("{count} answer.", "{count} answers."),
    "others": ("{count} other meeting", "{count} other meetings"),
    "sources": ("{count} source", "{count} sources"),
    "entries": ("({count} entry)", "({count} entries)"),
}
LOOKUP = "/data/lookup/"
SUREST = 0.99  # what is on record may be wrong: nobody is certain


def _say(language: str) -> Callable[[str], str]:
    found = translations(language)
    # What a browser fills in has no need of Python's quotation: the templates of a language bring their own marks.
    return lambda text: str(found.gettext(text)).replace("{name!r}", "“{name}”").replace("{at!r}", "“{at}”")


def words(asked: Asked) -> dict[str, Any]:
    """Return the words that the page's script needs, in the language of the page, and where it finds the index."""
    language = asked.values["lang"]
    say = _say(language)
    several = {"roles": ROLES, "belonging": BELONGING, "against": AGAINST, "or": OR, "diary": DIARY}
    return {
        "language": language,
        "locale": LOCALES[language].replace("_", "-"),
        "data": relative(asked.path, LOOKUP),
        "pages": relative(asked.path, page(language)),
        "titles": titles(language),
        **{name: say(text) for name, text in SAID.items()},
        **{name: {key: say(text) for key, text in texts.items()} for name, texts in several.items()},
        **{name: [say(form) for form in forms] for name, forms in COUNTED.items()},
    }


@dataclass(frozen=True, slots=True)
class Said:
    """An answer as the page says it without a script."""

    id: str
    name: str
    share: str
    meetings: Sequence[tuple[str, str, str, str]]  # what stands before the event's name, its name, id, and after it
    others: Sequence[tuple[str, str, str, str]]
    roles: Sequence[str]
    against: Sequence[str]
    sources: Sequence[str]
    url: str | None


def said(answer: Answer, language: str) -> Said:
    """Return an answer in the words of a language."""
    say = _say(language)
    meetings = [_meeting(each, say, language) for each in answer.meetings]
    fitting = sum(reason in {each.sentence() for each in answer.meetings} for reason in answer.reasons)
    roles = [_sentence(reason, say, language) for reason in answer.reasons[fitting:]]
    return Said(
        id=answer.id,
        name=answer.name,
        share=say(SAID["share"]).format(share=_percent(min(answer.score, SUREST), language)),
        meetings=meetings[:fitting],
        others=meetings[fitting:],
        roles=roles,
        against=[_sentence(each, say, language) for each in answer.against],
        sources=[url for url in answer.sources if url.startswith(("http://", "https://"))],
        url=answer.url if answer.url and answer.url.startswith(("http://", "https://")) else None,
    )


def question(answers: Answers, clues: Mapping[str, str | None], language: str) -> str | None:
    """Return what would tell the first two apart, where they are about equal."""
    if answers.ask is None:
        return None
    say = _say(language)
    first, second = answers.people[:2]
    both = say(SAID["equal"]).format(first=first.name, second=second.name)
    return f"{both} {say(SAID['askMore' if clues.get('name') else 'askName'])}"


def _percent(score: float, language: str) -> str:
    return f"{score:.0%}" if language != "fr" else f"{score * 100:.0f}\N{NARROW NO-BREAK SPACE}%"


def _sentence(text: str, say: Callable[[str], str], language: str) -> str:
    if not isinstance(text, Sentence):
        return role(text, language)
    values = {name: role(value, language) if name == "title" else value for name, value in text.values.items()}
    return say(text.template).format(**values)


def _meeting(each: Meeting, say: Callable[[str], str], language: str) -> tuple[str, str, str, str]:
    before, _, after = say(ROLES[each.role]).partition("{name}")
    if each.date:
        after += f", {_day(each.date, language)}"
    if each.city:
        after += f" ({each.city})"
    if each.about:
        after += say(SAID["on"]).format(about=" ; ".join(each.about))
    return before, each.name, each.event, f"{after}."


def _day(stated: str, language: str) -> str:
    """Return a date as precisely as it is stated, in the event's own zone."""
    days = span(stated)
    if days is None or len(stated) < 7:
        return stated
    return day(days[0].isoformat()[: 10 if len(stated) >= 10 else 7], language)


__all__ = ["Said", "question", "said", "words"]
