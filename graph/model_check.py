"""Whether what a model of one's own says can be evaluated: its conditions are read before anything is compared."""

from collections.abc import Iterator

import sqlglot
from sqlglot.errors import SqlglotError
from sqlglot.expressions import Column

from graph import interpreter
from graph.atoms import atoms
from graph.blocking import with_keys
from graph.mentions import Mention, Reference
from graph.model_files import Model, not_a_model
from graph.rows import rows
from graph.surroundings import Surroundings


def check(model: Model) -> None:
    """Raise ModelError for a condition or a blocking rule that cannot be evaluated on the rows of the model's type."""
    if not model.file:
        return
    known = _columns(model.type)
    for where, condition in _conditions(model):
        try:
            interpreter.compiled(condition)
            said = {column.name for column in sqlglot.parse_one(condition, read="duckdb").find_all(Column)}
        except (SqlglotError, ValueError) as error:
            raise not_a_model(model.file, f"{where}: {str(error).splitlines()[0]}") from None
        if unknown := sorted(said - {f"{name}_{side}" for name in known for side in "lr"}):
            raise not_a_model(model.file, f"{where}: no column {unknown[0]!r} in {', '.join(sorted(known))}")
    for rule in model.settings["blocking_rules_to_generate_predictions"]:
        where = f"blocking rule {rule['blocking_rule']!r}"
        try:
            sides = interpreter.sides(rule["blocking_rule"])
        except (SqlglotError, ValueError, KeyError):
            raise not_a_model(model.file, f"{where}: not made of equalities of l. and r.") from None
        if unknown := sorted({*(name for pair in sides for name in pair), *rule.get("arrays_to_explode", ())} - known):
            raise not_a_model(model.file, f"{where}: no column {unknown[0]!r} in {', '.join(sorted(known))}")


def _conditions(model: Model) -> Iterator[tuple[str, str]]:
    for comparison in model.settings["comparisons"]:
        for level in comparison["comparison_levels"]:
            if level["sql_condition"] != "ELSE":
                name, label = comparison["output_column_name"], level["label_for_charts"]
                yield f"comparison {name!r}, level {label!r}", level["sql_condition"]


def _columns(kind: str) -> set[str]:
    """Return the columns of a type's rows, those of blocking keys among them."""
    among = atoms(Surroundings([Mention("any", kind, "any", Reference("", "", ""), "", "", {})]))
    return set(with_keys(kind, rows(kind, among.of(kind), among)).column_names)
