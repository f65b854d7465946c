"""Which column is what: by its header, by its values, and by what the catalogue says."""

import math
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler import readers
from crawler.catalogue import Source
from crawler.columns import ColumnError, inspect
from crawler.documents import Document, ReaderError
from crawler.headers import fields, words_of
from crawler.intake import take
from crawler.lambert import to_degrees
from crawler.privacy import Exclusions
from crawler.readers.table import Table


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("Nomdelastructure", "nom de la structure"),
        ("codePostal", "code postal"),
        ("USER_ADRES", "user adres"),
        ("Leshorairesdouverture", "les horaires d ouverture"),
        ("N° de téléphone", "n de telephone"),
        ("lat84", "lat 84"),
        ("régionaux", "regionaux"),
        ("description", "description"),
        ("", ""),
    ],
)
def test_a_header_is_its_words(header: str, words: str) -> None:
    assert " ".join(words_of(header)) == words


@pytest.mark.parametrize(
    ("header", "field"),
    [
        *(("Nom du lieu", "name"), ("Name", "name"), ("Bezeichnung", "name"), ("structureName", "name"), ("Lieu", "name")),
        *(("Code postal", "postcode"), ("PLZ", "postcode"), ("zip_code", "postcode"), ("CP", "postcode")),
        *(("Commune", "city"), ("nomcommune", "city"), ("address.locality", "city"), ("Stadt", "city")),
        *(("Adresse", "street"), ("Numéro et nom de la voie", "street"), ("addr_street", "street")),
        *(("Site internet", "url"), ("adresse web", "url"), ("homePage", "url"), ("contact_web", "url")),
        *(("geo_point_2d", "point"), ("Coordonnées GPS", "point")),
        *(("Horaires d’ouverture", "hours"), ("opening_hours", "hours"), ("Öffnungszeiten", "hours")),
        *(("Date de début", "start"), ("Date", "start")),
        *(("updatedAt", "modified"), ("Dernière mise à jour", "modified"), ("Last Updated", "modified")),
        *(("Type de lieu", "kind"), ("Catégorie", "kind"), ("Flux RSS", "feed"), ("Pays", "country")),
    ],
)  # fmt: skip
def test_a_header_alone_tells_the_field(header: str, field: str) -> None:
    assert inspect([header], []).fields == {field: [header]}


@pytest.mark.parametrize(
    ("headers", "name"),
    [
        (("Breitengrad", "Längengrad"), "longitude"),
        (("X_WGS84", "Y_WGS84"), "latitude"),
        (("addr:street", "addr:housenumber"), "street_number"),
    ],
)
def test_some_fields_are_told_only_together(headers: tuple, name: str) -> None:
    assert name in inspect(headers, []).fields
    assert name not in inspect(headers[-1:], []).fields


@pytest.mark.parametrize("header", ["Date d'ouverture", "date_visite", "last_edited_date", "Date_creation"])
def test_a_day_that_something_happened_to_a_place_makes_no_event_of_it(header: str) -> None:
    assert "start" not in inspect(["Nom", "Ville", header], []).fields


@pytest.mark.parametrize(
    ("header", "what"),
    [
        *(("Adresse e-mail", "e-mail"), ("Adresse mail de la structure", "e-mail"), ("contactMail", "e-mail")),
        *(("Tél.", "telephone"), ("Numéro de téléphone", "telephone"), ("Mobile", "telephone")),
        *(
            ("Contact : nom", "contact"),
            ("Nom et prénom du référent", "contact"),
            ("Contact", "contact"),
            ("FullName", "contact"),
        ),
    ],
)
def test_what_is_never_kept_is_no_field(header: str, what: str) -> None:
    columns = inspect([header], [])
    assert (columns.fields, columns.never) == ({}, {header: what})


@pytest.mark.parametrize("header", ["Code INSEE", "SIRET", "Complément d'adresse", "Type de public"])
def test_what_is_known_and_not_needed_is_neither_field_nor_surprise(header: str) -> None:
    columns = inspect([header], [{header: "35238"}])
    assert (columns.fields, columns.unknown) == ({}, [])


