"""The addresses below `/api/v1`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response, StreamingResponse

from assistant.answer import Answer, Found
from assistant.web.access.bodies import Bounded
from assistant.web.api.calls import AskCall, Failure, SearchCall, complaint
from assistant.web.api.events import UNEXPECTED, events
from assistant.web.api.shelf import Shelf, SourceFacts, UnknownSourceError, facts, summaries
from index.build import package_version
from index.errors import AssistantError, WrongCallError, one_line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assistant.web.api.answering import Answering
    from index.generation import Generation

_LARGEST = 1 << 20
"""Bytes of a call."""
_EVENTS = "text/event-stream"
_LEFT = 499
"""Nobody is there to read it; only a log might."""
_UNKEPT = {"Cache-Control": "no-store"}
_WRONG: dict[int | str, dict[str, Any]] = {
    400: {"model": Failure, "description": "A call that cannot be meant."},
    422: {"model": Failure, "description": "A call of another form."},
}
_NONE: dict[int | str, dict[str, Any]] = {
    503: {"model": Failure, "description": "There is no index, or none that can be used."}
}
_UNKNOWN: dict[int | str, dict[str, Any]] = {404: {"model": Failure, "description": "No such source."}}
_GROWING: dict[int | str, dict[str, Any]] = {
    200: {"content": {_EVENTS: {}}, "description": "The answer; as events while it grows, when these are asked for."}
}


class Health(BaseModel):
    """The index that answers are made from."""

    status: str
    generation: str
    passages: int


def api(answering: Answering) -> FastAPI:
    """The application to be mounted at `/api/v1`. FastAPI's own pages of documentation load from elsewhere."""
    app = FastAPI(
        title="commit-assistant",
        description="Answers in the sources' exact words, each with its place.",
        version=package_version(),
        docs_url=None,
        redoc_url=None,
    )
    app.add_middleware(Bounded, largest=_LARGEST)
    routes = _Routes(answering)
    app.add_api_route(
        "/ask", routes.ask, methods=["POST"], response_model=Answer, responses={**_GROWING, **_WRONG, **_NONE}
    )
    app.add_api_route("/search", routes.search, methods=["POST"], response_model=Found, responses={**_WRONG, **_NONE})
    app.add_api_route("/sources", routes.sources, response_model=Shelf, responses=_NONE)
    app.add_api_route(
        "/sources/{source_id:path}", routes.source, response_model=SourceFacts, responses={**_UNKNOWN, **_NONE}
    )
    app.add_api_route("/health", routes.health, response_model=Health, responses=_NONE)
    app.add_exception_handler(AssistantError, _told)
    app.add_exception_handler(RequestValidationError, _told)
    app.add_exception_handler(HTTPException, _told)
    app.add_exception_handler(Exception, _told)
    return app


class _Routes:
    """What the addresses do. The docstrings are shown in the API's own description."""

    def __init__(self, answering: Answering) -> None:
        self._answering = answering

    async def ask(self, call: AskCall, request: Request) -> Response:
        """Answer a question with exact quotations, or refuse.

        With `stream`, or `Accept: text/event-stream`, server-sent events: `partial` as the answer grows, then `answer`,
        or `error`.
        """
        if call.stream or _EVENTS in request.headers.get("accept", ""):
            headers = {**_UNKEPT, "X-Accel-Buffering": "no"}
            return StreamingResponse(events(self._answering, call), media_type=_EVENTS, headers=headers)
        answer = await self._answering.answer(call, request.is_disconnected)
        return Response(status_code=_LEFT) if answer is None else _json(answer.as_json())

    async def search(self, call: SearchCall) -> Response:
        """Find the best passages for a question."""
        return _json((await self._answering.search(call)).as_json())

    async def sources(self) -> Response:
        """List all sources with what the index has of them."""

        def listed() -> Shelf:
            generation = self._generation()
            return Shelf(generation=generation.id, sources=summaries(generation.content))

        return _json((await self._answering.run(listed)).model_dump(mode="json"))

    async def source(self, source_id: str) -> Response:
        """Tell what is known about one source, page by page. Its id is its path below the sources folder."""
        found = await self._answering.run(lambda: facts(self._generation().content, source_id))
        return _json(found.model_dump(mode="json"))

    async def health(self) -> Response:
        """Tell which index answers are made from."""
        manifest = (await self._answering.run(self._generation)).manifest
        return _json({"status": "ok", "generation": manifest.id, "passages": manifest.passages})

    def _generation(self) -> Generation:
        return self._answering.assistant.current.get()


async def _told(_: Request, error: Exception) -> Response:
    """Any error as one line."""
    if isinstance(error, RequestValidationError):
        malformed = any(one["type"] == "json_invalid" for one in error.errors())
        return _json({"error": complaint(error.errors())}, 400 if malformed else 422)
    if isinstance(error, HTTPException):
        return _json({"error": " ".join(str(error.detail).split())}, error.status_code, error.headers)
    if isinstance(error, UnknownSourceError):
        return _json({"error": one_line(error)}, 404)
    if isinstance(error, AssistantError):
        return _json({"error": one_line(error)}, 400 if isinstance(error, WrongCallError) else 503)
    # Starlette raises it once more when this is sent: the log gets all of it.
    return _json({"error": UNEXPECTED}, 500)


def _json(values: dict[str, Any], status: int = 200, headers: Mapping[str, str] | None = None) -> JSONResponse:
    return JSONResponse(values, status, headers={**_UNKEPT, **(headers or {})})
