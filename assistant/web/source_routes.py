"""The addresses where words are looked for in a source, and where its original file is downloaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.web.indexed_files import NoFileError, indexed_file
from assistant.web.library_routes import FRESH, spoken
from assistant.web.source_find import LONGEST_WORDS, find
from assistant.web.source_view import failure_page, no_file_page
from index.errors import AssistantError

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.requests import Request
    from starlette.responses import Response

    from assistant.engine import Assistant
    from assistant.settings import Settings

FINGERPRINT = 12
"""Characters of a text's fingerprint that tell whether it is still the one on the screen."""


def add_source_routes(app: FastAPI, assistant: Assistant, settings: Settings) -> None:
    """`/find/…` and `/file/…`."""
    _add_find(app, assistant)
    _add_file(app, assistant, settings)


def _add_find(app: FastAPI, assistant: Assistant) -> None:
    from starlette.responses import JSONResponse

    def found(request: Request) -> Response:
        query = request.query_params
        try:
            source = assistant.current.get().content.document(request.path_params["source_id"])
        except (KeyError, UnicodeEncodeError):
            return JSONResponse({"error": "the index has no such source"}, status_code=404, headers=FRESH)
        except AssistantError as error:
            return JSONResponse({"error": str(error)}, status_code=503, headers=FRESH)
        if not source.fingerprint.startswith(query.get("text", "")):
            # The places would be those of another text than the one on the screen.
            return JSONResponse({"error": "the source has changed: open it again"}, status_code=409, headers=FRESH)
        hits = find(source.text, query.get("words", "")[:LONGEST_WORDS])
        flat = [offset for span in hits.spans for offset in span]
        return JSONResponse({"count": hits.count, "offsets": flat}, headers=FRESH)

    app.add_route("/find/{source_id:path}", found)


def _add_file(app: FastAPI, assistant: Assistant, settings: Settings) -> None:
    from starlette.responses import FileResponse, HTMLResponse

    def original(request: Request) -> Response:
        source_id, language = request.path_params["source_id"], spoken(request)
        try:
            path, _ = indexed_file(assistant.current.get().content, settings.sources, source_id)
        except NoFileError:
            return HTMLResponse(no_file_page(language), status_code=404, headers=FRESH)
        except AssistantError as error:
            failure = failure_page(type(error).__name__, str(error), language)
            return HTMLResponse(failure, status_code=503, headers=FRESH)
        # Whatever it is, it is kept, not opened: a web page in the folder must not run as one of ours.
        name = source_id.rsplit("/", 1)[-1]
        return FileResponse(path, media_type="application/octet-stream", filename=name, headers=FRESH)

    app.add_route("/file/{source_id:path}", original)
