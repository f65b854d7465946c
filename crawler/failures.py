"""Why a document could not be had, in classes and in words."""

from scrapy.exceptions import CannotResolveHostError, IgnoreRequest
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from crawler.catalogue import host_of
from crawler.network import AddressRefusedError, GuardedResolver
from crawler.outcomes import Failed, failed_status
from crawler.reservations import ReservedError


class SpentError(IgnoreRequest):
    """A document that is not asked for any more: a budget of its source is used up; which one."""


class ObjectionError(IgnoreRequest):
    """A document that is not asked for: whoever publishes it objected."""


def explain(failure: Failure) -> Failed:
    """Return why a request failed."""
    error = failure.value
    match error:
        case HttpError():
            return failed_status(error.response.status)
        case ObjectionError() | ReservedError():
            return Failed("refused", "objection", str(error))
        case AddressRefusedError():
            return Failed("refused", "address refused", str(error))
        case IgnoreRequest():
            said = str(error) or "the request was refused"
            if "robots" in said.lower():
                return Failed("refused", "robots.txt", said)
            return Failed("failing", _class_of(said), said)
        case CannotResolveHostError():
            host = host_of(failure.request.url)  # type: ignore[attr-defined]
            refused = GuardedResolver.refused.get(host)
            if refused:
                return Failed("refused", "address refused", str(refused))
            return Failed("failing", "no such host", f"{host}: no such host")
    said = f"{type(error).__name__}: {str(error) or failure.getErrorMessage()}".strip(": ")
    reason = _class_of(said)
    return Failed("failing", reason, _IN_WORDS.get(reason, said))


# What Scrapy and Twisted call it, in the order of looking.
_CLASSES = (
    ("Timeout", "timeout"),
    ("redirect", "redirects"),
    ("SSL", "tls"),
    ("MAXSIZE", "too large"),
    ("Cancelled", "too large"),
    ("DataLoss", "broken answer"),
    ("ResponseFailed", "broken answer"),
    ("DownloadFailed", "broken answer"),
    ("GzipFile", "broken answer"),
    ("zlib", "broken answer"),
    ("Connect", "connection"),
)


# What people are told instead, where the name alone tells it all.
_IN_WORDS = {"timeout": "the server did not answer in time", "connection": "the server takes no connection"}


def _class_of(said: str) -> str:
    return next((name for word, name in _CLASSES if word in said), "other")
