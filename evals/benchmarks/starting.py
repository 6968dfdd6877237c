"""How long things take to start, and how much memory they take."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from evals.benchmarks.measurement import Measurement, seconds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.settings import Settings

_IMPORTS = ("sentence_transformers", "gradio", "llama_index.core", "chromadb", "assistant.cli")
_LONGEST = 180


def starting(settings: Settings) -> Iterator[Measurement]:
    """Processes of their own: imports, `--help`, one `ask`, and the page until it answers."""
    for module in _IMPORTS:
        spent = min(seconds(partial(_run, "-c", f"import {module}")) for _ in range(2))
        yield Measurement(f"import {module}", spent, "s")
    yield Measurement("--help", min(seconds(lambda: _run("-m", "assistant", "--help")) for _ in range(3)), "s")
    options = ("--storage", str(settings.storage), "--sources", str(settings.sources))
    asked = seconds(lambda: _run("-m", "assistant", *options, "ask", "When and where was SOM4 held?"))
    yield Measurement("ask, from nothing", asked, "s")
    yield from _page(settings)


def _page(settings: Settings) -> Iterator[Measurement]:
    began = time.perf_counter()
    with served_page(settings) as (_, process):
        yield Measurement("page, from nothing until it is served", time.perf_counter() - began, "s")
        time.sleep(15)
        yield Measurement("page, peak memory with the model loaded", _peak_megabytes(process.pid), "MB")


@contextmanager
def served_page(settings: Settings) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """The page in a process of its own, as a user starts it: its address and the process, once it answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = ("--storage", str(settings.storage), "--sources", str(settings.sources))
    arguments = [sys.executable, "-m", "assistant", *options, "chat", "--port", str(port)]
    process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=dict(os.environ))  # noqa: S603
    try:
        _until_served(port, "/", process)
        yield f"http://127.0.0.1:{port}", process
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=30)


def _until_served(port: int, path: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(_LONGEST * 10):
        if process.poll() is not None:
            raise RuntimeError("the page ended before it was served")
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", path)
            connection.getresponse().read()
        except OSError:
            time.sleep(0.1)
        else:
            return
        finally:
            connection.close()
    raise RuntimeError("the page was not served in time")


def _peak_megabytes(pid: int) -> float:
    """Peak resident memory (VmHWM) of a process, in MB."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) / 1000 if found else float("nan")


def _run(*arguments: str) -> None:
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True, env=dict(os.environ))  # noqa: S603
