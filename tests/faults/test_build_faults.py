"""Builds that are killed, run beside another one, or meet a full disk: the index in use answers on."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest

from index import generation_build, lexical_building, placing, storage, vector_store, vectors
from index.build import BuildError, build_index
from index.generation import CurrentGeneration
from index.search_text import search_text
from index.settings import IndexSettings
from index.storage import current_id, generations_folder
from index.tokens import terms
from index.windows import windows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

ROOT = Path(__file__).resolve().parents[2]
CHILD = """
import resource, signal, sys
from index.build import build_index
from index.errors import AssistantError
from index.settings import IndexSettings
from pathlib import Path

sources, storage, cache, stop_at, limit = sys.argv[1:]
settings = IndexSettings(sources=Path(sources), storage=Path(storage), cache=Path(cache))
if int(limit):
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

reached = []

def progress(stage, done, total):
    if stage == stop_at and done and not reached:
        reached.append(stage)
        print("reached", flush=True)
        sys.stdin.readline()
    if int(limit) and stage == "reading" and done == total:
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), int(limit)))

try:
    print("built", build_index(settings, progress=progress).generation_id, flush=True)
except AssistantError as error:
    print("error", error, flush=True)
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> IndexSettings:
    folder = tmp_path_factory.mktemp("faults")
    (folder / "sources").mkdir()
    (folder / "sources" / "a.txt").write_text("第五次高官会在北京召开。\n", encoding="utf-8")
    (folder / "sources" / "old.txt").write_text("The ministers met in Yangon in 2004.\n", encoding="utf-8")
    settings = IndexSettings(sources=folder / "sources", storage=folder / "storage")
    build_index(settings)
    return settings


@pytest.fixture
def settings(built: IndexSettings, tmp_path: Path) -> IndexSettings:
    """A copy of the index whose sources have changed since: a new name, so that no test waits for the model."""
    shutil.copytree(built.sources, tmp_path / "sources")
    shutil.copytree(built.storage, tmp_path / "storage")
    (tmp_path / "sources" / "old.txt").rename(tmp_path / "sources" / "new.txt")
    return built.model_copy(update={"sources": tmp_path / "sources", "storage": tmp_path / "storage"})


