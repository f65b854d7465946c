"""What sentences say: people in public roles, places, events, figures; and what they do not."""

import logging
import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.catalogue import Source
from crawler.documents import Document
from crawler.prose import Context, language, read
from crawler.prose.article import from_html, from_markdown, from_text
from crawler.readers.prose import Prose
from tests.conftest import ROOT

SOURCE = Source(id="saved", name="x", url="http://saved.example/", community="agenda", region="FR")


def records(text, published=None, *, names_people=True):
    day = date.fromisoformat(published or "2013-03-04")
    context = Context(
        "http://saved.example/post", SOURCE, day, published=published is not None, names_people=names_people
    )
    return read(from_text(text), context).records


def of(kind, text, published=None):
    return [record for record in records(text, published) if record["type"] == kind]


def people(text):
    return [(p["name"], p.get("jobTitle"), p.get("worksFor", {}).get("name")) for p in of("Person", text)]


def document(body, url="http://saved.example/post", media_type="text/html", **more):
    return Document(url, body.encode(), "2013-03-04T09:00:00Z", SOURCE, media_type, **more)


def test_without_the_models_names_are_read_by_patterns_and_that_is_said_once(monkeypatch, caplog):
    language.model.cache_clear()
    monkeypatch.setitem(language.MODELS, "fr", "no_such_model")
    with caplog.at_level(logging.WARNING):
        assert people("Anne Quéré, directrice de Koskerou, nous reçoit.") == [("Anne Quéré", "directrice", "Koskerou")]
        assert people("Éric, fondateur de Koskerou, aussi.") == []
        people("Anne Quéré, directrice de Koskerou, nous reçoit.")
    assert [record.message for record in caplog.records] == [language.MISSING]
    assert "recroise[prose]" in language.MISSING
    language.model.cache_clear()


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "Nous avons croisé Gaëlle Tanguy, directrice de la Fabrique bleue, au marché.",
            ("Gaëlle Tanguy", "directrice", "Fabrique"),
        ),
        ("Gaëlle Tanguy est la présidente de l'association Bidouille.", ("Gaëlle Tanguy", "présidente", "Bidouille")),
        ("La directrice de La Ruche, Gaëlle Tanguy, sourit.", ("Gaëlle Tanguy", "directrice", "La Ruche")),
        ("Gaëlle Tanguy (coordinatrice de Koskerou) arrive.", ("Gaëlle Tanguy", "coordinatrice", "Koskerou")),
        ("Gaëlle Tanguy, qui représente Bidouille, a répondu.", ("Gaëlle Tanguy", "représentant", "Bidouille")),
        (
            "Yann Le Bozec, chargé de mission coworking à la Fonderie, témoigne.",
            ("Yann Le Bozec", "chargé de mission coworking", "Fonderie"),
        ),
        (
            "Anne-Laure de la Villette, vice-présidente de Quimperlé Communauté",
            ("Anne-Laure de la Villette", "vice-présidente", "Quimperlé Communauté"),
        ),
        (
            "Anne-Laure LE BRIS, déléguée générale de Koskerou, répond.",
            ("Anne-Laure LE BRIS", "déléguée générale", "Koskerou"),
        ),
        ("Son animateur, Erwan Le Bihan, attend du monde.", ("Erwan Le Bihan", "animateur", None)),
        (
            "Claire Vidal, vice-présidente du Conseil général du Finistère, est venue.",
            ("Claire Vidal", "vice-présidente", "Conseil général du Finistère"),
        ),
        ("Propos de Claire Vidal, présidente de l'association Bidouille.", ("Claire Vidal", "présidente", "Bidouille")),
        ("Claire Vidal, consultante, reste prudente.", ("Claire Vidal", "consultante", None)),
        ("Mary-Ann Smith, co-founder of Saltworks, said hello.", ("Mary-Ann Smith", "co-founder", "Saltworks")),
        ("Conor O'Malley is the CTO of Tideline.", ("Conor O'Malley", "CTO", "Tideline")),
        ("Co-founder of Saltworks, Mary-Ann Smith disagrees.", ("Mary-Ann Smith", "Co-founder", "Saltworks")),
    ],
)
def test_a_person_comes_with_role_and_organisation(sentence, expected):
    assert people(sentence) == [expected]


