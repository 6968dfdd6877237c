"""Watch mode: what changes is in the index soon, and nothing ends it."""

from __future__ import annotations

import shutil
import threading
import time
from typing import TYPE_CHECKING

import pytest

from index.build import BuildResult, builders_lock
from index.generation import current_generation
from index.settings import IndexSettings
from index.watching import Pace, Watcher

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PACE = Pace(settle=0.3, retry=0.3)


class Watched:
    """A watcher in a thread, and what it told."""

    def __init__(self, settings: IndexSettings) -> None:
        self.settings = settings
        self.results: list[BuildResult] = []
        self.failures: list[str] = []
        self._stop = threading.Event()
        watcher = Watcher(settings, self.results.append, self.failures.append, pace=PACE)
        self._thread = threading.Thread(target=watcher.run, args=(self._stop,))
        self._thread.start()

    def write(self, name: str, text: str) -> None:
        (self.settings.sources / name).write_text(text, encoding="utf-8")

    def until(self, condition) -> None:
        for _ in range(600):
            if condition():
                return
            assert self._thread.is_alive()
            time.sleep(0.05)
        pytest.fail(f"it was not noticed: {self.failures} {len(self.results)}")

    def indexed(self) -> list[str]:
        return current_generation(self.settings).glance().content.source_ids()

    def end(self) -> None:
        self._stop.set()
        self._thread.join(30)
        assert not self._thread.is_alive()


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "a.txt").write_text("第五次高官会在北京召开。\n", encoding="utf-8")
    watched = Watched(IndexSettings(sources=tmp_path / "sources", storage=tmp_path / "storage"))
    watched.until(lambda: watched.results)
    yield watched
    watched.end()


def test_what_is_dropped_into_the_folder_is_indexed(watched: Watched) -> None:
    watched.write("b.txt", "The ministers met in Yangon.\n")
    watched.until(lambda: watched.indexed() == ["a.txt", "b.txt"])
    (watched.settings.sources / "a.txt").unlink()
    watched.until(lambda: watched.indexed() == ["b.txt"])
    assert watched.failures == []


def test_files_that_arrive_together_are_one_build(watched: Watched) -> None:
    for number in range(20):
        watched.write(f"{number}.txt", f"The ministers met in {2000 + number}.\n")
        time.sleep(0.02)
    watched.until(lambda: len(watched.indexed()) == 21)
    assert len([result for result in watched.results if result.changed]) <= 3


def test_an_error_is_told_once_and_what_is_mended_is_indexed(watched: Watched) -> None:
    watched.write("catalog.yaml", "sources: [")
    watched.until(lambda: watched.failures)
    time.sleep(1.0)
    assert len(watched.failures) == 1
    assert "catalog.yaml" in watched.failures[0]
    watched.write("catalog.yaml", "sources:\n  - {file: a.txt, title: 宣言}\n")
    watched.until(lambda: current_generation(watched.settings).glance().content.entry("a.txt").title == "宣言")


def test_a_build_of_somebody_else_is_waited_for(watched: Watched) -> None:
    with builders_lock(watched.settings):
        watched.write("b.txt", "The ministers met in Yangon.\n")
        watched.until(lambda: watched.failures)
        assert "another build is running" in watched.failures[0]
    watched.until(lambda: watched.indexed() == ["a.txt", "b.txt"])


def test_a_folder_that_goes_away_and_comes_back_is_watched_again(watched: Watched) -> None:
    moved = watched.settings.sources.with_name("moved")
    shutil.move(watched.settings.sources, moved)
    watched.until(lambda: watched.failures)
    shutil.move(moved, watched.settings.sources)
    built = len(watched.results)
    watched.until(lambda: len(watched.results) > built)
    watched.write("b.txt", "The ministers met in Yangon.\n")
    watched.until(lambda: watched.indexed() == ["a.txt", "b.txt"])
