"""Where the page sends what a user says of an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse

from assistant.feedback.record import Opinion, Rating, Reason
from assistant.web.access.bodies import TooLargeError, read
from assistant.web.access.reach import from_elsewhere
from assistant.web.api.calls import complaint
from index.errors import AssistantError, WrongCallError, one_line

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.requests import Request

    from assistant.feedback.recent import RecentAnswers
    from assistant.feedback.store import FeedbackStore

_LARGEST = 32 * 1024
"""Bytes of a request: the longest text, every character of it escaped."""
_ASKED_BY_OUR_PAGE = "x-commit-assistant"
"""A header that another site's page cannot send without asking first, which is refused."""
_UNKEPT = {"Cache-Control": "no-store"}


class _Sent(BaseModel):
    """What the page sends; everything else that is kept is what this program remembers of the answer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    answer: str = Field(min_length=1, max_length=200)
    """The answer's id."""
    rating: Rating
    reason: Reason | None = None
    text: str = ""


def add_feedback_routes(app: FastAPI, recent: RecentAnswers, store: FeedbackStore) -> None:
    """`POST /feedback` with `{"answer": ID, "rating": "good" or "bad", "reason": …, "text": …}`."""

    async def keep(request: Request) -> JSONResponse:
        if (refusal := _refusal(request)) is not None:
            return refusal
        try:
            answer_id, opinion = _sent(await read(request.receive, _LARGEST))
        except TooLargeError:
            return _told(f"this is more than {_LARGEST:,} bytes: write less", 413)
        except ValidationError as error:
            malformed = error.errors()[0]["type"] == "json_invalid"
            return _told(complaint(error.errors()), 400 if malformed else 422)
        about = recent.get(answer_id)
        if about is None:
            return _told("this answer is no longer known: ask again, and rate the new answer", 404)
        try:
            kept = await run_in_threadpool(store.add, about, opinion)
        except AssistantError as error:
            return _told(one_line(error), 422 if isinstance(error, WrongCallError) else 503)
        return JSONResponse({"id": kept.id}, 201, headers=_UNKEPT)

    app.add_route("/feedback", keep, methods=["POST"])


def _refusal(request: Request) -> JSONResponse | None:
    """What is answered to a request that our page does not send, whatever it says."""
    if _ASKED_BY_OUR_PAGE not in request.headers or from_elsewhere(request.method, request.headers):
        return _told("only the page itself sends feedback", 403)
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
        return _told("send JSON as application/json", 415)
    return None


def _sent(body: bytes) -> tuple[str, Opinion]:
    """The id of an answer, and what is said of it. Raises ValidationError."""
    sent = _Sent.model_validate_json(body)
    return sent.answer, Opinion(rating=sent.rating, reason=sent.reason, text=sent.text)


def _told(message: str, status: int) -> JSONResponse:
    return JSONResponse({"error": message}, status, headers=_UNKEPT)
