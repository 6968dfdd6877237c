"""A run's folder: results as they come, so that a run that was stopped goes on where it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import ValidationError

from evals.outcome import Result
from evals.stamp import RunStamp
from index.errors import AssistantError, storage_advice

if TYPE_CHECKING:
    from pathlib import Path

RESULTS, STAMP, REPORT, PAGE = "results.jsonl", "run.json", "report.json", "report.html"


class RunFolderError(AssistantError):
    """A folder that this run cannot write to or go on from."""


class RunFolder:
    """The raw results in a folder, one JSON line each, and the stamp they were made with."""

    def __init__(self, folder: Path, stamp: RunStamp) -> None:
        """Open a folder, new or of an earlier run with the same stamp. Raises RunFolderError."""
        self.folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._adopt(stamp)
            self.results = self._read()
        except OSError as error:
            raise RunFolderError(f"{folder} cannot be used: {_advice(error)}") from error

    def add(self, result: Result) -> None:
        """Write a result down before the next question is asked."""
        try:
            with (self.folder / RESULTS).open("a", encoding="utf-8") as file:
                file.write(result.model_dump_json() + "\n")
        except OSError as error:
            raise RunFolderError(f"{self.folder} cannot be written: {_advice(error)}") from error
        self.results[result.id] = result

    def _adopt(self, stamp: RunStamp) -> None:
        path = self.folder / STAMP
        if not path.exists():
            if (self.folder / RESULTS).exists():
                raise RunFolderError(f"{self.folder} has results of an unknown run: name another folder with --output")
            path.write_text(stamp.model_dump_json(indent=2) + "\n", encoding="utf-8")
            return
        try:
            before = RunStamp.model_validate_json(path.read_text(encoding="utf-8"))
        except ValidationError as error:
            raise RunFolderError(f"{path} is of another version: name another folder with --output") from error
        if differences := before.differences(stamp):
            what = f"{', '.join(differences)} {'differs' if len(differences) == 1 else 'differ'}"
            raise RunFolderError(f"{self.folder} has another run's results ({what}): name another folder with --output")

    def _read(self) -> dict[str, Result]:
        """Results by question id; a last line that was cut off when the run was killed is taken back."""
        path = self.folder / RESULTS
        if not path.exists():
            return {}
        data = path.read_bytes()
        whole = data[: data.rfind(b"\n") + 1]
        if len(whole) < len(data):
            path.write_bytes(whole)
        found = {}
        for number, line in enumerate(whole.splitlines(), start=1):
            try:
                result = Result.model_validate_json(line)
            except ValidationError as error:
                raise RunFolderError(f"{path}:{number} is damaged: name another folder with --output") from error
            found[result.id] = result
        return found


def _advice(error: OSError) -> str:
    return storage_advice(error).replace("--storage", "--output")
