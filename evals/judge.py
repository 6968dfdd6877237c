"""A language model's opinion of a run's answers: optional, and never part of the measures."""

from __future__ import annotations

import asyncio
import os
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import regex

from evals.judgement import JUDGED, Judged, Judgement, add_judgement, read_judgements, write_judged
from evals.report.model import read_report
from evals.run_folder import RunFolder, RunFolderError
from index.errors import AssistantError, WrongCallError, one_line

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence
    from pathlib import Path

    from assistant.answer import Answer
    from evals.outcome import Outcome

KEY = "COMMIT_ASSISTANT_JUDGE_KEY"
_LONGEST = 2000  # characters of a reply that are kept
_THOUGHTS = regex.compile(r"<think>.*?</think>", regex.DOTALL)
_YES_OR_NO = regex.compile(r"[\s\p{P}]*(?:answer\b[\s:*]*)?(yes|no)\b", regex.IGNORECASE)
_SCORE = regex.compile(r"[\s*#]*(?:score\b[\s:*]*)?([1-4](?:\.\d+)?|5(?:\.0+)?)(?:\s*/\s*5)?[\s*.]*", regex.IGNORECASE)


@dataclass(frozen=True)
class Judge:
    """A model behind an OpenAI-compatible address; nothing else is contacted."""

    url: str
    model: str
    timeout: float = 120.0
    max_tokens: int = 512
    context_window: int = 3900

    def __post_init__(self) -> None:
        """Raises WrongCallError when the address is none."""
        try:
            parts = urlsplit(self.url)
            usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
        except ValueError:
            usable = False
        if not usable:
            raise WrongCallError("--url is no address: give one like http://127.0.0.1:8080/v1")

    @property
    def host(self) -> str:
        """Host and port, without what may be secret in an address."""
        return urlsplit(self.url).netloc.rpartition("@")[2]

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Any]:
        """The model, as LlamaIndex knows one."""
        try:
            import httpx
            from llama_index.llms.openai_like import OpenAILike
        except ImportError as error:
            raise AssistantError("a package for judges is missing: pip install 'commit-assistant[llm]'") from error
        # A transport of its own heeds no proxy of the environment; redirects would lead elsewhere.
        transport = httpx.AsyncHTTPTransport()
        async with httpx.AsyncClient(transport=transport, follow_redirects=False, timeout=self.timeout) as client:
            yield OpenAILike(
                model=self.model,
                api_base=self.url.rstrip("/"),
                api_key=os.environ.get(KEY) or "none",
                is_chat_model=True,
                temperature=0.0,
                max_tokens=self.max_tokens,
                context_window=self.context_window,
                timeout=self.timeout,
                max_retries=1,
                async_http_client=client,
            )

    def concealed(self, text: str) -> str:
        """A text without the key and the address's credentials, shortened."""
        for secret in (os.environ.get(KEY), urlsplit(self.url).netloc.rpartition("@")[0]):
            text = text.replace(secret, "…") if secret else text
        return text[:_LONGEST]


def judge(folder: Path, by: Judge, progress: Callable[[int, int], None] | None = None) -> Judged:
    """Judge every answer in a finished run's folder; what a stopped call has judged is kept. Raises AssistantError.

    Answers whose judgement failed before are judged again.
    """
    if not folder.is_dir():
        raise WrongCallError(f"no folder {folder}: name a folder of `eval run`")
    report = read_report(folder)
    outcomes = {outcome.id: outcome for outcome in report.outcomes}
    results = RunFolder(folder, report.stamp).results
    answers = {name: r.answer for name, r in results.items() if name in outcomes and r.answer and not r.answer.refused}
    if not answers:
        raise AssistantError(f"{folder} has no answers to judge: run the question set without --search-only")
    before = {name: line for name, line in read_judgements(folder).items() if name in answers}
    for line in before.values():
        if (line.model, line.host) != (by.model, by.host):
            raise RunFolderError(f"{folder / JUDGED} is by {line.model} at {line.host}: move it away to judge anew")
    judgements = {name: line for name, line in before.items() if not line.error}

    async def judge_all() -> None:
        async with by.opened() as model:
            for name in [name for name in answers if name not in judgements]:
                judgements[name] = await _judgement(by, model, outcomes[name], answers[name])
                add_judgement(folder, judgements[name])
                if progress:
                    progress(len(judgements), len(answers))

    asyncio.run(judge_all())
    ordered = [judgements[name] for name in answers]
    itself = any(_same_model(answer.stamp.engine, by.model) for answer in answers.values())
    summary = Judged.of(ordered, judges_itself=itself)
    write_judged(folder, summary, ordered)
    return summary


