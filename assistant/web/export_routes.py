"""Where answers are downloaded from, to be kept and quoted."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, get_args
from urllib.parse import quote, urlencode

from starlette.responses import PlainTextResponse, Response

from assistant.citing import is_exact
from assistant.export import Wanted, exported
from assistant.export.exporting import Form
from assistant.export.referencing import Style
from index.errors import AssistantError, one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fastapi import FastAPI
    from starlette.requests import Request

    from assistant.answer import Answer
    from assistant.engine import Assistant
    from assistant.web.shown_answers import ShownAnswers
    from assistant.web.texts import PageLanguage
    from index.content import Content

FORMS: tuple[Form, ...] = get_args(Form)
STYLES: tuple[Style, ...] = get_args(Style)
_MOST = 200
"""Answers of one conversation."""
_FRESH = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


def export_address(answer_ids: Sequence[str], form: Form, style: Style, language: PageLanguage) -> str:
    """The address of answers as a file."""
    values = {"answers": ",".join(answer_ids[-_MOST:]), "form": form, "style": style, "lang": language}
    return f"/export?{urlencode(values)}"


def add_export_routes(app: FastAPI, assistant: Assistant, shown: ShownAnswers) -> None:
    """`GET /export?answers=ID,ID&form=docx&style=gbt7714&lang=zh`: answers of the page as a file."""

    def export(request: Request) -> Response:
        query = request.query_params
        form: Form = next((one for one in FORMS if one == query.get("form")), FORMS[0])
        style: Style = next((one for one in STYLES if one == query.get("style")), STYLES[0])
        wanted = Wanted(form, style, "zh" if query.get("lang") == "zh" else "en")
        try:
            content = assistant.current.get().content
            answers = _answers(query.get("answers", "").split(",")[:_MOST], shown, content)
            file = exported(answers, wanted, content.entry, datetime.now(tz=UTC).astimezone())
        except AssistantError as error:
            return PlainTextResponse(one_line(error), 404, headers=_FRESH)
        named = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name, safe='')}"}
        return Response(file.content, media_type=file.media_type, headers=_FRESH | named)

    app.add_route("/export", export)


def _answers(ids: Sequence[str], shown: ShownAnswers, content: Content) -> list[Answer]:
    """The answers, each with its quotations where they say: what a browser kept may be any. Raises AssistantError."""
    answers = [answer for answer in map(shown.get, ids) if answer is not None]
    if len(answers) < len(ids):
        raise AssistantError("these answers are no longer known: open the conversation again, or ask again")
    for answer in answers:
        if not all(is_exact(content, citation) for citation in answer.citations):
            raise AssistantError(f"the sources have changed since {answer.question!r} was answered: ask it again")
    return [_standing(answer, content) for answer in answers]


def _standing(answer: Answer, content: Content) -> Answer:
    """Without the places that said the same and do so no more."""
    citations = (
        one.model_copy(update={"also": tuple(place for place in one.also if is_exact(content, place))})
        for one in answer.citations
    )
    return answer.model_copy(update={"citations": tuple(citations)})
