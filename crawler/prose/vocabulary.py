"""The words of this world, in French and English, as the patterns need them. Regular expressions without groups."""

import re

UPPER = "A-ZÀ-ÖØ-ÞŒ"
LOWER = "a-zß-öø-ÿœ"

# Roles in which a person acts in public. The head of the phrase; what it is the head of may follow.
ROLE_HEADS = (
    # French
    r"(?:co-?|vice-?|ex-?)?(?:directeur|directrice|président|présidente|fondateur|fondatrice|créateur|"
    r"créatrice|gérant|gérante)s?",
    r"(?:co-?)?(?:animateur|animatrice|organisateur|organisatrice|coordinateur|coordinatrice|"
    r"coordonnateur|coordonnatrice)s?",
    r"(?:co-?)?(?:initiateur|initiatrice|dirigeant|dirigeante|associé|associée|responsable|délégué|déléguée)s?",
    r"(?:chargé|chargée|chef|cheffe)s? (?:de|d['’])\s?[a-zéèêàâîôûç]+",
    r"(?:intervenant|intervenante|conférencier|conférencière|orateur|oratrice|modérateur|modératrice|"
    r"facilitateur|facilitatrice)s?",
    r"(?:médiateur|médiatrice|formateur|formatrice|secrétaire|trésorier|trésorière|porte-parole|"
    r"concierge|fabmanager|représentant|représentante)s?",
    r"(?:ingénieur|ingénieure|développeur|développeuse|chercheur|chercheuse|professeur|professeure|"
    r"enseignant|enseignante|doctorant|doctorante|consultant|consultante|entrepreneur|entrepreneuse|"
    r"journaliste|graphiste|architecte|expert|experte|avocat|avocate)s?",
    r"bénévoles?|patronn?e?s?|commissaires?|maître(?:sse)? de conférences|bibliothécaire|rédact(?:eur|"
    r"rice)(?: en chef)?|P-?DG|DG",
    # English
    r"(?:co-?|vice-?|former )?(?:founder|president|chair|chairman|chairwoman|chairperson|director|"
    r"chief executive|creator)s?",
    r"(?:managing|executive|programme|program|creative|technical|community|project|product|event|"
    r"general|office) (?:director|manager|lead|coordinator)s?",
    r"(?:co-?)?(?:organi[sz]er|host|coordinator|manager|curator|maintainer|moderator|facilitator|"
    r"secretary|treasurer|partner|representative|spokesperson)s?",
    r"(?:keynote )?speakers?|head of [a-z]+(?: [a-z]+)?|vice president|VP",
    r"(?:software |research |data |security )?(?:engineer|developer|designer|researcher|scientist|"
    r"architect|evangelist|consultant)s?|(?:assistant |associate )?professor|lecturer|librarian|"
    r"journalist|editor",
    r"CEO|CTO|COO|CFO|CMO|community manager|product manager|product owner|developer advocate",
)  # fmt: skip
ROLE_HEAD = "(?:" + "|".join(ROLE_HEADS) + ")(?![\\w’'-])"

# Offices and topics that tell what somebody believes or suffers from: politics, religion, unions, health (privacy).
SENSITIVE = re.compile(
    r"\b(?:élections? (?:municipales?|présidentielles?|législatives?|régionales?|européennes?)|"
    r"candidate?s? (?:à|aux|pour) (?:la|les|l)|"
    r"parti (?:socialiste|communiste|républicain|politique|pirate)|militante?s?|syndicats?|syndical\w*|syndicalistes?|"
    r"délégué\w* syndica\w*|CGT|CFDT|grève|députée?s?|sénat(?:eur|rice)s?|ministre|"
    r"secrétaires? d['’][ÉEée]tat|conseill(?:er|ère)s? (?:municipa\w+|départementa\w+|régiona\w+)|"
    r"maire|adjointe? au maire|élue?s? locaux?|paroisse|prêtre|pasteur|imam|rabbin|évêque|diocèse|"
    r"église catholique|mosquée|synagogue|"
    r"malad(?:e|es|ie|ies)|cancer|handicap\w*|dépression|alcoolique\w*|patiente?s?|séropositi\w+|homosexuel\w*|LGBT\w*|"
    r"trade union|union (?:rep|representative|member)|strike|election|candidate for|"
    r"member of parliament|MP|senator|mayor|councill?or|"
    r"labour party|conservative party|democrats?|republicans?|church|parish|priest|pastor|bishop|mosque|"
    r"diagnosed|disease|illness|disabilit(?:y|ies))\b",
    re.IGNORECASE,
)

