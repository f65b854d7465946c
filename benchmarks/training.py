"""Weights that ``recroise train`` learns beside the shipped ones, on people held out of the training.

The labelled people of RubyEvents are dealt into five parts. Each part is judged by a model that was trained on the
spellings of the other four (``labels``), or on no label at all (``expectation maximisation``). An error is counted in
the part of the first of the two people.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from zlib import crc32

from benchmarks import truth
from benchmarks.truth import Json, Pairs

PARTS = 5


def measure(corpus: Path) -> Json:
    from benchmarks import linking
    from graph.atoms import atoms
    from graph.blocking import with_keys
    from graph.link import decide
    from graph.mentions import located, mentions
    from graph.model_files import Model, load_models
    from graph.probabilistic import ProbabilisticLinker
    from graph.rows import rows
    from graph.surroundings import Surroundings
    from graph.training import trained

    records = list(truth.talks(corpus, "rubyevents"))
    known = truth.people(corpus, {person["name"] for record in records for person in record["performer"]})
    ready = linking.stored(records)
    among = atoms(Surroundings(located(mentions(ready, {}))))
    people = among.of("Person")
    made = with_keys("Person", rows("Person", people, among))
    keys: dict[str, set[int]] = {}
    for atom in people:
        for mention in atom.mentions:
            keys.setdefault(mention.name, set()).add(atom.number)
    models = load_models()

    def part(pair: tuple[str, str]) -> int:
        return crc32(known.slug[pair[0]].encode()) % PARTS

    def labels(without: int) -> list[Json]:
        pairs = {
            tuple(sorted((left, right)))
            for one, other in known.labelled
            if part((one, other)) != without
            for left in keys[one]
            for right in keys[other]
            if left != right
        }
        return [{"key_l": left, "key_r": right} for left, right in sorted(pairs)]

    def found(settings: Json | None) -> Pairs:
        own = models["Person"]
        if settings:
            own = Model("Person", settings["threshold"], settings["strong"], settings["settings"])
        result = decide(ready, {}, (), ProbabilisticLinker({**models, "Person": own}))
        groups = ([mention.name for mention in group] for group in linking._groups_of(result, "Person"))
        return truth.pairs_of(groups)

    def wrong(pair: tuple[str, str]) -> bool:
        return all(name in known.slug for name in pair) and known.slug[pair[0]] != known.slug[pair[1]]

    def judged(train: Callable[[list[Json]], Any]) -> Json:
        hits = errors = 0
        for number in range(PARTS):
            pairs = found(train(labels(number)))
            hits += sum(part(pair) == number for pair in pairs & known.labelled)
            errors += sum(wrong(pair) and part(pair) == number for pair in pairs)
        return {
            "precision": round(hits / max(1, hits + errors), 4),
            "recall": round(hits / len(known.labelled), 4),
            "errors": errors,
        }

    return {
        "parts": PARTS,
        "labelled": len(known.labelled),
        "shipped weights": judged(lambda _labels: None),
        "labels": judged(lambda given: trained(models["Person"], made, given)),
        "expectation maximisation": judged(lambda _labels: trained(models["Person"], made, [])),
    }
