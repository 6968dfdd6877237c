"""The command as a process: what it prints, how it ends, what it imports."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.cli import run

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def options(commit_settings):
    return ("--storage", str(commit_settings.storage))


def test_help_names_every_command_and_imports_nothing_slow(command):
    code = "import sys; from assistant.cli import run; run(['--help']); run(['ask', '--help']); run(['ask'])\n"
    code += "print(sorted({name.split('.')[0] for name in sys.modules}), file=sys.stderr)"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    for name in ("chat", "index", "ask", "search", "sources", "doctor"):
        assert name in result.stdout
    for slow in ("torch", "sentence_transformers", "chromadb", "gradio", "llama_index", "transformers"):
        assert f"'{slow}'" not in result.stderr


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["ask"], 2, "give one question"),
        (["ask", ""], 2, "the question is empty"),
        (["ask", "x" * 20_000], 2, "shorten it"),
        (["ask", "two", "questions"], 2, "unexpected extra argument"),
        (["asj", "x"], 2, "No such command"),
        (["search", "-k", "0", "x"], 2, "-k"),
        (["sources", "show", "../../etc/passwd"], 2, "no source"),
        (["--sources", "/no/such/folder", "index"], 1, "no sources folder at /no/such/folder"),
        (["--storage", "/no/such/folder", "ask", "x"], 1, "commit-assistant index"),
        (["--config", "/no/such/file", "doctor"], 2, "no configuration file"),
        (["ask", "--questions", "/no/such/file"], 2, "cannot be read"),
    ],
)
def test_an_error_is_one_line_that_says_what_to_do(capsys, options, arguments, status, words):
    given = arguments if "--storage" in arguments or "--sources" in arguments else [*options, *arguments]
    if "--sources" in arguments:
        given = [*options, *arguments]
    assert run(given) == status
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert words in captured.err
    assert "Traceback" not in captured.err


def test_ask_prints_the_answer_and_where_it_stands(capsys, options):
    assert run(["ask", "When and where was SOM4 held?", *options]) == 0
    printed = capsys.readouterr().out
    assert "金边" in printed
    assert "som4-phnom-penh-2006-meeting-note.zh.txt, characters" in printed


def test_ask_json_has_what_the_contract_says(capsys, options):
    assert run([*options, "ask", "第四次高官会在哪里举行？", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert {"id", "question", "answer", "refused", "citations", "passages", "timings", "stamp"} <= set(answer)
    assert {"number", "source_id", "title", "quote", "start", "end", "page", "state"} <= set(answer["citations"][0])
    assert {"rank", "source_id", "start", "end", "text", "score"} <= set(answer["passages"][0])
    assert all(name.endswith("_ms") for name in answer["timings"])


def test_search_json_has_passages_and_no_answer(capsys, options):
    assert run([*options, "search", "COMMIT", "-k", "3", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert len(found["passages"]) == 3
    assert "answer" not in found
    assert "citations" not in found


def test_many_questions_are_answered_in_order_and_a_bad_one_costs_only_itself(capsys, options, tmp_path):
    lines = [
        {"id": "a", "question": "第四次高官会在哪里举行？"},
        {"id": "b", "question": "  "},
        {"id": 3, "question": "And when?", "history": [{"role": "user", "content": "Where was SOM4 held?"}]},
    ]
    asked, answered = tmp_path / "in.jsonl", tmp_path / "deep" / "out.jsonl"
    asked.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines) + "\n", encoding="utf-8")
    assert run([*options, "ask", "--questions", str(asked), "--output", str(answered)]) == 1
    results = [json.loads(line) for line in answered.read_text(encoding="utf-8").splitlines()]
    assert [result["id"] for result in results] == ["a", "b", "3"]
    assert "金边" in results[0]["answer"]
    assert "empty" in results[1]["error"]
    assert "2006 年 5 月" in results[2]["answer"]
    assert "1 of the questions" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("line", "words"),
    [("{", "in.jsonl:2"), ('{"id": "x"}', "question"), ('{"question": "x", "filters": {"year": 1}}', "filters")],
)
def test_a_malformed_line_is_named_before_anything_is_answered(capsys, options, tmp_path, line, words):
    asked = tmp_path / "in.jsonl"
    asked.write_text(f'{{"question": "x"}}\n{line}\n', encoding="utf-8")
    assert run([*options, "search", "--questions", str(asked), "--output", str(tmp_path / "out")]) == 2
    assert words in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_index_prints_the_ledger_and_a_source_that_gives_nothing_is_a_failure(capsys, make_settings):
    settings = make_settings(
        {"good.txt": "The meeting was in Hanoi.", "bad.txt": bytes(range(256)) * 9, "empty.txt": ""}
    )
    options = ["--sources", str(settings.sources), "--storage", str(settings.storage)]
    assert run([*options, "index"]) == 1
    captured = capsys.readouterr()
    rows = {line.split()[0]: line for line in captured.out.splitlines() if line.strip()}
    assert "en 100%" in rows["good.txt"]
    assert "binary" in rows["bad.txt"]
    assert "no text" in rows["empty.txt"]
    assert "2 of 3 sources" in captured.err
    assert run([*options, "ask", "Where was the meeting?"]) == 0
    assert "Hanoi" in capsys.readouterr().out


def test_dry_run_says_what_would_change_and_changes_nothing(capsys, make_settings):
    settings = make_settings({"a.txt": "The meeting was in Hanoi."})
    options = ["--sources", str(settings.sources), "--storage", str(settings.storage)]
    assert run([*options, "index", "--dry-run"]) == 0
    assert "added     a.txt" in capsys.readouterr().out
    assert not settings.storage.exists()
    assert run([*options, "index"]) == 0
    (settings.sources / "b.txt").write_text("A second text.", encoding="utf-8")
    (settings.sources / "a.txt").write_text("The meeting was in Vientiane.", encoding="utf-8")
    capsys.readouterr()
    assert run([*options, "index", "--dry-run"]) == 0
    assert {"added     b.txt", "changed   a.txt"} <= set(capsys.readouterr().out.splitlines())


def test_sources_are_listed_shown_added_and_removed(capsys, make_settings, tmp_path):
    settings = make_settings(
        {"a.txt": "One.", "catalog.yaml": "# kept\nversion: 1\nsources:\n  - file: a.txt\n    title: First\n"}
    )
    options = ["--sources", str(settings.sources), "--storage", str(settings.storage)]
    new = tmp_path / "第二份.txt"
    new.write_text("湄公河会议纪要\n\n2006年5月10日，会议在金边举行。\n", encoding="utf-8")
    assert run([*options, "sources", "add", str(new)]) == 0
    assert run([*options, "sources"]) == 0
    assert run([*options, "sources", "show", "第二份.txt"]) == 0
    printed = capsys.readouterr().out
    assert "First" in printed
    assert "湄公河会议纪要" in printed
    assert "2006-05-10" in printed
    assert run([*options, "sources", "remove", "a.txt"]) == 0
    catalog = (settings.sources / "catalog.yaml").read_text(encoding="utf-8")
    assert "# kept" in catalog
    assert "a.txt" not in catalog
    assert (settings.sources / ".removed" / "a.txt").read_text(encoding="utf-8") == "One."


def test_what_a_document_holds_cannot_steer_the_terminal(capsys, make_settings):
    settings = make_settings(
        {"a.txt": f"The meeting was in \x1b[31mHanoi\x1b[0m \u202egnijieB\u202c.\n{'It was long. ' * 30}"}
    )
    options = ["--sources", str(settings.sources), "--storage", str(settings.storage)]
    assert run([*options, "index"]) == 0
    assert run([*options, "search", "Where was the meeting?"]) == 0
    printed = capsys.readouterr().out
    assert "\x1b" not in printed
    assert "\u202e" not in printed


def test_doctor_finds_everything_in_order_and_says_how_to_mend_what_is_not(capsys, commit_settings, make_settings):
    assert run(["--storage", str(commit_settings.storage), "doctor"]) == 0
    printed = capsys.readouterr().out
    assert "WRONG" not in printed
    assert "filters: of 5 sources, the catalogue gives 5 a date, 5 a type, 4 a publisher; languages zh, en" in printed
    settings = make_settings({"a.txt": "One."})
    assert run(["--sources", str(settings.sources), "--storage", str(settings.storage), "doctor"]) == 1
    captured = capsys.readouterr()
    assert "WRONG  index: there is no index yet" in captured.out
    assert "commit-assistant index" in captured.out


def test_a_closed_pipe_and_ctrl_c_end_quietly(commit_settings):
    process = subprocess.Popen(
        [sys.executable, "-m", "assistant", "--storage", str(commit_settings.storage), "search", "COMMIT", "-k", "50"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        cwd=ROOT,
        env=dict(os.environ),
    )
    assert process.stdout
    assert process.stderr
    process.stdout.close()
    errors = process.stderr.read()
    process.stderr.close()
    process.wait(timeout=60)
    assert "Traceback" not in errors
