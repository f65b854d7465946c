"""Every word of the pages is there in French, as French is set."""

import io
import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

WEB = Path(str(files("output.web")))
_NAMED = re.compile(r"%\((\w+)\)s|\{(\w*)(?:!r)?\}")


def said() -> dict[str, set[str]]:
    """Return what is said anywhere in English, by the file that says it."""
    found: dict[str, set[str]] = {}
    for path in sorted([*WEB.rglob("templates/**/*.html"), *WEB.glob("*.py"), *WEB.glob("resources/*.py")]):
        with path.open("rb") as file:
            messages = (
                babel_extract(file, ("_", "gettext", "ngettext"), (), {"trimmed": "true"})
                if path.suffix == ".html"
                else extract_python(file, ("_", "gettext", "ngettext"), (), {})
            )
            for _, _, message, _ in messages:
                parts = message if isinstance(message, tuple) else (message,)
                found.setdefault(path.name, set()).update(each for each in parts if each)
    return found


def translated() -> Iterator[tuple[str, str, str]]:
    for path in sorted((WEB / "locale" / "fr").glob("*.po")):
        for message in read_po(io.BytesIO(path.read_bytes()), locale="fr"):
            if message.id:
                ids = message.id if isinstance(message.id, tuple) else (message.id,)
                strings = message.string if isinstance(message.string, tuple) else (message.string,)
                for number, each in enumerate(ids):
                    yield path.name, each, strings[min(number, len(strings) - 1)]


def test_everything_is_said_in_french_too() -> None:
    known = {english for _, english, french in translated() if french}
    assert {name: missing for name, words in said().items() if (missing := words - known)} == {}


@pytest.mark.parametrize(("area", "english", "french"), list(translated()))
def test_a_translation_fits_what_it_translates(area: str, english: str, french: str) -> None:
    assert set(_NAMED.findall(french)) <= set(_NAMED.findall(english)) | {("num", "")}, "a place that is not filled"
    assert not re.search(r" [;:!?»](\s|$)|« ", french), "a blank at which the line may break"
