"""Strings that a hostile source would put into its fields, and a graph with one of them in every field of every thing."""

import itertools
import json
from pathlib import Path
from typing import Any

from crawler.store import Store
from output import exports

# What each would do, were it taken for markup: set a variable of the window, which the browser test looks at.
_DO = ("window.__executed=1", "parent.__executed=1")
_TAGS = (
    "<script>{}</script>", "<SCRIPT SRC=//evil.example/x.js>{}</SCRIPT>", "<img src=x onerror={}>", "<svg onload={}>",
    "<svg/onload={}//", "<body onload={}>", "<iframe srcdoc='<script>{}</script>'></iframe>", "<math><mi//xlink:href=x onclick={}>",
    "<details open ontoggle={}>", "<video><source onerror={}>", "<input autofocus onfocus={}>", "<style onload={}></style>",
    "<a href=javascript:{}>x</a>", "<form action=javascript:{}><button>x</button></form>", "<object data=javascript:{}>",
    "<embed src=javascript:{}>", "<meta http-equiv=refresh content='0;url=javascript:{}'>", "<base href=javascript:{}//>",
    "<template><script>{}</script></template>", "<noscript><p title='</noscript><img src=x onerror={}>'>", "<isindex action=javascript:{}>",
    "<marquee onstart={}>", "<select autofocus onfocus={}>", "<keygen autofocus onfocus={}>", "<dialog open onclose={}>",
    "<link rel=stylesheet href=//evil.example/x.css onload={}>", "<table background=javascript:{}>", "<p style=animation-name:x onanimationstart={}>",
)  # fmt: skip
_BEFORE = ("", '">', "'>", "</title>", "</script>", "</textarea>", "-->", "]]>", "</style>", '" ', "</h1></main>")

TAGS = tuple(
    before + tag.format(do)
    for (before, tag), do in zip(itertools.product(_BEFORE[:5], _TAGS), itertools.cycle(_DO), strict=False)
)
ATTRIBUTES = (
    '" onmouseover="window.__executed=1', "' onfocus='window.__executed=1' autofocus='", '" style="position:fixed;inset:0;background:red',
    '" class="skip" id="main', "x` onload=window.__executed=1 `", '"></a><a href="javascript:window.__executed=1', '" autofocus onfocus=window.__executed=1 x="',
    '" http-equiv="refresh" content="0;url=//evil.example', '" data-diary="x', "\t\" onclick\t=\twindow.__executed=1 \"",
)  # fmt: skip
SCRIPTS = (
    "</script><script>window.__executed=1</script>", "<!--<script>", "--><script>window.__executed=1</script>", "<!--", "-->", "<!-- <script> -->",
    "</SCRIPT ><img src=x onerror=window.__executed=1>", "\u2028window.__executed=1\u2029", "\\u003cscript\\u003ewindow.__executed=1", "'-window.__executed=1-'",
    '"+(window.__executed=1)+"', "${window.__executed=1}", "`;window.__executed=1;`", "*/window.__executed=1/*", "{\"@type\":\"Person\"}", "__proto__",
    "constructor", "toString", "hasOwnProperty", "&lt;script&gt;window.__executed=1&lt;/script&gt;", "&#60;img src=x onerror=window.__executed=1&#62;", "&amp;&#0;&#xD800;",
)  # fmt: skip
TEMPLATES = (
    "{{ 7*7 }}", "{% raw %}", "{% endblock %}", "{{ site.data }}", "{{ ''.__class__.__mro__ }}", "{# #}", "%(name)s", "%s%s%s%n", "%", "100 % {}", "{0}", "{lang}",
    "<%= 7*7 %>", "#{7*7}", "$(id)", "`id`", "@import 'x'", "[[x]]",
)  # fmt: skip
ADDRESSES = (
    "javascript:window.__executed=1", "JaVaScRiPt:window.__executed=1", "java\tscript:window.__executed=1", "\x01javascript:window.__executed=1", " javascript:window.__executed=1",
    "data:text/html,<script>parent.__executed=1</script>", "vbscript:msgbox(1)", "file:///etc/passwd", "blob:https://evil.example/x", "//evil.example/x", "https:evil.example",
    "https://evil.example/\"onmouseover=\"window.__executed=1", "https://evil.example/<script>", "https://evil.example/'><img src=x onerror=window.__executed=1>",
    "http://user:password@evil.example/", "mailto:a@evil.example", "tel:+33600000000", "view-source:https://evil.example/", "https://[::1", "https://evil.example/\r\nSet-Cookie: a=b",
)  # fmt: skip
LINES = (
    "a\r\nSUMMARY:b", "a\nEND:VEVENT\nBEGIN:VEVENT", "a\r\nEND:VCALENDAR", "a\\nATTENDEE:mailto:a@evil.example", "a;b,c\\d:e\"f", "a\r\nContent-Type: text/html\r\n\r\n<script>",
    "a\r\n\r\nHTTP/1.1 200 OK", "\r\nLocation: https://evil.example/", "a\u0085b\u2028c\u2029d", "=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(1)", "\t=1+1", "a\vb\fc",
)  # fmt: skip
XML = (
    "<![CDATA[", "]]>", "<?xml version='1.0'?>", "<!DOCTYPE x [<!ENTITY y 'z'>]>&y;", "&nbsp;&unknown;", "<x xmlns='http://www.w3.org/1999/xhtml'><script>window.__executed=1</script></x>",
    "<?php echo 1 ?>", "&", "<", ">", "\"", "'",
)  # fmt: skip
PATHS = (
    "../../../etc/passwd",
    "..\\..\\x",
    "/",
    ".",
    "..",
    "con",
    "a/b",
    "%2e%2e%2f",
    "a\x00b",
    "?q=1#x",
    "index.html",
    "static",
    "fr",
    "~",
    "' OR 1=1 --",
    "'; DROP TABLE node; --",
)
LAYOUT = (
    "x" * 5_000, "mot " * 2_000, "\u202egnp.exe", "\u2066\u202e\u2067" * 40 + "a", "\u200b" * 500 + "a", "Z\u0351\u036b\u0343" * 60, "\ufffd\ufeff", "🧑‍🚀" * 300, "ﷺ" * 300, "مرحبا بالعالم", "\u00a0" * 300 + "a",
    "a" + "\u0300" * 2_000, "𝕏" * 400, "\x1b[31mred\x1b[0m", "\x07\x08a", "W" * 300 + "-" * 300, "<br>" * 200, "\n" * 500 + "a", "<h1>" * 200, "</div>" * 200,
)  # fmt: skip

