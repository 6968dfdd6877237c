"""Statements about the COMMIT texts, written by hand, each true one with its corruptions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.writing.context import blocks
from evals.verification.cases import SWAPPED, TRUE, Case
from index.errors import AssistantError, one_line
from index.yaml_file import load_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.engine import Assistant
    from index.content import Content
    from index.document import Passage

STATEMENTS = Path(__file__).with_name("statements.yaml")
_OTHERS = 5
"""Further passages that the model would have been given."""
Split = Literal["dev", "test"]


class Corruptions(BaseModel):
    """The statement made false by changing little."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    number: str = ""
    name: str = ""
    negation: str = ""


class Statement(BaseModel):
    """A true statement with what it rests on."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    split: Split
    language: str
    source: str
    quote: str
    true: str
    corrupted: Corruptions


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    version: int
    statements: tuple[Statement, ...]


def statements(split: Split) -> list[Statement]:
    """The statements of a half. Raises AssistantError when the file is damaged."""
    try:
        found = _File.model_validate(load_yaml(STATEMENTS))
    except ValidationError as error:
        raise AssistantError(f"{STATEMENTS}: {one_line(error)}") from error
    return [one for one in found.statements if one.split == split]


def commit_cases(assistant: Assistant, split: Split) -> Iterator[Case]:
    """Each statement with the passages that the assistant finds for it, citing the one with its quote.

    The corruption `document` cites the last of the others instead.
    """
    content = assistant.current.get().content
    passages = list(content.all_passages())
    for statement in statements(split):
        start = content.document(statement.source).text.find(statement.quote)
        if start < 0:
            raise AssistantError(f"{STATEMENTS}: {statement.id}: its quote does not stand in {statement.source}")
        yield from _cases(assistant, content, statement, _holding(passages, statement, start))


def _holding(passages: list[Passage], statement: Statement, start: int) -> list[Passage]:
    end = start + len(statement.quote)
    return [one for one in passages if one.source_id == statement.source and one.start < end and start < one.end]


def _cases(assistant: Assistant, content: Content, statement: Statement, held: list[Passage]) -> Iterator[Case]:
    _, reading = assistant.read(statement.true)
    ids = {one.passage_id for one in held}
    others = [found.passage for found in reading.passages if found.passage.passage_id not in ids][:_OTHERS]
    given = tuple(blocks([*held, *others], content))
    quoted = tuple(
        block.number
        for block in given
        if any(block.source_id == one.source_id and block.start <= one.start < block.end for one in held)
    )
    elsewhere = tuple(block.number for block in given if block.number not in quoted)
    corruptions = {kind: text for kind, text in statement.corrupted.model_dump().items() if text}
    for kind, text in {TRUE: statement.true, **corruptions}.items():
        yield Case(statement.id, text, statement.language, kind, given, quoted)
    if elsewhere:
        yield Case(statement.id, statement.true, statement.language, SWAPPED, given, elsewhere[-1:])