def column(*values: Any) -> list[dict[str, Any]]:
    return [{"Colonne": value, "Nom": f"Lieu {number}"} for number, value in enumerate(values)]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        (("29200", "56100", "35000"), "postcode"),
        (("47.74, -3.36", "48.38,-4.48", "48.11;-1.67"), "point"),
        (("http://a.example", "www.b.example", "https://c.example/x"), "url"),
        (("lundi 9h-12h", "mardi 14h à 18h", "du lundi au vendredi 9:00-17:00"), "hours"),
    ],
)
def test_what_no_header_tells_shows_in_the_values(values: tuple, field: str) -> None:
    assert inspect(["Nom", "Colonne"], column(*values)).fields.get(field) == ["Colonne"]


@pytest.mark.parametrize(
    ("values", "what"),
    [
        (("a@a.example", "b@b.example", ""), "e-mail"),
        (("02 98 00 00 01", "+33298000002", "0298000003"), "telephone"),
    ],
)
def test_contacts_show_in_the_values(values: tuple, what: str) -> None:
    assert inspect(["Nom", "Colonne"], column(*values)).never == {"Colonne": what}


def test_a_header_that_its_values_belie_is_not_believed() -> None:
    rows = [{"Nom": "A", "site": "12", "latitude": "nord"}, {"Nom": "B", "site": "13", "latitude": "sud"}]
    columns = inspect(["Nom", "site", "latitude"], rows)
    assert (columns.fields, columns.unknown) == ({"name": ["Nom"]}, ["site", "latitude"])


def test_coordinates_in_each_others_columns_are_put_right() -> None:
    rows = [{"Nom": "A", "X": "44,83", "Y": "-0,58"}, {"Nom": "B", "X": "44,9", "Y": "-0,6"}]
    columns = inspect(["Nom", "X", "Y"], rows)
    assert (columns.fields["latitude"], columns.fields["longitude"]) == (["X"], ["Y"])
    assert not columns.projected
    metres = [{"Nom": "A", "x": "397835,2", "y": "6685857,5"}]
    assert inspect(["Nom", "x", "y"], metres).projected


def test_the_catalogue_says_more_than_any_header() -> None:
    headers = ["Nom", "Enseigne", "Ville"]
    columns = inspect(headers, [], {"name": "enseigne", "city": "-"})
    assert columns.fields == {"name": ["Enseigne"]}
    with pytest.raises(ColumnError, match=r"'colour' is no field; fields are .*name"):
        inspect(headers, [], {"colour": "Nom"})
    with pytest.raises(ColumnError, match="no such column; it has 'Nom', 'Enseigne', 'Ville'"):
        inspect(headers, [], {"name": "Nom du lieu"})
    assert {"name", "street", "start", "feed"} <= fields()


SOURCE = Source(id="table", name="x", url="http://a.example/", community="directory", region="FR")


def document(body: bytes, media_type: str = "text/csv", **changes: Any) -> Document:
    source = SOURCE.model_copy(update=changes)
    return Document("http://a.example/lieux", body, "2026-11-23T10:00:00Z", source, media_type)


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_every_dialect_and_charset_reads_alike(mark: str, charset: str) -> None:
    lines = [
        ["Nom", "Adresse", "Ville"],
        ["Café de l’Été", f'"3{mark} rue ""Haute"""', "Pléneuf"],
        ["Où", "4 rue A", "Quévert"],
    ]
    body = "\r\n".join(mark.join(line) for line in lines).encode(charset)
    given = document(body)
    assert Table().recognise(given)
    first, second = Table().read(given).records
    assert (first["name"], second["name"]) == ("Café de l’Été", "Où")
    street = f'3{mark} rue "Haute"'.replace("\t ", " ")
    assert first["address"] == {"streetAddress": street, "addressLocality": "Pléneuf"}


