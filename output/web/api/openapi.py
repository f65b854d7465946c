"""The OpenAPI 3.1 document, made of the operations: their parameters and answers are the same models that serve."""

import json
import re
from collections.abc import Iterable
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from typing import Any

from pydantic import TypeAdapter

from output.web.api.answers import GRAPH
from output.web.api.files import MEDIA_TYPES
from output.web.api.operation import JSON, ROOT, Operation
from output.web.api.parameters import Query
from output.web.api.problems import MEDIA_TYPE, Problem

Json = dict[str, Any]

_SCHEMAS = "#/components/schemas/"
_TEMPLATE = _SCHEMAS + "{model}"
_PLACE = re.compile(r"\{(\w+)\}")
TAGS = {
    "Look up": "Search, and find people you met.",
    "The graph": "Nodes, and what they are connected with.",
    "The whole": "Everything at once, what changed, where it comes from.",
}
PROBLEMS = {
    "400": "What was asked cannot be answered; `detail` says why.",
    "404": "There is no such thing.",
    "413": "The request has a body; none is read.",
    "414": "The address is too long.",
    "429": "Too many requests; `Retry-After` says how many seconds to wait.",
    "503": "Too much at once; come again.",
}


@cache
def document(operations: tuple[Operation, ...]) -> Json:
    """Return the document that describes some operations."""
    schemas: Json = {}
    for name, schema in _graph().items():
        schemas[f"graph.{name}"] = schema
    problem = _schema(Problem, schemas)
    paths: Json = {}
    for operation in sorted(operations, key=lambda each: (list(TAGS).index(each.tag), each.pattern)):
        paths[operation.pattern] = {"get": _operation(operation, schemas)}
    made = {
        "openapi": "3.1.0",
        "info": {
            "title": "Recroise",
            "version": version("recroise"),
            "summary": "The open directory of who meets where, read-only.",
            "description": "People stand in it with public roles only. Every fact has its sources; each has a licence.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "servers": [{"url": "../../"}],
        "tags": [{"name": name, "description": text} for name, text in TAGS.items()],
        "paths": paths,
        "components": {
            "schemas": dict(sorted(schemas.items())),
            "responses": {
                status: {"description": text, "content": {MEDIA_TYPE: {"schema": problem}}}
                for status, text in PROBLEMS.items()
            },
            "headers": {
                "ETag": {"description": "Tells this answer from another one.", "schema": {"type": "string"}},
                "Cache-Control": {"description": "How long it may be kept.", "schema": {"type": "string"}},
            },
        },
    }
    referred: Json = json.loads(json.dumps(made).replace(f'"{GRAPH}": "', f'"$ref": "{_SCHEMAS}graph.'))
    return referred


def _operation(operation: Operation, schemas: Json) -> Json:
    moved = "{id}" in operation.pattern
    return {
        "operationId": operation.name,
        "summary": operation.summary,
        **({"description": operation.description} if operation.description else {}),
        "tags": [operation.tag],
        "parameters": list(_parameters(operation, schemas)),
        "responses": {
            "200": _answer(operation, schemas),
            **({"308": {"description": "It was merged into the node that `Location` leads to."}} if moved else {}),
            "304": {"description": "It is still what `If-None-Match` named."},
            **{status: {"$ref": f"#/components/responses/{status}"} for status in PROBLEMS},
        },
    }


def _answer(operation: Operation, schemas: Json) -> Json:
    headers = {name: {"$ref": f"#/components/headers/{name}"} for name in ("ETag", "Cache-Control")}
    if operation.answers is None:
        kinds = sorted({media_type.partition(";")[0] for media_type in MEDIA_TYPES.values()})
        content: Json = {kind: {} for kind in kinds}
        return {"description": "The file.", "headers": headers, "content": content}
    schema = _schema(operation.answers, schemas)
    return {"description": "The answer.", "headers": headers, "content": {JSON: {"schema": schema}}}


def _parameters(operation: Operation, schemas: Json) -> Iterable[Json]:
    model: type[Query] = operation.parameters
    described = model.model_json_schema(by_alias=True, ref_template=_TEMPLATE, mode="validation")
    schemas.update(described.pop("$defs", {}))
    in_path = set(_PLACE.findall(operation.pattern))
    for name, schema in sorted(
        described.get("properties", {}).items(), key=lambda each: each[0] not in (*in_path, "q")
    ):
        schema = _plain(schema)
        text, examples = schema.pop("description", None), schema.pop("examples", None)
        yield {
            "name": name,
            "in": "path" if name in in_path else "query",
            "required": name in in_path,
            **({"description": text} if text else {}),
            "schema": schema,
            **({"example": examples[0]} if examples else {}),
        }


def _plain(schema: Json) -> Json:
    """Return a parameter's schema without what a query cannot say: null, which is the parameter left out."""
    kept = {key: value for key, value in schema.items() if key not in ("title", "anyOf", "default")}
    for choice in schema.get("anyOf", ()):
        if choice.get("type") != "null":
            kept.update(choice)
    if schema.get("default") not in (None, "", []):
        kept["default"] = schema["default"]
    return kept


def _schema(kind: Any, schemas: Json) -> Json:
    """Return the schema of a type, by reference, and add it with all that it is made of to ``schemas``."""
    made = TypeAdapter(kind).json_schema(by_alias=True, ref_template=_TEMPLATE, mode="serialization")
    schemas.update(made.pop("$defs", {}))
    if "$ref" in made or "title" not in made:
        return dict(made)
    schemas[made["title"]] = made
    return {"$ref": _SCHEMAS + made["title"]}


def _graph() -> Json:
    """Return the definitions of the graph's contract, with their references led here."""
    text = (files("graph") / "graph.schema.json").read_text(encoding="utf-8")
    found: Json = json.loads(text.replace('"#/$defs/', f'"{_SCHEMAS}graph.'))["$defs"]
    return found


__all__ = ["ROOT", "document"]
