"""Templates in the reader's language. Text from sources is escaped, always."""

import re
from functools import cache, lru_cache
from importlib.resources import files
from io import BytesIO
from typing import Any
from urllib.parse import urlencode, urlsplit

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.support import NullTranslations, Translations
from jinja2 import Environment, PackageLoader, StrictUndefined, nodes
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from output.web import wording
from output.web.addresses import STATIC, absolute, feed, page, slug, to_root
from output.web.happening import line, web_address
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
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")


SECTIONS = ("met", "search", "map", "sources")  # the main pages
FILTERS = (  # functions that templates call with the text or thing that they say otherwise
    "line", "short", "slug", "web_address", "host", "place_of", "when", "brief", "day", "number",
    "territory",
)  # fmt: skip
PARTS = 500  # that are kept made: of each language, for every depth at which a page may stand


class _Words(NodeTransformer):
    """Puts the words of the reader's language in the place of the calls that look them up, where they are constant.

    Links to pages and files whose names are constant become what stands before them, and the name; calls of functions
    that need nothing of the page become filters, which Jinja calls without asking what they are.
    """

    def __init__(self, language: str) -> None:
        self._language, self._words = language, translations(language)

    def visit_Call(self, call: nodes.Call) -> nodes.Node:  # noqa: N802 - Jinja's names
        self.generic_visit(call)
        name = call.node.name if isinstance(call.node, nodes.Name) else ""
        if (
            name in ("link", "static")
            and all(isinstance(each, nodes.Const) for each in call.args)
            and not call.dyn_args
        ):
            parts = [each.value for each in call.args if isinstance(each, nodes.Const)]
            path = page(self._language, *parts) if name == "link" else STATIC + parts[0]
            return nodes.Concat([nodes.Name("root", "load"), nodes.Const(path[1:])], lineno=call.lineno)
        if name in FILTERS:
            return nodes.Filter(call.args[0], name, call.args[1:], call.kwargs, None, None, lineno=call.lineno)
        if name != "_" or not isinstance(call.args[0], nodes.Const) or call.dyn_kwargs is not None:
            return call
        # As Jinja's own gettext: what is said is markup, what is put into it is not.
        said = Markup(self._words.gettext(call.args[0].value))  # noqa: S704 - written by us
        if not call.kwargs:
            return nodes.Const(said % {}, lineno=call.lineno)
        named = nodes.Dict([nodes.Pair(nodes.Const(each.key), each.value) for each in call.kwargs])
        return nodes.Mod(nodes.Const(said), named, lineno=call.lineno)


class _Environment(Environment):
    """Compiles a template in one language. Looking each word up again was a third of the time that a page took."""

    def _generate(self, source: nodes.Template, *more: Any, **named: Any) -> str:
        return super()._generate(_Words(str(self.globals["language"])).visit(source), *more, **named)


def printable(text: str) -> str:
    """Return a page without what HTML cannot hold: once for all of it costs less than at each place."""
    return _CONTROLS.sub("", text)


@cache
def environment(language: str) -> Environment:
    """Return the templates of a language, and the words and dates that they need."""
    made = _Environment(
        loader=PackageLoader("output.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,  # they change with the package alone
        extensions=["jinja2.ext.i18n"],
    )
    made.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]
    made.globals |= {
        "language": language,
        "languages": LANGUAGES,
        "words": wording,
        "line": line,
        "short": wording.short,
        "slug": slug,
        "web_address": web_address,
        "host": host,
        "place_of": place,
        "when": lambda card: wording.when(card.start, card.end, card.zone, language) if card.start else "",
        "feed": lambda name, kind: feed(language, name, kind),
        "brief": lambda stated: wording.brief(stated, language),
        "day": lambda stated: wording.day(stated, language),
        "number": lambda value: number(value, language),
        "territory": lambda code: wording.territory(code, language),
    }
    made.filters |= {name: made.globals[name] for name in FILTERS}
    return made


@lru_cache(maxsize=10_000)
def number(value: float, language: str) -> str:
    """Return a number as it is written in a language: ``17 783``."""
    return str(format_decimal(value, locale=wording.LOCALES[language]))


@lru_cache(maxsize=10_000)
def host(url: str) -> str:
    """Return the site of an address, as people write it: ``example.org``."""
    try:
        return wording.short((urlsplit(url).hostname or "").removeprefix("www."), 60)
    except ValueError:
        return ""


@lru_cache(maxsize=10_000)
def place(url: str) -> str:
    """Return the site and path of an address, as people write them: ``example.org/agenda``."""
    rest = url.partition("://")[2].removeprefix("www.").rstrip("/")
    return wording.short(rest, 70) if host(url) else ""


@lru_cache(maxsize=PARTS)
def _links(language: str, root: str) -> dict[str, Any]:
    """Return what pages of a language link with, where ``root`` leads from them to the site's root."""

    def link(*parts: str) -> str:
        return root + page(language, *parts)[1:]

    def static(name: str) -> str:
        return root + STATIC[1:] + name

    def address(path: str) -> str:
        return root + path[1:]

    def part(name: str, told: str = "") -> Markup:
        return _part(language, root, name, told)

    return {"root": root, "link": link, "static": static, "address": address, "part": part}


@lru_cache(maxsize=PARTS)
def _part(language: str, root: str, name: str, told: str) -> Markup:
    """Return what all pages have in common: ``parts/NAME.html``, which knows nothing of a page but ``told``."""
    template = environment(language).get_template(f"parts/{name}.html")
    return Markup(template.render(_links(language, root), told=told))  # noqa: S704 - it is a template's


def render(
    site: Site | None, asked: Asked, template: str, *, status: int = 200, indexed: bool = True, **values: Any
) -> Document:
    """Return a page made of a template, in the language of the address.

    Args:
        site: the export; None only where it cannot be read, for the page that says so.
        asked: what was asked.
        template: its name.
        status: of the answer.
        indexed: whether search engines may show it.
        values: what else the template needs.
    """
    language = asked.values.get("lang", LANGUAGES[0])
    language = language if language in LANGUAGES else LANGUAGES[0]
    root = to_root(asked.path)
    above, _, rest = asked.path.removeprefix("/").partition("/")
    section = rest.partition("/")[0] if above == language else ""

    def here(other: str = language) -> str:
        """The path of this page, with what was asked, in a language."""
        query = "?" + urlencode(asked.query, doseq=True) if asked.query else ""
        return f"/{other}/{rest if above == language else ''}{query}"

    text = (
        environment(language)
        .get_template(template)
        .render(
            values, status=status, site=site, asked=asked, here=here, indexed=indexed,
            section=section if section in SECTIONS else "", **_links(language, root),
            base=asked.base.rstrip("/") if asked.base and status == 200 else None,
            whole=lambda other=language: absolute(asked.base or "", here(other)),
        )
    )  # fmt: skip
    headers = {} if indexed else {"X-Robots-Tag": "noindex"}
    return Document(printable(text).encode("utf-8", "replace"), status=status, headers=headers)


def bare(template: str, language: str, root: str, **values: Any) -> Document:
    """Return a page that is of no export and at no address of its own; ``root`` leads from it to the site's root."""
    text = environment(language).get_template(template).render(_links(language, root), **values)
    return Document(text.encode())


__all__ = ["bare", "environment", "host", "printable", "render", "translations"]
