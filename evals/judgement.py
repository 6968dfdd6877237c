"""What a judge said of a run's answers, as it is kept in the run's folder."""

from __future__ import annotations

from statistics import fmean
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from evals.run_folder import RunFolderError
from index.errors import one_line, storage_advice

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

JUDGED, JUDGE = "judged.jsonl", "judge.json"


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Judgement(_Value):
    """What the judge said of one answer, a line of `judged.jsonl`."""

    id: str
    model: str
    host: str
    faithful: bool | None = None
    """Whether the answer follows from the passages that it cites; None without a verdict."""
    correctness: float | None = Field(None, ge=1, le=5)
    """1 to 5, against the answers that the set accepts; None without a verdict, or without such answers."""
    feedback: str = ""
    error: str = ""
    """Why a verdict is missing."""


class Judged(_Value):
    """All judgements of a run, the content of `judge.json`."""

    model: str
    host: str
    answers: int
    faithful: float | None
    """Share of the answers with a verdict."""
    faithful_of: int
    correctness: float | None
    """Mean."""
    correctness_of: int
    errors: int
    """Answers of which a verdict is missing."""
    judges_itself: bool
    """Whether the same model gave answers: it likes its own."""

    @classmethod
    def of(cls, lines: Sequence[Judgement], *, judges_itself: bool) -> Judged:
        """The summary of one judge's judgements, at least one."""
        faithful = [line.faithful for line in lines if line.faithful is not None]
        correctness = [line.correctness for line in lines if line.correctness is not None]
        return cls(
            model=lines[0].model,
            host=lines[0].host,
            answers=len(lines),
            faithful=fmean(faithful) if faithful else None,
            faithful_of=len(faithful),
            correctness=fmean(correctness) if correctness else None,
            correctness_of=len(correctness),
            errors=sum(bool(line.error) for line in lines),
            judges_itself=judges_itself,
        )


def read_judged(folder: Path) -> tuple[Judged, list[Judgement]] | None:
    """The summary, and the judgements that want reading; None when nothing was judged. Raises AssistantError."""
    path = folder / JUDGE
    if not path.exists():
        return None
    try:
        summary = Judged.model_validate_json(path.read_text(encoding="utf-8"))
    except (ValidationError, UnicodeDecodeError) as error:
        raise RunFolderError(f"{path} is damaged: remove it and judge again") from error
    doubtful = [
        line
        for line in read_judgements(folder).values()
        if line.error or line.faithful is False or (line.correctness is not None and line.correctness < 4)
    ]
    return summary, doubtful


def read_judgements(folder: Path) -> dict[str, Judgement]:
    """Judgements by question, the last of each; a last line that was cut off is taken back."""
    path = folder / JUDGED
    try:
        data = path.read_bytes() if path.exists() else b""
        whole = data[: data.rfind(b"\n") + 1]
        if len(whole) < len(data):
            path.write_bytes(whole)
        lines = [Judgement.model_validate_json(line) for line in whole.splitlines()]
    except ValidationError as error:
        raise RunFolderError(f"{path} is damaged: remove it and judge again") from error
    except OSError as error:
        raise RunFolderError(f"{path} cannot be used: {one_line(error)}") from error
    return {line.id: line for line in lines}


def add_judgement(folder: Path, line: Judgement) -> None:
    """Write a judgement down before the next answer is judged. Raises RunFolderError."""
    try:
        with (folder / JUDGED).open("a", encoding="utf-8") as file:
            file.write(line.model_dump_json() + "\n")
    except OSError as error:
        raise _not_written(folder, error) from error


def write_judged(folder: Path, summary: Judged, lines: Iterable[Judgement]) -> None:
    """Write the summary, and one line for each answer. Raises RunFolderError."""
    lasting = "".join(line.model_dump_json() + "\n" for line in lines)
    try:
        for name, text in ((JUDGED, lasting), (JUDGE, summary.model_dump_json(indent=2) + "\n")):
            new = folder / f"{name}.new"
            new.write_text(text, encoding="utf-8")
            new.replace(folder / name)
    except OSError as error:
        raise _not_written(folder, error) from error


def _not_written(folder: Path, error: OSError) -> RunFolderError:
    advice = storage_advice(error).replace("choose another folder with --storage", "make it writable, and judge again")
    return RunFolderError(f"{folder} cannot be written: {advice}")
