"""Builds while others ask, and builds that are killed: nobody's question fails, and nothing is lost."""

from __future__ import annotations

import os
import random
import shutil
import signal
import statistics
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

from evals.benchmarks.measurement import Measurement
from index.build import build_index

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from assistant.settings import Settings

_BUILDS, _KILLS, _ASKING = 10, 20, 2


def enduring(settings: Settings, folder: Path) -> Iterator[Measurement]:
    """Two processes ask during ten builds, then during twenty builds that are killed at random moments."""
    sources = folder / "sources"
    shutil.copytree(settings.sources, sources)
    own = settings.model_copy(update={"sources": sources, "storage": folder / "storage"})
    build_index(own)
    asking = [_Asking(own) for _ in range(_ASKING)]
    try:
        for one in asking:
            one.wait_for("")
        delays = []
        for build in range(_BUILDS):
            _change(sources, build)
            result = build_index(own)
            moved = time.monotonic()
            delays += [one.wait_for(result.generation_id) - moved for one in asking]
        errors = sum(one.errors for one in asking)
        details = {"builds": _BUILDS, "processes": _ASKING}
        yield Measurement("errors of processes asking during builds", errors, "errors", "", details)
        yield Measurement("new index answers in another process, median", statistics.median(delays), "s", "", details)
        yield Measurement("new index answers in another process, longest", max(delays), "s", "", details)
        killed = _kill_builds(own, seed=1)
        finished = build_index(own)
        for one in asking:
            one.wait_for(finished.generation_id)
        errors = sum(one.errors for one in asking) - errors
        details = {"kills": _KILLS, "ended before they were killed": _KILLS - killed, "processes": _ASKING}
        yield Measurement("errors of processes asking while builds were killed", errors, "errors", "", details)
    finally:
        for one in asking:
            one.end()


def _kill_builds(own: Settings, seed: int) -> int:
    """Start builds and kill them at random moments; give how many had not ended by themselves."""
    rng = random.Random(seed)  # noqa: S311 - moments, not secrets
    arguments = ["--sources", str(own.sources), "--storage", str(own.storage), "index"]
    began = time.monotonic()
    _change(own.sources, "first")
    _build_process(arguments).wait()
    usual = time.monotonic() - began
    killed = 0
    for build in range(_KILLS):
        _change(own.sources, f"killed {build}")
        process = _build_process(arguments)
        time.sleep(rng.uniform(0.2, 1.0) * usual)
        killed += process.poll() is None
        process.send_signal(signal.SIGKILL)
        process.wait()
    return killed


def _build_process(arguments: list[str]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "assistant", *arguments]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=dict(os.environ))  # noqa: S603


def _change(sources: Path, number: object) -> None:
    text = "\n\n".join(f"Sentence {at} of change {number} speaks of shelters in Vientiane." for at in range(8))
    (sources / "change.txt").write_text(f"{text}\n", encoding="utf-8")


class _Asking:
    """A process that asks, and what it has said."""

    def __init__(self, settings: Settings) -> None:
        arguments = [sys.executable, "-m", "evals.benchmarks.asking", str(settings.sources), str(settings.storage)]
        self._process = subprocess.Popen(arguments, stdout=subprocess.PIPE, encoding="utf-8", env=dict(os.environ))  # noqa: S603
        self.errors = 0
        self._seen: dict[str, float] = {}
        self._changed = threading.Condition()
        threading.Thread(target=self._read, daemon=True).start()

    def wait_for(self, generation: str) -> float:
        """The moment at which a generation (empty: any) answered first. Raises RuntimeError after two minutes."""
        with self._changed:
            if not self._changed.wait_for(lambda: generation in self._seen or (not generation and self._seen), 120):
                raise RuntimeError(f"{generation} did not answer")
            return self._seen.get(generation, 0.0)

    def end(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()

    def _read(self) -> None:
        for line in self._process.stdout or ():
            moment, _, generation = line.strip().partition(" ")
            with self._changed:
                if moment == "error":
                    self.errors += 1
                else:
                    self._seen.setdefault(generation, float(moment))
                self._changed.notify_all()
