"""Sites and wikis that an article recommends: "quelques liens : X, un wiki …, et Y"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from crawler.prose.article import MAX_SENTENCE, Article, Sentence
from crawler.prose.vocabulary import UPPER

_INTRODUCED = re.compile(
    r"\b(?:liens?|links?|ressources?|resources?|sites?(?: web)?|adresses utiles|blogs?|"
    r"wikis?)(?: [\w'’-]+){0,3}\s*:\s*(?P<rest>.+)$",
    re.IGNORECASE,
)
_NAME = re.compile(
    rf"(?:^|[\s,;(«“])(?:le |la |les |the |l['’])?(?P<name>[{UPPER}][\w’'.-]+(?: (?:de |of |du |"
    rf"des )?[{UPPER}][\w’'.-]+){{1,4}})"
)
_WIKI = re.compile(r"\bwiki\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Resource:
    name: str
    kind: str  # "wiki" or "website"
    url: str | None
    sentence: Sentence


def resources(article: Article) -> Iterator[Resource]:
    """Yield the sites that the article names after a word such as "liens :"; with the address where it links there."""
    for sentence in article.sentences:
        match = _INTRODUCED.search(sentence.text) if len(sentence.text) <= MAX_SENTENCE else None
        if not match:
            continue
        links = dict(article.blocks[sentence.block].links)
        names = list(_NAME.finditer(match["rest"]))
        for number, found in enumerate(names):
            until = names[number + 1].start() if number + 1 < len(names) else len(match["rest"])
            about = match["rest"][found.start() : until]
            yield Resource(
                found["name"].rstrip("."),
                "wiki" if _WIKI.search(about) else "website",
                links.get(found["name"]),
                sentence,
            )
