"""The addresses of the library, of what it does and of pictures of pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.web.access.visitor import visitor_of
from assistant.web.indexing import Indexing
from assistant.web.library import library_csv, library_page
from assistant.web.page_pictures import picture_of
from assistant.web.source_view import failure_page
from assistant.web.texts import accepted_language, page_language
from assistant.web.uploads import Uploads
from index.errors import AssistantError

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.requests import Request
    from starlette.responses import Response

    from assistant.engine import Assistant
    from assistant.settings import Settings
    from assistant.web.texts import PageLanguage

FRESH = {"Cache-Control": "no-cache"}
_ASKED_BY_OUR_PAGE = "x-commit-assistant"
"""A header that another site's page cannot send without asking first, which is refused."""


def spoken(request: Request) -> PageLanguage:
    """The language that an address names, that the reader chose on the page, or that the browser asks for."""
    chosen = page_language(request.query_params.get("lang")) or page_language(request.cookies.get("page_language"))
    return chosen or accepted_language(request.headers.get("accept-language", ""))


def add_library_routes(app: FastAPI, assistant: Assistant, settings: Settings) -> None:
    """`/library`, `/library.csv`, `/picture/…`; where the settings allow it, `/library/index` with its progress, and
    `/library/upload`.
    """
    from starlette.responses import HTMLResponse, PlainTextResponse, Response

    def library(request: Request) -> Response:
        language = spoken(request)
        try:
            indexing = settings.index_button and visitor_of(request.scope).may_index
            limit = settings.upload_limit if indexing and settings.uploads else None
            beside = [(address, titles[language]) for address, titles in getattr(request.app.state, "pages", ())]
            page = library_page(assistant.current.get(), language, indexing=indexing, upload_limit=limit, beside=beside)
        except AssistantError as error:
            failure = failure_page(type(error).__name__, str(error), language)
            return HTMLResponse(failure, status_code=503, headers=FRESH)
        return HTMLResponse(page, headers=FRESH)

    def table(_: Request) -> Response:
        try:
            rows = library_csv(assistant.current.get())
        except AssistantError as error:
            return PlainTextResponse(str(error), status_code=503, headers=FRESH)
        named = {"Content-Disposition": 'attachment; filename="library.csv"', **FRESH}
        return Response(rows, media_type="text/csv; charset=utf-8", headers=named)

    def picture(request: Request) -> Response:
        asked = request.query_params.get("page", "1")
        page = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 0
        try:
            content = assistant.current.get().content
            drawn = picture_of(content, settings.sources, request.path_params["source_id"], page)
        except AssistantError as error:
            return PlainTextResponse(str(error), status_code=404, headers=FRESH)
        return Response(drawn, media_type="image/png", headers=FRESH)

    app.add_route("/library", library)
    app.add_route("/library.csv", table)
    app.add_route("/picture/{source_id:path}", picture)
    if settings.index_button:
        _add_indexing(app, Indexing(settings))
    if settings.index_button and settings.uploads:
        _add_uploads(app, Uploads(settings))


def _add_indexing(app: FastAPI, indexing: Indexing) -> None:
    from starlette.responses import JSONResponse, PlainTextResponse

    def start(request: Request) -> Response:
        if not visitor_of(request.scope).may_index:
            return PlainTextResponse("Only an administrator brings the index up to date.", status_code=403)
        if _ASKED_BY_OUR_PAGE not in request.headers:
            return PlainTextResponse("Only the library page starts an indexing run.", status_code=403)
        indexing.start()
        return JSONResponse(indexing.state.as_json(), headers=FRESH)

    def progress(request: Request) -> Response:
        if not visitor_of(request.scope).may_index:
            return PlainTextResponse("Only an administrator sees this.", status_code=403)
        return JSONResponse(indexing.state.as_json(), headers=FRESH)

    app.add_route("/library/index", start, methods=["POST"])
    app.add_route("/library/progress", progress)


def _add_uploads(app: FastAPI, uploads: Uploads) -> None:
    from starlette.responses import JSONResponse

    async def take(request: Request) -> Response:
        if not visitor_of(request.scope).may_index:
            return JSONResponse({"error": "Only an administrator adds documents."}, 403)
        if _ASKED_BY_OUR_PAGE not in request.headers:
            return JSONResponse({"error": "Only the library page sends documents."}, 403)
        return await uploads.take(request, spoken(request))

    app.add_route("/library/upload", take, methods=["POST"])
