"""Events out of pages that list them without any markup, and out of data of unknown shape.

No site is known here. A page is read as lines (``lines``), the days in them are found and given their years
(``marks``, ``bare``), what belongs to each day is induced from the page's own pattern (``records``, ``tables``), and
its title, time and place are read (``titles``, ``places``, ``page``). ``data`` reads lists of objects the same way.
"""

from crawler.listing.found import THRESHOLD, Found
from crawler.listing.read import events_in

__all__ = ["THRESHOLD", "Found", "events_in"]