@pytest.fixture
def child(settings: IndexSettings) -> Iterator[AbstractContextManager[subprocess.Popen[str]]]:
    """Starts builds in processes of their own, and ends those that a test left."""
    started: list[subprocess.Popen[str]] = []

    def start(stop_at: str = "", limit: int = 0) -> subprocess.Popen[str]:
        arguments = [settings.sources, settings.storage, settings.cache, stop_at, limit]
        process = subprocess.Popen(
            [sys.executable, "-c", CHILD, *map(str, arguments)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def wait_until_reached(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    assert process.stdout.readline() == "reached\n", process.communicate()[1]


def assert_answers(storage: Path, question: str) -> None:
    """The index in use is whole: every window has its vector, and the word is found."""
    generation = CurrentGeneration(storage).get()
    found = generation.lexical.search(terms(search_text(question)), 3)
    passage = generation.content.numbered([found[0][0]])[found[0][0]]
    assert question in passage.text
    ids = [window.window_id for each in generation.content.all_passages() for window in windows(each)]
    stored = generation.vectors.vectors(ids)
    assert set(stored) == set(ids)
    first = windows(passage)[0].window_id
    assert generation.vectors.query(passage.language, stored[first], 1)[0][0] == first


def generations(settings: IndexSettings) -> list[str]:
    return sorted(path.name for path in generations_folder(settings.storage).iterdir())


@pytest.mark.parametrize("stage", ["reading", "embedding"])
def test_a_killed_build_leaves_the_old_index_and_the_next_one_cleans_up(
    settings: IndexSettings, child, stage: str
) -> None:
    before = current_id(settings.storage)
    process = child(stage)
    wait_until_reached(process)
    assert len(generations(settings)) == 2
    process.kill()
    process.communicate()
    assert current_id(settings.storage) == before
    assert_answers(settings.storage, "北京")
    result = build_index(settings)
    assert result.changed
    assert generations(settings) == sorted([str(before), result.generation_id])
    assert_answers(settings.storage, "Yangon")


def test_a_killed_first_build_leaves_nothing_in_the_way(settings: IndexSettings, child) -> None:
    shutil.rmtree(settings.storage)
    process = child("reading")
    wait_until_reached(process)
    process.kill()
    process.communicate()
    assert current_id(settings.storage) is None
    result = build_index(settings)
    assert generations(settings) == [result.generation_id]
    assert_answers(settings.storage, "Yangon")


def test_two_builders_and_a_reader(settings: IndexSettings, child) -> None:
    reader = CurrentGeneration(settings.storage)
    old = reader.get()
    process = child("reading")
    wait_until_reached(process)
    with pytest.raises(BuildError, match="another build is running") as error:
        build_index(settings)
    assert "\n" not in str(error.value)
    assert reader.get() is old
    assert_answers(settings.storage, "北京")
    output, errors = process.communicate("go on\n")
    assert output.startswith("built "), errors
    new = reader.get()
    assert new.id == output.split()[1] != old.id, "a reader notices what another process built"
    assert (old.content.source_ids(), new.content.source_ids()) == (["a.txt", "old.txt"], ["a.txt", "new.txt"])
    assert len(new.vectors) == 2
    assert list(old.content.all_passages()), "who still reads the old one is not disturbed"
    assert_answers(settings.storage, "Yangon")
    assert not build_index(settings).changed


def full(*_: object, **__: object) -> NoReturn:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize(
    ("place", "name"),
    [
        (generation_build, "ContentWriter"),
        (generation_build.ContentWriter, "put"),
        (generation_build.ContentWriter, "close"),
        (vector_store, "new_collection"),
        (vectors.VectorSegment, "add"),
        (placing, "made_vectors"),
        (lexical_building, "save_lexical"),
        (generation_build, "sync_tree"),
        (generation_build, "write_manifest"),
        (generation_build, "make_current"),
        (storage.os, "fsync"),
        (Path, "replace"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_full_disk_leaves_the_old_index(
    settings: IndexSettings, monkeypatch: pytest.MonkeyPatch, place: object, name: str
) -> None:
    before = current_id(settings.storage)
    # Opened before the disk is full, as by a page that is being served.
    assert_answers(settings.storage, "北京")
    with monkeypatch.context() as patch:
        patch.setattr(place, name, full)
        if name == "made_vectors":
            patch.setattr(generation_build.GenerationBuild, "_in_use", lambda _: None)
        with pytest.raises(BuildError, match="the disk is full") as error:
            build_index(settings)
    assert "\n" not in str(error.value)
    assert current_id(settings.storage) == before
    assert generations(settings) == [before], "what was half written is gone"
    assert not [path for path in settings.storage.iterdir() if path.name.startswith(".")]
    assert_answers(settings.storage, "北京")
    assert build_index(settings).changed
    assert_answers(settings.storage, "Yangon")


@pytest.mark.parametrize("limit", [2_000, 100_000, 185_000])
def test_writes_that_fail_below_python_are_one_line_too(settings: IndexSettings, child, limit: int) -> None:
    # A limit on the size of files stops SQLite and Chroma's own code, which raise errors of their own.
    before = current_id(settings.storage)
    output, errors = child(limit=limit).communicate(timeout=120)
    assert output.startswith("error the index could not be written"), errors
    assert output.count("\n") == 1
    assert current_id(settings.storage) == before
    assert generations(settings) == [before]
    assert_answers(settings.storage, "北京")


@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS])
def test_a_folder_that_may_not_be_written_names_the_way_out(
    settings: IndexSettings, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def refuse(folder: Path, *_: object) -> NoReturn:
        raise OSError(number, os.strerror(number), str(folder))

    monkeypatch.setattr(generation_build, "write_manifest", refuse)
    with pytest.raises(BuildError, match="--storage"):
        build_index(settings)
    assert_answers(settings.storage, "北京")
