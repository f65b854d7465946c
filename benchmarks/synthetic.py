# ruff: noqa: E501
"""Records with a known truth, as many as one likes: people, places and events of a made-up country.

Each thing is told of by one to four sources, each in its own words: accents lost, typos, initials, short forms, missing
fields, dates without an hour. Names are drawn by Zipf's law, so that homonyms are as frequent as they are: two people
of one name, in one town even; places of one name in many towns; evenings of one series on many days.
"""

import random
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]

FETCHED = "2026-01-01T00:00:00Z"
SOURCES = 400
PER_THING = 2.2  # records of one thing, on average

_SYLLABLES = "ba be bi bo bou cha che co cou da de di do du fa fe fi fo ga ge gi go ja jo ju ka ke la le li lo lou ma me mi mo mou na ne ni no pa pe pi po ra re ri ro rou sa se si so sou ta te ti to tou va ve vi vo".split()
_ENDINGS = "n r l s t d nd rd lt ux ez ic ec eau ert ier in on and ard".split()
_GIVEN = """
jean pierre michel andre philippe alain bernard nicolas christophe laurent stephane thierry olivier frederic eric julien
sebastien thomas alexandre antoine maxime vincent guillaume david romain benjamin mathieu françois marie nathalie isabelle
sylvie catherine françoise valérie christine sandrine véronique sophie céline émilie aurélie stéphanie caroline élodie
camille laura julie karine delphine virginie anne claire hélène pauline mathilde margot marguerite lucie manon chloé léa
yann gwenaël erwan ronan loïc tanguy soizic maëlle rozenn nolwenn édouard rené gaël benoît jérôme grégory daniel samuel
robert william richard charles joseph katherine elizabeth jennifer margaret susan aleksandr dmitri sergei piotr krzysztof
""".split()
_SHORT = {"philippe": "phil", "nicolas": "nico", "alexandre": "alex", "benjamin": "ben", "guillaume": "guy", "vincent": "vince",
          "frederic": "fred", "sébastien": "seb", "sebastien": "seb", "maxime": "max", "thomas": "tom", "grégory": "greg", "daniel": "dan",
          "samuel": "sam", "robert": "bob", "william": "bill", "margaret": "maggie", "elizabeth": "liz", "stéphanie": "steph",
          "sandrine": "sandra", "marguerite": "margot", "katherine": "kate", "susan": "sue", "jennifer": "jenny"}  # fmt: skip
_PLACE_KINDS = [
    "La Cantine",
    "Le Hub",
    "Le Labo",
    "La Fabrique",
    "Le Garage",
    "L'Atelier",
    "La Ruche",
    "Coworking",
    "Espace",
    "Fablab",
]
_SERIES = [
    "Open Coffee",
    "Apéro web",
    "Startup Weekend",
    "BarCamp",
    "Café numérique",
    "Meetup Python",
    "Drinkabout",
    "Install party",
    "Coding dojo",
    "Cantine de midi",
    "Rencontre des makers",
    "Webinaire des coworkers",
    "Soirée données",
    "Café des libres",
]


