"""Runs a question set against the assistant."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Protocol

from assistant.engine import Assistant, OtherModelError
from evals.documents import Documents
from evals.metrics.retrieval import DEPTH
from evals.outcome import Result
from evals.run_folder import RunFolder
from evals.scoring import Scorer
from evals.stamp import run_stamp
from evals.summary import report
from index.build import build_index
from index.catalog import Catalog
from index.errors import AssistantError, DamagedIndexError, WrongCallError, one_line
from index.fingerprints import corpus_fingerprint, file_hashes
from index.generation import NoIndexError
from index.storage import current_id

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from assistant.settings import Settings
    from evals.question_set import Question, QuestionSet
    from evals.report.model import Report
    from evals.stamp import Selection
    from index.build import Progress as BuildProgress

_FATAL = (DamagedIndexError, NoIndexError, OtherModelError)
"""What stops a run; any other error is one question's, and counted."""


@dataclass(frozen=True)
class OpenedSet:
    """A question set with the settings of the corpus it asks about."""

    questions: QuestionSet
    settings: Settings
    own_corpus: bool = False
    """Whether the corpus belongs to the set, so that its index is kept up to date here."""


class RunProgress(Protocol):
    """Told how far a run is."""

    def __call__(self, done: int, total: int) -> None:
        """`done` of `total` questions have a result."""


def run(
    opened: OpenedSet,
    output: Path,
    selection: Selection,
    progress: RunProgress | None = None,
    building: BuildProgress | None = None,
) -> Report:
    """Ask every selected question that has no result in `output` yet, and score all of them.

    Raises AssistantError: no question selected, an index of other sources or another model, a folder of another run.
    """
    selected = select(opened.questions.questions, selection)
    assistant = ready_assistant(opened, building)
    generation = assistant.current.get()
    stamp = run_stamp(opened.questions, opened.settings, generation.manifest, selection)
    folder = RunFolder(output, stamp)
    missing = [question for question in selected if question.id not in folder.results]
    if missing:
        assistant.warm()
    for done, question in enumerate(missing, start=len(selected) - len(missing) + 1):
        folder.add(result_of(question, assistant, search_only=selection.search_only))
        if progress:
            progress(done, len(selected))
    scorer = Scorer(
        Documents(opened.settings.sources), generation.content.all_passages(), search_only=selection.search_only
    )
    outcomes = scorer.outcomes(selected, [folder.results[question.id] for question in selected])
    return report(opened.questions, opened.settings, stamp, outcomes)


def select(questions: Sequence[Question], selection: Selection) -> tuple[Question, ...]:
    """The questions of a selection, in the set's order.

    `only` is a kind, or `answerable` or `unanswerable`; `limit` takes those whose hashed ids come first, so that a
    sample is the same every time and a smaller one is part of a larger. Raises WrongCallError when none is left.
    """
    kinds = {question.kind for question in questions} | {"answerable", "unanswerable"}
    if selection.only and selection.only not in kinds:
        raise WrongCallError(f"no question is of kind {selection.only!r}: there are {', '.join(sorted(kinds))}")
    fitting = [question for question in questions if _fits(question, selection)]
    if not fitting:
        raise WrongCallError("no question of the set is left: ask for another --split or --only")
    if selection.limit is not None:
        kept = sorted(fitting, key=lambda question: sha256(f"sample\0{question.id}".encode()).digest())
        chosen = {question.id for question in kept[: selection.limit]}
        fitting = [question for question in fitting if question.id in chosen]
    return tuple(fitting)


def ready_assistant(opened: OpenedSet, building: BuildProgress | None = None) -> Assistant:
    """An assistant on the set's corpus, whose index is built when there is none.

    Raises AssistantError when the index in use is of other sources than the gold quotations were found in.
    """
    settings = opened.settings
    if opened.own_corpus or current_id(settings.storage) is None:
        build_index(settings, progress=building)
    assistant = Assistant(settings)
    catalog = Catalog.load(settings.sources)
    if assistant.current.get().manifest.corpus != corpus_fingerprint(catalog, file_hashes(catalog)):
        raise AssistantError("the index is not of the sources as they are now: run `commit-assistant index`")
    return assistant


def result_of(question: Question, assistant: Assistant, *, search_only: bool = False) -> Result:
    """Search, and unless `search_only` ask; a question that fails gives a result that says why."""
    found, answer = None, None
    given: Any = {"history": question.history, "filters": question.filters, "question_id": question.id}
    try:
        found = assistant.search(question.question, DEPTH, **given)
        if not search_only:
            answer = assistant.ask(question.question, **given)
    except _FATAL:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, the question counts as failed and the run goes on
        kind = "" if isinstance(error, AssistantError) else f"{type(error).__name__}: "
        return Result(id=question.id, found=found, error=f"{kind}{one_line(error)}")
    return Result(id=question.id, found=found, answer=answer)


def _fits(question: Question, selection: Selection) -> bool:
    if selection.split not in {"all", question.split}:
        return False
    sort = "answerable" if question.answerable else "unanswerable"
    return selection.only in {"", question.kind, sort}
