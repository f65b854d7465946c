"""The words of lists of events, in English and French: what cancels, what documents are called, what names a place."""

import re

_I = re.IGNORECASE

_STATUS = (
    ("EventCancelled", re.compile(r"\bcancel?l?ed\b|\bcancell?ation\b|\bannul[ée]e?s?\b|\bno meeting\b", _I)),
    ("EventPostponed", re.compile(r"\bpostponed\b|\breport[ée]e?s?\b(?! by)|\bdeferred\b", _I)),
    ("EventRescheduled", re.compile(r"\bre-?scheduled\b|\bd[ée]plac[ée]e?s?\b", _I)),
)
_STATUS_WORDS = re.compile(
    r"\s*[-–—:*(\[]*\s*\b(?:has been |was |is |est |a été )?"
    r"(?:no meeting scheduled|no meeting|cancel?l?ed|cancell?ation|annul[ée]e?s?|postponed|report[ée]e?s?|deferred)\b"
    r"\s*[*)\]!.]*\s*",
    _I,
)

# Links and cells of a list that name a paper about the event rather than the event.
_PAPERS = frozenset(
    """
    add agenda agendas all amended and annexe annexes annotated approved archive archives at attachment attachments
    audio available back book blue board/ bylaws calendar click complete compte comptes de des details directions
    dial docx doc document documents download draft du en et event evidence exhibit exhibits file files final for
    forms full google handout handouts here html ical ics in info information invitation join jour la le les lien
    link links listen live livestream map materials media mb kb meeting memo memorandum minute minutes more mp3 mp4
    next not notes notice notices notification of on online open ordre outlook packet packets page pages pdf plus
    posted powerpoint ppt pptx presentation presentations previous procès proces propose proposed public rate read
    recap recording recordings register registration rendu rendus report reports resolution resolutions results
    revised rsvp savoir schedule see share slides special/ spanish english spreadsheet stream subscribe summary
    supplemental support supporting synopsis tba tbd tentative the to transcript transcripts transcription url
    verbal video videos view voir watch webcast webinar/ with xls xlsx youtube zip zoom ready unavailable pending
    inscription réserver cancelled canceled annulé rescheduled invite
    """.split()
)
MONTH = re.compile(
    r"\b(?:jan(?:uary|vier)?|feb(?:ruary)?|f[ée]v(?:rier)?|mar(?:ch|s)?|apr(?:il)?|avr(?:il)?|may|mai|june?|juin|july?|"
    r"juil(?:let)?|aug(?:ust)?|ao[ûu]t|sep(?:t|tember|tembre)?|oct(?:ober|obre)?|nov(?:ember|embre)?|d[ée]c(?:ember|embre)?)\b",
    _I,
)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?/?")

