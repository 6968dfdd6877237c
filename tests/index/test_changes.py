"""What an index run would change, told before it is made."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from index.build import build_index
from index.catalog import CatalogError
from index.changes import pending_changes
from index.settings import IndexSettings

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> IndexSettings:
    folder = tmp_path_factory.mktemp("changes")
    (folder / "sources").mkdir()
    settings = IndexSettings(sources=folder / "sources", storage=folder / "storage")
    for name in ("a.txt", "b.txt", "c.txt"):
        (settings.sources / name).write_text(f"The text of {name} is about a meeting in Beijing.\n", encoding="utf-8")
    build_index(settings)
    return settings


def copy_of(settings: IndexSettings, sources: Path) -> IndexSettings:
    sources.mkdir()
    for path in settings.sources.iterdir():
        (sources / path.name).write_bytes(path.read_bytes())
    return settings.model_copy(update={"sources": sources})


def test_nothing_has_changed(settings: IndexSettings) -> None:
    changes = pending_changes(settings)
    assert changes.unchanged == ("a.txt", "b.txt", "c.txt")
    assert not changes.needed


def test_a_touched_file_has_not_changed(settings: IndexSettings, tmp_path: Path) -> None:
    copy = copy_of(settings, tmp_path / "sources")
    os.utime(copy.sources / "a.txt", (1, 1))
    assert not pending_changes(copy).needed


def test_added_changed_and_removed_files_are_named(settings: IndexSettings, tmp_path: Path) -> None:
    copy = copy_of(settings, tmp_path / "sources")
    (copy.sources / "b.txt").write_text("Other words.\n", encoding="utf-8")
    (copy.sources / "c.txt").unlink()
    (copy.sources / "d.txt").write_text("New words.\n", encoding="utf-8")
    changes = pending_changes(copy)
    kinds = {kind: names for kind, names in changes.by_kind() if names}
    assert kinds == {"added": ("d.txt",), "changed": ("b.txt",), "removed": ("c.txt",)}
    assert changes.unchanged == ("a.txt",)
    assert (changes.count, changes.needed, changes.everything) == (3, True, False)


def test_other_settings_do_everything_anew(settings: IndexSettings) -> None:
    changes = pending_changes(settings.model_copy(update={"passage_tokens": 64}))
    assert changes.settings
    assert changes.split == ("a.txt", "b.txt", "c.txt")
    assert changes.read == ()
    assert changes.needed


def test_a_renamed_file_and_a_copy_are_known_by_their_words(settings: IndexSettings, tmp_path: Path) -> None:
    copy = copy_of(settings, tmp_path / "sources")
    (copy.sources / "a.txt").rename(copy.sources / "moved.txt")
    (copy.sources / "copy.txt").write_bytes((copy.sources / "b.txt").read_bytes())
    changes = pending_changes(copy)
    assert changes.renamed == (("a.txt", "moved.txt"),)
    assert changes.added == ("copy.txt",)
    assert changes.duplicates == (("copy.txt", "b.txt"),)
    assert (changes.removed, changes.read) == ((), ())
    assert changes.count == 2


@pytest.mark.parametrize("file", ["catalog.yaml", "glossary.yaml"])
def test_a_changed_catalogue_or_glossary_is_noticed(settings: IndexSettings, tmp_path: Path, file: str) -> None:
    copy = copy_of(settings, tmp_path / "sources")
    text = {"catalog.yaml": "sources:\n  - file: a.txt\n    title: A\n", "glossary.yaml": "ocr_spellings: {a: b}\n"}
    (copy.sources / file).write_text(text[file], encoding="utf-8")
    assert pending_changes(copy).needed


def test_without_an_index_everything_is_new(settings: IndexSettings, tmp_path: Path) -> None:
    changes = pending_changes(settings.model_copy(update={"storage": tmp_path / "nothing"}))
    assert changes.added == ("a.txt", "b.txt", "c.txt")
    assert changes.everything


def test_a_missing_folder_says_so(settings: IndexSettings, tmp_path: Path) -> None:
    with pytest.raises(CatalogError):
        pending_changes(settings.model_copy(update={"sources": tmp_path / "nothing"}))
