"""The places that organisations keep: tied to them where somebody states the place."""

from crawler.stored import StoredRecord
from graph.link import Linked, decide
from tests.graph.test_linking import person, place


def director(number: int, organization: str) -> StoredRecord:
    return person(number, "Anne Riou", worksFor={"type": "Organization", "name": organization})


def kept(linked: Linked) -> list[tuple[str, set[str]]]:
    """Return for each tie the organisation and every name of its place's node."""
    group_of = {key: group for group in linked.clusters.groups for key in group}
    return [
        (linked.mentions[mention.parent].name, {linked.mentions[key].name for key in group_of[mention.key]})
        for mention in linked.mentions.values()
        if mention.parent and mention.relation == "location" and linked.mentions[mention.parent].type == "Organization"
    ]


def test_an_organisation_is_tied_to_the_place_of_its_name() -> None:
    linked = decide([director(1, "Coworkshop"), place(2, "Le Coworkshop", "Paris")], {})
    assert kept(linked) == [("Coworkshop", {"Coworkshop", "Le Coworkshop"})]
    assert {linked.mentions[key].data.get("rule") for key in linked.mentions if ":" in key} == {None, "inferred"}


def test_an_organisation_named_by_its_kind_and_town_keeps_the_one_such_place() -> None:
    linked = decide([director(1, "Cantine brestoise"), place(2, "An Daol Vras", "Brest", additionalType="cantine")], {})
    assert kept(linked) == [("Cantine brestoise", {"An Daol Vras", "Cantine brestoise"})]


def test_no_place_is_made_up() -> None:
    assert kept(decide([director(1, "Cantine brestoise"), place(2, "Hub", "Brest")], {})) == []
    linked = decide([director(1, "Rennes Coworking"), place(2, "Hub", "Rennes")], {})
    assert sorted(mention.type for mention in linked.mentions.values()) == ["Organization", "Person", "Place"]
    assert set(linked.mentions) == {key for group in linked.clusters.groups for key in group}


def test_a_name_that_places_of_several_towns_bear_ties_to_none() -> None:
    records = [director(1, "La Cantine"), place(2, "La Cantine", "Nantes"), place(3, "La Cantine", "Toulouse")]
    assert kept(decide(records, {})) == []
    assert kept(decide([director(1, "La Cantine toulousaine"), *records[1:]], {})) == [
        ("La Cantine toulousaine", {"La Cantine", "La Cantine toulousaine"})
    ]
