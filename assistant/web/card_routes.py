"""The address of the cards of an answer's citations."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from assistant.web.cards import cards_page, unknown_answer_page
from assistant.web.library_routes import FRESH, spoken
from assistant.web.source_view import failure_page
from index.errors import AssistantError

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.requests import Request
    from starlette.responses import Response

    from assistant.engine import Assistant
    from assistant.web.shown_answers import ShownAnswers


def add_card_routes(app: FastAPI, assistant: Assistant, shown: ShownAnswers) -> None:
    """`GET /citations/ID`: the cards of an answer that the page shows."""
    from starlette.responses import HTMLResponse

    def cards(request: Request) -> Response:
        language = spoken(request)
        answer = shown.get(request.path_params["answer_id"])
        if answer is None:
            return HTMLResponse(unknown_answer_page(language), 404, headers=FRESH)
        try:
            content = assistant.current.get().content
        except AssistantError as error:
            failure = failure_page(type(error).__name__, str(error), language)
            return HTMLResponse(failure, status_code=503, headers=FRESH)
        today = datetime.now(tz=UTC).astimezone().date()
        return HTMLResponse(cards_page(answer, content, language, today), headers=FRESH)

    app.add_route("/citations/{answer_id}", cards)