def test_an_organisations_name_goes_on_where_the_page_repeats_it():
    text = "Le Jardin des bidouilles, premier bilan\n\nPaul Le Gall, fabmanager du Jardin des bidouilles, sourit."
    assert people(text) == [("Paul Le Gall", "fabmanager", "Jardin des bidouilles")]


def test_what_is_said_of_two_holds_for_both():
    assert people("Chargés de mission à La Fonderie, Grégoire Hamon et Rose Cozic comptent.") == [
        ("Grégoire Hamon", "Chargé de mission", "La Fonderie"),
        ("Rose Cozic", "Chargé de mission", "La Fonderie"),
    ]
    assert people("Maëlle Guégan et Yannick Prigent, cofondateurs de Koskerou, racontent.") == [
        ("Maëlle Guégan", "cofondateur", "Koskerou"),
        ("Yannick Prigent", "cofondateur", "Koskerou"),
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "Gaëlle Tanguy est passée hier.",  # a name without a role
        "La Cantine Numérique, directrice de conscience de la ville.",
        "Open Coffee Lorient, organisateur de rencontres.",
        "Bonjour Monsieur, le directeur de la Ruche est absent.",
        "Mardi Prochain, le président de Bidouille parlera.",
        "Rue Jean Jaurès, le gérant de la Ruche attend.",
        "Pour Tous, la responsable de la Ruche a pensé à un goûter.",
        "Saint Malo, fondateur de rien.",
        "Rolando, property owner, 5357 N. Ashland, owner of the lot.",
        "She has served as Chief Financial Officer (CFO) of the bank.",
        "Photo Jean Kerhoas. Contact : Luc Morvan.",
    ],
)
def test_nobody_is_made_up(sentence):
    assert people(sentence) == []


def test_a_first_name_alone_stays_on_its_page():
    pytest.importorskip("spacy", reason="first names alone need the language models")
    first, second = (
        next(r for r in Prose().read(document(PAGE, url=url)).records if r["type"] == "Person")
        for url in ("http://saved.example/1", "http://saved.example/2")
    )
    assert first["name"] == second["name"] == "Éric"
    assert first["id"] != second["id"]


PAGE = "<html lang=fr><body><p>Éric, fondateur de Koskerou, nous ouvre la porte.</p></body></html>"


def test_a_first_name_is_dropped_where_the_full_name_stands():
    text = "Nolwenn Caradec, directrice de Koskerou, nous reçoit.\n\nNolwenn, directrice de Koskerou, rit."
    assert people(text) == [("Nolwenn Caradec", "directrice", "Koskerou")]


@pytest.mark.parametrize(
    "sentence",
    [
        "Luc Moreau, délégué syndical et responsable de la section de Bidouille, proteste.",
        "Luc Moreau, président de la paroisse de Koskerou, prie.",
        "Luc Moreau, directeur de Bidouille, est candidat à la mairie.",
        "Luc Moreau, founder of Tideline, is standing as a candidate for the council.",
    ],
)
def test_people_in_sensitive_contexts_are_left_alone(sentence):
    assert people(sentence) == []


def test_a_page_on_a_sensitive_topic_names_nobody():
    context = Context("http://saved.example/post", SOURCE, date(2013, 3, 4))
    text = "Avant les élections municipales\n\nMarie Dumont, présidente de Bidouille, organise un goûter."
    result = read(from_text(text), context)
    assert [record for record in result.records if record["type"] == "Person"] == []
    assert result.dropped == {"people of a page on a sensitive topic": 1}


def test_a_page_that_may_name_nobody_names_nobody_in_its_events_either():
    text = "Open Coffee Vannes\n\nRendez-vous le 7 février 2013 à 8h30 au Café Noir, à Vannes, animé par Denis Morvan."
    assert "Denis" in str([r.get("performer") for r in records(text)])
    assert "performer" not in str(records(text, names_people=False))
    page = f"<html><head><meta name=robots content=noindex></head><body><p>{text}</p></body></html>"
    assert "Denis" not in str(Prose().read(document(page)).records)


# Places and figures


