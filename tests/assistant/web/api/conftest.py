"""One page on a tiny corpus, and one whose answers take their time."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import httpx
import pytest

from assistant.answer import Answer, Stamp
from assistant.engine import Assistant
from assistant.settings import load_settings
from assistant.web.app import create_app
from index.build import build_index
from web.access.site import served

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.language_model.requests import Stop
    from assistant.settings import Settings

FILES = {
    "a.txt": "The secretariat of the project is in Bangkok.\n",
    "minutes/会议 #1.txt": "第四次高官会于二〇〇六年五月在金边召开。\n",
    "empty.txt": "",
}


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("api")
    for name, text in FILES.items():
        path = folder / "sources" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    settings = load_settings(sources=folder / "sources", storage=folder / "storage", answering="eager")
    build_index(settings)
    return settings


@pytest.fixture(scope="module")
def assistant(settings: Settings) -> Assistant:
    return Assistant(settings)


@pytest.fixture(scope="module")
def site(assistant: Assistant, settings: Settings) -> Iterator[str]:
    with served(create_app(assistant, settings)) as address:
        yield address


@pytest.fixture
def client(site: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"{site}/api/v1", timeout=60) as opened:
        yield opened


class SlowAssistant(Assistant):
    """Answers word by word, each when the test lets it; knows when it was stopped."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.words = threading.Semaphore(0)
        self.begun, self.ended = threading.Event(), threading.Event()
        self.given = 0
        self.failure: Exception | None = None

    def stream(self, question: str, *, question_id: str = "", stop: Stop, **_: object) -> Iterator[Answer]:
        self.stop = stop
        self.begun.set()
        stamp = Stamp(generation="g", corpus="c", embedding_model="m")
        try:
            for count in range(1, 100):
                self.words.acquire()
                if self.failure is not None:
                    raise self.failure
                self.given = count
                text = " ".join(["word"] * count)
                yield Answer(id=question_id, question=question, answer=text, refused=False, stamp=stamp)
                if count == 3 and question == "short":
                    return
        finally:
            self.ended.set()


@pytest.fixture
def slow(settings: Settings) -> SlowAssistant:
    return SlowAssistant(settings)


@pytest.fixture
def slow_client(slow: SlowAssistant, settings: Settings) -> Iterator[httpx.Client]:
    with (
        served(create_app(slow, settings)) as address,
        httpx.Client(base_url=f"{address}/api/v1", timeout=30) as opened,
    ):
        yield opened
        slow.words.release(1000)
