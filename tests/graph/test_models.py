"""The models: data that Splink, and any engine of its, can take; two ways to score that say the same."""

import re
from collections.abc import Callable
from importlib import resources
from pathlib import Path

import orjson
import pytest
import sqlglot
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.datadir import open_store
from graph import interpreter, scoring
from graph.alike import alike
from graph.atoms import atoms
from graph.blocking import with_keys
from graph.link import link_data
from graph.mentions import mentions
from graph.model_files import FOLDER, ModelError, file_name, load_models
from graph.personal_names import personal_name, sound
from graph.probabilistic import ProbabilisticLinker
from graph.surroundings import Surroundings
from graph.training import train
from tests.graph.test_linking import event, person, place

MODELS = load_models()


@pytest.mark.parametrize("kind", MODELS)
def test_a_model_says_nothing_that_only_one_engine_understands(kind: str) -> None:
    settings = MODELS[kind].settings
    conditions = [rule["blocking_rule"] for rule in settings["blocking_rules_to_generate_predictions"]]
    for comparison in settings["comparisons"]:
        levels = comparison["comparison_levels"]
        assert levels[0].get("is_null_level"), comparison["output_column_name"]
        assert levels[-1]["sql_condition"] == "ELSE"
        conditions += [level["sql_condition"] for level in levels[:-1]]
    for condition in conditions:
        spark = sqlglot.transpile(condition, read="duckdb", write="spark", unsupported_level=sqlglot.ErrorLevel.RAISE)
        assert sqlglot.parse_one(spark[0], read="spark")


@pytest.mark.parametrize("kind", MODELS)
def test_the_levels_of_a_comparison_can_be_told_apart_by_their_weights(kind: str) -> None:
    for name, levels in MODELS[kind].levels.items():
        weights = [round(level.bits, 4) for level in levels.values() if level.bits]
        assert len(weights) == len(set(weights)), name  # the database gives back weights, and ``why`` says levels


WORDS = ["Karine", "Sabatier", "Alex", "Alexandre", "Margot", "Marguerite", "Le", "Goff", "K.", "O'Neil", "Édouard", "joker1007"]  # fmt: skip
NAMES = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join)
TITLES = st.sampled_from(
    ["Open Coffee", "OpenCoffee #3", "La Cantine", "Cantine de Brest", "Apéro 4 : le droit", "OCC"]
)
TOWNS = st.sampled_from([None, "Brest", "Lorient"])
DAYS = st.sampled_from(["2012-11-08", "2012-11-08T18:30", "2012-11-09", "2012-11", "2012-11-15"])


@settings(max_examples=6)
@given(st.lists(NAMES, min_size=2, max_size=8), st.lists(st.tuples(TITLES, TOWNS, DAYS, NAMES), min_size=2, max_size=6))
def test_the_database_and_the_loop_give_every_pair_the_same_levels(names: list, meetings: list) -> None:
    records = [person(n, name) for n, name in enumerate(names)]
    records += [event(100 + n, title, day, city, performer=[{"type": "Person", "name": who}]) for n, (title, city, day, who) in enumerate(meetings)]  # fmt: skip
    records += [place(200 + n, title, city) for n, (title, city, *_) in enumerate(meetings)]
    found = list(mentions(records, {}))
    among = atoms(Surroundings(found))
    for kind in among.kinds:
        made = alike(kind, among, MODELS[kind]).rows
        made = with_keys(kind, made)
        model = MODELS[kind]

        def scored(found: scoring.Candidates, kind: str = kind) -> dict:
            # What weighs nothing is one level to us, known or not.
            levels = MODELS[kind].levels
            return {
                (left, right): tuple(by[level].bits for by, level in zip(levels.values(), met, strict=True))
                for left, right, met in zip(
                    found.left.tolist(), found.right.tolist(), found.levels.tolist(), strict=True
                )
            }

        assert scored(scoring.by_splink(model, made)) == scored(scoring.by_hand(model, made.to_pylist()))


