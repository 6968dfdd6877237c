"""The web application: the chat page, the source viewer, a health check."""

from __future__ import annotations

import asyncio
import os
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.web.library_routes import FRESH as _FRESH
from assistant.web.library_routes import add_library_routes, spoken
from assistant.web.links import asked_by
from assistant.web.source_routes import add_source_routes
from assistant.web.source_view import empty_page, failure_page, missing_page, source_page
from assistant.web.texts import languages
from index.errors import AssistantError, WrongCallError
from index.offline import stay_offline

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi import FastAPI
    from starlette.requests import Request
    from starlette.responses import HTMLResponse

    from assistant.engine import Assistant
    from assistant.settings import Settings

STATIC = Path(__file__).parent / "static"
_QUIET = {
    "GRADIO_SSR_MODE": "False",
    "GRADIO_MCP_SERVER": "False",
    "GRADIO_SHARE": "False",
    "GRADIO_ANALYTICS_CACHE_FREQUENCY": "1000000000",
}
"""Read when gradio is imported or its page made: this process alone serves the page, and sums up no past events."""
_FONTS = ("system-ui", "Noto Sans", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", "sans-serif")
"""Fonts of the reader's machine; `static/colours.css` has the whole list."""


def create_app(assistant: Assistant, settings: Settings) -> FastAPI:
    """The application: the chat page with what belongs to it, and own files below `/page/`.

    Beside the page stand `/health`, `/source/…`, `/citations/…`, `/library` and `/picture/…`; for programs, `/api/v1/…`
    and, where the extra for it is installed, `/mcp`. The gate says who may use all of it.

    Raises WrongCallError for a language that the page does not speak.
    """
    spoken_languages = languages()
    if settings.page_language not in {"auto", *spoken_languages}:
        known = ", ".join(("auto", *spoken_languages))
        raise WrongCallError(f"the page does not speak {settings.page_language!r}: set page_language to one of {known}")
    stay_offline()
    os.environ.update(_QUIET)
    import gradio as gr
    from fastapi import FastAPI
    from starlette.staticfiles import StaticFiles

    from assistant.feedback.store import FILE, FeedbackStore
    from assistant.web.access.gate import Gate
    from assistant.web.access.login import add_login_routes
    from assistant.web.access.reach import accounts_of
    from assistant.web.api.mounting import add_programs, lifespan
    from assistant.web.card_routes import add_card_routes
    from assistant.web.conversation_routes import add_conversation_routes
    from assistant.web.export_routes import add_export_routes
    from assistant.web.feedback_routes import add_feedback_routes
    from assistant.web.guard import Guard
    from assistant.web.page import chat_page
    from assistant.web.script_routes import add_script_routes
    from assistant.web.shown_answers import ShownAnswers

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    accounts = accounts_of(settings)
    app.add_middleware(Gate, settings=settings)
    # Added last, it comes first: what does not exist is 404 for everybody.
    app.add_middleware(Guard, accounts=accounts is not None)
    _add_routes(app, assistant, settings)
    if accounts is not None:
        add_login_routes(app, accounts, settings)
    shown = ShownAnswers()
    add_conversation_routes(app, settings)
    add_feedback_routes(app, shown.recent, FeedbackStore(settings.storage / FILE))
    add_export_routes(app, assistant, shown)
    add_card_routes(app, assistant, shown)
    add_script_routes(app)
    add_programs(app, assistant)
    # What builds on the assistant brings its pages, as it brings its commands: the assistant knows none.
    for entry in entry_points(group="commit_assistant.pages"):
        entry.load()(app, settings)
    app.mount("/page", StaticFiles(directory=STATIC), name="page")

    def mount() -> None:
        theme = gr.themes.Base(font=_FONTS, font_mono=("ui-monospace", "Noto Sans Mono", "monospace"))
        page = chat_page(assistant, settings, shown)
        gr.mount_gradio_app(app, page, path="/", theme=theme, footer_links=[], ssr_mode=False, mcp_server=False)

    _with_event_loop(mount)
    return app


def _with_event_loop(make: Callable[[], None]) -> None:
    """Gradio 6.31 opens an event loop that nobody closes when a page is made while none is running."""

    async def run() -> None:
        make()

    try:
        asyncio.get_running_loop()
    except RuntimeError:
        asyncio.run(run())
    else:
        make()


def _add_routes(app: FastAPI, assistant: Assistant, settings: Settings) -> None:
    from starlette.responses import HTMLResponse, JSONResponse

    def health(_: Request) -> JSONResponse:
        try:
            manifest = assistant.current.get().manifest
        except AssistantError as error:
            failing = {"status": "failing", "error": str(error), "generation": None, "passages": 0}
            return JSONResponse(failing, status_code=503)
        return JSONResponse({"status": "ok", "generation": manifest.id, "passages": manifest.passages})

    def source(request: Request) -> HTMLResponse:
        source_id, query = request.path_params["source_id"], request.query_params
        language = spoken(request)
        if not source_id:
            return HTMLResponse(empty_page(language), headers=_FRESH)
        try:
            page = source_page(assistant.current.get().content, source_id, language, asked_by(query))
        except AssistantError as error:
            failure = failure_page(type(error).__name__, str(error), language)
            return HTMLResponse(failure, status_code=503, headers=_FRESH)
        if page is None:
            return HTMLResponse(missing_page(language), status_code=404, headers=_FRESH)
        return HTMLResponse(page, headers=_FRESH)

    app.add_route("/health", health)
    app.add_route("/source/{source_id:path}", source)
    add_library_routes(app, assistant, settings)
    add_source_routes(app, assistant, settings)
