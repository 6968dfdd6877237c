"""The commands, from their arguments to their exit status."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.commands.context import Options
from evals.command import app
from index.errors import AssistantError, WrongCallError

pytestmark = pytest.mark.usefixtures("settled_code")


@pytest.fixture
def call(small_opened, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    settings = small_opened.settings

    def run(*arguments):
        given = Options(sources=settings.sources, storage=settings.storage)
        return app(list(map(str, arguments)), standalone_mode=False, obj=given)

    return run


@pytest.fixture
def floors(set_file, set_text):
    def write(value):
        return set_file(f"{set_text}floors:\n  dev: {{recall@10: {value}}}\n  test: {{recall@10: {value}}}\n")

    return write


def test_a_run_prints_a_table_and_goes_on_from_its_folder(call, set_file, set_text, tmp_path, capsys):
    file = set_file(set_text)
    call("run", file, "--output", "out", "--search-only")
    said = capsys.readouterr()
    assert "Gold among the first 10" in said.out
    assert "3 of 3 questions" in said.err
    assert "Report: out/report.html" in said.err
    assert json.loads((tmp_path / "out" / "report.json").read_text("utf-8"))["set"] == "small"
    call("run", file, "--output", "out", "--search-only")
    assert "questions\n" not in capsys.readouterr().err  # nothing left to ask
    call("compare", "out", "out/report.json", "--json")
    assert json.loads(capsys.readouterr().out)["stamps_differ"] == []
    call("compare", "out", "out")
    assert "3 questions in both runs" in capsys.readouterr().out


def test_a_run_without_a_folder_names_one(call, set_file, set_text, tmp_path):
    call("run", set_file(set_text), "--search-only", "--limit", "1")
    (folder,) = (tmp_path / "eval-runs").iterdir()
    assert folder.name.startswith("small-")
    assert (folder / "report.html").is_file()


def test_a_stopped_run_says_how_to_go_on(call, set_file, set_text, monkeypatch, capsys):
    def stop(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("evals.runner.result_of", stop)
    assert call("run", set_file(set_text), "--output", "out") == 130  # typer's status for an interrupted command
    assert "go on with --output out" in capsys.readouterr().err


def test_the_gate_opens_when_the_floors_are_held(call, floors, capsys):
    call("gate", floors(0.5), "--output", "out")
    assert "NOT HELD" not in capsys.readouterr().out


def test_the_gate_closes_when_one_is_not(call, floors, capsys):
    with pytest.raises(AssistantError, match="floors were not held") as error:
        call("gate", floors(1.5), "--output", "out")
    assert error.value.exit_code == 1
    assert "NOT HELD" in capsys.readouterr().out


def test_wrong_calls_are_told_apart(call, set_file, set_text):
    with pytest.raises(WrongCallError, match="has no floors"):
        call("gate", set_file(set_text))
    with pytest.raises(WrongCallError, match="--split takes dev, test or all"):
        call("run", "commit", "--split", "half")
    with pytest.raises(WrongCallError, match="name a folder of"):
        call("compare", "nowhere", "nowhere")


def test_a_missing_extra_is_named_before_the_run(call, set_file, set_text, monkeypatch):
    monkeypatch.setattr("evals.command._EXTRA", ("nosuchpackage",))
    with pytest.raises(AssistantError, match=r"nosuchpackage missing: run `pip install 'commit-assistant\[eval\]'`"):
        call("run", set_file(set_text))


def test_nothing_slow_is_imported_before_it_is_needed():
    code = (
        "import sys, evals.command; print([m for m in ('torch', 'numpy', 'matplotlib', 'scipy') if m in sys.modules])"
    )
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root)
    assert done.stdout.strip() == "[]"
