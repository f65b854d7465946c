"""The words of dates in French and English, as ``tokens.fold`` spells them."""


def _numbered(start: int, names: str) -> dict[str, int]:
    return {word: number for number, group in enumerate(names.split(" | "), start) for word in group.split()}


MONTHS_FR = _numbered(
    1,
    "janvier janv jan | fevrier fevr fev febrier | mars | avril avr | mai | juin | juillet juil jui juill jllt | aout aou | "
    "septembre sept sep | octobre oct | novembre nov | decembre dec decemb",
)
MONTHS_EN = _numbered(
    1,
    "january jan janurary | february feb febuary febr | march mar | april apr apri | may | june jun | july jul | august aug | "
    "september sept sep septemeber | october oct | november nov novemeber | december dec",
)
WEEKDAYS_FR = _numbered(0, "lundi | mardi | mercredi | jeudi | vendredi | samedi | dimanche")
WEEKDAYS_EN = _numbered(
    0, "monday | tuesday tueday | wednesday wedneday wednesay | thursday thurday | friday | saturday | sunday"
)
SHORT_WEEKDAYS_FR = _numbered(0, "lun | mar | mer merc | jeu | ven vend | sam | dim")
SHORT_WEEKDAYS_EN = _numbered(0, "mon | tue tues | wed weds | thu thur thurs | fri | sat | sun")
PLURAL_WEEKDAYS = _numbered(
    0,
    "lundis mondays | mardis tuesdays | mercredis wednesdays | jeudis thursdays | vendredis fridays | samedis saturdays | "
    "dimanches sundays",
)
NUMBERS_FR = {
    **_numbered(
        1,
        "un une | deux | trois | quatre | cinq | six | sept | huit | neuf | dix | onze | douze | treize | quatorze | "
        "quinze | seize",
    ),
    "vingt": 20,
    "trente": 30,
    "quarante": 40,
    "cinquante": 50,
}
NUMBERS_EN = {
    **_numbered(
        1,
        "one a an | two | three | four | five | six | seven | eight | nine | ten | eleven | twelve | thirteen | "
        "fourteen | fifteen | sixteen | seventeen | eighteen | nineteen | twenty",
    ),
    "couple": 2,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
}
ORDINALS = {
    **_numbered(
        1,
        "premier premiere premiers premieres first | deuxieme deuxiemes second seconde seconds secondes | "
        "troisieme troisiemes third | quatrieme quatriemes fourth | cinquieme cinquiemes fifth",
    ),
    **dict.fromkeys(("dernier", "derniere", "derniers", "dernieres", "last"), -1),
}
ORDINAL_ENDINGS = frozenset("er ers ere e eme emes ieme iemes nd nde nds rd th st d re".split())

NEXT = frozenset(
    "prochain prochaine prochains prochaines suivant suivante next venir coming upcoming following".split()
)
LAST = frozenset("dernier derniere derniers dernieres passe passee passes passees last past previous".split())
NOON = frozenset(("midi", "noon", "midday"))
MIDNIGHT = frozenset(("minuit", "midnight"))

# Parts of a day: whether an hour up to 11 said with it is one after noon.
PARTS = {
    **dict.fromkeys(("matin", "matinee", "mat", "morning"), False),
    **dict.fromkeys(
        ("soir", "soiree", "midi", "afternoon", "evening", "tonight", "night", "nuit", "journee", "aprem"), True
    ),
}
UNITS = {
    **dict.fromkeys(("jour", "jours", "day", "days"), "day"),
    **dict.fromkeys(("semaine", "semaines", "week", "weeks"), "week"),
    **dict.fromkeys(("mois", "month", "months"), "month"),
    **dict.fromkeys(("an", "ans", "annee", "annees", "year", "years"), "year"),
}
SEASONS = {
    **dict.fromkeys(("printemps", "spring"), 0),
    **dict.fromkeys(("ete", "summer"), 1),
    **dict.fromkeys(("automne", "autumn", "fall"), 2),
    **dict.fromkeys(("hiver", "winter"), 3),
}