def place(text):
    return [
        (p["name"], p.get("additionalType"), p.get("address", {}).get("addressLocality")) for p in of("Place", text)
    ]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Nous visitons la Cantine numérique brestoise.", ("Cantine numérique brestoise", "cantine", "Brest")),
        ("La technopole de Lannion recrute.", ("Technopole de Lannion", "technopole", "Lannion")),
        ("L'espace de coworking La Colline rouvre.", ("La Colline", "coworking space", None)),
        ("La Cantine (Nantes) déménage.", ("La Cantine", "cantine", "Nantes")),
        ("La Colline, un espace de coworking à Lorient, recrute.", ("La Colline", "coworking space", "Lorient")),
        ("Le fablab de Saint-Brieuc ouvre tard.", ("Fablab de Saint-Brieuc", "fablab", "Saint-Brieuc")),
    ],
)
def test_a_place_comes_with_its_kind_and_town(sentence, expected):
    assert place(sentence) == [expected]


@pytest.mark.parametrize(
    "sentence",
    [
        "Les cantines courent après l'argent.",
        "Il faut des espaces de coworking.",
        "Un fablab, c'est quoi ?",
        "Coworking Initiatives est un wiki.",
    ],
)
def test_a_kind_is_no_place(sentence):
    assert place(sentence) == []


def test_two_ways_of_naming_a_place_are_one():
    text = "La Cantine numérique rennaise va bien.\n\nLa cantine de Rennes compte 35 coworkers. La Cantine a aussi deux salariés."
    (found,) = of("Place", text)
    assert [(f["name"], f["value"]) for f in found["figure"]] == [("coworkers", 35), ("salariés", 2)]


@pytest.mark.parametrize(
    ("sentence", "name", "value", "unit"),
    [
        ("La Cantine de Rennes compte 1 250 adhérents.", "adhérents", 1250, "people"),
        ("La Cantine de Rennes accueille près de 300 événements par an.", "événements", 300, "events"),
        ("La Cantine de Rennes : le chiffre d'affaires est de 48 000 euros.", "chiffre d'affaires", 48000, "EUR"),
        ("À la Cantine de Rennes, une trentaine de coworkers travaillent.", "coworkers", 30, "people"),
        ("À la Cantine de Rennes, la moitié des événements sont gratuits.", "événements", 0.5, "share"),
        ("La Cantine de Rennes dispose de 24 postes de travail.", "postes de travail", 24, "seats"),
    ],
)
def test_a_figure_has_its_unit(sentence, name, value, unit):
    (found,) = of("Place", sentence)
    figure = found["figure"][0]
    assert figure["name"].startswith(name)
    assert (figure["value"], figure["unitText"]) == (value, unit)


@pytest.mark.parametrize(
    "sentence",
    [
        "La Cantine de Rennes est limitée à 50 personnes.",
        "À la Cantine de Rennes, l'entrée est à 5 euros.",
        "La Cantine de Rennes a ouvert en 2010.",
        "J'ai pris 2 ou 3 notes à la Cantine de Rennes.",
    ],
)
def test_limits_prices_and_years_are_no_figures(sentence):
    assert all("figure" not in found for found in of("Place", sentence))


def test_a_figure_belongs_to_what_its_sentence_is_about():
    text = (
        "Adrien Morvan, directeur d'Atlas, et Magali Cozic, présidente de Kerlab, sont là.\n\n"
        "La Colline, un espace de coworking à Lorient, ouvre à côté du Hangar, un tiers-lieu.\n\n"
        "La Colline compte 75 membres. Kerlab réunit 280 entreprises."
    )
    found = {record["name"]: [f["value"] for f in record["figure"]] for record in records(text) if "figure" in record}
    assert found == {"La Colline": [75], "Kerlab": [280]}


def test_a_range_has_two_ends():
    (found,) = of("Place", "À la Cantine de Rennes viennent 50 à 60 personnes.")
    assert (found["figure"][0]["minValue"], found["figure"][0]["maxValue"]) == (50, 60)


# Events