def test_a_text_is_a_table_only_where_its_columns_say_so() -> None:
    assert Table().recognise(document(b"Nom;Ville\nA;Brest\nB;Lorient\n", "text/plain"))
    assert not Table().recognise(document(b"Bonjour, tous\nAdieu, tous\n", "text/plain"))
    assert not Table().recognise(document(b'[{"a": 1}]', "application/json"))
    named = b'[{"title": "A", "city": "Brest"}, {"title": "B", "city": "Lorient"}]'
    assert Table().recognise(document(named, "application/json"))
    assert not Table().recognise(document(named.replace(b"title", b"@type"), "application/json"))
    assert not Table().recognise(
        document(named.replace(b'"A"', b'["A"]').replace(b'"B"', b'["B"]'), "application/json")
    )


EVENTS = [
    {"Name": {"label": "Conseil", "url": "http://a.example/c"}, "Meeting Date": "12/13/2017", "Meeting Time": "11:00 AM", "Meeting Location": "Mairie, 1 rue Haute, 35000 Rennes"},
    {"Name": {"label": "Conseil", "url": "http://a.example/c"}, "Meeting Date": "1/2/2018", "Meeting Time": "7:30 PM", "Meeting Location": "en ligne", "isCancelled": True},
]  # fmt: skip


def test_a_list_of_meetings_whose_parts_stand_apart() -> None:
    given = document(orjson.dumps({"meta": {}, "data": {"meetings": EVENTS, "tags": [{"id": 1}]}}), "application/json")
    first, second = take(Table().read(given), given, Exclusions()).records
    assert [each["startDate"][:16] for each in (first, second)] == ["2017-12-13T11:00", "2018-01-02T19:30"]
    assert first["location"]["name"] == "Mairie"
    assert first["location"]["address"]["addressLocality"] == "Rennes"
    assert (second["location"]["type"], second["eventStatus"]) == ("VirtualLocation", "EventCancelled")
    assert first["id"] != second["id"]


@pytest.mark.parametrize(
    "written", ["47.74, -3.36", "[-3.36, 47.74]", "POINT(-3.36 47.74)", "47.74;-3.36", [-3.36, 47.74]]
)
def test_a_point_is_read_in_the_order_that_its_form_has(written: Any) -> None:
    rows = [{"nom": f"Lieu {n}", "geo_point": written, "ville": "Lorient"} for n in range(3)]
    given = document(orjson.dumps(rows), "application/json")
    assert Table().read(given).records[0]["geo"] == {"latitude": 47.74, "longitude": -3.36}


def test_metres_of_french_maps_become_degrees_and_others_do_not() -> None:
    rows = "Nom;x;y\nOrigine;700000;6600000\nBeaupréau;397835,2;6685857,5\n"
    origin, town = Table().read(document(rows.encode())).records
    assert origin["geo"] == {"latitude": 46.5, "longitude": 3.0}
    assert abs(town["geo"]["latitude"] - 47.2) < 0.01
    assert abs(town["geo"]["longitude"] + 0.99) < 0.01
    reading = Table().read(document(b"Nom;x;y\nA;4000000;9000000\nB;4000001;9000001\n"))
    assert ["geo" in record for record in reading.records] == [False, False]
    assert "neither degrees (WGS 84) nor Lambert-93" in reading.problems[0]


@given(st.floats(42, 51), st.floats(-5, 9))
def test_lambert_93_is_conformal(latitude: float, longitude: float) -> None:
    """A metre east and a metre north are the same on the ground, and a metre to two thousandths."""
    x, y = 700_000 + (longitude - 3) * 75_000, 6_600_000 + (latitude - 46.5) * 111_000
    here = to_degrees(x, y)
    east, north = (_metres(here, there) for there in (to_degrees(x + 100, y), to_degrees(x, y + 100)))
    assert abs(east - north) < 0.01
    assert abs(east - 100) < 0.3


