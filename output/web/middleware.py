"""What stands before every resource: bounds, a rate for programs, conditional requests, other sites' scripts, gzip."""

import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from functools import lru_cache
from importlib.metadata import version
from ipaddress import IPv6Address, ip_address
from math import ceil
from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from output.web import errors
from output.web.api.problems import problem
from output.web.security import HEADERS

METHODS = ("GET", "HEAD", "OPTIONS")
LONGEST = 8_192  # characters of an address with its query: all that the API takes, each at its longest
LARGEST = 65_536  # bytes of a body, of which none is read
SHARED = ("/api/", "/feeds/", "/data/")  # what scripts of other sites may read
STATIC = "/static/"
CACHED = "public, max-age=60, must-revalidate"  # what was erased stands in no cache for longer than a minute
GZIP = 5  # as small as 9 within two hundredths for pages, in half the time
KEPT, LARGEST_KEPT = 64 * 2**20, 8 * 2**20  # bytes of answers that are kept for the next who asks, and of one of them
CLIENTS = 10_000  # whose rates are remembered

RATE, BURST = 10.0, 100.0  # requests a second of one client in the long run, and at once
FEEDS = 1_000.0  # calendars and feeds at once: one address may ask for all that a calendar's host, or a town, follows


def stack(state: Callable[[], object], rate: float | None = RATE) -> list[Middleware]:
    """Return what every request goes through, the outermost first.

    Args:
        state: what tells the site as it stands from what it was and will be.
        rate: requests a second that one client may ask of the API; questions to pages, and calendars, that have to be
            made anew; each for itself. None: any.
    """

    def limited(counted: Callable[[Scope], bool], burst: float) -> list[Middleware]:
        return [Middleware(Rate, bucket=Buckets(rate, burst), counted=counted)] if rate else []

    return [
        Middleware(Bounds),
        *limited(_is_api, BURST),
        Middleware(Conditional, state=state),
        # Behind it: what is kept, or unchanged, costs nothing.
        *limited(_is_question, BURST),
        *limited(_is_feed, FEEDS),
        Middleware(GZipMiddleware, minimum_size=700, compresslevel=GZIP),
    ]


def refusal(path: str, status: int, detail: str, headers: Mapping[str, str] | None = None) -> Response:
    """Return the answer to what is not done: a problem for programs, a page for people."""
    more = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", **(headers or {})}
    if not path.startswith(SHARED):
        page = errors.told(status, path)
        return Response(page.body, status, {**HEADERS, **page.headers, **more}, page.media_type)
    told = problem(status, detail)
    return Response(told.body, status, {**more, "Access-Control-Allow-Origin": "*"}, told.media_type)


def code_version() -> str:
    """Return what tells this code, with its templates and words, from another: the same export looks otherwise then."""
    digest = hashlib.blake2b(version("recroise").encode(), digest_size=8)
    for path in sorted(Path(__file__).parent.rglob("*")):
        if path.is_file() and path.suffix != ".pyc":
            stat = path.stat()
            digest.update(f"{path} {stat.st_size} {stat.st_mtime_ns}".encode())
    return digest.hexdigest()


async def failed(request: Request, _: Exception) -> Response:
    """Answer what broke, without saying how: the log has it."""
    return refusal(request.url.path, 500, "This went wrong on our side. It was noted; please come again.")


