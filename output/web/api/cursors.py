"""Cursors: where the next page begins, written so that nobody needs to know how.

They say nothing secret, so no key guards them: a digest of the place and of the question tells a slip, and a cursor of
another question, from one that we gave.
"""

import base64
import binascii
import hashlib
from typing import Any

import orjson

from output.web.resource import BadRequestError

_DIGEST = 8  # bytes


def write(question: Any, place: Any) -> str:
    """Return the cursor of a place in the answers to a question; both are anything that JSON can hold."""
    written = orjson.dumps(place)
    return _spelt(_digest(question, written) + written)


def read(question: Any, cursor: str) -> Any:
    """Return the place that a cursor tells; BadRequestError for one that was not given for this question."""
    try:
        whole = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        whole = b""
    written = whole[_DIGEST:]
    # A second spelling of the same bytes is not the one that was given.
    if len(whole) <= _DIGEST or whole[:_DIGEST] != _digest(question, written) or _spelt(whole) != cursor:
        raise BadRequestError("cursor: not one that was given for this question; leave it out to begin anew")
    return orjson.loads(written)


def _spelt(whole: bytes) -> str:
    return base64.urlsafe_b64encode(whole).decode().rstrip("=")


def _digest(question: Any, place: bytes) -> bytes:
    asked = orjson.dumps(question, option=orjson.OPT_SORT_KEYS)
    return hashlib.blake2b(asked + b"\0" + place, digest_size=_DIGEST, person=b"cursor").digest()


__all__ = ["read", "write"]
