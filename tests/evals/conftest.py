"""What the tests of the measurements share: documents, outcomes and sets of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from evals.outcome import Outcome
    from evals.runner import OpenedSet

RIVER = "The delta survey of 2011 counted 48 gauges.\n\nThe survey office is in Luang Namtha.\n"
CRAFT = "纸伞作坊建于1987年，共有工匠23人。\n\n作坊位于龙泉镇。\n"
SET = """\
name: small
questions:
  - id: gauges
    language: en
    question: How many gauges did the delta survey of 2011 count?
    kind: number
    gold:
      - {source: river.txt, quote: counted 48 gauges}
    answers: [["48"]]
  - id: umbrella
    language: zh-Hans
    question: 纸伞作坊建于哪一年，位于哪里？
    kind: list
    needs: all
    gold:
      - {source: craft.txt, quote: 建于1987年}
      - {source: craft.txt, quote: 作坊位于龙泉镇}
    answers: [["1987年"], ["龙泉镇"]]
  - id: moon
    language: en
    question: Who was the first to walk on the moon?
    unanswerable: off_topic
"""


def _written(folder: Path) -> Path:
    folder.mkdir()
    (folder / "river.txt").write_text(RIVER, encoding="utf-8")
    (folder / "craft.txt").write_text(CRAFT, encoding="utf-8")
    return folder


@pytest.fixture
def set_text() -> str:
    """A set of three questions on the small sources."""
    return SET


@pytest.fixture
def set_file(tmp_path: Path) -> Callable[[str], Path]:
    """Writes a set file and gives its path."""

    def write(text: str) -> Path:
        path = tmp_path / "set.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def small_sources(tmp_path: Path) -> Path:
    """A sources folder with two texts."""
    return _written(tmp_path / "sources")


@pytest.fixture(scope="session")
def small_opened(tmp_path_factory: pytest.TempPathFactory) -> OpenedSet:
    """The small set with an index of its sources, built once; not to be changed."""
    from assistant.settings import load_settings
    from evals.documents import Documents
    from evals.loading import load_question_set
    from evals.runner import OpenedSet
    from index.build import build_index

    folder = tmp_path_factory.mktemp("small")
    settings = load_settings(sources=_written(folder / "sources"), storage=folder / "storage")
    build_index(settings)
    file = folder / "set.yaml"
    file.write_text(SET, encoding="utf-8")
    return OpenedSet(load_question_set(file, Documents(settings.sources)), settings)


@pytest.fixture
def settled_code(monkeypatch: pytest.MonkeyPatch) -> None:
    """The program's code as the stamp sees it stays the same, whoever edits it meanwhile."""
    monkeypatch.setattr("evals.stamp.code_fingerprint", lambda _: "code")
    monkeypatch.setattr("evals.stamp.git_commit", lambda _: "commit")


@pytest.fixture
def outcome() -> Callable[..., Outcome]:
    """An outcome with what a test wants of it, the rest being of no account."""
    from evals.outcome import Outcome

    def make(name: str = "q", **values: Any) -> Outcome:
        plain = {
            "split": "dev",
            "language": "en",
            "kind": "fact",
            "question": "?",
            "answerable": True,
            "answered": True,
        }
        return Outcome.model_validate({"id": name, **plain, **values})

    return make
