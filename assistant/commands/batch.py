"""Many questions in one process: JSON lines in, JSON lines out."""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.answer import Turn
from assistant.filters import Filters, explanation
from index.errors import AssistantError, WrongCallError, one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import TextIO

_LIKE = 'a line is like {"id": "1", "question": "…"}'


class QuestionLine(BaseModel):
    """One line of a file of questions."""

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)

    id: str = ""
    question: str
    history: tuple[Turn, ...] = ()
    filters: Filters = Filters()


def read_questions(path: Path, filters: Filters | None = None) -> list[QuestionLine]:
    """All questions of a file; `filters` hold for every line, key by key, unless the line has its own.

    Raises WrongCallError with file and line before any is answered.
    """
    defaults = (filters or Filters()).model_dump()
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except OSError as error:
        raise WrongCallError(f"{path} cannot be read ({error.strerror}): check the path after --questions") from error
    except UnicodeDecodeError as error:
        raise WrongCallError(f"{path} is not UTF-8: save it as UTF-8") from error
    found = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            parsed = QuestionLine.model_validate(_with_defaults(json.loads(line), defaults))
        except json.JSONDecodeError as error:
            raise WrongCallError(f"{path}:{number}: {one_line(error)}: {_LIKE}") from error
        except ValidationError as error:
            raise WrongCallError(f"{path}:{number}: {_reason(error)}") from error
        found.append(parsed if parsed.id else parsed.model_copy(update={"id": str(number)}))
    if not found:
        raise WrongCallError(f"{path} has no questions: write one JSON object per line")
    return found


def _with_defaults(data: Any, defaults: dict[str, Any]) -> Any:  # noqa: ANN401 - whatever JSON gave
    own = data.get("filters") if isinstance(data, dict) else None
    if own is None:
        return {**data, "filters": defaults} if isinstance(data, dict) else data
    return {**data, "filters": {**defaults, **own}} if isinstance(own, dict) else data


def _reason(error: ValidationError) -> str:
    first = error.errors()[0]
    if first["loc"][:1] == ("filters",):
        return f"filters: {explanation(error)}"
    if first["type"] == "model_type":
        return f"no JSON object: {_LIKE}"
    return f"{'.'.join(map(str, first['loc']))}: {first['msg']}: {_LIKE}"


def answer_all(
    questions: list[QuestionLine], answer: Callable[[QuestionLine], dict[str, Any]], output: Path | None
) -> int:
    """Answer every question in order and write each as it comes; a question that fails gets a line with `error`.

    Gives the number of questions that failed.
    """
    failed = 0
    with _opened(output) as file:
        for question in questions:
            try:
                result = answer(question)
            except AssistantError as error:
                if not isinstance(error, WrongCallError):
                    raise
                failed += 1
                result = {"id": question.id, "question": question.question, "error": one_line(error)}
            file.write(json.dumps(result, ensure_ascii=False) + "\n")
            file.flush()
    return failed


@contextmanager
def _opened(output: Path | None) -> Iterator[TextIO]:
    if output is None or str(output) == "-":
        yield sys.stdout
        return
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        with output.open("w", encoding="utf-8") as file:
            yield file
    except OSError as error:
        raise AssistantError(
            f"{output} cannot be written ({error.strerror}): name another file with --output"
        ) from error