class Country:
    """Names, towns and chance, from a seed."""

    def __init__(self, seed: int, things: int) -> None:
        self.chance = random.Random(seed)
        surnames = max(500, things // 12)
        towns = max(60, min(4_000, things // 60))
        self.surnames = [self._word(2, 3).capitalize() for _ in range(surnames)]
        self.towns = [self._word(2, 3).capitalize() for _ in range(towns)]
        self.companies = [
            f"{self._word(2, 3).capitalize()} {kind}"
            for kind in ("SARL", "Conseil", "Studio", "Lab")
            for _ in range(surnames // 6)
        ]

    def _word(self, least: int, most: int) -> str:
        chance = self.chance
        return "".join(chance.choice(_SYLLABLES) for _ in range(chance.randint(least, most))) + chance.choice(_ENDINGS)

    def pick(self, words: list[str]) -> str:
        """Return a word by Zipf's law, softened: the first are the frequent ones."""
        return words[min(len(words) - 1, int(len(words) * self.chance.random() ** 1.8))]


def records(number: int, seed: int = 1) -> Iterator[tuple[Json, str]]:
    """Yield ``number`` records, each with the thing that it is about; in no order of things."""
    things = int(number / PER_THING)
    country = Country(seed, things)
    made: list[tuple[Json, str]] = []
    thing = 0
    while len(made) < number:
        thing += 1
        kind = country.chance.random()
        make = _person if kind < 0.5 else _place if kind < 0.7 else _event
        made += [(record, str(thing)) for record in make(country)]
    country.chance.shuffle(made)
    for serial, (record, about) in enumerate(made[:number]):
        source = f"s{country.chance.randrange(SOURCES)}"
        record["id"] = str(serial)
        record["source"] = {"id": source, "url": f"http://{source}.example/{serial}", "fetched": FETCHED}
        yield record, about


def _times(country: Country) -> int:
    return country.chance.choices((1, 2, 3, 4), (3, 4, 2, 1))[0]


def _typo(country: Country, text: str) -> str:
    chance = country.chance
    place = chance.randrange(len(text))
    letter = chance.choice("aeiounrst")
    return [
        text[:place] + text[place + 1 :],
        text[:place] + letter + text[place:],
        text[:place] + letter + text[place + 1 :],
    ][chance.randrange(3)]


def _plain(text: str) -> str:
    import unicodedata

    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def _person(country: Country) -> Iterator[Json]:
    chance = country.chance
    given, family = country.pick(_GIVEN), country.pick(country.surnames)
    company, town = country.pick(country.companies), country.pick(country.towns)
    for _ in range(_times(country)):
        first, last = given.capitalize(), family
        luck = chance.random()
        if luck < 0.06:
            first = _SHORT.get(given, given).capitalize()
        elif luck < 0.10:
            first = first[0] + "."
        elif luck < 0.20:
            last = _typo(country, last)
        elif luck < 0.25:
            first = _typo(country, first)
        name = f"{first} {last}"
        if chance.random() < 0.2:
            name = f"{last.upper()} {first}"
        if chance.random() < 0.3:
            name = _plain(name)
        record: Json = {"type": "Person", "name": name}
        if chance.random() < 0.75:
            record["worksFor"] = {"type": "Organization", "name": company}
        if chance.random() < 0.6:
            record["memberOf"] = {
                "type": "Place",
                "name": f"La Cantine de {town}",
                "address": {"addressLocality": town},
            }
        yield record


def _place(country: Country) -> Iterator[Json]:
    chance = country.chance
    kind, town = chance.choice(_PLACE_KINDS), country.pick(country.towns)
    name = kind if chance.random() < 0.15 else f"{kind} {country._word(1, 2).capitalize()}"
    street, geo = (
        f"{chance.randint(1, 120)} rue {country.pick(country.surnames)}",
        (43 + chance.random() * 7, -4 + chance.random() * 11),
    )
    for _ in range(_times(country)):
        written = name
        luck = chance.random()
        if luck < 0.15:
            written = f"{name} de {town}"
        elif luck < 0.25:
            written = _typo(country, name)
        elif luck < 0.4:
            written = _plain(name).replace("La ", "").replace("Le ", "")
        address = {"addressLocality": town} if chance.random() < 0.9 else {}
        if chance.random() < 0.6:
            address["streetAddress"] = street
        record: Json = {"type": "Place", "name": written}
        if address:
            record["address"] = address
        if chance.random() < 0.5:
            record["geo"] = {
                "latitude": round(geo[0] + chance.gauss(0, 0.0004), 5),
                "longitude": round(geo[1] + chance.gauss(0, 0.0004), 5),
            }
        yield record


def _event(country: Country) -> Iterator[Json]:
    chance = country.chance
    series, town = chance.choice(_SERIES), country.pick(country.towns)
    number, hour = chance.randint(1, 60), chance.choice(("18:30", "19:00", "12:30", "09:00"))
    day = f"{chance.randint(2010, 2025)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
    for _ in range(_times(country)):
        luck = chance.random()
        name = (
            series
            if luck < 0.3
            else f"{series} {town}"
            if luck < 0.55
            else f"{series} #{number}"
            if luck < 0.75
            else f"{series} de {town} : {country._word(2, 3)}"
        )
        if chance.random() < 0.08:
            name = _typo(country, name)
        record: Json = {
            "type": "Event",
            "name": name,
            "startDate": day if chance.random() < 0.4 else f"{day}T{hour}:00",
        }
        if chance.random() < 0.92:
            record["location"] = {
                "type": "Place",
                "name": f"La Cantine de {town}",
                "address": {"addressLocality": town},
            }
        yield record
