"""No process of ours opens a connection beyond this machine, from the first build to the chat page."""

from __future__ import annotations

import http.client
import io
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import docx
import pytest
from pages_to_read import lines, pdf, picture, scan, written

ROOT = Path(__file__).resolve().parents[2]

GUARD = Path(__file__).with_name("network_guard.c")


@pytest.fixture(scope="module")
def guarded(tmp_path_factory):
    """Environment under which every attempt to leave the machine is refused and logged, and the log's path."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        pytest.fail("the offline test needs a C compiler: sudo apt-get install gcc")
    folder = tmp_path_factory.mktemp("guard")
    library, log = folder / "guard.so", folder / "log"
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", str(library), str(GUARD), "-ldl"], check=True)
    log.touch()
    home = folder / "home"
    home.mkdir()
    environment = {**os.environ, "LD_PRELOAD": str(library), "NETWORK_GUARD_LOG": str(log), "HOME": str(home)}
    # A user's own settings would hide that ours are needed, and on a build server some libraries report nothing.
    for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "GRADIO_ANALYTICS_ENABLED", "ANONYMIZED_TELEMETRY", "CI"):
        environment.pop(name, None)
    return environment, log


def run(environment, *arguments):
    return subprocess.run(
        [sys.executable, *map(str, arguments)],
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=ROOT,
        timeout=240,
        check=False,
    )


def test_the_guard_sees_python_and_refuses(guarded):
    environment, _ = guarded
    own = {**environment, "NETWORK_GUARD_LOG": environment["NETWORK_GUARD_LOG"] + "-own"}
    code = "import socket\nfor host in ('192.0.2.1', 'example.invalid'):\n"
    code += "    try: socket.create_connection((host, 80), 5)\n    except OSError: pass\n"
    assert run(own, "-c", code).returncode == 0
    seen = Path(own["NETWORK_GUARD_LOG"]).read_text(encoding="utf-8")
    assert "connect 192.0.2.1" in seen
    assert "getaddrinfo example.invalid" in seen


def test_building_asking_and_the_page_stay_on_this_machine(guarded, tmp_path):
    environment, log = guarded
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "a.txt").write_text("The secretariat of the project is in Bangkok.", encoding="utf-8")
    for name, content in _documents().items():
        (tmp_path / "sources" / name).write_bytes(content)
    options = ("-m", "assistant", "--sources", tmp_path / "sources", "--storage", tmp_path / "storage")
    # A cache of its own: the model is unpacked under the guard too.
    own = {**environment, "COMMIT_ASSISTANT_CACHE": str(tmp_path / "cache")}
    assert run(own, *options, "index").returncode == 0
    answered = run(own, *options, "ask", "Where is the secretariat?")
    assert "Bangkok" in answered.stdout, answered.stderr
    assert run(own, *options, "doctor").returncode == 0
    _serve_and_fetch(own, options)
    assert log.read_text(encoding="utf-8") == ""


def _documents():
    """A file for every reader; the page and the Word file name addresses that a careless one would fetch."""
    away = "https://192.0.2.1/x"
    page = f'<base href="{away}"><link rel="stylesheet" href="{away}"><article><h1>Shelters</h1><img src="{away}">'
    word = docx.Document()
    word.add_paragraph("The plan was adopted in Beijing.")
    file = io.BytesIO()
    word.save(file)
    return {
        "page.html": (page + "<p>The shelters in Vientiane receive victims.</p>" * 5).encode(),
        "plan.docx": file.getvalue(),
        "scan.pdf": pdf(scan(picture(["秘书处设在曼谷。"], height=1273))),
        "text.pdf": pdf(lambda canvas: lines(canvas, ["The secretariat has six staff."])),
        "photo.png": written(picture(["The meeting adopted the plan."]), "PNG"),
    }


def _serve_and_fetch(environment, options):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, *map(str, options), "chat", "--port", str(port)],
        env=environment,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    )
    try:
        for path in ("/", "/health", "/source/a.txt", "/config", "/library", "/picture/scan.pdf?page=1"):
            assert _fetched(port, path, process), f"{path} was not served"
        # Version checks and analytics of the page's libraries come some seconds after the start.
        time.sleep(5)
    finally:
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=30)
    assert "Traceback" not in output


def _fetched(port, path, process):
    for _ in range(240):
        assert process.poll() is None, process.stdout.read() if process.stdout else ""
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            response.read()
        except OSError:
            time.sleep(0.5)
        else:
            return response.status == 200
        finally:
            connection.close()
    return False