async def _judgement(by: Judge, model: Any, outcome: Outcome, answer: Answer) -> Judgement:  # noqa: ANN401 - an LLM
    from llama_index.core.evaluation import CorrectnessEvaluator, FaithfulnessEvaluator

    found: dict[str, Any] = {}
    said, errors = [], []
    query = "\n".join((*outcome.history, outcome.question))

    async def ask(verdict: str, evaluator: Any, read: Callable[[str], Any], **values: Any) -> None:  # noqa: ANN401
        try:
            result = await evaluator.aevaluate(query=query, response=answer.answer, **values)
        except Exception as error:  # noqa: BLE001 - whatever a server does is one answer's error, and counted
            _stop_without_judge(by, error)
            errors.append(f"{verdict}: {type(error).__name__}: {one_line(error)}")
            return
        reply = _THOUGHTS.sub("", result.feedback or "").strip()
        said.append(f"{verdict}: {reply}")
        found[verdict] = read(reply)
        if found[verdict] is None:
            errors.append(f"{verdict}: the reply is no verdict")

    await ask("faithful", FaithfulnessEvaluator(llm=model), _yes_or_no, contexts=_contexts(answer))
    if outcome.wanted:
        # LlamaIndex's own parser fails on a reply of one line.
        scored = CorrectnessEvaluator(llm=model, parser_function=lambda reply: (None, reply))
        await ask("correctness", scored, _score, reference=_reference(outcome.wanted))
    feedback, error = by.concealed("\n".join(said)), by.concealed("; ".join(errors))
    return Judgement(id=outcome.id, model=by.model, host=by.host, feedback=feedback, error=error, **found)


def _contexts(answer: Answer) -> list[str]:
    """The passages from which the citations come, or else the quotations; without citations all passages."""
    found: dict[str, None] = {}
    for cited in answer.citations:
        around = (
            p.text
            for p in answer.passages
            if p.source_id == cited.source_id and p.start <= cited.start and cited.end <= p.end
        )
        found[next(around, cited.quote)] = None
    return list(found) or [passage.text for passage in answer.passages]


def _reference(wanted: Sequence[Sequence[str]]) -> str:
    return "\n".join(f"- {first}" + (f" (or: {'; '.join(rest)})" if rest else "") for first, *rest in wanted)


def _yes_or_no(reply: str) -> bool | None:
    match = _YES_OR_NO.match(reply)
    return match[1].casefold() == "yes" if match else None


def _score(reply: str) -> float | None:
    match = _SCORE.fullmatch(reply.partition("\n")[0])
    return float(match[1]) if match else None


def _stop_without_judge(by: Judge, error: BaseException) -> None:
    """Raise AssistantError when no other answer could be judged either."""
    import httpx
    import openai

    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, (httpx.ConnectError, httpx.ConnectTimeout)):
            raise AssistantError(f"no judge at {by.host}: start its server, or give another --url") from error
        cause = cause.__cause__
    if isinstance(error, openai.AuthenticationError):
        raise AssistantError(f"the judge at {by.host} refuses the key: set {KEY}") from error
    if isinstance(error, openai.NotFoundError):
        raise AssistantError(f"{by.host} knows no {by.model} there: check --model and --url (often …/v1)") from error


def _same_model(engine: str, model: str) -> bool:
    """Whether an engine's name is a model's, or ends with it (`kind:model`); the embedded engine is no model."""
    said, name = engine.casefold(), model.casefold()
    return said != "embedded" and (said == name or said.endswith((f":{name}", f"/{name}")))