def test_an_announcement_says_when_and_where():
    text = (
        "Le prochain Open Coffee aura lieu jeudi 7 février 2013 de 8h30 à 10h au Café de la Gare, 3 avenue Favrel, 56000 Vannes.\n\n"
        "Thème : le financement participatif"
    )
    (event,) = of("Event", text)
    assert (event["startDate"], event["endDate"]) == ("2013-02-07T08:30:00+01:00", "2013-02-07T10:00:00+01:00")
    assert event["location"] == {
        "type": "Place",
        "name": "Café de la Gare",
        "address": {
            "streetAddress": "3 avenue Favrel",
            "postalCode": "56000",
            "addressLocality": "Vannes",
            "addressRegion": "FR-BRE",
            "addressCountry": "FR",
        },
    }
    assert event["about"] == ["le financement participatif"]
    assert event["superEvent"]["name"] == "Open Coffee"


def test_a_title_can_be_the_announcement():
    (event,) = of("Event", "Barcamp Morlaix, le 17 octobre 2009 au Roudour\n\nEntrée libre, inscription sur le wiki.")
    assert (event["name"], event["startDate"], event["location"]["name"]) == (
        "Barcamp Morlaix",
        "2009-10-17",
        "Roudour",
    )


def test_days_in_a_row_are_one_event():
    (event,) = of("Event", "Le Barcamp Morlaix aura lieu les 8, 9 et 10 novembre 2013 à La Fabrique, à Morlaix.")
    assert (event["startDate"], event["endDate"]) == ("2013-11-08", "2013-11-10")


def test_a_report_tells_who_organised_where_and_how_many_came():
    text = (
        "Startup Weekend Angers : 54 heures\n\nLe Startup Weekend Angers a réuni 110 participants à l'ESEO du 14 au 16 mars 2014. "
        "Organisé par l'association Weforge et la Technopole d'Angers, il a plu."
    )
    (event,) = of("Event", text)
    assert (event["startDate"], event["endDate"], event["location"]["name"]) == ("2014-03-14", "2014-03-16", "ESEO")
    assert [each["name"] for each in event["organizer"]] == ["Weforge", "Technopole d'Angers"]
    assert [figure["value"] for figure in event["figure"]] == [110]


@pytest.mark.parametrize(
    "sentence",
    [
        "Ouverture des inscriptions le 5 mars 2013 à 14h.",
        "Article publié le 5 mars 2013.",
        "La salle, rénovée en 2011, plaît.",
        "Nous étions nombreux le 5 mars 2013.",
    ],
)
def test_other_dates_are_no_events(sentence):
    assert of("Event", "Un billet\n\n" + sentence) == []


def test_what_is_told_relative_to_the_day_needs_the_day_of_publication():
    text = "Rendez-vous jeudi prochain à 19h au Café Noir, à Vannes."
    assert [event["startDate"][:10] for event in of("Event", text, published="2013-03-04")] in (
        ["2013-03-07"],
        ["2013-03-14"],
    )
    assert of("Event", text) == []


def test_an_event_abroad_keeps_wall_time():
    (event,) = of(
        "Event", "Join us on Thursday 14 March 2013 at 6:30 pm at The Old Mill, 12 Water Lane, Leeds, and we will talk."
    )
    assert event["startDate"].startswith("2013-03-14T18:30")
    assert "+" not in event["startDate"]
    assert event["location"]["address"]["addressCountry"] == "GB"


def test_a_cancelled_meeting_says_so():
    (event,) = of(
        "Event",
        "ANNULÉ : Open Coffee Vannes\n\nL'Open Coffee Vannes qui aura lieu le 7 mars 2013 à 8h30 au Café Noir est annulé.",
    )
    assert event["eventStatus"] == "EventCancelled"


@pytest.mark.parametrize(
    "lines", [("Les fanzines • Nora Hamon", "Coudre • Awa Diop"), ("Nora Hamon • Les fanzines", "Awa Diop • Coudre")]
)
def test_speakers_stand_before_or_after_their_titles(lines):
    text = (
        "# Soirée\n\nElle aura lieu le 7 mars 2013 à 19h à la salle Kermarec, à Brest.\n\n## Programme\n\n"
        + "\n\n".join(f"### {line}" for line in lines)
    )
    found = read(from_markdown(text), Context("http://saved.example/p", SOURCE, date(2013, 3, 4))).records
    assert [p["name"] for p in found[0]["performer"]] == ["Nora Hamon", "Awa Diop"]
    talks = [(r["name"], r["performer"][0]["name"]) for r in found if r.get("additionalType") == "talk"]
    assert talks == [("Les fanzines", "Nora Hamon"), ("Coudre", "Awa Diop")]


