"""The first page: what is next, near a town that the reader names; what is new; and where most takes place."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from output.periods import Period
from output.search import SearchError, numbers
from output.web.cards import cards
from output.web.resource import Asked, Document, NotFoundError, Resource
from output.web.scopes import ALL, coming, dated, latest, past, scope
from output.web.site import LANGUAGES, Site
from output.web.templating import render

SHOWN = 10  # events
AHEAD = 366  # days in which those near a town are looked for
TOWNS = 18
LONGEST = 100  # letters of a town


class Home(Resource):
    pattern = "/{lang}/"

    def answer(self, site: Site, asked: Asked) -> Document:
        if asked.values["lang"] not in LANGUAGES:
            raise NotFoundError(asked.path)
        near = asked.one("near")[:LONGEST]
        everything = scope(site.index, ALL)
        unknown, events, last_there = False, [], []
        if near:
            soon = Period(site.today, site.today + timedelta(days=AHEAD))
            try:
                found = numbers(site.index, types=["Event"], near=near, from_=soon, to=soon)
                events = dated(site.index, found)[:SHOWN]
                if not events:
                    over = Period(site.today - timedelta(days=1), site.today - timedelta(days=1))
                    found = numbers(site.index, types=["Event"], near=near, to=over)
                    last_there = latest(site.index, found, SHOWN)
            except SearchError:
                unknown = True
        if not near or unknown:
            events = coming(site.index, everything, site.today, SHOWN)
        # Where nothing is to come, what was last tells at least what this is about.
        last = [] if events else last_there or past(site.index, everything, site.today, SHOWN)
        whole = site.overview
        return render(
            site,
            asked,
            "home.html",
            near=near,
            unknown=unknown,
            events=cards(site.index, [each.id for each in events]),
            latest=cards(site.index, [each.id for each in last]),
            last_there=bool(last_there),
            new=cards(site.index, whole.new),
            overview=whole,
            towns=list(whole.towns.items())[:TOWNS],
            regions=whole.regions,
        )

    def published(self, site: Site) -> Iterable[Mapping[str, str]]:
        return ({"lang": language} for language in LANGUAGES)
