"""E-mail addresses and telephone numbers, as they stand in text and in web addresses: a directory keeps none."""

import re
from collections import Counter
from urllib.parse import unquote_plus, urlsplit, urlunsplit

_EMAIL = re.compile(
    r"(?:mailto:)?[\w.+-]{1,64}\s?(?:@|%40|[(\[]\s?(?:at|arobase)\s?[)\]])\s?[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}",
    re.IGNORECASE,
)
# In the French way, with a country's code in any way, and in the American way.
_PHONE = re.compile(
    r"(?<![\w/.-])(?:0[1-9](?:[ ./-]?\d\d){4}|\+\d(?:[ .()/-]{0,2}\d){7,14}|(?:\(\d{3}\) ?|\d{3}-)\d{3}-\d{4})"
    r"(?![\w/-])"
)
# What a word calls a telephone number is one, however it is written.
_CALLED = re.compile(
    r"\b(t[ée]l(?:\.|[ée]phone)?|phone|mobile|portable|fax|handy)(\s?[:.]?\s?)\(?\d(?:[ .()/-]{0,3}\d){6,13}(?![\w/-])",
    re.IGNORECASE,
)
# In an address: "/@somebody@a.example" is a profile, "library@1.2.0" a version, and a calendar's id at Google nobody's.
_MAILBOX = re.compile(
    r"(?<![\w.+@-])[\w.+-]{1,64}@(?!(?:group|import|resource)\.calendar\.google\.com)"
    r"[\w-]{1,63}(?:\.[\w-]{1,63}){0,3}\.[^\W\d_]{2,24}(?![\w@-])"
)
_DIALLED = re.compile(
    r"\b(?:t[ée]l(?:[ée]phone)?|phone|mobile|portable|fax)(?:[_-]?n\w*|\d*)=\W*(?:\d\W{0,3}){7,15}$", re.IGNORECASE
)


def without_contacts(text: str, dropped: Counter[str]) -> str:
    """Return ``text`` without e-mail addresses and telephone numbers, counting what was taken out."""
    if any(each in text for each in ("@", "%40", "(", "[")):
        text, count = _EMAIL.subn("[…]", text)
        dropped["e-mail"] += count
    text, count = _PHONE.subn("[…]", text)
    text, called = _CALLED.subn(r"\1\2[…]", text)
    dropped["telephone"] += count + called
    return text


def address_without_contacts(url: str, dropped: Counter[str]) -> str | None:
    """Return a web address without the parts of it that are somebody's contact, counting them.

    An e-mail address or a telephone number in the query or fragment goes with its parameter, and so does who signs in
    (``user:password@host``). None where one stands in the path: without it the address would lead elsewhere.
    """
    if not (("@" in url) or ("%40" in url) or ("=" in url)):
        return url
    try:
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
    except ValueError:  # no address: the contract says so later
        return url
    query = [each for each in parts.query.split("&") if not _is_contact(each)]
    fragment = "" if _is_contact(parts.fragment) else parts.fragment
    kept = parts._replace(netloc=host, query="&".join(query), fragment=fragment)
    if _is_contact(parts.path):
        dropped["address with an e-mail"] += 1
        return None
    if kept == parts:
        return url
    dropped["contact in an address"] += 1
    return urlunsplit(kept)


def _is_contact(part: str) -> bool:
    text = unquote_plus(part)
    return bool(_MAILBOX.search(text) or _DIALLED.search(text))
