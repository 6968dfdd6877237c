"""Models of an Ollama server, in Ollama's own protocol."""

from __future__ import annotations

import logging
import socket
import sys
import time

import pytest
from scripted_model import FOREVER, PAGE, Fails, Says, scripted_model

from assistant.language_model.failures import ModelFailure, StoppedError, Trouble
from assistant.language_model.model import language_model
from assistant.language_model.provider import DEFAULT_CONTEXT, Message
from assistant.language_model.requests import Stop
from assistant.language_model.trial import trial
from assistant.settings import load_settings

KEY = "s3cret-k3y"
ASKED = (Message("system", "Be brief."), Message("user", "Who was there?"))
TRAINED = {"general.architecture": "qwen3", "qwen3.context_length": 40_960}


def _model(server, name="small", **options):
    return language_model(load_settings(llm=f"ollama:{name}", ollama_url=server.root, **options))


def _failure(server, name="small", **options):
    model = _model(server, name, **options)
    with pytest.raises(ModelFailure) as raised:
        model.reply(ASKED, 60)
    return raised.value


@pytest.fixture
def quick(monkeypatch):
    """Pauses between two attempts that are hardly any."""
    monkeypatch.setattr("assistant.language_model.model.random.uniform", lambda *_: 0.01)


@pytest.mark.parametrize("size", [0, 1, 3])
def test_a_reply_comes_piece_by_piece_and_says_at_its_end_why_and_how_many_tokens(size):
    said = ["六国", "政府", "开会。", " [1]"]
    with scripted_model([Says(pieces=said, usage=(42, 7), bytes_at_once=size)]) as server:
        pieces = list(_model(server).stream(ASKED, 60))
    assert [piece.text for piece in pieces if piece.text] == said
    assert [piece.end for piece in pieces if piece.end] == ["stop"]
    assert (pieces[-1].prompt_tokens, pieces[-1].reply_tokens) == (42, 7)


@pytest.mark.parametrize(
    ("shown", "setting", "context"),
    [
        (TRAINED, None, DEFAULT_CONTEXT),
        (TRAINED, 20_000, 20_000),
        (TRAINED, 100_000, 40_960),
        ({"llama.context_length": 2048}, None, 2048),
        ({"llama.context_length": 2048}, 4096, 2048),
        ({**TRAINED, "qwen3.rope.scaling.original_context_length": 4096}, 20_000, 20_000),
        ({}, None, DEFAULT_CONTEXT),
        ({}, 3000, 3000),
    ],
)
def test_the_window_that_is_reckoned_with_is_the_one_that_is_asked_for(shown, setting, context):
    with scripted_model(shown=shown) as server:
        model = _model(server, llm_context=setting)
        model.reply(ASKED, 60)
        assert model.context == context
        (asked,) = server.asked
        assert asked.path == "/api/chat"
        assert asked.body["options"] == {"temperature": 0.0, "num_ctx": context, "num_predict": 60}
        assert asked.body["messages"] == [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "Who was there?"},
        ]


def test_a_reply_cut_at_its_longest_says_so():
    with scripted_model([Says("Six governments", end="length")]) as server:
        assert [piece.end for piece in _model(server).stream(ASKED, 60) if piece.end] == ["length"]


def test_a_model_that_was_not_pulled_is_told_with_how_to_get_it():
    with scripted_model() as server:
        failure = _failure(server, "qwen3:8b")
        host = server.root.removeprefix("http://")
        assert failure.trouble is Trouble.NO_MODEL
        assert str(failure) == (
            f"{host} has no model 'qwen3:8b': check its name (Ollama: `ollama pull`), and the address (often …/v1)"
        )
        assert not server.asked


def test_an_ollama_that_is_not_there_is_told_with_its_host():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: connections are refused
        host = f"127.0.0.1:{taken.getsockname()[1]}"
        model = language_model(load_settings(llm="ollama:small", ollama_url=f"http://{host}"))
        with pytest.raises(ModelFailure) as raised:
            model.facts()
    assert raised.value.trouble is Trouble.UNREACHABLE
    assert str(raised.value) == f"there is no language model at {host}: start its server, or check the setting llm"


