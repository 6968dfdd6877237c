"""What the page of the evaluation says, in the languages of the chat page."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from evals.metrics.measures import MEASURES
from index.yaml_file import load_yaml

if TYPE_CHECKING:
    from assistant.web.texts import PageLanguage

_FOLDER = Path(__file__).resolve().parent / "texts"


class ViewTexts(BaseModel):
    """The texts of one language."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_min_length=1)

    title: str
    back: str
    all_runs: str
    summary: str
    none: str
    chart_title: str
    chart_note: str
    chart_broken: str
    run: str
    questions: str
    made_with: str
    part: str
    searched: str
    of_split: str
    damaged: str
    unfinished: str
    no_page: str
    gone: str
    cannot: str
    alone: str
    compare: str
    compare_title: str
    first: str
    second: str
    difference: str
    interval: str
    better: str
    worse: str
    measure: str
    compared: str
    left_out: str
    stamps_differ: str
    different_sets: str
    now_right: str
    now_wrong: str
    nothing_flipped: str
    separator: str
    short: dict[str, str]
    """Measures by name, for the heads of columns."""
    measures: dict[str, str]
    """Measures by name, where their own title will not do."""
    stamp: dict[str, str]
    """What two runs may differ in, where its own name will not do."""

    def measure_title(self, name: str) -> str:
        """What a measure is called."""
        return self.measures.get(name) or (MEASURES[name].title if name in MEASURES else name)


@lru_cache
def view_texts(language: PageLanguage) -> ViewTexts:
    """The texts of a language, the English ones where it has none."""
    path = _FOLDER / f"{language}.yaml"
    return ViewTexts.model_validate(load_yaml(path if path.is_file() else _FOLDER / "en.yaml"))
