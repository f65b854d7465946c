"""Whatever the OpenAPI document allows is answered as it says, and whatever it does not is refused as it says."""

import json
import os
import re
from collections import Counter
from pathlib import Path

import pytest
import schemathesis
from jsonschema import Draft202012Validator
from schemathesis.engine import Status, events, from_schema
from starlette.applications import Starlette
from starlette.testclient import TestClient

from output.web import middleware, scopes, server
from output.web.api import parameters
from output.web.api.operation import ROOT
from output.web.app import create_app
from output.web.resources import api_search
from output.web.resources.api_openapi import operations
from tests.web import made

# What a parameter's schema cannot say, and only that: which cursors were given, that one parameter needs another, and how
# people say when something was. Answers of 400 that begin so are right.
UNSAID = ("cursor: not one", "within says", "give at least one clue", "when: ")

# More of them: SCHEMATHESIS_EXAMPLES=500 .venv/bin/pytest -n 0 tests/web/test_openapi.py
EXAMPLES = int(os.environ.get("SCHEMATHESIS_EXAMPLES", "20"))


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Starlette:
    folder = tmp_path_factory.mktemp("openapi")
    made.site(folder, made.NODES, made.EDGES).close()
    return create_app(folder, rate=None)


def test_every_operation_keeps_its_word(app: Starlette) -> None:
    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", app)
    schema.config.generation.update(max_examples=EXAMPLES)
    schema.config.checks.negative_data_rejection.expected_statuses.append("414")
    failures, checks = [], Counter()
    for event in from_schema(schema).execute():
        if isinstance(event, events.FatalError | events.NonFatalError):
            failures.append((event.__class__.__name__, str(event)))
        if not isinstance(event, events.ScenarioFinished):
            continue
        for identity, done in event.recorder.checks.items():
            answer = event.recorder.interactions[identity].response
            for check in done:
                checks[check.name] += 1
                if check.status is Status.FAILURE and not _excused(check.name, answer):
                    failures.append(
                        (event.label, check.name, check.failure_info.failure.message, check.failure_info.code_sample)
                    )
    assert failures == []
    assert {"response_schema_conformance", "negative_data_rejection", "positive_data_acceptance"} <= checks.keys()
    assert checks.total() > 2_000


def _excused(check: str, answer: schemathesis.Response) -> bool:
    return (
        check == "positive_data_acceptance" and answer.status_code == 400 and answer.json()["detail"].startswith(UNSAID)
    )


def test_the_document_describes_every_operation_and_every_reference_leads_somewhere(app: Starlette) -> None:
    document = TestClient(app).get("/api/v1/openapi.json").json()
    assert document["openapi"] == "3.1.0"
    assert {path["get"]["operationId"] for path in document["paths"].values()} == {each.name for each in operations()}
    text = json.dumps(document)
    for reference in {part.split('"')[0] for part in text.split('"$ref": "#/')[1:]}:
        found = document
        for key in reference.split("/"):
            found = found[key]
    assert "$graph" not in text
    for one in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(one)


def test_the_page_of_the_documentation_names_every_operation_and_bound() -> None:
    text = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
    for operation in operations():
        assert re.search(
            rf"`{operation.pattern.removeprefix(ROOT + '/').replace('{id}', 'ID').replace('{name}', 'NAME')}[`?]", text
        )
    said = (
        f"{parameters.LARGEST_PAGE} items", f"{parameters.LONGEST} characters of a query", f"{middleware.LONGEST:,} of an address",
        f"{middleware.RATE:g} times a", f"{middleware.BURST:g} times at once", f"{api_search.MOST:,} results",
        f"({scopes.COMING} at the most)", f"({scopes.PAST})", f"more than {server.CONCURRENT} clients",
    )  # fmt: skip
    assert [each for each in said if each not in " ".join(text.split())] == []
