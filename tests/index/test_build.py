"""Bringing the index up to date: as little work as possible, and every source accounted for."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from index import generation_build, placing
from index.build import BuildError, build_index
from index.catalog import CatalogError
from index.errors import WrongCallError
from index.generation import CurrentGeneration
from index.settings import IndexSettings
from index.storage import current_id, generations_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FIRST = "第五次高官会在北京召开。\n\n六国代表签署了联合宣言。\n"
SECOND = "The ministers met in Yangon in 2004.\n"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> IndexSettings:
    folder = tmp_path_factory.mktemp("build")
    (folder / "sources").mkdir()
    for name, text in (("a.txt", FIRST), ("b.txt", SECOND)):
        (folder / "sources" / name).write_text(text, encoding="utf-8")
    settings = IndexSettings(sources=folder / "sources", storage=folder / "storage")
    build_index(settings)
    return settings


@pytest.fixture
def settings(built: IndexSettings, tmp_path: Path) -> IndexSettings:
    """A copy of sources and index that a test may change."""
    shutil.copytree(built.sources, tmp_path / "sources")
    shutil.copytree(built.storage, tmp_path / "storage")
    return built.model_copy(update={"sources": tmp_path / "sources", "storage": tmp_path / "storage"})


def write(settings: IndexSettings, name: str, text: str | bytes) -> None:
    path = settings.sources / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))


def generations(settings: IndexSettings) -> list[str]:
    return sorted(path.name for path in generations_folder(settings.storage).iterdir())


def texts(settings: IndexSettings) -> str:
    return "\n".join(passage.text for passage in CurrentGeneration(settings.storage).get().content.all_passages())


def test_nothing_changed_means_nothing_done(settings: IndexSettings) -> None:
    before = current_id(settings.storage)
    os.utime(settings.sources / "a.txt", (1, 1))
    result = build_index(settings)
    assert (result.changed, result.embedded, result.reused) == (False, 0, 0)
    assert result.generation_id == before == current_id(settings.storage)
    assert [entry.source_id for entry in result.ledger] == ["a.txt", "b.txt"]


def test_only_a_changed_text_is_embedded(settings: IndexSettings) -> None:
    old = CurrentGeneration(settings.storage).get()
    write(settings, "b.txt", "The ministers met in Beijing in 2007.\n")
    result = build_index(settings)
    assert (result.changed, result.embedded, result.reused) == (True, 1, 1)
    new = CurrentGeneration(settings.storage).get()
    assert new.id != old.id
    assert "Beijing in 2007" in texts(settings)
    assert "Yangon" not in texts(settings)
    same = next(f"{part.passage_id}-0" for part in new.content.all_passages() if part.source_id == "a.txt")
    assert new.vectors.vectors([same])[same] == pytest.approx(old.vectors.vectors([same])[same], abs=1e-6)


def test_only_the_changed_windows_of_a_passage_are_embedded(
    settings: IndexSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = " ".join(f"On day {day} the ministers of six countries met in Yangon for talks." for day in range(12))
    write(settings, "b.txt", text)
    build_index(settings)
    made: list[str] = []
    really = placing.made_vectors

    def making(texts: list[str], settings: IndexSettings) -> Iterator[list[list[float]]]:
        made.extend(texts)
        return really(texts, settings)

    monkeypatch.setattr(placing, "made_vectors", making)
    write(settings, "b.txt", text.replace("day 11 ", "day 99 "))
    result = build_index(settings)
    assert (result.embedded, result.reused) == (1, 1)
    assert len(made) == 1
    assert "day 99" in made[0]
    assert "day 0 " not in made[0]


def test_a_moved_or_copied_text_is_not_embedded_again(settings: IndexSettings) -> None:
    (settings.sources / "a.txt").rename(settings.sources / "renamed.txt")
    write(settings, "copy.txt", SECOND)
    result = build_index(settings)
    assert (result.embedded, result.reused) == (0, 3)
    assert CurrentGeneration(settings.storage).get().content.source_ids() == ["b.txt", "copy.txt", "renamed.txt"]


def test_a_removed_text_is_found_no_more(settings: IndexSettings) -> None:
    (settings.sources / "a.txt").unlink()
    assert build_index(settings).embedded == 0
    assert "北京" not in texts(settings)


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("catalog.yaml", "sources:\n  - file: a.txt\n    title: 联合宣言\n"),
        ("glossary.yaml", "ocr_spellings: {联合宣盲: 联合宣言}\n"),
    ],
)
def test_what_is_known_about_a_text_is_brought_up_to_date(settings: IndexSettings, file: str, text: str) -> None:
    write(settings, file, text)
    result = build_index(settings)
    assert (result.changed, result.embedded) == (True, 0)
    generation = CurrentGeneration(settings.storage).get()
    assert generation.content.entry("a.txt").title == ("联合宣言" if file == "catalog.yaml" else "")
    assert generation.manifest.ocr_spellings == ({} if file == "catalog.yaml" else {"联合宣盲": "联合宣言"})


def test_a_rebuild_takes_nothing_over(settings: IndexSettings) -> None:
    result = build_index(settings, rebuild=True)
    assert (result.changed, result.embedded, result.reused) == (True, 2, 0)


def test_vectors_of_another_model_are_not_taken_over(settings: IndexSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.embedding.embedding_fingerprint", lambda *_: "another model")
    result = build_index(settings)
    assert (result.embedded, result.reused) == (2, 0)
    assert CurrentGeneration(settings.storage).get().manifest.embedder == "another model"


def test_other_settings_give_another_index(settings: IndexSettings) -> None:
    write(settings, "a.txt", FIRST * 8)
    build_index(settings)
    before = len(CurrentGeneration(settings.storage).get().vectors)
    build_index(settings.model_copy(update={"passage_tokens": 32}))
    assert len(CurrentGeneration(settings.storage).get().vectors) > before


def test_a_source_that_cannot_be_read_is_in_the_ledger_and_the_rest_in_the_index(settings: IndexSettings) -> None:
    outside = settings.sources.parent / "secret.txt"
    outside.write_text("A secret of the machine.\n", encoding="utf-8")
    (settings.sources / "link.txt").symlink_to(outside)
    (settings.sources / "dead.txt").symlink_to("nowhere.txt")
    (settings.sources / "loop.txt").symlink_to("loop.txt")
    (settings.sources / "folder").symlink_to(settings.sources.parent)
    write(settings, "image.txt", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
    write(settings, "broken.txt", FIRST.encode("utf-8")[:-5])
    write(settings, "report.pdf", b"%PDF-1.4")
    write(settings, "empty.txt", "")
    write(settings, "spaces.txt", " \n\n")
    write(settings, ".hidden.txt", "A hidden text.\n")
    write(settings, "catalog.yaml", "sources:\n  - file: gone.txt\n  - file: ../secret.txt\n")
    result = build_index(settings)
    problems = {entry.source_id: entry.problem for entry in result.problems}
    assert set(problems) == {
        *("../secret.txt", "link.txt", "dead.txt", "loop.txt", "folder", "image.txt", "broken.txt", "report.pdf"),
        *("empty.txt", "spaces.txt", "gone.txt"),
    }
    assert all(problem and "\n" not in problem for problem in problems.values())
    assert "link out of the sources folder" in problems["link.txt"]
    assert "link out of the sources folder" in problems["folder"]
    assert "cannot be opened" in problems["gone.txt"]
    assert "secret" not in texts(settings)
    assert "hidden" not in texts(settings)
    assert "北京" in texts(settings)
    assert CurrentGeneration(settings.storage).get().manifest.sources == 2
    assert not build_index(settings).changed, "a source that stays unreadable is no reason to build again"


def test_a_file_whose_name_is_no_utf8_is_indexed(settings: IndexSettings) -> None:
    try:
        shutil.copy(settings.sources / "a.txt", os.fsencode(settings.sources) + "/会议.txt".encode("gb18030"))
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    assert build_index(settings).problems == ()


def test_texts_in_folders_have_their_path_as_id(settings: IndexSettings) -> None:
    write(settings, "reports/c.txt", "A report on Lao PDR.\n")
    build_index(settings)
    assert "reports/c.txt" in CurrentGeneration(settings.storage).get().content.source_ids()


def test_without_a_text_there_is_nothing_to_build_and_the_old_index_stays(settings: IndexSettings) -> None:
    before = current_id(settings.storage)
    for path in settings.sources.iterdir():
        path.unlink()
    with pytest.raises(BuildError, match="no texts in") as error:
        build_index(settings)
    assert "--sources" in str(error.value)
    write(settings, "image.txt", b"\x89PNG\0\0\0")
    with pytest.raises(BuildError, match=r"image\.txt"):
        build_index(settings)
    assert current_id(settings.storage) == before
    assert generations(settings) == [before]
    assert "北京" in texts(settings)


def test_a_missing_folder_says_so(settings: IndexSettings) -> None:
    with pytest.raises(CatalogError, match="--sources"):
        build_index(settings.model_copy(update={"sources": settings.sources / "nothing"}))


def test_the_index_may_not_lie_inside_the_sources(settings: IndexSettings) -> None:
    with pytest.raises(WrongCallError, match="--storage"):
        build_index(settings.model_copy(update={"storage": settings.sources / "storage"}))
    assert not (settings.sources / "storage").exists()


def test_a_storage_folder_that_is_a_file_says_so(settings: IndexSettings) -> None:
    path = settings.sources.parent / "file"
    path.write_text("kept", encoding="utf-8")
    with pytest.raises(BuildError) as error:
        build_index(settings.model_copy(update={"storage": path}))
    assert "\n" not in str(error.value)
    assert path.read_text(encoding="utf-8") == "kept"


def test_progress_is_told_to_the_end(settings: IndexSettings) -> None:
    write(settings, "c.txt", "Something new about Cambodia.\n")
    told: list[tuple[str, int, int]] = []
    build_index(settings, progress=lambda *step: told.append(step))
    for stage in ("reading", "embedding"):
        steps = [(done, total) for name, done, total in told if name == stage]
        assert steps == sorted(steps)
        assert steps[-1] == (3, 3)


def test_old_indexes_are_pruned(settings: IndexSettings) -> None:
    settings = settings.model_copy(update={"keep_generations": 2})
    ids = [build_index(settings, rebuild=True).generation_id for _ in range(3)]
    assert generations(settings) == ids[1:]


def test_a_second_build_at_the_same_time_is_refused(settings: IndexSettings) -> None:
    refused: list[str] = []

    def again(*_: object) -> None:
        if not refused:
            with pytest.raises(BuildError, match="another build") as error:
                build_index(settings)
            refused.append(str(error.value))

    assert build_index(settings, rebuild=True, progress=again).changed
    assert "\n" not in refused[0]


def test_an_interruption_after_the_pointer_moved_leaves_the_new_index(
    settings: IndexSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = current_id(settings.storage)
    monkeypatch.setattr(generation_build, "prune", interrupt)
    with pytest.raises(KeyboardInterrupt):
        build_index(settings, rebuild=True)
    assert current_id(settings.storage) != before
    assert "北京" in texts(settings)
