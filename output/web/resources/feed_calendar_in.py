"""The calendars in the other languages."""

from collections.abc import Iterable, Mapping

from output.web.resources.feed_calendar import FeedCalendar
from output.web.site import LANGUAGES, Site


class FeedCalendarIn(FeedCalendar):
    pattern = "/feeds/{lang}/{id}.ics"

    def published(self, site: Site) -> Iterable[Mapping[str, str]]:
        for each in super().published(site):
            yield from ({**each, "lang": language} for language in LANGUAGES[1:])
