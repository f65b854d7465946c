"""The application: every resource at its address, over an export that is opened read-only and swapped for the next."""

import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from anyio import to_thread
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Match, Mount, Route
from starlette.staticfiles import StaticFiles

from output.web.addresses import relative
from output.web.errors import preferred, told
from output.web.middleware import RATE, SHARED, code_version, failed, refusal, stack
from output.web.resource import Asked, BadRequestError, MovedError, NotFoundError, Resource
from output.web.resources import all_resources
from output.web.security import HEADERS
from output.web.site import LOADED, Site, version_of
from output.web.tiles import Tiles

_VARIES = {"Vary": "Accept-Language"}


class Sites:
    """The export as it stands, opened once a thread; a newer one takes its place when it is asked for next."""

    def __init__(self, data: Path, tiles: Tiles | None = None) -> None:
        self._data = data
        self._tiles = tiles
        self._local = threading.local()

    def current(self) -> Site:
        site: Site | None = getattr(self._local, "site", None)
        if site is None or site.version != version_of(self._data) or site.today != date.today():
            if site is not None:
                site.close()
            site = self._local.site = Site(self._data, tiles=self._tiles)
        return site

    def version(self) -> object:
        """Return what every answer depends on beside what was asked."""
        return version_of(self._data), date.today()


def create_app(data: Path, url: str | None = None, rate: float | None = RATE, tiles: Tiles | None = None) -> Starlette:
    """Return the ASGI application that serves the export of a data directory.

    Args:
        data: the data directory.
        url: the site's public address, where the request's own is not it.
        rate: requests a second that one client may ask of the API; None: any.
        tiles: the operator's map tiles.

    Raises:
        IndexFileError: where there is no index to serve.
    """
    sites = Sites(data, tiles)
    sites.current()
    routes: list[BaseRoute] = [
        Route(resource.pattern, _endpoint(sites, resource, url), methods=["GET"]) for resource in all_resources()
    ]
    routes.append(Route("/", _root, methods=["GET"]))
    routes.append(Route("/favicon.ico", _icon, methods=["GET"]))
    routes.append(Mount("/static", StaticFiles(packages=[("output.web", "static")])))
    code = code_version()
    answers = stack(lambda: (code, url, sites.version()), rate)
    refused: dict[Any, Any] = {Exception: failed, HTTPException: partial(_refused, sites)}
    made = Starlette(routes=routes, middleware=answers, lifespan=_few_threads, exception_handlers=refused)
    made.router.redirect_slashes = False  # it would say the server's own address, which a proxy's visitors cannot reach
    return made


@asynccontextmanager
async def _few_threads(_: Starlette) -> AsyncIterator[None]:
    """Answer in as many threads as exports may be open: each has its own, and more would only wait for each other."""
    to_thread.current_default_thread_limiter().total_tokens = LOADED
    yield


def _root(request: Request) -> Response:
    """Lead to the first page in the language that the browser would rather have."""
    return RedirectResponse(f"./{preferred(request.headers.get('accept-language', ''))}/", 307, _VARIES)


def _icon(_: Request) -> Response:
    """Lead to the icon, for browsers that ask for it by the address of old."""
    return RedirectResponse("./static/icons/recroise-512.png", 308)


def _refused(sites: Sites, request: Request, error: Exception) -> Response:
    """Answer what Starlette itself refuses: addresses that no resource has."""
    status, path = error.status_code if isinstance(error, HTTPException) else 500, request.url.path
    name = path.rpartition("/")[2]
    if status == 404 and name and "." not in name and _is_page(request, path + "/"):
        return RedirectResponse(f"./{quote(name)}/", 308)
    return _error(sites, request, status)


def _is_page(request: Request, path: str) -> bool:
    asked = {**request.scope, "path": path}
    return any(route.matches(asked)[0] is Match.FULL for route in request.app.routes)


def _error(sites: Sites, request: Request, status: int, detail: str = "") -> Response:
    """Return the page that says what is wrong; a program that asked for data is told in a line of text."""
    path = request.url.path
    if path.startswith((*SHARED, "/static/")):
        return refusal(path, status, detail or "nothing has this address")
    page = told(status, path, request.headers.get("accept-language", ""), detail, sites.current())
    return Response(page.body, status, {**HEADERS, **page.headers, **_VARIES}, page.media_type)


def _endpoint(sites: Sites, resource: Resource, url: str | None) -> Callable[[Request], Awaitable[Response] | Response]:
    return partial(_answer, sites, resource, url)


def _answer(sites: Sites, resource: Resource, url: str | None, request: Request) -> Response:
    query = {name: request.query_params.getlist(name) for name in request.query_params}
    asked = Asked(
        path=request.url.path,
        values={name: str(value) for name, value in request.path_params.items()},
        query=query,
        base=url or str(request.base_url),
    )
    try:
        found = resource.answer(sites.current(), asked)
    except MovedError as moved:
        return RedirectResponse(relative(asked.path, moved.path), 308)  # the site may stand under a path
    except NotFoundError:
        return _error(sites, request, 404)
    except BadRequestError as error:
        return _error(sites, request, 400, str(error))
    if found.file is not None:
        return FileResponse(found.file, headers={**HEADERS, **found.headers}, media_type=found.media_type)
    return Response(found.body, found.status, {**HEADERS, **found.headers}, found.media_type)
