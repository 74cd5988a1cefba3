"""The answers to the browser. Pages work without scripts; with them only what changed is sent."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Callable
from importlib.resources import files
from typing import Any
from urllib.parse import parse_qsl, urlencode

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from vn_repair.review.actions import BadRequest, act, find_item, read_place
from vn_repair.review.article_page import article_page, card_html, progress_html, row_html
from vn_repair.review.downloads import download
from vn_repair.review.guard import Guard
from vn_repair.review.interface import LANGUAGES, choose_language, words
from vn_repair.review.listing import Query, find_page, totals
from vn_repair.review.load import Loading
from vn_repair.review.pages import render
from vn_repair.review.store import Conflict, Missing, Store
from vn_repair.review.view import View, view

MOST_BODY = 1_000_000  # bytes
ROWS_KEPT = 8
UI_COOKIE = "vn_repair_ui"


class Review:
    """The page over a store. `loading` says how far the inputs have been read; `reviewer` signs decisions."""

    def __init__(self, store: Store, loading: Loading, reviewer: str = "") -> None:
        self.store, self.loading, self.reviewer = store, loading, reviewer
        self._sent: OrderedDict[tuple[int, int, str], list[int]] = OrderedDict()

    def app(self, token: str) -> Starlette:
        """The application, closed to all who do not have `token`."""
        static = str(files("vn_repair.review").joinpath("static"))
        return Starlette(
            routes=[
                Route("/", self.articles),
                Route("/articles/{number:int}", self.article),
                Route("/articles/{number:int}", self.decide, methods=["POST"]),
                Route("/articles/{number:int}/card", self.card),
                Route("/articles/{number:int}/rows", self.rows),
                Route("/state", self.state),
                Route("/export/{form}", self.export),
                Mount("/static", StaticFiles(directory=static)),
            ],
            middleware=[Middleware(Guard, token=token, refuse=refuse)],
            exception_handlers={404: missing, Missing: missing, BadRequest: bad_request},
        )

    def articles(self, request: Request) -> Response:
        """The list of articles."""
        if switch := _switch_language(request):
            return switch
        query = Query.read(request.query_params)
        return HTMLResponse(render("list.html.j2", language(request), query=query, page=find_page(self.store, query),
                                   totals=totals(self.store), loading=self.loading))

    def article(self, request: Request) -> Response:
        """An article, and the item that the address names or the first open one."""
        if switch := _switch_language(request):
            return switch
        stored = self.store.article(request.path_params["number"])
        said = words(language(request))
        seen = view(stored, said)
        self._remember(stored.number, stored.version, said.lang, seen)
        return HTMLResponse(article_page(self.store, stored, seen, said, request.query_params))

    def card(self, request: Request) -> Response:
        """The panel for an item, for a new edit of selected words or for a paragraph's translation."""
        stored = self.store.article(request.path_params["number"])
        said = words(language(request))
        return HTMLResponse(card_html(stored, said, request.query_params), headers={"X-Version": str(stored.version)})

    def rows(self, request: Request) -> Response:
        """All that may have changed, for a page that fell behind."""
        stored = self.store.article(request.path_params["number"])
        return JSONResponse(self._changes(stored.number, language(request), None))

    async def decide(self, request: Request) -> Response:
        """Take a decision in, from a form or a script."""
        fields = await _fields(request)
        return await run_in_threadpool(self._decide, request, fields)

    def _decide(self, request: Request, fields: dict[str, str]) -> Response:
        number, said = request.path_params["number"], words(language(request))
        script = "application/json" in request.headers.get("accept", "")
        try:
            message, place = act(self.store, number, fields, self.reviewer)
        except Conflict:
            if script:
                return JSONResponse({"error": said("error.conflict")} | self._changes(number, said.lang, None), 409)
            return RedirectResponse(f"/articles/{number}?" + urlencode({"said": "error.conflict"}), 303)
        key = f"{place[0]}-{place[1]}" if place else ""
        if script:
            known = int(fields["version"])
            return JSONResponse({"message": said(message), "item": key} | self._changes(number, said.lang, known))
        items = self.store.article(number).items
        after = next((i.key for i in items if i.open and (not place or i.start > place[0])), key)
        keep = {name: fields[name] for name in ("q", "label", "state", "lang", "order") if fields.get(name)}
        return RedirectResponse(f"/articles/{number}?" + urlencode(keep | {"item": after, "said": message}), 303)

    def _changes(self, number: int, lang: str, known: int | None) -> dict[str, Any]:
        """The article's state, with the rows that are not as they were in version `known`."""
        stored, said = self.store.article(number), words(lang)
        seen = view(stored, said)
        old = self._sent.get((number, known, lang), []) if known is not None else []
        self._remember(number, stored.version, lang, seen)
        rows = {row.index: row_html(row, seen, stored, said) for row in seen.rows
                if row.index >= len(old) or old[row.index] != hash(row)}
        return {"version": stored.version, "rows": rows, "done": stored.done, "undo": stored.can_undo,
                "redo": stored.can_redo, "progress": progress_html(stored, seen, said),
                "items": [[i.key, str(i.label), i.status, i.open, i.decided] for i in seen.items]}

    def _remember(self, number: int, version: int, lang: str, seen: View) -> None:
        self._sent[number, version, lang] = [hash(row) for row in seen.rows]
        while len(self._sent) > ROWS_KEPT:
            self._sent.popitem(last=False)

    def state(self, request: Request) -> Response:
        """How far the loading is, and of an article its version."""
        out: dict[str, Any] = {"loading": self.loading.busy, "bad": self.loading.bad}
        number = request.query_params.get("article", "")
        if number.isascii() and number.isdigit() and len(number) < 16:
            rows = self.store.rows("SELECT version FROM articles WHERE number = ?", (int(number),))
            out["version"] = rows[0][0] if rows else None
        else:
            out["articles"] = totals(self.store).articles
        return JSONResponse(out)

    def export(self, request: Request) -> Response:
        """A download of what was decided."""
        return download(self.store, request.path_params["form"]) or missing(request, Missing())


