"""Templates in the reader's language. Text from sources is escaped, always."""

from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from jinja2 import Environment, PackageLoader, StrictUndefined

from output.web.addresses import STATIC, page, relative
from output.web.resource import Asked, Document
from output.web.site import LANGUAGES, Site


@cache
def translations(language: str) -> NullTranslations:
    """Return the words of a language: every ``locale/LANGUAGE/*.po``; English is what the templates say."""
    found: Translations | None = None
    folder = files("output.web") / "locale" / language
    for source in sorted(folder.iterdir(), key=lambda each: each.name) if folder.is_dir() else ():
        compiled = BytesIO()
        with source.open("rb") as file:
            write_mo(compiled, read_po(file, locale=language))
        compiled.seek(0)
        loaded = Translations(compiled)
        found = found.merge(loaded) if found else loaded
    return found or NullTranslations()


# Control codes, which HTML cannot hold and no page means; not the ends of lines, which a text may have.
_CONTROLS = dict.fromkeys([*range(9), 11, 12, *range(14, 32), *range(127, 160), 0xFFFE, 0xFFFF])


def _printable(value: Any) -> Any:
    return value.translate(_CONTROLS) if isinstance(value, str) else value


@cache
def environment(language: str) -> Environment:
    """Return the templates of a language."""
    made = Environment(
        loader=PackageLoader("output.web"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_printable,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]
    made.globals["language"] = language
    made.globals["languages"] = LANGUAGES
    return made


def render(site: Site, asked: Asked, template: str, **values: Any) -> Document:
    """Return a page made of a template, in the language of the address."""
    language = asked.values.get("lang", LANGUAGES[0])

    def link(*parts: str) -> str:
        return relative(asked.path, page(language, *parts))

    def static(name: str) -> str:
        return relative(asked.path, STATIC + name)

    def address(path: str) -> str:
        return relative(asked.path, path)

    text = (
        environment(language)
        .get_template(template)
        .render(values, site=site, asked=asked, link=link, static=static, address=address)
    )
    return Document(text.encode())
