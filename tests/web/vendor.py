"""Fetch the browser libraries that ``output/web/static/vendor/vendor.toml`` names, with npm: ``make vendor``.

A package whose integrity differs from what was noted is refused, and so is a file whose sum does.
"""

import base64
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

import tomlkit

FOLDER = Path(__file__).parents[2] / "output" / "web" / "static" / "vendor"
LIST = FOLDER / "vendor.toml"


class VendorError(RuntimeError):
    """A library is not what was noted: which, and what it is."""


def libraries() -> tomlkit.TOMLDocument:
    return tomlkit.parse(LIST.read_text(encoding="utf-8"))


def folder_of(library: dict[str, Any]) -> Path:
    return FOLDER / f"{library['name'].replace('/', '-').lstrip('@')}-{library['version']}"


def fetch(library: dict[str, Any], scratch: Path) -> None:
    """Put a library's files in their folder, flat, and note what they are."""
    name = f"{library['name']}@{library['version']}"
    done = subprocess.run(["npm", "pack", "--json", name], cwd=scratch, check=True, capture_output=True, text=True)
    packed = json.loads(done.stdout)
    archive = scratch / next(iter(packed.values() if isinstance(packed, dict) else packed))["filename"]
    integrity = "sha512-" + base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if library.setdefault("integrity", integrity) != integrity:
        raise VendorError(f"{name}: the package is {integrity}, not what vendor.toml notes")
    target = folder_of(library)
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    noted = library.get("sha256", {})
    with tarfile.open(archive) as packed_files:
        root = packed_files.getnames()[0].partition("/")[0]
        read = {path: packed_files.extractfile(f"{root}/{path}").read() for path in (*library["files"], "package.json")}  # type: ignore[union-attr]
    library.setdefault("licence", json.loads(read.pop("package.json"))["license"])
    for path, body in read.items():
        (target / Path(path).name).write_bytes(body)
        found = hashlib.sha256(body).hexdigest()
        if noted.setdefault(Path(path).name, found) != found:
            raise VendorError(f"{name}: {path} has the sum {found}, not what vendor.toml notes")
    library["sha256"] = noted


def main() -> None:
    document = libraries()
    with tempfile.TemporaryDirectory() as scratch:
        for library in document["library"]:  # type: ignore[union-attr]
            fetch(library, Path(scratch))
            print(f"{folder_of(library).name}: {library['licence']}")
    LIST.write_text(re.sub(r"([^\n])\n\[\[", r"\1\n\n[[", tomlkit.dumps(document)), encoding="utf-8")


if __name__ == "__main__":
    try:
        main()
    except VendorError as error:
        sys.exit(f"vendor: {error}")
