"""The pointer to the index in use, and indexes that cannot be read."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from index.build import build_index
from index.errors import DamagedIndexError
from index.generation import FORMAT, CurrentGeneration, Generation, NoIndexError
from index.pruning import finished_ids, prune, roll_back
from index.settings import IndexSettings
from index.storage import current_id, generations_folder, make_current

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> IndexSettings:
    folder = tmp_path_factory.mktemp("generation")
    (folder / "sources").mkdir()
    text = "# 第五次高官会\n\n第五次高官会在北京召开。\n\nThe Fifth Senior Officials Meeting was held in Beijing.\n"
    (folder / "sources" / "a.txt").write_text(text, encoding="utf-8")
    settings = IndexSettings(sources=folder / "sources", storage=folder / "storage")
    build_index(settings)
    return settings


@pytest.fixture
def settings(built: IndexSettings, tmp_path: Path) -> IndexSettings:
    """A copy of the index that a test may damage."""
    shutil.copytree(built.storage, tmp_path / "storage")
    return built.model_copy(update={"storage": tmp_path / "storage"})


def open_all(storage: Path) -> Generation:
    """Open every part, as answering a question does."""
    generation = CurrentGeneration(storage).get()
    assert generation.content.ledger()
    assert list(generation.content.all_passages())
    assert len(generation.vectors)
    assert generation.spreads
    assert generation.lexical.knows("北京")
    return generation


def folder_in_use(settings: IndexSettings) -> Path:
    return generations_folder(settings.storage) / str(current_id(settings.storage))


def overwrite(path: Path) -> None:
    path.write_bytes(b"garbage " * 1000)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


DAMAGES: dict[str, Callable[[Path, Path], object]] = {
    "CURRENT garbage": lambda storage, _: (storage / "CURRENT").write_bytes(b"\xff\xfe\x00"),
    "CURRENT empty": lambda storage, _: (storage / "CURRENT").write_bytes(b""),
    "CURRENT leads out": lambda storage, _: (storage / "CURRENT").write_text("../x\n", encoding="utf-8"),
    "CURRENT names nothing": lambda storage, _: (storage / "CURRENT").write_text("20000101\n", encoding="utf-8"),
    "manifest garbage": lambda _, folder: overwrite(folder / "manifest.json"),
    "manifest cut": lambda _, folder: cut(folder / "manifest.json"),
    "manifest gone": lambda _, folder: (folder / "manifest.json").unlink(),
    "content garbage": lambda _, folder: overwrite(folder / "content.sqlite"),
    "content cut": lambda _, folder: cut(folder / "content.sqlite"),
    "content empty": lambda _, folder: (folder / "content.sqlite").write_bytes(b""),
    "content gone": lambda _, folder: (folder / "content.sqlite").unlink(),
    "vectors garbage": lambda storage, folder: overwrite(storage / "vectors" / folder.name / "chroma.sqlite3"),
    "vectors cut": lambda storage, folder: cut(storage / "vectors" / folder.name / "chroma.sqlite3"),
    "vectors gone": lambda storage, folder: shutil.rmtree(storage / "vectors" / folder.name),
    "terms garbage": lambda _, folder: overwrite(folder / "lexical" / "vocab.index.json"),
    "terms gone": lambda _, folder: shutil.rmtree(folder / "lexical"),
    "spreads garbage": lambda _, folder: overwrite(folder / "languages.npz"),
    "spreads gone": lambda _, folder: (folder / "languages.npz").unlink(),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_a_damaged_index_says_so_and_the_next_build_mends_it(
    settings: IndexSettings, damage: Callable[[Path, Path], object]
) -> None:
    damage(settings.storage, folder_in_use(settings))
    with pytest.raises(DamagedIndexError, match="--rebuild") as error:
        open_all(settings.storage)
    assert "\n" not in str(error.value)
    assert build_index(settings).changed
    open_all(settings.storage)


def test_a_whole_index_opens(settings: IndexSettings) -> None:
    generation = open_all(settings.storage)
    assert generation.id == current_id(settings.storage)
    stored = list(generation.content.all_passages())
    assert generation.manifest.passages == len(stored)
    assert generation.manifest.windows == len(generation.vectors) == sum(len(passage.windows) for passage in stored)
    assert set(generation.vectors.groups) == set(generation.spreads)


def test_an_index_of_another_format_is_built_anew(settings: IndexSettings) -> None:
    manifest = folder_in_use(settings) / "manifest.json"
    text = manifest.read_text(encoding="utf-8")
    manifest.write_text(text.replace(f'"format": {FORMAT}', '"format": 99'), encoding="utf-8")
    with pytest.raises(DamagedIndexError):
        open_all(settings.storage)
    assert build_index(settings).changed


@pytest.mark.parametrize("name", ["../x", "a/b", "..", "/etc", "", " ", "a b", "é", "x" * 65])
def test_a_pointer_never_leads_out_of_the_storage_folder(tmp_path: Path, name: str) -> None:
    (tmp_path / "CURRENT").write_text(f"{name}\n", encoding="utf-8")
    with pytest.raises(DamagedIndexError):
        current_id(tmp_path)


def test_without_an_index_the_message_says_what_to_run(tmp_path: Path) -> None:
    assert current_id(tmp_path) is None
    with pytest.raises(NoIndexError, match="commit-assistant index"):
        CurrentGeneration(tmp_path).get()


def test_an_index_is_opened_once_until_the_pointer_moves(settings: IndexSettings) -> None:
    current = CurrentGeneration(settings.storage)
    first = current.get()
    assert current.get() is first
    build_index(settings, rebuild=True)
    second = current.get()
    assert second.id != first.id
    assert list(first.content.all_passages()), "who still reads the old one is not disturbed"


def test_the_pointer_can_be_read_by_whoever_runs_the_page(tmp_path: Path) -> None:
    make_current(tmp_path, "20071214")
    assert current_id(tmp_path) == "20071214"
    assert [path.name for path in tmp_path.iterdir()] == ["CURRENT"]


def test_pruning_keeps_the_newest_the_one_in_use_and_nothing_unfinished(tmp_path: Path) -> None:
    for name in ("2001", "2002", "2003", "2004", "2005-unfinished"):
        folder = generations_folder(tmp_path) / name
        folder.mkdir(parents=True)
        if "-" not in name:
            (folder / "manifest.json").touch()
    make_current(tmp_path, "2001")
    prune(tmp_path, 2)
    assert sorted(path.name for path in generations_folder(tmp_path).iterdir()) == ["2001", "2003", "2004"]


def test_going_back_takes_the_index_before_and_a_build_goes_forward_again(
    settings: IndexSettings, tmp_path: Path
) -> None:
    sources = tmp_path / "sources"
    shutil.copytree(settings.sources, sources)
    settings = settings.model_copy(update={"sources": sources})
    first = current_id(settings.storage)
    (sources / "b.txt").write_text("A second text about Vientiane.\n", encoding="utf-8")
    second = build_index(settings).generation_id
    reader = CurrentGeneration(settings.storage)
    assert reader.get().content.source_ids() == ["a.txt", "b.txt"]
    assert roll_back(settings.storage) == first
    assert reader.get().content.source_ids() == ["a.txt"]
    with pytest.raises(NoIndexError, match="keep_generations"):
        roll_back(settings.storage)
    assert current_id(settings.storage) == first
    third = build_index(settings)
    assert (third.changed, third.embedded) == (True, 1)
    assert third.generation_id > second
    assert roll_back(settings.storage) == second


def test_segments_that_no_index_has_are_removed(settings: IndexSettings) -> None:
    settings = settings.model_copy(update={"keep_generations": 1})
    (settings.storage / "vectors" / "left-by-a-killed-build").mkdir()
    for _ in range(3):
        build_index(settings, rebuild=True)
    used = {
        record.id
        for name in finished_ids(settings.storage)
        for record in Generation(generations_folder(settings.storage) / name).manifest.segments
    }
    assert {path.name for path in (settings.storage / "vectors").iterdir()} == used
    assert len(used) == 2, "the index in use and the one before it"
