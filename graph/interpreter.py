"""Splink's settings without a database: for few rows, starting one costs more than comparing them.

The very conditions of the models' levels are read (by sqlglot, as Splink does) and evaluated row by row, with SQL's
three-valued logic. What comes out is what Splink gives; the tests hold the two against each other.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from itertools import product
from operator import eq, ge, gt, le, lt, ne
from typing import Any

import sqlglot
from rapidfuzz.distance import Levenshtein
from sqlglot import expressions as sql

Row = Mapping[str, Any]
Value = Callable[[Row, Row], Any]


def levels(settings: Mapping[str, Any], left: Row, right: Row) -> tuple[int, ...]:
    """Return the level of each comparison at which two rows meet: -1 of the null level, 0 of the last."""
    return tuple(_level(conditions, left, right) for conditions in _comparisons(_Key(settings)))


def _level(conditions: Sequence[tuple[int, Value]], left: Row, right: Row) -> int:
    return next(number for number, condition in conditions if condition(left, right) is True)


class _Key:
    """Settings as a key of a cache: by which object they are."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self.settings = settings

    def __hash__(self) -> int:
        return id(self.settings)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and other.settings is self.settings


@cache
def _comparisons(key: _Key) -> tuple[tuple[tuple[int, Value], ...], ...]:
    found = []
    for comparison in key.settings["comparisons"]:
        stated = comparison["comparison_levels"]
        number = sum(not level.get("is_null_level") for level in stated)
        conditions: list[tuple[int, Value]] = []
        for level in stated:
            null = level.get("is_null_level")
            number -= not null
            text = level["sql_condition"]
            condition = (lambda _left, _right: True) if text == "ELSE" else compiled(text)
            conditions.append((-1 if null else number, condition))
        found.append(tuple(conditions))
    return tuple(found)


def pairs(settings: Mapping[str, Any], rows: Sequence[Row]) -> Iterator[tuple[Row, Row]]:
    """Yield the pairs of rows that a blocking rule brings together, once each, the smaller key first."""
    seen: set[tuple[str, str]] = set()
    for rule in settings["blocking_rules_to_generate_predictions"]:
        equal = sides(rule["blocking_rule"])
        exploded = rule.get("arrays_to_explode", [])
        right: defaultdict[tuple[Any, ...], list[Row]] = defaultdict(list)
        for row in rows:
            for key in _keys(row, [column for _, column in equal], exploded):
                right[key].append(row)
        for row in rows:
            for key in _keys(row, [column for column, _ in equal], exploded):
                for other in right.get(key, ()):
                    pair = (row["key"], other["key"])
                    if pair[0] < pair[1] and pair not in seen:
                        seen.add(pair)
                        yield row, other


def share_a_key(settings: Mapping[str, Any], one: Row, other: Row) -> bool:
    """Whether a blocking rule brings two rows together, whichever of them is the left one."""
    for rule in settings["blocking_rules_to_generate_predictions"]:
        equal, exploded = sides(rule["blocking_rule"]), rule.get("arrays_to_explode", [])
        for left, right in ((one, other), (other, one)):
            keys = set(_keys(left, [column for column, _ in equal], exploded))
            if not keys.isdisjoint(_keys(right, [column for _, column in equal], exploded)):
                return True
    return False


@cache
def sides(rule: str) -> tuple[tuple[str, str], ...]:
    """Return the columns that a rule wants equal, left and right: a rule is made of equalities, to be joined on."""
    parsed = sqlglot.parse_one(rule)
    found = []
    for equality in parsed.flatten() if isinstance(parsed, sql.And) else [parsed]:
        if not isinstance(equality, sql.EQ):
            raise ValueError(f"blocking rule {rule!r}: not made of equalities")
        by_side = {column.table: column.name for column in equality.find_all(sql.Column)}
        found.append((by_side["l"], by_side["r"]))
    return tuple(found)


