"""Starting and stopping the server."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from typing import TYPE_CHECKING

import pytest

from assistant.web.serving import address_of, bound
from index.errors import WrongCallError
from index.settings import PROJECT

if TYPE_CHECKING:
    from pathlib import Path

_SERVE = """
from assistant.engine import Assistant
from assistant.settings import load_settings
from assistant.web.serving import serve
settings = load_settings(port={port})
serve(Assistant(settings), settings, announce=lambda address: print(address, flush=True))
print("ended", flush=True)
"""


def test_a_port_in_use_is_said_in_one_line() -> None:
    with bound("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(
            WrongCallError, match=f"^port {port} is in use: stop the other program or name another with --port$"
        ):
            bound("127.0.0.1", port)


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(WrongCallError, match=r"192\.0\.2\.1 is no address of this machine"):
        bound("192.0.2.1", 0)


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("0.0.0.0", "127.0.0.1"),  # noqa: S104 - only shown
        ("localhost", "localhost"),
        ("::1", "[::1]"),
    ],
)
def test_the_address_that_is_announced_can_be_opened(host: str, shown: str) -> None:
    with bound("127.0.0.1", 0) as listener:
        assert address_of(host, listener) == f"http://{shown}:{listener.getsockname()[1]}/"


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_server_quietly(tmp_path: Path, number: signal.Signals) -> None:
    with bound("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
    environment = {**os.environ, "COMMIT_ASSISTANT_STORAGE": str(tmp_path), "PYTHONPATH": str(PROJECT)}
    call = [sys.executable, "-c", _SERVE.format(port=port)]
    with subprocess.Popen(call, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        address = server.stdout.readline().strip()
        assert address == f"http://127.0.0.1:{port}/"
        with pytest.raises(urllib.error.HTTPError) as answered:
            urllib.request.urlopen(f"{address}health", timeout=20)  # noqa: S310 - our own server
        with answered.value as response:
            assert json.load(response)["error"] == "there is no index yet: run `commit-assistant index`"
        server.send_signal(number)
        output, errors = server.communicate(timeout=20)
    assert server.returncode == 0
    assert output == "ended\n"
    assert "Traceback" not in errors
