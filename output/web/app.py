"""The application: every resource at its address, over an export that is opened read-only and swapped for the next."""

import threading
from asyncio import get_running_loop
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

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
from output.web.site import LANGUAGES, Site, version_of
from output.web.templating import environment
from output.web.tiles import Tiles

_VARIES = {"Vary": "Accept-Language"}


class Opened:
    """The export as it stands, opened once a thread; a newer one takes its place when it is asked for next."""

    def __init__(self, data: Path, tiles: Tiles | None = None) -> None:
        self._data = data
        self._tiles = tiles
        self._local = threading.local()

    def site(self) -> Site:
        site: Site | None = getattr(self._local, "site", None)
        if site is None or site.version != version_of(self._data) or site.today != date.today():
            if site is not None:
                site.close()
            site = self._local.site = Site(self._data, tiles=self._tiles)
        return site


class Answers:
    """Where answers are made: most as they are asked for, in a millisecond or two; slow ones in a thread beside.

    Python runs one thread at a time. With a pool of four each page took half as much processor time again, and the
    slowest of twenty twice as long: threads wait for each other at every query and every packet.
    """

    def __init__(self, data: Path, url: str | None, tiles: Tiles | None) -> None:
        self.url = url
        self._opened = Opened(data, tiles)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="slow answers")

    async def endpoint(self, resource: Resource, request: Request) -> Response:
        """Answer a request for a resource."""
        answer = partial(self._answer, resource, request)
        return await get_running_loop().run_in_executor(self._thread, answer) if resource.slow else answer()

    def _answer(self, resource: Resource, request: Request) -> Response:
        return _answer(self._opened.site(), resource, self.url, request)

    async def refused(self, request: Request, error: Exception) -> Response:
        """Answer what Starlette itself refuses: addresses that no resource has."""
        status, path = error.status_code if isinstance(error, HTTPException) else 500, request.url.path
        name = path.rpartition("/")[2]
        if status == 404 and name and "." not in name and _is_page(request, path + "/"):
            return _moved(request, f"./{quote(name)}/")
        return _error(self._opened.site(), request, status)


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
    Site(data).close()  # where it cannot be read, that is said before anything is listened for
    made = Answers(data, url, tiles)
    routes: list[BaseRoute] = [
        Route(resource.pattern, partial(made.endpoint, resource), methods=["GET"]) for resource in all_resources()
    ]
    routes.append(Route("/", _root, methods=["GET"]))
    routes.append(Route("/favicon.ico", _icon, methods=["GET"]))
    routes.append(Mount("/static", StaticFiles(packages=[("output.web", "static")])))
    code = code_version()
    before = stack(lambda: (code, url, version_of(data), date.today()), rate)
    refused: dict[Any, Any] = {Exception: failed, HTTPException: made.refused}
    app = Starlette(routes=routes, middleware=before, exception_handlers=refused)
    app.router.redirect_slashes = False  # it would say the server's own address, which a proxy's visitors cannot reach
    return app


def load() -> None:
    """Load what pages need before the first is asked for: processes that are forked then have it in common."""
    from graph import gazetteer

    for language in LANGUAGES:
        templates = environment(language)
        for name in templates.list_templates():
            templates.get_template(name)
    gazetteer.regions()


def _root(request: Request) -> Response:
    """Lead to the first page in the language that the browser would rather have."""
    return RedirectResponse(f"./{preferred(request.headers.get('accept-language', ''))}/", 307, _VARIES)


def _icon(_: Request) -> Response:
    """Lead to the icon, for browsers that ask for it by the address of old."""
    return RedirectResponse("./static/icons/recroise-512.png", 308)


def _moved(request: Request, where: str) -> Response:
    """Lead to where something is now, with what was asked of it."""
    return RedirectResponse(f"{where}?{request.url.query}" if request.url.query else where, 308)


def _is_page(request: Request, path: str) -> bool:
    asked = {**request.scope, "path": path}
    return any(route.matches(asked)[0] is Match.FULL for route in request.app.routes)


def _error(site: Site, request: Request, status: int, detail: str = "") -> Response:
    """Return the page that says what is wrong; a program that asked for data is told in a line of text."""
    path = request.url.path
    if path.startswith((*SHARED, "/static/")):
        return refusal(path, status, detail or "nothing has this address")
    page = told(status, path, request.headers.get("accept-language", ""), detail, site)
    return Response(page.body, status, {**HEADERS, **page.headers, **_VARIES}, page.media_type)


def _answer(site: Site, resource: Resource, url: str | None, request: Request) -> Response:
    query = {name: request.query_params.getlist(name) for name in request.query_params}
    asked = Asked(
        path=request.url.path,
        values={name: str(value) for name, value in request.path_params.items()},
        query=query,
        base=url or str(request.base_url),
    )
    try:
        found = resource.answer(site, asked)
    except MovedError as moved:
        return _moved(request, relative(asked.path, moved.path))  # the site may stand under a path
    except NotFoundError:
        return _error(site, request, 404)
    except BadRequestError as error:
        return _error(site, request, 400, str(error))
    if found.file is not None:
        return FileResponse(found.file, headers={**HEADERS, **found.headers}, media_type=found.media_type)
    return Response(found.body, found.status, {**HEADERS, **found.headers}, found.media_type)