# The page around the article

TEMPLATE = """<html lang="fr"><head><title>Billet</title></head><body><header><nav><a href="/">Hugo Petit, gérant de Bidule</a></nav></header>
<div class="post"><h1>Billet</h1><p>Anne Quéré, directrice de Koskerou, nous reçoit.</p>
<h3>Articles en relation</h3><ul><li>Zoé Martin, directrice de Fabrilis</li></ul>
<div id="comments"><p>Bravo ! Paul Durand, président de Truc</p></div></div>
<div class="sidebar"><p>Jean Bon, gérant de Machin</p></div><footer>Site par Lise Noir, gérante de Web</footer></body></html>"""


def test_what_stands_around_the_article_is_left_out():
    named = [r["name"] for r in Prose().read(document(TEMPLATE)).records if r["type"] == "Person"]
    assert named == ["Anne Quéré"]


def test_every_quote_stands_where_it_says():
    article = from_text(
        "Compte-rendu\n\nAnne Quéré, directrice de la Cantine brestoise, compte 12 coworkers.\n\nRendez-vous le 7 mars 2013 à 19h à la salle Kermarec."
    )
    quotes = list(_quotes(read(article, Context("http://saved.example/p", SOURCE, date(2013, 3, 4))).records))
    assert len(quotes) > 3
    for quote in quotes:
        assert article.text[quote["start"] : quote["end"]] == quote["exact"]


def _quotes(value):
    if isinstance(value, dict):
        yield from value.get("quote", [])
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from _quotes(each)


def test_nobody_is_made_up_on_the_sample_web():
    """Whoever prose names there is named by the markup somewhere, and the page says so itself."""
    pages = sorted((ROOT / "crawler" / "sampleweb" / "sites").rglob("*.html"))
    named = {name for page in pages for name in _named(page)}
    found = 0
    for page in pages:
        body = page.read_text(encoding="utf-8")
        for record in Prose().read(document(body)).records:
            if record["type"] == "Person":
                found += 1
                assert record["name"] in named
                assert record["name"] in body
    assert len(pages) >= 20
    assert found >= 10


def _named(page):
    """The people whom a page's structured data names, and who stand in it as an h-card."""
    tree = document(page.read_text(encoding="utf-8")).html
    for script in tree.xpath("//script[@type='application/ld+json']/text()"):
        yield from re.findall(r'"@type": "Person",\s*"name": "([^"]+)"', script)
    for card in tree.xpath("//*[contains(@class, 'p-name') or contains(@class, 'fn') or @itemprop='name']"):
        yield card.text_content().strip()


def test_links_that_are_recommended_are_kept_with_their_address():
    html = '<html><body><p>Quelques liens : <a href="http://carte.example/">Carte Commune</a>, un wiki libre.</p></body></html>'
    (found,) = [r for r in Prose().read(document(html)).records if r["type"] == "Organization"]
    assert (found["name"], found["additionalType"], found["url"]) == ("Carte Commune", "wiki", "http://carte.example/")


WORDS = """Anne Quéré , directrice de la Cantine numérique rennaise ( Koskerou ) le 7 mars 2013 à 19h au Café Noir 35000 Rennes . • – : # *
 35 coworkers Open Coffee Lorient aura lieu Programme un tiers des événements \n \n\n CEO of Acme « » et & | thème""".split(
    " "
)


@settings(max_examples=80)
@given(st.lists(st.sampled_from(WORDS) | st.text(max_size=8), max_size=60))
def test_no_text_whatsoever_raises_and_quotes_hold(words):
    article = from_text(" ".join(words))
    context = Context("http://saved.example/p", SOURCE, date(2013, 3, 4), published=True)
    for quote in _quotes(read(article, context).records):
        assert quote["exact"].endswith("…") or article.text[quote["start"] : quote["end"]] == quote["exact"]


@settings(max_examples=40)
@given(st.text(alphabet=st.sampled_from("<>/pdivh123 aéN•\n\"'="), max_size=200))
def test_no_page_whatsoever_raises(body):
    Prose().read(document("<html><body>" + body))
    from_html(document("<p>" + body).html, "")
