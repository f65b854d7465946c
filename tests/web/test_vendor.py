"""The browser libraries that are shipped are those that are listed, byte for byte, each with its licence."""

import hashlib
from typing import Any

import pytest

from tests.web.vendor import FOLDER, folder_of, libraries

LIBRARIES: list[dict[str, Any]] = libraries().unwrap()["library"]


@pytest.mark.parametrize("library", LIBRARIES, ids=lambda each: each["name"])
def test_a_library_is_what_was_noted(library: dict[str, Any]) -> None:
    assert library["reason"]
    assert library["licence"] in {"MIT", "ISC", "BSD-2-Clause", "BSD-3-Clause", "MPL-2.0", "Apache-2.0"}
    assert library["integrity"].startswith("sha512-")
    files = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder_of(library).iterdir()}
    assert files == library["sha256"]
    assert any("licen" in name.lower() for name in files)


def test_nothing_else_is_shipped() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {folder_of(each).name for each in LIBRARIES} | {"vendor.toml"}
