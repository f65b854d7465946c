"""Whether a signature is somebody's name."""

import re

from crawler.privacy import fold

_NAME = re.compile(r"[^\W\d_][\w'’.-]*(?: [\w'’.-]+){1,5}")
# Accounts, offices and groups, not people.
_GENERIC = frozenset(
    """
    admin administrateur administrator administratrice agence agency anonyme anonymous asso association auteur author
    blog bureau cantine club coffee collectif collective comite communication communaute community company contact
    coworkers coworking direction editor editorial entreprise equipe fablab federation fondation foundation group groupe
    guest hackerspace inc info inria institut institute invite lab labo labs llc ltd mairie media meetup moderateur
    network news newsroom noreply office open organisation organization press presse projet redac redacteur redaction
    redactrice region reseau root sa sarl sas secretariat service site societe staff startup support team technopole
    tiers universite university user utilisateur webmaster webmestre weekend wiki wordpress
    """.split()
)
_ARTICLES = frozenset(("la", "le", "les", "l", "the", "un", "une", "notre", "nos", "our", "votre", "vos"))


def is_person(name: str, title: str = "") -> bool:
    """Whether a signature is a person's full name: not an account, a handle, an office, or the publication itself."""
    words = fold(name).split()
    if not _NAME.fullmatch(name) or len(name) > 80 or any(char.isdigit() for char in name) or not name[0].isupper():
        return False
    return not (words[0] in _ARTICLES or _GENERIC.intersection(words) or " ".join(words) == fold(title))