def _keys(row: Row, columns: Sequence[str], exploded: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    values = [row[column] if column in exploded else [row[column]] for column in columns]
    if not any(value is None or None in value for value in values):
        yield from product(*values)


@cache
def compiled(condition: str) -> Value:
    """Return a condition on two rows, of which ``name_l`` is the left's ``name``, as a function: True, False or None.

    Raises:
        ValueError: for SQL that is not known here.
    """
    return _value(sqlglot.parse_one(condition, read="duckdb"))


def _strict(function: Callable[..., Any], *arguments: Value) -> Value:
    """Return a function of values that is NULL where one of them is."""
    if len(arguments) == 2:
        first, second = arguments

        def binary(left: Row, right: Row) -> Any:
            one = first(left, right)
            if one is None:
                return None
            other = second(left, right)
            return None if other is None else function(one, other)

        return binary

    def call(left: Row, right: Row) -> Any:
        values = [argument(left, right) for argument in arguments]
        return None if any(value is None for value in values) else function(*values)

    return call


def _and(one: Value, other: Value) -> Value:
    def both(left: Row, right: Row) -> bool | None:
        first = one(left, right)
        if first is False:
            return False
        second = other(left, right)
        return False if second is False else None if first is None or second is None else True

    return both


def _or(one: Value, other: Value) -> Value:
    def either(left: Row, right: Row) -> bool | None:
        first = one(left, right)
        if first is True:
            return True
        second = other(left, right)
        return True if second is True else None if first is None or second is None else False

    return either


def _intersect(one: Sequence[Any], other: Sequence[Any]) -> list[Any]:
    return [value for value in one if value in other]


_OPERATORS: dict[type[sql.Expression], Callable[..., Any]] = {
    sql.EQ: eq,
    sql.NEQ: ne,
    sql.LTE: le,
    sql.LT: lt,
    sql.GTE: ge,
    sql.GT: gt,
    sql.Add: lambda one, other: one + other,
    sql.Sub: lambda one, other: one - other,
    sql.Mul: lambda one, other: one * other,
}
_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "LEVENSHTEIN": Levenshtein.distance,
    "LENGTH": len,
    "ABS": abs,
    "ARRAY_INTERSECT": _intersect,
    "ARRAY_CONTAINS": lambda values, value: value in values,
    "CARDINALITY": len,
    "ARRAY_SIZE": len,
    "SUBSTRING": lambda text, start, length: text[start - 1 : start - 1 + length],
    "LEAST": min,
    "GREATEST": max,
    "RADIANS": math.radians,
    "SIN": math.sin,
    "COS": math.cos,
    "ACOS": math.acos,
}


def _value(node: Any) -> Value:
    if isinstance(node, sql.Paren):
        return _value(node.this)
    if isinstance(node, sql.And):
        return _and(_value(node.left), _value(node.right))
    if isinstance(node, sql.Or):
        return _or(_value(node.left), _value(node.right))
    if isinstance(node, sql.Not):
        return _strict(lambda value: not value, _value(node.this))
    if isinstance(node, sql.Is):
        inner = _value(node.this)
        return lambda left, right: inner(left, right) is None
    if type(node) in _OPERATORS:
        return _strict(_OPERATORS[type(node)], _value(node.left), _value(node.right))
    if isinstance(node, sql.Column):
        return _column(node.name)
    if isinstance(node, sql.Literal):
        constant = node.this if node.is_string else float(node.this) if "." in node.this else int(node.this)
        return lambda _left, _right: constant
    if isinstance(node, sql.Neg):
        return _strict(lambda value: -value, _value(node.this))
    if isinstance(node, sql.Func):
        name = node.this.upper() if isinstance(node, sql.Anonymous) else node.sql_name()
        if function := _FUNCTIONS.get(name):
            return _strict(function, *(_value(argument) for argument in _arguments(node)))
    raise ValueError(f"{node.sql()!r}: no condition of a model may say this")


def _arguments(node: sql.Func) -> list[Any]:
    found: list[Any] = []
    for name in node.arg_types if not isinstance(node, sql.Anonymous) else ("expressions",):
        value = node.args.get(name)
        found += value if isinstance(value, list) else [value] if isinstance(value, sql.Expression) else []
    return found


def _column(name: str) -> Value:
    column = name[:-2]
    if name.endswith("_l"):
        return lambda left, _right: left[column]
    return lambda _left, right: right[column]