MEETING = re.compile(
    r"\b(?:meetings?|mtgs?|hearings?|sessions?|workshops?|conferences?|forums?|seminars?|committees?|commission|councils?|"
    r"board|retreat|assembly|webinars?|meet-?ups?|lectures?|talks?|tours?|festivals?|concerts?|exhibitions?|"
    r"classes|training|social|party|open house|panel|caucus|summit|symposium|panel|night|day|dinner|breakfast|lunch|"
    r"r[ée]unions?|conseils?|comit[ée]s?|commissions?|s[ée]ances?|ateliers?|conf[ée]rences?|rencontres?|soir[ée]es?|"
    r"ap[ée]ros?|assembl[ée]es?|s[ée]minaires?|formations?|caf[ée]s?|barcamps?|permanences?|portes ouvertes|"
    r"petit[- ]d[ée]jeuners?|d[ée]jeuners?|table ronde|visites?|salons?|f[êe]tes?|open coffee|events?|"
    r"[ée]v[ée]nements?)\b",
    _I,
)
# Rooms that are called after what happens in them.
_ROOMS = re.compile(
    r"\b(?:conference|meeting|board|council|committee|session|training|hearing|day|event|community) ?(?:rooms?|"
    r"chambers?|calls?|centers?|lines?|halls?)\b"
    r"|\bsalles? (?:de|des|du) \w+|\bboardroom\b",
    _I,
)
GATHERING = re.compile(
    r"\b(?:meetings?|mtgs?|hearings?|sessions?|workshops?|events?|calendar|schedule|agendas?|minutes|upcoming|"
    r"r[ée]unions?|s[ée]ances?|rencontres?|ateliers?|calendrier|prochaines?|[ée]v[ée]nements?|programme|"
    r"ordres? du jour)\b",
    _I,
)
# What makes of a date something else than the day of an event, right before it …
_NOT_AN_EVENT = (
    r"posted|updated?|modified|published|revised|edited|created|uploaded|reviewed|copyright|©|since|established|effective|"
    r"expires?|expired|expiring|expire at|ends?|ended|born|appointed|adopted|amended|signed|enacted|filed|printed|"
    r"issued|dated|"
    r"as of|prior to|no later than|before|after|until|through|till|deadline|due|due by|due date|received by|closes?|"
    r"opens?|registration|due to|because of|instead of|in lieu of|in place of|(?:moved|rescheduled|changed|"
    r"postponed) from|observance of|(?:re)?scheduled from|moved from|"
    r"approv\w+ (?:of )?[^.]{0,40}|"
    r"submitted(?: by)?|submit(?: by)?|approved|hired|founded|incorporated|"
    r"publi[ée]e?s?|mis[e]? à jour|mise? en ligne|modifi[ée]e?s?|post[ée]e?s?|cr[ée][ée]e?s?|depuis|jusqu['’]au|"
    r"avant|apr[èe]s|"
    r"date limite|cl[ôo]ture|n[ée]e?|fond[ée]e?|approuv[ée]e?s?"
)
BEFORE_NO_EVENT = re.compile(
    rf"(?:^|\W)(?:{_NOT_AN_EVENT})\W{{0,3}}(?:(?:on|at|by|in|le|du|the|date|of|from|au)\b\W{{0,3}}){{0,3}}$", _I
)
# … or above it: the head of a column, the heading of a section.
HEAD_NO_EVENT = re.compile(
    r"\b(?:posted|updated?|modified|published|deadlines?|due|expir\w+|term|terms|since|appointed|appointment|approved|"
    r"adopted|uploaded|released?|submission|filed|publi[ée]e?|modifi[ée]e?|mise? à jour|[ée]ch[ée]ance|date limite|"
    r"size|taille)\b",
    _I,
)
SECTION_NO_EVENT = re.compile(
    r"\b(?:change ?log|revision history|journal des modifications|news|press releases?|blog|latest posts?|"
    r"recent posts?|publications?|holidays?|closures?|deadlines?|"
    r"members|membership|staff|rfps?|bids?|requests? for|alerts?|announcements?|notices? of violation|archives by|"
    r"actualit[ée]s?|communiqu[ée]s?|articles r[ée]cents|membres|jours f[ée]ri[ée]s|budgets?|audits?|"
    r"annual reports?|comments?|commentaires)\b",
    _I,
)
LABEL = re.compile(
    r"^(?:date|dates|time|times|when|where|location|locations|place|venue|lieu|heure|horaires?|quand|où|adresse|address|"
    r"start|end|début|fin|date and time|date/time|date & time|day|cost|price|tarif|phone|contact|status|type|"
    r"category|categories|"
    r"tags?|organi[sz]er|file|document|agenda|minutes|room|salle)s?(?:\(s\))?\s*:?$",
    _I,
)
PLACE_LABEL = re.compile(
    r"^\W*(?:meeting )?(?:location|where|place|venue|lieu|où|adresse|address|room|salle)s?(?:\(s\))?\s*[:–-]\s*", _I
)
PLACE_HEAD = re.compile(r"\b(?:locations?|places?|venues?|where|address|room|lieux?|adresse|salle|endroit)\b", _I)
TIME_HEAD = re.compile(r"\b(?:time|times|hours?|heures?|horaires?)\b", _I)
DATE_HEAD = re.compile(r"\b(?:dates?|days?|when|meeting dates?|jours?|quand)\b", _I)
TITLE_HEAD = re.compile(
    r"\b(?:meetings?|events?|titles?|names?|committees?|subjects?|descriptions?|bod(?:y|ies)|groups?|topics?|hearing|"
    r"titre|nom|intitul[ée]|[ée]v[ée]nement|r[ée]union|th[èe]me|sujet|objet|activit[ée]s?|program(?:me)?)\b",
    _I,
)
ADDRESS = re.compile(
    r"\b\d{1,5}[A-Z]?(?:[ -]\d{1,5})? (?:[NSEW]\.?W?\.? |North |South |East |West )?(?:[A-Z0-9][\w.'’-]* ){1,4}"
    r"(?:st|street|ave?|avenue|blvd|boulevard|rd|road|dr|drive|ln|lane|pkwy|parkway|hwy|highway|ct|court|plaza|place|pl|way|"
    r"terrace|square|sq|circle|center|broadway|sw|nw|se|ne)\b\.?"
    r"|\b\d{1,4}(?: ?(?:bis|ter))?,? (?:rue|avenue|av\.|boulevard|bd|place|quai|chemin|all[ée]e|impasse|route|cours|"
    r"square|passage)\b"
    r"|^\d{2,5} [NSEW]\.? [A-Z]\w+"
    r"|\b[A-Z]{2} \d{5}\b|\b\d{5} [A-Z][\w’'-]+",
    _I,
)
ROOM = re.compile(
    r"\b(?:room|rm\.?|suite|ste\.?|floor|fl\.?|building|bldg\.?|hall|auditorium|center|centre|library|office|chambers?|"
    r"boardroom|headquarters|school|church|park|fieldhouse|campus|hotel|restaurant|caf[ée]|gymnasium|theat(?:er|re)|museum|"
    r"courthouse|zoom|webex|teams|teleconference|videoconference|virtual|online|via|conference call|salle|mairie|"
    r"m[ée]diath[èe]que|"
    r"biblioth[èe]que|maison|espace|cantine|gymnase|amphi(?:th[ée][âa]tre)?|h[ôo]tel|centre culturel|visio|en ligne)\b",
    _I,
)
CLOSED = re.compile(
    r"\b(?:holidays?|closed(?!\s+(?:session|meeting|caucus|hearing))|office closed|f[ée]ri[ée]|ferm[ée]e?|"
    r"ferm[ée]ture)\b",
    _I,
)
_STOP = frozenset(
    """
    a at the on and to from in of for be is by with or via am pm a.m p.m le la les de du des à au aux et en pour par
    est @ will held this that date time location start starts begins begin st nd rd th
    """.split()
)


def status_of(text: str) -> str | None:
    """Return what became of an event (``EventCancelled`` …) by the words of ``text``; None where nothing is said."""
    return next((status for status, pattern in _STATUS if pattern.search(text)), None)


def cancelled(text: str) -> bool:
    """Whether the words of ``text`` say that an event does not take place."""
    return status_of(text) == "EventCancelled"


def without_status(text: str) -> str:
    """Return text without the words that tell what became of the event."""
    return _STATUS_WORDS.sub(" ", text).strip()


def meets(text: str) -> bool:
    """Whether a text names a meeting or who meets, and not only the room."""
    return bool(MEETING.search(_ROOMS.sub(" ", text)))


def words_of(text: str) -> list[str]:
    """Return the words of a text in lower case, without figures."""
    return [word.lower() for word in _WORD.findall(text)]


def is_paper(text: str) -> bool:
    """Whether a text, its dates taken out, names nothing but a document of an event: agenda, minutes (PDF)."""
    return all(word in _PAPERS or len(word) < 2 for word in words_of(MONTH.sub(" ", text)))


def says_something(text: str) -> bool:
    """Whether any word stands in the text that is more than a joint."""
    return any(word not in _STOP and len(word) > 1 for word in words_of(text))