# Kinds of places where people meet: pattern of the noun → the kind as the record says it.
PLACE_KINDS = {
    r"cantines? numériques?|cantine": "cantine",
    r"espaces? de coworking|coworking spaces?|espace coworking|coworking": "coworking space",
    r"tiers-?lieux?|third places?": "tiers-lieu",
    r"technop[oô]les?": "technopole",
    r"fab ?labs?|fab-labs?": "fablab",
    r"hacker ?spaces?|makerspaces?|hacklabs?": "hackerspace",
    r"pépinières? d['’]entreprises|pépinière|incubateurs?|accélérateurs?|business cent(?:er|re)|"
    r"incubators?": "incubator",
    r"hôtel d['’]entreprises": "business centre",
    r"médiathèques?|bibliothèques?|library": "library",
    r"(?:centre|espace|pôle) (?:associatif|culturel|social|de congrès|numérique)|maison (?:des|de la|"
    r"du|de l['’]) ?[\w’'-]+": "venue",
    r"IUT|université|faculté|campus|école|university|campus|school": "school",
    r"caf[ée]s?|bars?|pubs?|brasserie|restaurants?": "café",
    r"salle|amphi(?:théâtre)?|théâtre|halle|palais|musée|hall|theatre|museum": "venue",
}  # fmt: skip
# The kinds that are places of this world even when nothing else says that something takes place there.
OWN_KINDS = frozenset(("cantine", "coworking space", "tiers-lieu", "technopole", "fablab", "hackerspace", "incubator"))

# Series of meetings by their own names.
SERIES = (
    r"[Oo]pen ?[Cc]offees?(?: [Cc]lub)?",
    r"[Bb]ar ?[Cc]amps?",
    r"[Ss]tart-?[Uu]p ?-?[Ww]eek-?[Ee]nds?",
    r"[A-Z][\w]*(?:[Cc]amp|[Cc]onf|[Jj]am|[Hh]ack)",
    r"[A-ZÀ-Þ][\w]*['’]?(?:[Pp]éro)s?|[Aa]péro['’][A-ZÀ-Þ]\w+|[Aa]péros? [A-ZÀ-Þ][\w’'-]+",
    r"(?:[A-Z][\w’'-]+ )?[Mm]eet-?[Uu]ps?(?: [A-Z][\w’'-]+)?",
    r"(?:[A-Z][\w]+ ){1,2}(?:Hours?|Nights?|Drinks|Days?|Breakfasts?|Lunch(?:es)?|Talks|Camp|Jam|Fest|"
    r"Festival|Summit|Meetup|Hackathon|Conference|Week)",
    r"[Cc]afés? (?:[Nn]umériques?|[Cc]oworking|[Dd]ébat)|[Ii]nstall [Pp]art(?:y|ies)|"
    r"[Cc]oding [Gg]o[uû]ters?|Pecha ?Kucha|Ignite|TEDx ?[A-Z]?\w*|Word[Cc]amp",
    r"[Ww]orkshops?(?= ?[#n])",
)
SERIES_NAME = "(?:" + "|".join(SERIES) + ")"
# Those whose name alone says that it is one.
KNOWN_SERIES = "(?:" + "|".join((*SERIES[:3], *SERIES[4:5], SERIES[7])) + ")"