def _metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return the distance of two points close to each other on the ellipsoid (GRS 80), in metres."""
    eccentricity = 0.00669438002290
    bent = 1 - eccentricity * math.sin(math.radians(one[0])) ** 2
    meridian = 6_378_137 * (1 - eccentricity) / bent**1.5
    parallel = 6_378_137 / math.sqrt(bent) * math.cos(math.radians(one[0]))
    return math.hypot(math.radians(other[0] - one[0]) * meridian, math.radians(other[1] - one[1]) * parallel)


def test_where_nothing_tells_the_order_of_a_date_the_country_does() -> None:
    body = b"Nom,Date,Ville\nA,07/11/2024,X\n"
    days = [Table().read(document(body, region=region)).records[0]["startDate"] for region in ("FR", "US")]
    assert days == ["2024-11-07", "2024-07-11"]


def test_what_belongs_to_a_row_does_not_name_it() -> None:
    rows = [
        {
            "date": "2024-07-11",
            "files": [{"name": f"{n}.pdf", "type": "PDF"}],
            "places": [{"city": "Brest"}],
            "title": f"T{n}",
        }
        for n in range(3)
    ]
    given = document(orjson.dumps(rows), "application/json")
    record = Table().read(given).records[0]
    assert (record["name"], record["location"]["address"], "additionalType" in record) == (
        "T0",
        {"addressLocality": "Brest"},
        False,
    )


@pytest.mark.parametrize("head", ["Nom;Prénom;Ville", "first_name;name;city", "Vorname;Name;Ort"])
def test_a_list_of_people_is_not_read(head: str) -> None:
    body = f"{head}\nMartin;Ada;Brest\nLe Goff;Yann;Lorient\n".encode()
    with pytest.raises(ReaderError, match="a list of people, which is not read"):
        Table().read(document(body))
    assert not Table().recognise(document(body, "text/plain"))
    named = document(body, columns={"name": head.split(";")[2]})
    assert [record["name"] for record in Table().read(named).records] == ["Brest", "Lorient"]


def test_a_contact_beside_a_place_makes_no_list_of_people_of_it() -> None:
    body = "Nom du lieu;Nom;Prénom;Ville\nLa Cale;Martin;Ada;Brest\n".encode()
    reading = Table().read(document(body))
    assert reading.records[0]["name"] == "La Cale"
    assert "Martin" not in str(reading.records)


def test_a_table_without_a_name_says_what_to_write() -> None:
    with pytest.raises(ReaderError, match=r'columns = \{name = "…"\}; there are \'Zone\''):
        Table().read(document(b"Zone;12\n4;5\n"))
    with pytest.raises(ReaderError, match="no such column"):
        Table().read(document(b"Nom;Ville\nA;Brest\n", columns={"city": "Commune"}))


CELLS = st.text(max_size=12) | st.sampled_from(
    ["Nom", "Ville", "date", "29200", "12/13/2012", "a@b.cd", "www.a.fr", '"', ";", "lat", "long", "1e999", "-3.2,48"]
)


@settings(max_examples=150)
@given(
    st.lists(st.lists(CELLS, max_size=6), max_size=6),
    st.sampled_from(",;\t"),
    st.sampled_from(["utf-8", "utf-16", "cp1252"]),
)
def test_no_table_raises_anything_but_the_readers_own_error(rows: list[list[str]], mark: str, charset: str) -> None:
    given = document("\n".join(mark.join(row) for row in rows).encode(charset, "replace"))
    try:
        reading = Table().read(given)
    except ReaderError as error:
        assert "\n" not in str(error)
        return
    assert take(reading, given, Exclusions()).refused == []


JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | CELLS,
    lambda each: st.lists(each, max_size=4) | st.dictionaries(st.sampled_from(["nom", "ville", "type", "features", "properties", "coordinates", "geometry", "date", "tags", "url"]), each, max_size=5),
    max_leaves=20,
)  # fmt: skip


@settings(max_examples=150)
@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(["nom", "ville", "lat", "lon", "date début", "rss", "geometry", "type", "tags"]),
            JSON,
            max_size=6,
        ),
        max_size=5,
    )
)
def test_no_list_raises_anything_but_the_readers_own_error(rows: list[dict]) -> None:
    given = document(orjson.dumps(rows), "application/json")
    Table().recognise(given)
    try:
        reading = Table().read(given)
    except ReaderError as error:
        assert "\n" not in str(error)
        return
    assert take(reading, given, Exclusions()).refused == []


@pytest.mark.parametrize(
    ("days", "first"),
    [
        (("05/02/2026", "14/02/2026", "20/02/2026", "12/13/2026"), "2026-02-05"),
        (("05/02/2026", "14/02/2026", "32/13/2026"), "2026-02-05"),
        (("05/02/2026", "05/14/2026", "05/20/2026", "14/05/2026"), "2026-05-02"),
        (("05/02/2026", "06/02/2026"), "2026-02-05"),
    ],
)
def test_one_wrong_date_does_not_turn_all_the_others_round(days: tuple[str, ...], first: str) -> None:
    rows = "".join(f"Open Coffee {number},{day},Lorient\n" for number, day in enumerate(days))
    reading = Table().read(document(f"Titre,Date,Ville\n{rows}".encode()))
    assert reading.records[0]["startDate"] == first


def test_cells_that_programs_leave_empty_are_empty() -> None:
    body = b"nom,latitude,longitude,commune\nCyberbase,48.1,-1.6,Rennes\nAnnexe,NaN,NaN,null\n"
    one, other = Table().read(document(body)).records
    assert one["geo"] == {"latitude": 48.1, "longitude": -1.6}
    assert not other.keys() & {"geo", "address"}


def test_house_numbers_and_postcodes_by_other_headers() -> None:
    body = "Nom;N° voie;Voie;CODE_POST;Commune\nLa Fabrique;12;rue des Lilas;56100;Lorient\n"
    (place,) = Table().read(document(body.encode())).records
    assert place["address"]["streetAddress"] == "12 rue des Lilas"
    assert place["address"]["postalCode"] == "56100"


@pytest.mark.parametrize(
    ("geometry", "point"),
    [
        ({"type": "Point", "coordinates": [-3.36, 47.74, 12]}, (47.74, -3.36)),
        ({"type": "Polygon", "coordinates": [[[-4, 47], [-3, 47], [-3, 48], [-4, 47]]]}, (47.5, -3.5)),
        ({"type": "MultiPolygon", "coordinates": [[[[-4, 47], [-3, 48], [-4, 47]]]]}, (47.5, -3.5)),
        ({"type": "LineString", "coordinates": [[-4, 47], [-3, 48]]}, (47.5, -3.5)),
        ({"type": "Point", "coordinates": [652_381.02, 6_862_047.2]}, (48.8567, 2.351)),
        ({"type": "Polygon", "coordinates": []}, None),
        ({"type": "Polygon", "coordinates": [[]]}, None),
        ({"type": "Point", "coordinates": ["x", None]}, None),
    ],
)
def test_a_geometry_is_one_point(geometry: dict[str, Any], point: tuple[float, float] | None) -> None:
    feature = {"type": "Feature", "properties": {"nom": "Lieu", "commune": "x"}, "geometry": geometry}
    body = orjson.dumps({"type": "FeatureCollection", "features": [feature]})
    (place,) = Table().read(document(body, "application/geo+json")).records
    geo = place.get("geo")
    assert (geo and (round(geo["latitude"], 4), round(geo["longitude"], 4))) == point


def test_what_overpass_turbo_exports_is_a_table() -> None:
    tags = {"amenity": "coworking_space", "name": "L'Annexe", "addr:housenumber": "5", "addr:street": "rue B",
            "addr:city": "Rennes", "phone": "+33 2 99 00 00 00"}  # fmt: skip
    feature = {"type": "Feature", "id": "node/1", "properties": tags,
               "geometry": {"type": "Point", "coordinates": [-1.6, 48.1]}}  # fmt: skip
    body = orjson.dumps({"type": "FeatureCollection", "generator": "overpass-ide", "features": [feature]})
    (place,) = readers.read(document(body, "application/geo+json")).records
    assert place["id"] == "node/1"
    assert place["address"] == {"streetAddress": "5 rue B", "addressLocality": "Rennes"}


def test_a_number_beside_its_road_belongs_to_the_street() -> None:
    rows = [
        {"structureName": f"EPN {town}", "structureAddress": {"road": "rue X", "number": "3", "city": town}}
        for town in ("Vannes", "Auray")
    ]
    reading = readers.read(document(orjson.dumps(rows), "application/json"))
    assert [place["address"]["streetAddress"] for place in reading.records] == ["3 rue X", "3 rue X"]
