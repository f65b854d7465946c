"""The notice that goes with every export: what is kept, from where, and how to object (GDPR, art. 14)."""

import os
import re
from collections import Counter
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal
from babel.units import format_unit

from graph.build import Graph
from graph.state import retention_years

NOBODY = "whoever published this export (they set RECROISE_CONTACT)"
COUNTED = {
    "Person": (("person", "people"), ("personne", "personnes")),
    "Place": (("place", "places"), ("lieu", "lieux")),
    "Event": (("event", "events"), ("événement", "événements")),
    "EventSeries": (("series", "series"), ("série d’événements", "séries d’événements")),
    "Organization": (("organisation", "organisations"), ("organisation", "organisations")),
}
_UNBROKEN = re.compile(" (?=[;:»])|(?<=«) ")  # blanks at which French breaks no line
_ADDRESS = re.compile(r"https?://[^\s<>]+|[^\s<>@:]+@[^\s<>@:]+")

TEXT = """\
# Notice

This is an export of Recroise, a directory of who meets where, {when}. It holds {counts}.

## What is kept about people

A displayed name, a public role (speaker, organiser, host, author, staff), the organisation of that role, the public
profile that the page gives for it, the address of the page, and the day that it was read. No contact details, no
photographs, no traits, no private address. A person whom no page has named
for {years} is left out.

Why: so that people who met in public can find each other again (legitimate interest, GDPR art. 6.1.f). It is published:
anybody may read it. Nobody is scored, and nothing is decided by machine about anybody.

## To see, correct or erase what is kept, or to object

Write to {contact}. No reason is needed. You get everything that is held on you, each fact with the page and the day
that it was read. An erased name stays out of later exports, however it is written; of the request nothing is kept but
salted hashes. Every fact names the page that it was read from, so that you can have it corrected there too. You may
complain to the data protection authority of your country.

A publisher who does not want a site to be read says so in robots.txt, or writes to the same address.

## If you use this export

Take a new one often, and remove what `erasures.json` lists: people who are gone from here must go from your copy too.

## Sources and licences

{sources}

---

# Notice d’information

Ceci est un export de Recroise, un annuaire de qui se rencontre où, {when_fr}. Il contient {counts_fr}.

## Ce qui est conservé au sujet des personnes

Le nom affiché, un rôle public (intervenant, organisateur, hôte, auteur, équipe), l’organisation de ce rôle, le profil
public donné par la page pour ce rôle, l’adresse de la page et le jour de sa lecture. Ni coordonnées, ni photographies,
ni traits physiques, ni adresse privée. Une personne que plus aucune page ne nomme
depuis {years_fr} n’y figure plus.

Pourquoi : permettre à des gens qui se sont rencontrés en public de se recroiser (intérêt légitime, RGPD art. 6.1.f).
L’export est publié : tout le monde peut le lire. Personne n’est noté, et aucune décision n’est automatisée.

## S’opposer, accéder, rectifier, être effacé

Écrire à {contact_fr}. Aucun motif n’est demandé. Vous recevez tout ce qui est détenu sur vous, chaque fait avec la page
et le jour de sa lecture. Un nom effacé reste absent des exports suivants, de quelque façon qu’il soit écrit ; de la
demande il ne reste que des empreintes salées. Chaque fait nomme la page où il a été lu, pour pouvoir l’y faire corriger
aussi. Vous pouvez saisir l’autorité de protection des données de votre pays (en France : la CNIL).

Un site qui ne veut pas être lu le dit dans son robots.txt, ou écrit à la même adresse.

## Si vous réutilisez cet export

Reprenez-le souvent, et retirez ce que liste `erasures.json` : qui n’est plus ici doit disparaître aussi de votre copie.

## Sources et licences

{sources_fr}
"""


def write(graph: Graph, _data: Path, path: Path) -> None:
    """Write the notice; ``RECROISE_CONTACT`` says whom to write to."""
    kinds = Counter(data["type"] for _, data in graph.nodes(data=True))
    sources = "\n".join(map(_line, graph.graph["sources"]))
    contact = os.environ.get("RECROISE_CONTACT", "").strip()
    told = f"<{contact}>" if _ADDRESS.fullmatch(contact) else _escaped(contact)  # so that it can be followed
    day = (graph.graph.get("when") or "")[:10]
    text = _UNBROKEN.sub("\N{NO-BREAK SPACE}", TEXT).format(
        when=f"as of {_day(day, 'en_GB')}" if day else "not read yet",
        when_fr=f"au {_day(day, 'fr')}" if day else "pas encore lu",
        counts=_counted(kinds, 0, "en_GB") or "nothing",
        counts_fr=_counted(kinds, 1, "fr") or "rien",
        years=_years("en_GB"),
        years_fr=_years("fr"),
        contact=told or NOBODY,
        contact_fr=told or "qui a publié cet export (à qui il revient de renseigner RECROISE_CONTACT)",
        sources=sources or "None.",
        sources_fr=sources or "Aucune.",
    )
    path.write_text(text, encoding="utf-8")


def names_nobody(path: Path) -> bool:
    """Whether a notice says that one may object, and not to whom."""
    return path.is_file() and NOBODY in path.read_text(encoding="utf-8")


def _day(stated: str, locale: str) -> str:
    return str(format_date(date.fromisoformat(stated), "d MMMM y", locale=locale))


def _years(locale: str) -> str:
    return str(format_unit(retention_years(), "duration-year", locale=locale))


def _counted(kinds: Mapping[str, int], language: int, locale: str) -> str:
    """Return how much there is of what: "21 people, 24 places and 1 event"."""
    told = []
    for kind, words in COUNTED.items():
        if count := kinds.get(kind, 0):
            one, several = words[language]
            told.append(f"{format_decimal(count, locale=locale)} {one if count == 1 else several}")
    return str(format_list(told, locale=locale)) if told else ""


def _line(source: dict[str, str]) -> str:
    name, address = source.get("name", source["id"]), source.get("url")
    return f"* {_escaped(name)}" + (f" — <{address}>" if address else "") + f" — {_escaped(source['licence'])}"


def _escaped(text: str) -> str:
    """Return text from a source so that Markdown shows it as it is."""
    return "".join(f"\\{char}" if char in "\\`*_{}[]<>()#+!|" else char for char in text)
