"""Vectors on a real Chroma server: the same answers, the same guarantees, several storages beside each other."""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from index import merging
from index.build import build_index
from index.generation import OtherStoreError, current_generation
from index.pruning import prune, roll_back
from index.settings import IndexSettings
from index.storage import current_id
from index.vector_store import VectorStoreError, vector_store
from index.windows import windows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.generation import Generation


class Server:
    """`chroma run` on a port of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        program = Path(sys.executable).with_name("chroma")
        self.process = subprocess.Popen(
            [program, "run", "--path", self.folder, "--host", "127.0.0.1", "--port", str(self.port)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "ANONYMIZED_TELEMETRY": "False"},
        )
        for _ in range(300):
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
            try:
                connection.request("GET", "/api/v2/heartbeat")
                if connection.getresponse().status == 200:
                    return
            except OSError:
                time.sleep(0.1)
            finally:
                connection.close()
        pytest.fail("the Chroma server did not start")

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("chroma-server"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def settings(server: Server, tmp_path: Path) -> IndexSettings:
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "a.txt").write_text("第五次高官会在北京召开。\n", encoding="utf-8")
    (tmp_path / "sources" / "b.txt").write_text("The ministers met in Yangon in 2004.\n", encoding="utf-8")
    return IndexSettings(
        sources=tmp_path / "sources",
        storage=tmp_path / "storage",
        vector_store=server.address,
        vector_store_token=SecretStr("token"),
    )


def write(settings: IndexSettings, name: str, text: str) -> None:
    (settings.sources / name).write_text(text, encoding="utf-8")


def assert_whole(generation: Generation) -> None:
    for passage in generation.content.all_passages():
        names = [window.window_id for window in windows(passage)]
        stored = generation.vectors.vectors(names)
        assert set(stored) == set(names)
        assert generation.vectors.query(passage.language, stored[names[0]], 1)[0][0] == names[0]


def test_an_index_on_a_server_is_searched_like_one_in_a_folder(settings: IndexSettings) -> None:
    build_index(settings)
    generation = current_generation(settings).get()
    assert_whole(generation)
    assert generation.manifest.vector_store == settings.vector_store
    assert not (settings.storage / "vectors").exists()
    local = settings.model_copy(update={"vector_store": "local", "storage": settings.storage.parent / "local"})
    build_index(local)
    theirs = current_generation(local).get()
    vector = next(iter(theirs.vectors.vectors([_first_window(theirs)]).values()))
    for group in theirs.vectors.groups:
        expected = theirs.vectors.query(group, vector, 5)
        assert generation.vectors.query(group, vector, 5) == [
            (name, pytest.approx(cos, abs=1e-5)) for name, cos in expected
        ]


def _first_window(generation: Generation) -> str:
    return windows(next(iter(generation.content.all_passages())))[0].window_id


def test_a_change_goes_to_a_segment_of_its_own_and_readers_go_on(
    settings: IndexSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(merging, "SMALL", 1)
    write(settings, "c.txt", "\n\n".join(f"The plan of {year} covers eleven areas." for year in range(2000, 2012)))
    build_index(settings)
    reader = current_generation(settings)
    old = reader.get()
    write(settings, "b.txt", "The ministers met in Beijing in 2007.\n")
    result = build_index(settings)
    assert result.embedded == 1
    assert_whole(old)
    new = reader.get()
    assert new.id == result.generation_id
    assert len(new.manifest.segments) == 2
    assert_whole(new)
    assert "Yangon" not in {passage.text for passage in new.content.all_passages()}


def test_going_back_and_pruning_keep_what_a_generation_needs(settings: IndexSettings) -> None:
    first = build_index(settings).generation_id
    write(settings, "b.txt", "The ministers met in Beijing in 2007.\n")
    build_index(settings)
    assert roll_back(settings.storage) == first
    assert_whole(current_generation(settings).get())
    store = vector_store(settings)
    prune(settings.storage, 1, store)
    assert_whole(current_generation(settings).get())
    build_index(settings)
    used = {record.id for name in _kept(settings) for record in _manifest(settings, name).segments}
    assert vector_store(settings).segment_ids() == used


def _kept(settings: IndexSettings) -> list[str]:
    from index.pruning import finished_ids

    return finished_ids(settings.storage)


def _manifest(settings: IndexSettings, name: str):
    from index.generation import read_manifest
    from index.storage import generations_folder

    return read_manifest(generations_folder(settings.storage) / name)


def test_storages_that_share_a_server_leave_each_other_alone(settings: IndexSettings) -> None:
    build_index(settings)
    other = settings.model_copy(update={"storage": settings.storage.parent / "other"})
    build_index(other)
    prune(other.storage, 1, vector_store(other))
    assert not vector_store(other).segment_ids() & vector_store(settings).segment_ids()
    assert_whole(current_generation(settings).get())


def test_an_index_moves_to_a_server_and_back_without_embedding(settings: IndexSettings) -> None:
    local = settings.model_copy(update={"vector_store": "local"})
    build_index(local)
    with pytest.raises(OtherStoreError, match="commit-assistant index"):
        current_generation(settings).get()
    result = build_index(settings)
    assert (result.changed, result.embedded, result.changes.settings) == (True, 0, ("where vectors are kept",))
    assert_whole(current_generation(settings).get())


def test_a_server_that_is_down_is_one_line_and_the_index_answers_again_with_it(tmp_path: Path) -> None:
    server = Server(tmp_path / "server")
    server.start()
    try:
        sources = tmp_path / "sources"
        sources.mkdir()
        (sources / "a.txt").write_text("The ministers met in Yangon in 2004.\n", encoding="utf-8")
        settings = IndexSettings(sources=sources, storage=tmp_path / "storage", vector_store=server.address)
        before = build_index(settings).generation_id
        reader = current_generation(settings)
        assert_whole(reader.get())
        server.stop()
        with pytest.raises(VectorStoreError, match=r"vector_store") as asking:
            assert_whole(reader.get())
        write(settings, "b.txt", "Another text.\n")
        with pytest.raises(VectorStoreError) as building:
            build_index(settings)
        assert "\n" not in str(asking.value) + str(building.value)
        assert current_id(settings.storage) == before
        server.start()
        assert_whole(reader.get())
        build_index(settings)
        assert_whole(reader.get())
        shutil.rmtree(server.folder)
    finally:
        server.stop()


def test_the_token_is_sent_and_never_shown(settings: IndexSettings) -> None:
    assert "token" not in repr(settings.vector_store_token)
    assert "'token'" not in str(settings.model_dump(mode="json"))
