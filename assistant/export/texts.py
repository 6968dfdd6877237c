"""What an export says around the answers, in the languages it can be had in."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from index.errors import AssistantError
from index.yaml_file import load_yaml

ExportLanguage = Literal["zh", "en"]
FILE = Path(__file__).parent / "texts.yaml"


class ExportTextsError(AssistantError):
    """A file of texts that lacks a text or holds one that nothing shows."""


class ExportTexts(BaseModel):
    """Everything an export says in one language."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_min_length=1)

    title: str
    question: str
    question_numbered: str
    filters: str
    filter_names: dict[str, str]
    any_of: str
    notice: str
    notices: dict[str, str]
    """By the kind of a notice on an answer."""
    left_out: str
    answer: str
    refused: str
    nearest: str
    not_answering: str
    further: str
    also: str
    near: str
    unsupported: str
    poor_scan: str
    weak_sentence: str
    unsupported_sentence: str
    notes: str
    bibliography: str
    made_with: str
    made_with_numbered: str
    exported: str
    stamp: dict[str, str]
    colon: str
    list: str
    semicolon: str


@lru_cache
def export_texts(language: ExportLanguage) -> ExportTexts:
    """The texts of a language. Raises ExportTextsError that names a missing or unknown text."""
    try:
        return TypeAdapter(dict[ExportLanguage, ExportTexts]).validate_python(load_yaml(FILE))[language]
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise ExportTextsError(f"{FILE}: {key}: {first['msg']}") from error