def language(request: Request) -> str:
    """The language of the interface for this browser."""
    return choose_language(request.cookies.get(UI_COOKIE), request.headers.get("accept-language", ""))


def _switch_language(request: Request) -> Response | None:
    """Remember the language that the address asks for, and go on without it."""
    wanted = request.query_params.get("ui")
    if wanted is None:
        return None
    url = request.url.remove_query_params("ui")
    response = RedirectResponse(url.path + (f"?{url.query}" if url.query else ""), 303)
    if wanted in LANGUAGES:
        response.set_cookie(UI_COOKIE, wanted, max_age=31_536_000, samesite="strict", path="/")
    return response


async def _fields(request: Request) -> dict[str, str]:
    """The fields of a form or a JSON object; all are strings. Raises `BadRequest`."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MOST_BODY:
            raise BadRequest("too long")
    try:
        if request.headers.get("content-type", "").startswith("application/json"):
            given = json.loads(body)
            if not isinstance(given, dict):
                raise BadRequest("JSON")
            return {str(key): str(value) for key, value in given.items()}
        return dict(parse_qsl(body.decode("utf-8"), keep_blank_values=True))
    except (ValueError, RecursionError) as error:
        raise BadRequest("body") from error


def refuse(request: Request) -> Response:
    """The page for who comes without the token."""
    return _notice(request, "denied", 403)


def missing(request: Request, _error: Exception) -> Response:
    """The page for an address that does not exist."""
    return _notice(request, "missing", 404)


def _notice(request: Request, what: str, status: int) -> Response:
    if "application/json" in request.headers.get("accept", ""):
        return JSONResponse({"error": words(language(request))(f"{what}.text")}, status)
    return HTMLResponse(render("notice.html.j2", language(request), what=what), status)


def bad_request(request: Request, error: Exception) -> Response:
    """What is wrong with a request, in a line."""
    said = words(language(request))
    why = said.or_own(str(error), "") or said("error.bad", why=error)
    if "application/json" in request.headers.get("accept", ""):
        return JSONResponse({"error": why}, 400)
    return HTMLResponse(render("notice.html.j2", language(request), what="", why=why), 400)


Handler = Callable[[Request], Response]
__all__ = ["Review", "find_item", "read_place"]
