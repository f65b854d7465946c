"""Documents made to harm whoever reads them, and a process that reads them all within bounds of memory and time.

``python -m tests.readers.bombs`` reads each with the reader that recognises it and with those that it is aimed at, with at
most ``MEMORY`` bytes of address space and ``SECONDS`` of processor time in all: the system ends a process that needs more.
"""

import gzip
import io
import json
import resource
import sys
import time
import zipfile
from collections.abc import Iterator

from crawler import readers
from crawler.catalogue import Source
from crawler.documents import Document, ReaderError
from crawler.intake import take
from crawler.privacy import Exclusions

MEMORY = 3 * 1024**3
SECONDS = 300
MEGA = 1_000_000

SOURCE = Source(id="bomb", name="bomb", url="http://bomb.example/", community="agenda", region="FR")


def calendar(events: str) -> bytes:
    return f"BEGIN:VCALENDAR\r\n{events}END:VCALENDAR\r\n".encode()


def event(more: str, number: int = 1) -> str:
    return f"BEGIN:VEVENT\r\nUID:{number}\r\nSUMMARY:x\r\nDTSTART:20100101T100000\r\n{more}\r\nEND:VEVENT\r\n"


def script(block: str) -> bytes:
    return f'<html><script type="application/ld+json">{block}</script></html>'.encode()


def nested(opening: str, inside: str, closing: str, depth: int) -> str:
    return opening * depth + inside + closing * depth


def packed() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("doc.kml", b"0" * MEGA)
    return file.getvalue()


def laughs(root: str) -> bytes:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    return f'<?xml version="1.0"?><!DOCTYPE {root} [<!ENTITY l0 "ha">{entities}]><{root} version="2.0"><channel><title>&l11;</title><item><title>&l11;</title></item></channel></{root}>'.encode()


