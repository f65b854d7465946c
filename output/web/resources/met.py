"""Who did I meet? The form, and without a script its answers; a diary is read by the reader's own browser alone."""

from collections.abc import Iterable, Mapping

from output.met import MetError, met
from output.periods import PeriodError
from output.web.asking import question, said, words
from output.web.resource import Asked, Document, NotFoundError, Resource
from output.web.site import LANGUAGES, Site
from output.web.templating import render

CLUES = ("name", "at", "where", "when", "about")
LONGEST = 200  # letters of a clue


class Met(Resource):
    pattern = "/{lang}/met/"
    slow = True

    def answer(self, site: Site, asked: Asked) -> Document:
        language = asked.values["lang"]
        if language not in LANGUAGES:
            raise NotFoundError(asked.path)
        clues = {name: asked.one(name)[:LONGEST] or None for name in CLUES}
        people, ask, unread = [], None, False
        try:
            answers = met(
                site.index,
                clues["name"],
                at=clues["at"],
                where=clues["where"],
                when=clues["when"],
                about=clues["about"],
                today=site.today,
            )
            people = [said(answer, language) for answer in answers]
            ask = question(answers, clues, language)
        except PeriodError:
            unread = True
        except MetError:
            pass  # no clue yet
        return render(
            site,
            asked,
            "met.html",
            indexed=not any(clues.values()),  # people stand in the answers
            clues=clues,
            spoken=words(asked),
            people=people,
            ask=ask,
            unread=unread,
            asking=any(clues.values()),
        )

    def published(self, site: Site) -> Iterable[Mapping[str, str]]:
        return ({"lang": language} for language in LANGUAGES)
