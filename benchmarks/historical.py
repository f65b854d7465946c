"""50,578 records of historical figures with errors: our name comparison and keys beside Splink's own tutorial settings.

A record of ours has no date of birth and no home, on purpose; so both sides get the same further comparisons, those of
Splink's tutorial, and differ in what is ours: how names are compared, and which rows are brought together.
"""

import time
from collections import defaultdict
from pathlib import Path
from typing import Any

Json = dict[str, Any]

FILE = "linking/historical_figures_with_errors_50k.parquet"
PROBABILITY = 0.95  # the tutorial's


def measure(corpus: Path) -> Json:
    import pyarrow.parquet as parquet

    rows = parquet.read_table(corpus / FILE).to_pylist()
    of = {row["unique_id"]: row["cluster"] for row in rows}
    members: defaultdict[str, int] = defaultdict(int)
    for cluster in of.values():
        members[cluster] += 1
    right = sum(n * (n - 1) // 2 for n in members.values())
    return {
        "records": len(rows),
        "recroise": _run(rows, of, right, ours=True),
        "splink, tutorial settings": _run(rows, of, right, ours=False),
    }


def _further() -> list[Any]:
    import splink.comparison_library as cl

    return [
        cl.DateOfBirthComparison("dob", input_is_string=True),
        cl.PostcodeComparison("postcode_fake"),
        cl.ExactMatch("birth_place").configure(term_frequency_adjustments=True),
        cl.ExactMatch("occupation").configure(term_frequency_adjustments=True),
    ]


def _rules() -> list[Any]:
    from splink import block_on

    return [
        block_on("first_name", "surname"),
        block_on("surname", "dob"),
        block_on("first_name", "dob"),
        block_on("postcode_fake", "first_name"),
        block_on("postcode_fake", "surname"),
        block_on("dob", "birth_place"),
        block_on("substr(postcode_fake,1,3)", "dob"),
        block_on("substr(postcode_fake,1,3)", "first_name"),
        block_on("substr(postcode_fake,1,3)", "surname"),
        block_on("substr(first_name,1,2)", "substr(surname,1,2)", "substr(dob,1,4)"),
    ]


def _run(rows: list[Json], of: dict[str, str], right: int, ours: bool) -> Json:
    import pyarrow as pa
    import splink.comparison_library as cl
    from splink import Linker, SettingsCreator, block_on
    from splink.backends.duckdb import DuckDBAPI

    start = time.perf_counter()
    table = pa.Table.from_pylist(_with_names(rows) if ours else rows)
    names: list[Any] = [cl.ForenameSurnameComparison("first_name", "surname")]
    rules = _rules()
    if ours:
        names = [_name_comparison()]
        rules += [block_on("sounds"), block_on("last_sound", "substr(dob,1,4)"), block_on("given_key", "last_sound"),
                  block_on("given_key", "dob"), block_on("last_sound", "birth_place", "occupation")]  # fmt: skip
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[*names, *_further()],
        blocking_rules_to_generate_predictions=rules,
    )
    linker = Linker(DuckDBAPI().register(table), settings, log_level=None)
    training = linker.training
    alike = [
        "l.first_name = r.first_name and l.surname = r.surname and l.dob = r.dob",
        "substr(l.first_name,1,2) = substr(r.first_name,1,2) and l.surname = r.surname "
        "and substr(l.postcode_fake,1,2) = substr(r.postcode_fake,1,2)",
        "l.dob = r.dob and l.postcode_fake = r.postcode_fake",
    ]
    training.estimate_probability_two_random_records_match(alike, recall=0.6)
    training.estimate_u_using_random_sampling(max_pairs=5e6, seed=1)
    training.estimate_parameters_using_expectation_maximisation("l.first_name = r.first_name and l.surname = r.surname")
    training.estimate_parameters_using_expectation_maximisation("l.dob = r.dob")
    predicted = linker.inference.predict(threshold_match_probability=0.5)
    scored = [
        (row["match_probability"], of[row["unique_id_l"]] == of[row["unique_id_r"]])
        for row in predicted.as_record_list()
    ]
    seconds = round(time.perf_counter() - start, 1)
    return {
        **_f1([same for p, same in scored if p >= PROBABILITY], right),
        "at probability": PROBABILITY,
        "seconds": seconds,
    }


def _f1(found: list[bool], right: int) -> Json:
    hits = sum(found)
    precision, recall = hits / (len(found) or 1), hits / right
    f1 = 2 * precision * recall / (precision + recall) if hits else 0.0
    return {"precision": round(precision, 4), "recall": round(recall, 4), "f1": round(f1, 4)}


def _with_names(rows: list[Json]) -> list[Json]:
    """Add the columns of our name comparison to the rows."""
    from graph.personal_names import personal_name

    found = []
    for row in rows:
        name = personal_name(row["first_and_surname"] or row["full_name"] or "")
        others = {*name.middle.split(), name.last}
        found.append(
            {
                **row,
                "whole": 1 if name.full else None,
                "full": name.full or None,
                "spelt": name.spelt or None,
                "generation": name.generation,
                "widespread": int(name.widespread),
                "squashed": name.squashed,
                "first": name.first,
                "middle": name.middle,
                "last": name.last,
                "first_sound": name.first_sound,
                "last_sound": name.last_sound or None,
                "sounds": name.sounds or None,
                "counterparts": list(name.counterparts) or None,
                "given": list(name.given),
                "given_key": name.given[0],
                "words": [f"{name.first} {word}" for word in sorted(others) if len(word) > 1] or None,
                "common": 0,
                "single": int(name.single),
                "handle": name.handle,
                "handles": list(name.handles) or None,
            }
        )
    return found


def _name_comparison() -> Json:
    """Return the name comparison of the shipped model, to be trained here as the others are."""
    from graph.model_files import load_models

    (name, *_) = load_models()["Person"].settings["comparisons"]
    levels = [
        {key: value for key, value in level.items() if key not in ("m_probability", "u_probability")}
        for level in name["comparison_levels"]
        if "but a common" not in level["label_for_charts"]  # nobody is common here
    ]
    return {**name, "comparison_levels": levels}
