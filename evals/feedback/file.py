"""Cases as the file of a question set, with what is still to be done beside each."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING, Any

import regex

from assistant.commands.context import printed
from index.errors import AssistantError, WrongCallError, storage_advice

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from evals.feedback.cases import Case

_LONGEST_REMARK = 400
_NOT_IN_YAML = regex.compile("[^\\x09\\x20-\\x7e\\xa0-\\ud7ff\\ue000-\\ufefe\\uff00-\\ufffd\\U00010000-\\U0010ffff]")
"""What YAML does not take as it is; within quotation marks it is written as an escape."""
_HEAD = """\
version: 1
name: feedback
description: What users said of answers, as questions.
# Read every entry before it is used, and give it an id and a kind of its own. An entry behind `#` is not complete yet.
questions:
"""


def write_cases(cases: Sequence[Case], path: Path) -> None:
    """Write a question set. Raises AssistantError; a file that is there is never written over."""
    text = question_set(cases)
    try:
        with path.open("x", encoding="utf-8") as file:
            try:
                file.write(text)
            except OSError:
                path.unlink()
                raise
    except FileExistsError as error:
        raise WrongCallError(f"{path} is there already, perhaps completed by hand: name another file") from error
    except OSError as error:
        advice = storage_advice(error).replace("--storage", "--output")
        raise AssistantError(f"{path} cannot be written: {advice}") from error


def question_set(cases: Iterable[Case]) -> str:
    """The file's text. Incomplete cases stand in it as comments, which the loader does not read."""
    return _HEAD + "".join(_block(case) for case in cases)


def _block(case: Case) -> str:
    remarks = [f"  # {_remark(remark)}" for remark in case.remarks]
    entry = _entry(case.entry)
    lines = entry if case.complete else [f"  # {line.removeprefix('  ')}" for line in entry]
    return "\n".join(["", *remarks, *lines, ""])


def _entry(values: dict[str, Any]) -> list[str]:
    """A case's lines of YAML, every text in quotation marks and on one line."""
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.width = 1 << 30
    buffer = StringIO()
    yaml.dump([_quoted(values)], buffer)
    return buffer.getvalue().rstrip("\n").split("\n")


def _quoted(value: Any) -> Any:  # noqa: ANN401 - what a case holds
    from ruamel.yaml.scalarstring import DoubleQuotedScalarString

    if isinstance(value, dict):
        return {key: _quoted(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_quoted(inner) for inner in value]
    return DoubleQuotedScalarString(value)


def _remark(text: str) -> str:
    """Any text as one line of a comment."""
    line = _NOT_IN_YAML.sub("?", printed(" ".join(text.split())))
    return line if len(line) <= _LONGEST_REMARK else line[: _LONGEST_REMARK - 1] + "…"
