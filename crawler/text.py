"""Text as it may be stored: one line, composed, without control characters."""

import re
import unicodedata

_SPACE = re.compile(r"\s+")


def clean(text: str) -> str:
    """Return ``text`` in NFC, on one line, without control or format characters.

    Format characters (category Cf: bidirectional overrides, zero-width joiners …) go as well: they
    let a source make one name look like another. Only the soft hyphen's removal joins two parts of a word.
    """
    text = unicodedata.normalize("NFC", text)
    if text.isprintable():  # the only white space in it is the blank
        return (_SPACE.sub(" ", text) if "  " in text else text).strip()
    text = _SPACE.sub(" ", text)
    text = "".join(c for c in text if c == " " or unicodedata.category(c)[0] != "C")
    return _SPACE.sub(" ", text).strip()


def shorten(text: str, limit: int) -> str:
    """Return ``text`` cut at a word's end to at most ``limit`` characters, with an ellipsis where cut."""
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    return (head.rsplit(" ", 1)[0] if " " in head[limit // 2 :] else head).rstrip(" ,;:") + "…"
