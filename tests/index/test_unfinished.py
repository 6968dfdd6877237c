"""What a build that was ended had done already is not done again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from index import placing, source_splitting
from index.build import build_index
from index.document import Document, Facts, Heading, ScannedLine
from index.settings import IndexSettings
from index.unfinished import UnfinishedWork

if TYPE_CHECKING:
    from pathlib import Path

DOCUMENT = Document(
    "a.pdf",
    "题目\n\n第一句。",
    (0, 4),
    "",
    ("page 2 could not be read",),
    "pdf",
    (Heading(0, 2, 1),),
    (ScannedLine(4, 8, 0.75),),
    Facts("题目", "UNIAP", "2007-12"),
)


def test_documents_and_vectors_come_back_after_a_power_cut(tmp_path: Path) -> None:
    work = UnfinishedWork(tmp_path)
    work.keep_document(DOCUMENT, "hash", "pdf 1")
    work.keep_vectors({"one": [0.5, -0.5], "two": [1.0, 0.0]}, "model")
    work.close(finished=False)
    again = UnfinishedWork(tmp_path)
    assert again.document("b.pdf", "hash", "pdf 1") == Document("b.pdf", *list(DOCUMENT.__dict__.values())[1:9])
    assert again.document("a.pdf", "hash", "pdf 2") is None
    assert again.vectors(["one", "three"], "model") == {"one": [0.5, -0.5]}
    assert again.vectors(["one"], "another model") == {}
    again.close(finished=True)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("damage", [b"", b"no database " * 1000])
def test_a_damaged_file_is_no_reason_to_fail(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / "unfinished.sqlite").write_bytes(damage)
    work = UnfinishedWork(tmp_path)
    work.keep_vectors({"one": [1.0]}, "model")
    assert work.vectors(["one"], "model") == {"one": [1.0]}
    work.close(finished=True)


def test_a_folder_that_cannot_be_written_is_no_reason_to_fail(tmp_path: Path) -> None:
    work = UnfinishedWork(tmp_path / "nowhere")
    work.keep_vectors({"one": [1.0]}, "model")
    assert work.vectors(["one"], "model") == {}
    work.close(finished=False)


def test_an_interrupted_build_goes_on_where_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sources").mkdir()
    settings = IndexSettings(sources=tmp_path / "sources", storage=tmp_path / "storage")
    for number in range(8):
        text = f"The ministers met in the year {2000 + number}.\n"
        (settings.sources / f"{number}.txt").write_text(text, encoding="utf-8")
    monkeypatch.setattr(placing, "_AT_ONCE", 2)
    monkeypatch.setattr(source_splitting, "LEAST_SECONDS", 0.0)

    def interrupt(stage: str, done: int, total: int) -> None:
        if stage == "embedding" and done >= 6:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_index(settings, progress=interrupt)

    def never(*_: object) -> None:
        pytest.fail("a file was read again")

    monkeypatch.setattr(source_splitting, "parse", never)
    made: list[str] = []
    really = placing.made_vectors

    def making(texts: list[str], settings: IndexSettings):
        made.extend(texts)
        return really(texts, settings)

    monkeypatch.setattr(placing, "made_vectors", making)
    result = build_index(settings)
    assert sum(entry.passages for entry in result.ledger) == 8
    assert 2 <= len(made) <= 4, "what had been embedded is taken over, but for the last few"
    assert not (settings.storage / "unfinished.sqlite").exists()