STRINGS = tuple(dict.fromkeys((*TAGS, *ATTRIBUTES, *SCRIPTS, *TEMPLATES, *ADDRESSES, *LINES, *XML, *PATHS, *LAYOUT)))
HARMLESS = "Karine"
KINDS = ("Person", "Place", "Event", "EventSeries", "Organization")
READ = "2026-11-01T00:00:00Z"

Json = dict[str, Any]


def node_id(kind: str, number: int) -> str:
    return f"{kind.lower()}-{number:012x}"


def node(kind: str, number: int, text: str) -> Json:
    """Return a node of which every field that a source can fill is the text."""
    page = {"id": "hostile", "url": f"https://hostile.example/{number}", "fetched": READ}
    told: Json = {
        "name": text, "description": text, "url": text, "inLanguage": text, "additionalType": text, "sameAs": [text], "keywords": [text], "about": [text],
        "openingHours": [text], "figure": [{"name": text, "value": 35, "unitText": text}], "quote": [{"property": ["name"], "exact": text, "start": 0, "end": 4}],
    }  # fmt: skip
    if kind == "Person":
        told["jobTitle"] = text
    if kind in ("Place", "Organization"):
        told |= {
            "streetAddress": text,
            "postalCode": text,
            "addressLocality": text,
            "addressRegion": text,
            "addressCountry": text,
            "latitude": 47.7,
            "longitude": -3.4,
        }
    if kind == "EventSeries":
        told["eventSchedule"] = text
    if kind == "Event":
        told |= {
            "startDate": "2030-11-08T18:30:00+01:00",
            "endDate": "2030-11-08T20:00:00+01:00",
            "timeZone": text,
            "timeZoneSource": "stated",
            "eventStatus": "EventScheduled",
        }
    facts = {
        key: [{"value": each, "sources": [0]} for each in (value if isinstance(value, list) else [value])]
        for key, value in told.items()
    }
    return {
        "id": node_id(kind, number),
        "type": kind,
        "alternateName": [text + " "],
        "lowConfidence": text,
        "sources": [page],
        "facts": facts,
        **told,
    }


def graph(texts: tuple[str, ...]) -> Json:
    """Return the graph of which the things of each number have that text in every field; all of a number are connected."""
    nodes, edges = [], []
    for number, text in enumerate(texts):
        nodes += [node(kind, number, text) for kind in KINDS]
        person, place, event, series, organisation = (node_id(kind, number) for kind in KINDS)
        page = nodes[-1]["sources"]
        for source, target, kind in (
            (event, person, "performer"), (event, organisation, "organizer"), (event, place, "location"), (event, series, "superEvent"),
            (person, organisation, "worksFor"), (person, place, "memberOf"), (organisation, person, "founder"),
        ):  # fmt: skip
            role = {"jobTitle": text} if kind in ("performer", "organizer", "founder") else {}
            edges.append({"source": source, "target": target, "key": kind, "type": kind, "sources": page, **role})
    sources = [
        {
            "id": "hostile",
            "name": "<b>hostile</b>",
            "url": "https://hostile.example/",
            "community": "<i>x</i>",
            "region": "FR-BRE",
            "licence": '"><script>window.__executed=1</script>',
        }
    ]
    about = {
        "schema": "https://recroise.org/schema/graph-1.json",
        "version": 1,
        "when": READ,
        "sources": sources,
        "redirects": {},
    }
    return {
        "directed": True,
        "multigraph": True,
        "graph": about,
        "nodes": sorted(nodes, key=lambda each: each["id"]),
        "edges": edges,
    }


def data(folder: Path, texts: tuple[str, ...] = (HARMLESS, *STRINGS)) -> Path:
    """Return a data directory with the export of that graph: number 0 is harmless, the others are STRINGS."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "graph.json").write_text(json.dumps(graph(texts)), encoding="utf-8")
    with Store(folder / "store.sqlite"):
        pass  # empty: what it would refuse comes from a graph that somebody else made
    exports.export(folder, None, [])
    return folder