def test_evenings_of_one_name_in_one_week_meet_by_town_where_they_are_many() -> None:
    towns = [f"Town {letter}" for letter in "abcdefghijklmnopqrst"]
    days = ["2012-11-05", "2012-11-07"]
    records = [
        event(10 * n + m, "Open Coffee", day, town) for n, town in enumerate(towns) for m, day in enumerate(days)
    ]
    among = atoms(Surroundings(mentions(records, {})))
    made = with_keys("Event", alike("Event", among, MODELS["Event"]).rows)
    found = list(interpreter.pairs(MODELS["Event"].settings, made.to_pylist()))
    apart = [(left["town"], right["town"]) for left, right in found if left["day"] != right["day"]]
    assert len(apart) == len(towns)
    assert all(one == other for one, other in apart)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Sergey", "Sergei"), ("Aleksandr", "Alexandr"), ("Mickael", "Michael"), ("Dmitriy", "Dmitry")],
)
def test_transliterations_sound_the_same(one: str, other: str) -> None:
    assert sound(one.lower()) == sound(other.lower())


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("KONDO Uchio", "uchio", "kondo"),
        ("Sabatier, Karine", "karine", "sabatier"),
        ("Dr. Laëtitia Brière de la Hosseraye", "laetitia", "hosseraye"),
        ('Paolo "Nusco" Perrotta', "paolo", "perrotta"),
        ("Пётр Иванов", "petr", "ivanov"),
    ],
)
def test_names_are_taken_apart(written: str, first: str, last: str) -> None:
    name = personal_name(written)
    assert (name.first, name.last) == (first, last)


@given(st.text(max_size=40))
def test_any_text_is_some_name(text: str) -> None:
    name = personal_name(text)
    assert name == personal_name(text)
    assert isinstance(name.given, tuple)


def level_of(model: dict) -> dict:
    return model["settings"]["comparisons"][0]["comparison_levels"][1]  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda model: model.pop("settings"), "no settings"),
        (lambda model: model.update(type="Place"), "it is of Place"),
        (lambda model: model.update(threshold="4"), "threshold is no number"),
        (lambda model: model["settings"].update(probability_two_random_records_match=1), "between 0 and 1"),
        (lambda model: model["settings"].update(blocking_rules_to_generate_predictions=[]), "no blocking_rules"),
        (lambda model: model["settings"]["blocking_rules_to_generate_predictions"][0].update(blocking_rule="l.full < r.full"), "not made of equalities"),
        (lambda model: model["settings"]["blocking_rules_to_generate_predictions"][0].update(blocking_rule="l.nope = r.nope"), "no column 'nope'"),
        (lambda model: model["settings"]["comparisons"][0]["comparison_levels"].pop(), "last ELSE"),
        (lambda model: level_of(model).update(m_probability=0), "m_probability is not between 0 and 1"),
        (lambda model: level_of(model).update(sql_condition="first_l = ("), "comparison 'name'"),
        (lambda model: level_of(model).update(sql_condition="nope_l = first_r"), "no column 'nope_l'"),
        (lambda model: level_of(model).update(sql_condition="soundex(first_l) = 'a'"), "no condition of a model may say this"),
    ],
)  # fmt: skip
def test_a_broken_model_is_named_in_one_line(tmp_path: Path, change: Callable[[dict], object], said: str) -> None:
    model = orjson.loads((resources.files("graph") / "models" / "person.json").read_bytes())
    change(model)
    path = tmp_path / FOLDER / file_name("Person")
    path.parent.mkdir()
    path.write_bytes(orjson.dumps(model))
    with pytest.raises(ModelError, match=r"person\.json: not a model: .*" + re.escape(said)) as error:
        ProbabilisticLinker(load_models(tmp_path))
    assert "\n" not in str(error.value)


def test_training_writes_models_that_linking_then_follows(tmp_path: Path) -> None:
    given = ("Anne", "Paul", "Yann", "Rozenn", "Karine", "Louis", "Marc", "Odile", "Gwen", "Tanguy")
    family = ("Le Goff", "Martin", "Kervella", "Ollivier", "Riou", "Sabatier", "Poulain", "Allain", "Berteau", "Suire")
    names = [f"{first} {last}" for first in given for last in family]
    records = [person(number, name) for number, name in enumerate(names * 2)]
    with open_store(tmp_path) as store:
        store.save_records([record.body for record in records])
    by_type = {result.type: result for result in train(tmp_path)}
    assert by_type["Person"].rows == len(records)
    own = load_models(tmp_path)["Person"]
    assert own.settings["comparisons"] != MODELS["Person"].settings["comparisons"]
    assert own.threshold == MODELS["Person"].threshold
    content = orjson.loads((tmp_path / FOLDER / file_name("Person")).read_bytes())
    assert content["type"] == "Person"
    train(tmp_path)
    assert load_models(tmp_path)["Person"].settings == own.settings  # learnt again, nothing moves further
    assert link_data(tmp_path).nodes <= len(names)  # the two records of each are one


def test_what_a_record_says_twice_is_one_mention() -> None:
    twice = [{"type": "Person", "name": "Karine"}] * 2
    around = Surroundings(mentions([event(1, "Open Coffee", "2012-11-08", "Lorient", performer=twice)], {}))
    assert [mention.key for mention in around.mentions] == around.keys
    assert len(atoms(around).of("Person")) == 1