def bombs() -> Iterator[tuple[str, str, bytes]]:
    """Yield what a bomb is called, its media type, and its bytes."""
    yield "billion laughs", "application/rss+xml", laughs("rss")
    yield "billion laughs", "text/html", laughs("html")
    big = "a" * 50_000
    yield (
        "quadratic blowup",
        "application/rss+xml",
        f'<!DOCTYPE rss [<!ENTITY a "{big}">]><rss version="2.0"><channel><title>{"&a;" * 50_000}</title></channel></rss>'.encode(),
    )
    yield (
        "an entity of the machine's own",
        "application/rss+xml",
        b'<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/hostname">]><rss version="2.0"><channel><title>&a;</title></channel></rss>',
    )
    for rule in ("FREQ=SECONDLY", "FREQ=DAILY;COUNT=999999999", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=DAILY;INTERVAL=0",
                 "FREQ=DAILY;BYHOUR=" + ",".join(map(str, range(24))) + ";BYMINUTE=" + ",".join(map(str, range(60))),
                 "FREQ=WEEKLY;BYSETPOS=366;BYDAY=MO", "FREQ=YEARLY;BYWEEKNO=53;BYDAY=9MO"):  # fmt: skip
        yield f"rule {rule[:40]}", "text/calendar", calendar(event(f"RRULE:{rule}"))
    yield (
        "three hundred daily series",
        "text/calendar",
        calendar("".join(event("RRULE:FREQ=DAILY", n) for n in range(300))),
    )
    yield (
        "dates by the thousand",
        "text/calendar",
        calendar(
            event(
                "RDATE:" + ",".join(f"2012{n // 28 % 12 + 1:02}{n % 28 + 1:02}T{n % 24:02}0000" for n in range(20_000))
            )
        ),
    )
    yield (
        "zones that change every second",
        "text/calendar",
        calendar(
            "BEGIN:VTIMEZONE\r\nTZID:x\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nRRULE:FREQ=SECONDLY\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
            + event("DTEND;TZID=x:20100101T110000")
        ),
    )
    yield "nothing is closed", "text/calendar", calendar("BEGIN:VEVENT\r\n" * 100_000)
    yield "deeper and deeper", "text/calendar", calendar("BEGIN:VEVENT\r\n" + "BEGIN:VALARM\r\n" * 20_000)
    yield "one line of a calendar", "text/calendar", calendar(event("DESCRIPTION:" + "x" * (10 * MEGA)))
    yield "folds", "text/calendar", calendar(event("DESCRIPTION:" + "\r\n x" * MEGA))
    yield "parameters", "text/calendar", calendar(event("ATTENDEE" + ";CN=x" * 50_000 + ":mailto:x"))
    for fill in (
        "a",
        "<",
        ">",
        "&",
        '"',
        " ",
        "=",
        "/",
        "{",
        "[",
        "@",
        "0",
        "é",
        "-",
        "<a ",
        "<!--",
        "<div class=",
        "&amp;",
        "\n",
        "http://",
        "a@",
        "00 ",
    ):
        text = fill * ((10 if fill in 'a< "' else 1) * MEGA // len(fill))
        yield f"one line of {fill!r}", "text/html", f"<html><body>{text}".encode()
        if fill in ("a", "<", " ", "&", "<!--", "0"):
            yield (
                f"one line of {fill!r}",
                "application/rss+xml",
                f'<rss version="2.0"><channel><item><title>{text[:MEGA]}'.encode(),
            )
    yield "ten million of a calendar's nothing", "text/calendar", b"BEGIN:VCALENDAR\r\n" + b" " * (10 * MEGA)
    for opening, closing in (
        ("[", "]"),
        ('{"a":', "}"),
        ('{"@type":"Event","name":"x","subEvent":', "}"),
        ('{"@graph":[', "]}"),
    ):
        for depth in (900, 100_000):
            yield f"{opening[:12]} {depth} deep", "application/json", nested(opening, "1", closing, depth).encode()
            yield f"{opening[:12]} {depth} deep", "text/html", script(nested(opening, "1", closing, depth))
    yield "a long number", "text/html", script('{"@type":"Event","name":"x","startDate":' + "9" * 100_000 + "}")
    yield "commas and comments", "text/html", script('{"@type": "Event",' + "/* x */ ," * 100_000 + "}")
    yield "blocks by the thousand", "text/html", b"<html>" + b'<script type="application/ld+json">{</script>' * 20_000
    everyone = [
        {"@type": "Person", "@id": f"#{n}", "name": f"Ada Le Gall {n}", "worksFor": {"@id": "#o"}} for n in range(2_000)
    ]
    all_ = [{"@id": each["@id"]} for each in everyone]
    yield (
        "circles",
        "text/html",
        script(
            json.dumps(
                [
                    {
                        "@type": "Organization",
                        "@id": "#o",
                        "name": "o",
                        "employee": all_,
                        "founder": all_,
                        "member": all_,
                    },
                    *everyone,
                ]
            )
        ),
    )
    for tag in ("<div>", "<b>", '<p class="h-card">', '<p class="vevent">', '<p class="hentry vcard author">', "<table><tr><td>",
                '<div itemscope itemtype="http://schema.org/Event" itemprop="subEvent">'):  # fmt: skip
        yield f"{tag} nested", "text/html", f"<html>{tag * 30_000}x".encode()
    card = '<p class="vcard"><b class="fn">Ada Le Gall</b> <i class="org">x</i></p>'
    yield "cards by the thousand", "text/html", f"<html>{card * 10_000}".encode()
    yield (
        "items by the thousand",
        "text/html",
        f"<html>{'<p itemscope itemtype=http://schema.org/Event><b itemprop=name>x</b></p>' * 5_000}".encode(),
    )
    yield (
        "references in circles",
        "text/html",
        b'<html><div itemscope itemtype="http://schema.org/Event" itemref="a b" id="a"><p id="b" itemprop="subEvent" itemscope itemref="a"></p></div>',
    )
    yield "classes", "text/html", ('<html><p class="h-card ' + "p-name " * 300_000 + '">x').encode()
    yield (
        "entries by the thousand",
        "application/rss+xml",
        b'<rss version="2.0"><channel>'
        + b"<item><title>x</title><link>http://a.example/</link></item>" * 15_000
        + b"</channel></rss>",
    )
    yield "a packed file", "application/zip", packed()
    yield "a packed file", "text/html", b"<html>" + gzip.compress(b"0" * MEGA)
    yield (
        "half characters",
        "text/html; charset=utf-16",
        b"\xff\xfe" + "<html>\ud800".encode("utf-16-le", "surrogatepass") * 1_000,
    )


AIMED = {
    "text/html": ("jsonld", "microdata", "microformats"),
    "text/calendar": ("icalendar",),
    "application/rss+xml": ("feed",),
    "application/json": ("jsonld", "feed"),
}


def document(media_type: str, body: bytes, form: str | None) -> Document:
    source = SOURCE.model_copy(update={"format": form})
    return Document("http://bomb.example/", body, "2012-11-20T09:00:00Z", source, media_type)


def read(bomb: Document) -> None:
    try:
        reading = readers.read(bomb)
    except ReaderError as error:
        assert "\n" not in str(error)
        return
    assert take(reading, bomb, Exclusions()).refused == []


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    for what, media_type, body in bombs():
        known = {reader.name for reader, _ in readers.recognise(document(media_type, body, None))}
        for form in (None, *(form for form in AIMED.get(media_type, ()) if form not in known)):
            began = time.process_time()
            print(f"{what} ({media_type}) with {form or 'what recognises it'}", end=": ", flush=True)
            read(document(media_type, body, form))
            print(f"{time.process_time() - began:.1f} s", flush=True)


if __name__ == "__main__":
    sys.exit(main())