MONTHS_AND_DAYS = frozenset(
    """
    lundi mardi mercredi jeudi vendredi samedi dimanche janvier fevrier mars avril mai juin juillet aout septembre
    octobre
    novembre decembre monday tuesday wednesday thursday friday saturday sunday january february march april may june
    july
    august september october november december
    """.split()
)
# Folded words that are no part of a person's name: closed classes and the nouns that posts write with a capital.
NOT_NAMES = MONTHS_AND_DAYS | frozenset(
    """
    le la les un une des du de au aux et ou en dans sur pour par avec chez ce cet cette ces mon ma mes ton son sa
    ses notre nos
    votre vos leur leurs je tu il elle on nous vous ils elles qui que quoi dont mais donc or ni car si comme quand
    alors aussi
    ainsi apres avant depuis pendant selon sans sous entre vers merci bonjour salut bienvenue bravo oui non tout
    tous toute
    toutes plusieurs chaque pourquoi comment encore toujours enfin puis voici voila aujourd hier demain lors
    the a an and or but of in at on for with from by to this that these those my our your his her their its we you
    they he she
    it who what when where why how thanks thank hello welcome after before since during about today tomorrow
    yesterday join
    open coffee cantine coworking coworkers coworker technopole espace centre maison salle hotel club association
    agence
    startup start-up weekend week camp barcamp meetup apero hour hours api day days night conference atelier programme
    concept informations inscription adresse lieu place date heure rue avenue boulevard allee quai parc campus pole
    universite
    institut ecole faculte iut amphi amphitheatre bibliotheque mediatheque cafe bar pub restaurant theatre musee halle
    mairie ville region departement conseil communaute chambre office france bretagne europe paris london internet
    web wiki
    blog twitter facebook linkedin google microsoft apple github docker numerique digital libre linux java
    javascript python
    php data cloud big machine learning introduction retour presentation edition saison question questions reponse
    interview
    entretien propos portrait rencontre texte recueillis article photo photos video videos credit copyright
    contact accueil site mentions legales newsletter
    email
    tel fax sarl sas scop sa inc ltd gmbh university institute school college company foundation group labs lab
    studio society
    chief executive financial operating officer officers vice president presidente chair chairman chairwoman director
    directors directeur directrice manager secretary treasurer board committee commission department council councils
    fondateur fondatrice founder gerant responsable animateur secretaire tresorier conseiller
    street road square park house city town country united states kingdom new north south east west saint sainte
    """.split()
)

UNITS = {
    # pattern of the noun → the unit
    r"emplois?|jobs?|salariée?s?|employées?|employés|permanents?|postes? équivalents? temps plein|ETP|"
    r"employees": "people",
    r"bénévoles?|adhérente?s?|membres?|members?|volunteers?|coworkers?|coworkeurs?|coworkeuses?|"
    r"résidente?s?|residents?": "people",
    r"participante?s?|participants?|personnes?|people|visiteurs?|visitors?|inscrite?s?|attendees?|"
    r"mentors?|étudiante?s?|spectat(?:eurs?|rices?)|développeurs?|porteurs? de projets?|usagers?|"
    r"utilisat(?:eurs|rices)": "people",
    r"événements?|évènements?|events?|manifestations?|rencontres|ateliers|conférences|soirées|meetings": "events",
    r"postes? de travail|places? de coworking|bureaux|desks?|seats?": "seats",
    r"m²|m2|mètres? carrés?|square (?:metres?|meters?|feet)": "m2",
    r"entreprises?|start-?ups?|companies|sociétés": "companies",
    r"projets?|projects?": "projects",
    r"équipes?|teams?|groupes?": "groups",
    r"espaces? de coworking|tiers-?lieux|coworking spaces|cantines|fab ?labs|lieux": "places",
    r"pays|countries": "countries",
    r"€|euros?|EUR|k€|M€": "EUR",
    r"£|GBP|pounds": "GBP",
    r"\$|USD|dollars": "USD",
    r"%|pour ?cents?|percent|per cent": "%",
}  # fmt: skip