class Bounds:
    """Refuses what is no reading, has a body, or too long an address; answers for the scripts of other sites."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path, shared = scope["path"], scope["path"].startswith(SHARED)
        refused = self._refused(scope, path)
        if refused is not None:
            await refused(scope, receive, send)
            return

        async def open_to_all(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Access-Control-Allow-Origin"] = "*"
                headers["Access-Control-Expose-Headers"] = "ETag, Retry-After"
                headers["Cross-Origin-Resource-Policy"] = "cross-origin"
                headers["X-Robots-Tag"] = "noindex"  # people stand in it, and data cannot say so themselves
            await send(message)

        await self.app(scope, receive, open_to_all if shared else send)

    @staticmethod
    def _refused(scope: Scope, path: str) -> Response | None:
        headers = Headers(scope=scope)
        allowed = {"Allow": ", ".join(METHODS)}
        if len(path) + len(scope["query_string"]) > LONGEST:
            return refusal(path, 414, f"an address has {LONGEST} characters at the most")
        if scope["method"] not in METHODS:
            return refusal(path, 405, "this site is only read: GET, HEAD and OPTIONS", allowed)
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length[:12]) > LARGEST:
            return refusal(path, 413, "no body is read here", {"Connection": "close"})
        if scope["method"] == "OPTIONS":
            if path.startswith(SHARED):
                asked = headers.get("access-control-request-headers", "")[:200]
                allowed |= {"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Methods": allowed["Allow"]}
                allowed |= {"Access-Control-Allow-Headers": asked or "*", "Access-Control-Max-Age": "86400"}
            return Response(status_code=204, headers=allowed)
        return None


class Buckets:
    """A token bucket for each client: ``rate`` tokens come back a second, ``burst`` fit in."""

    def __init__(self, rate: float, burst: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.rate, self.burst, self._clock = rate, burst, clock
        self._held: dict[str, tuple[float, float]] = {}  # tokens, and when they were counted

    def take(self, client: str) -> float:
        """Take a token; return 0, or the seconds until there is one."""
        now = self._clock()
        tokens, since = self._held.pop(client, (self.burst, now))
        tokens = min(self.burst, tokens + (now - since) * self.rate)
        if len(self._held) >= CLIENTS:
            del self._held[next(iter(self._held))]  # who asked least recently: the order is that of asking
        self._held[client] = (tokens - 1 if tokens >= 1 else tokens, now)
        return 0.0 if tokens >= 1 else (1 - tokens) / self.rate


class Rate:
    """Holds clients to a rate. Whose request it is says the connection, or a proxy that the server trusts."""

    def __init__(self, app: ASGIApp, bucket: Buckets, counted: Callable[[Scope], bool]) -> None:
        self.app, self._bucket, self._counted = app, bucket, counted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and self._counted(scope):
            wait = self._bucket.take(client_of(scope))
            if wait:
                detail = f"too many requests: {self._bucket.rate:g} a second in the long run"
                retry = {"Retry-After": str(ceil(wait))}
                await refusal(scope["path"], 429, detail, retry)(scope, receive, send)
                return
        await self.app(scope, receive, send)


def _is_api(scope: Scope) -> bool:
    return bool(scope["path"].startswith("/api/"))


def _is_question(scope: Scope) -> bool:
    """Whether a page or feed is asked for that depends on what somebody typed: a search, "met", what is near."""
    return bool(scope["query_string"]) and not _is_api(scope)


def _is_feed(scope: Scope) -> bool:
    return bool(scope["path"].startswith("/feeds/")) and not scope["query_string"]


def client_of(scope: Scope) -> str:
    """Return what tells one client from another: its address; of IPv6, the network that one customer has."""
    host = scope["client"][0] if scope.get("client") else ""
    try:
        address = ip_address(host)
    except ValueError:
        return str(host)
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped or int(address) >> 64)
    return host


class Conditional:
    """Gives answers a strong ETag, and answers 304 where the asker has what there is, before anything is made.

    An answer depends on the export, the day, the code, the address and how it is packed, and on nothing else; so the
    tag is known beforehand, and what many ask for is made once. What somebody typed is not kept.
    """

    def __init__(self, app: ASGIApp, state: Callable[[], object]) -> None:
        self.app, self._state, self._kept = app, state, Kept()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        packed = takes_gzip(", ".join(headers.getlist("accept-encoding")))
        # What packs looks for the word alone.
        others = [each for each in scope["headers"] if each[0] != b"accept-encoding"]
        scope = {**scope, "headers": [*others, (b"accept-encoding", b"gzip" if packed else b"identity")]}
        if scope["path"].startswith(STATIC):  # files, which have tags of their own
            await self.app(scope, receive, _as_file(send))
            return
        tag = self._tag(scope, headers, packed)
        wanted = {each.strip().removeprefix("W/") for each in headers.get("if-none-match", "").split(",")}
        if tag in wanted:
            await _unchanged(tag)(scope, receive, send)
            return
        any_will_do = "*" in wanted  # RFC 9110, 13.1.2: whoever has anything of it wants nothing
        keeping = scope["method"] == "GET" and not any_will_do and not scope["query_string"] and "range" not in headers
        if keeping and (known := self._kept.get(tag)):
            for message in known:
                await send(message)
            return
        begun: Message = {}
        unsent = False

        async def tagged(message: Message) -> None:
            nonlocal begun, unsent
            if unsent:
                return
            if any_will_do and message["type"] == "http.response.start" and message["status"] in (200, 206):
                unsent = True
                await _unchanged(tag)(scope, receive, send)
                return
            if message["type"] == "http.response.start":
                given = MutableHeaders(scope=message)
                if message["status"] in (200, 206):
                    given["ETag"] = tag
                    given.setdefault("Cache-Control", CACHED)
                given.setdefault("Cache-Control", "no-cache")
                if "accept-encoding" not in given.get("Vary", "").lower():
                    given.add_vary_header("Accept-Encoding")
                if message["status"] == 200 and _may_be_kept(given):
                    begun = {**message, "headers": list(message["headers"])}
            elif keeping and begun and not message.get("more_body"):
                self._kept.put(tag, begun, dict(message))
            else:
                begun = {}  # it comes in parts: a file
            await send(message)

        await self.app(scope, receive, tagged)

    def _tag(self, scope: Scope, headers: Headers, packed: bool) -> str:
        asked = (self._state(), scope["scheme"], headers.get("host"), scope["path"], scope["query_string"], packed)
        return f'"{hashlib.blake2b(repr(asked).encode(), digest_size=12).hexdigest()}"'


@lru_cache(maxsize=500)
def takes_gzip(accepted: str) -> bool:
    """Whether ``Accept-Encoding`` takes gzip (RFC 9110, 12.5.3): named, or by an asterisk, not at 0."""
    weights = {}
    for each in accepted[:1_000].lower().split(","):
        coding, _, parameter = each.partition(";")
        name, _, weight = parameter.partition("=")
        try:
            weights[coding.strip()] = float(weight) if name.strip() == "q" else 1.0
        except ValueError:
            weights[coding.strip()] = 0.0
    named = [weights[coding] for coding in ("gzip", "x-gzip") if coding in weights]
    return max(named, default=weights.get("*", 0.0)) > 0


def _as_file(send: Send) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            given = MutableHeaders(scope=message)
            given.setdefault("Cache-Control", CACHED)
            given["X-Content-Type-Options"] = "nosniff"
        await send(message)

    return sent


def _may_be_kept(headers: Headers) -> bool:
    return "no-store" not in headers["Cache-Control"] and headers["Vary"].lower() == "accept-encoding"


class Kept:
    """The answers that were asked for last, as they were sent, by their tags."""

    def __init__(self, most: int = KEPT, largest: int = LARGEST_KEPT) -> None:
        self._most, self._largest, self._size = most, largest, 0
        self._answers: OrderedDict[str, tuple[Message, Message]] = OrderedDict()

    def get(self, tag: str) -> tuple[Message, Message] | None:
        """Return the two messages of an answer, for sending, or None."""
        known = self._answers.get(tag)
        if known is None:
            return None
        self._answers.move_to_end(tag)
        begun, body = known
        return {**begun, "headers": list(begun["headers"])}, dict(body)  # what is sent through is added to

    def put(self, tag: str, begun: Message, body: Message) -> None:
        """Keep an answer, and let go of those that were not asked for longest."""
        size = len(body.get("body", b""))
        if size > self._largest or tag in self._answers:
            return
        self._answers[tag] = (begun, body)
        self._size += size
        while self._size > self._most:
            _, (_, old) = self._answers.popitem(last=False)
            self._size -= len(old.get("body", b""))


def _unchanged(tag: str) -> Response:
    return Response(status_code=304, headers={"ETag": tag, "Cache-Control": CACHED, "Vary": "Accept-Encoding"})


__all__ = ["RATE", "Buckets", "Kept", "client_of", "code_version", "failed", "refusal", "stack", "takes_gzip"]