@pytest.mark.parametrize(
    ("reply", "trouble", "attempts"),
    [
        (Fails(401), Trouble.KEY, 1),
        (Fails(404), Trouble.NO_MODEL, 1),
        (Fails(400, "the input length exceeds the context length"), Trouble.TOO_LONG, 1),
        (Fails(500, "llama runner process has terminated"), Trouble.SERVER, 3),
        (Fails(500, body="[1]"), Trouble.SERVER, 3),
        (Fails(503, "server busy, please try again. maximum pending requests exceeded"), Trouble.SERVER, 3),
        (PAGE, Trouble.MALFORMED, 1),
        (Says("One two.", then=(0, "{{{\n")), Trouble.MALFORMED, 1),
        (Says("One two.", then=(0, "[]\n")), Trouble.MALFORMED, 1),
        (Says("One two.", then=(0, '{"error": "out of memory"}\n')), Trouble.SERVER, 3),
        (Says("One two.", then=(1, '{"error": "out of memory"}\n')), Trouble.BROKEN_OFF, 1),
        (Says("One two.", breaks_after=0), Trouble.BROKEN_OFF, 3),
        (Says("One two.", breaks_after=1), Trouble.BROKEN_OFF, 1),
        (Says("One two.", end=None), Trouble.BROKEN_OFF, 1),
        (Says(end=None), Trouble.EMPTY, 1),
    ],
)
def test_what_goes_wrong_is_told_and_what_passes_is_tried_again(quick, reply, trouble, attempts):
    with scripted_model([reply]) as server:
        assert _failure(server).trouble is trouble
        assert len(server.asked) == attempts


@pytest.mark.parametrize("reply", [Fails(200, body="[]"), Fails(200, body="{"), PAGE])
def test_something_else_that_answers_is_no_ollama(reply):
    with scripted_model(routes={"/api/show": reply}) as server:
        assert _failure(server).trouble is Trouble.MALFORMED


@pytest.mark.parametrize("reply", [Says("One two.", before=FOREVER), Says("One two.", silent_after=1)])
def test_a_model_that_says_nothing_is_given_up_in_time(reply):
    with scripted_model([reply]) as server:
        assert _failure(server, llm_timeout=0.4).trouble is Trouble.SLOW
        assert server.saw_hang_up()
        assert len(server.asked) == 1


def test_a_stop_ends_a_reply_and_the_server_sees_it():
    with scripted_model([Says("word " * 2000, pause=0.01)]) as server:
        stop = Stop()
        stream = _model(server).stream(ASKED, 60, stop)
        next(stream)
        stop()
        began = time.perf_counter()
        with pytest.raises(StoppedError):
            list(stream)
        assert time.perf_counter() - began < 0.5
        assert server.saw_hang_up()


@pytest.mark.parametrize("path", ["/api/show", "/api/chat"])
def test_a_redirect_is_not_followed(path):
    with scripted_model() as elsewhere:
        moved = Fails(307, headers={"Location": elsewhere.root + path})
        with scripted_model(routes={path: moved}) as server:
            assert _failure(server, llm_key=KEY).trouble is Trouble.MALFORMED
        assert not elsewhere.requests


def test_a_proxy_of_the_environment_is_not_for_this_machine(monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    with scripted_model(["Yes."]) as server:
        assert _model(server).reply(ASKED, 60) == "Yes."


def test_the_key_is_sent_and_stands_in_no_message_and_no_log(caplog, quick):
    caplog.set_level(logging.DEBUG)
    for name in ("httpx", "httpcore", "llama_index"):
        caplog.set_level(logging.DEBUG, logger=name)
    with scripted_model([Fails(500, KEY)]) as server:
        failure = _failure(server, llm_key=KEY)
        assert {one.headers["authorization"] for one in server.requests} == {f"Bearer {KEY}"}
    shown = [logging.Formatter().format(record) for record in caplog.records]
    assert not [line for line in [str(failure), *shown] if KEY in line]


def test_a_key_of_the_environment_goes_nowhere(monkeypatch):
    monkeypatch.setenv("OLLAMA_API_KEY", "cl0ud")
    with scripted_model() as server:
        _model(server).reply(ASKED, 60)
        assert not [one for one in server.requests if "cl0ud" in str(one.headers)]


def test_tokens_are_estimated_and_learnt_from_what_ollama_counts():
    with scripted_model([Says("Yes.", usage=(70, 1))]) as server:
        model = _model(server)
        before = model.count("字" * 100)
        model.reply((Message("user", "字" * 35),), 60)
        assert (before, model.count("字" * 100)) == (101, 201)


@pytest.mark.parametrize("module", ["ollama", "llama_index.llms.ollama"])
def test_the_missing_extra_is_named(monkeypatch, module):
    monkeypatch.setitem(sys.modules, module, None)
    with scripted_model() as server:
        failure = _failure(server)
    assert str(failure) == "a package for language models is missing: pip install 'commit-assistant[llm]'"


def test_a_trial_says_what_the_model_takes():
    with scripted_model([Says("1 2 3 4 5", pause=0.02)], shown={"llama.context_length": 2048}) as server:
        seen = trial(_model(server))
    assert (seen.name, seen.context) == ("ollama:small", 2048)
    assert seen.speed > 1
