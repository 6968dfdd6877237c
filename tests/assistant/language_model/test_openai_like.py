"""Servers that speak OpenAI's protocol: which model they have, what it takes, what it says."""

from __future__ import annotations

import os

import pytest
from scripted_model import Fails, Says, scripted_model

from assistant.language_model.failures import ModelFailure, Trouble
from assistant.language_model.model import language_model
from assistant.language_model.provider import DEFAULT_CONTEXT, Message
from assistant.language_model.trial import trial
from assistant.settings import load_settings
from index.errors import WrongCallError

ASKED = (Message("system", "Be brief."), Message("user", "Who was there?"))


def _model(server, **options):
    return language_model(load_settings(llm=server.url, **options))


@pytest.fixture(autouse=True)
def _no_proxy_of_the_machine(monkeypatch):
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)


def test_a_reply_comes_piece_by_piece_and_says_at_its_end_why_and_how_many_tokens():
    with scripted_model([Says("Six governments met. [1]", usage=(42, 7))]) as server:
        pieces = list(_model(server).stream(ASKED, 60))
    assert [piece.text for piece in pieces if piece.text] == ["Six ", "governments ", "met. ", "[1]"]
    assert [piece.end for piece in pieces if piece.end] == ["stop"]
    assert (pieces[-1].prompt_tokens, pieces[-1].reply_tokens) == (42, 7)


def test_the_model_is_asked_for_what_it_is_to_write_and_no_more():
    with scripted_model() as server:
        _model(server, llm_model="other").reply(ASKED, 60)
    (asked,) = server.asked
    assert asked.body["messages"] == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Who was there?"},
    ]
    assert (asked.body["model"], asked.body["max_tokens"], asked.body["temperature"]) == ("other", 60, 0.0)
    assert asked.body["stream"] is True
    assert asked.headers["authorization"] == "Bearer none"


@pytest.mark.parametrize("size", [1, 3, 7])
@pytest.mark.parametrize(
    "pieces", [["湄公河", "六国", " ", "签署", "。[1]"], ["ກອງ", "ປະຊຸມ", "\n\n- ", "🙂", "\u2028x"]]
)
def test_a_character_split_by_the_network_is_whole_again(size, pieces):
    with scripted_model([Says(pieces=pieces, bytes_at_once=size)]) as server:
        stream = _model(server).stream(ASKED, 60)
        assert [piece.text for piece in stream if piece.text] == pieces


def test_a_reply_cut_at_its_longest_says_so():
    with scripted_model([Says("Six governments", end="length")]) as server:
        assert [piece.end for piece in _model(server).stream(ASKED, 60) if piece.end] == ["length"]


def test_the_only_model_of_a_server_need_not_be_named():
    with scripted_model(names=["only/one"]) as server:
        model = _model(server)
        assert model.name == f"openai-like:{model.host}"  # nothing has been asked yet
        assert model.facts().model == "only/one"
        assert model.name == "openai-like:only/one"


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["b", "a"], "a, b"),
        ([], "it lists none"),
        (["f", "e", "d", "c", "b", "a", "evil\nname\x1b[31m"], "a, b, c, d, e, …"),
    ],
)
def test_a_server_with_several_models_is_told_with_their_names(names, said):
    with scripted_model(names=names) as server, pytest.raises(WrongCallError) as raised:
        _model(server).facts()
    host = server.root.removeprefix("http://")
    assert str(raised.value) == f"set llm_model to one of the models of {host}: {said}"


@pytest.mark.parametrize("names", [["a", "b"], ["else"], []])
def test_a_named_model_is_taken_listed_or_not(names):
    with scripted_model(names=names, props=6000) as server:
        assert _model(server, llm_model="a").facts().model == "a"
        assert _model(server, llm_model="a").context == 6000


@pytest.mark.parametrize("status", [404, 405, 501])
def test_a_server_without_a_list_of_models_needs_a_name(status):
    with scripted_model(["Yes."], routes={"/v1/models": Fails(status)}) as server:
        assert _model(server, llm_model="a").reply(ASKED, 60) == "Yes."
        if status != 501:
            with pytest.raises(ModelFailure) as raised:
                _model(server).facts()
            assert raised.value.trouble is Trouble.NO_MODEL


@pytest.mark.parametrize(
    ("shape", "setting", "context"),
    [
        ({}, None, DEFAULT_CONTEXT),
        ({}, 3000, 3000),
        ({"listed": {"max_model_len": 16_000}}, None, 16_000),
        ({"listed": {"max_model_len": 16_000}}, 3000, 3000),
        ({"listed": {"max_model_len": 16_000}}, 32_000, 16_000),
        ({"props": 4096}, None, 4096),
        ({"props": 4096, "listed": {"meta": {"n_ctx_train": 2048}}}, None, 2048),
        ({"props": 4096, "listed": {"meta": {"n_ctx_train": 32_768}}}, None, 4096),
        ({"listed": {"meta": {"n_ctx_train": 32_768}}}, None, 32_768),
        ({"listed": {"max_model_len": "many", "meta": {"n_ctx_train": -1}}}, None, DEFAULT_CONTEXT),
        ({"listed": {"max_model_len": None, "meta": None}}, None, DEFAULT_CONTEXT),
        ({"routes": {"/props": Fails(200, body="[]")}}, None, DEFAULT_CONTEXT),
        ({"routes": {"/props": Fails(200, body='{"default_generation_settings": 1}')}}, None, DEFAULT_CONTEXT),
        ({"routes": {"/props": Fails(500)}}, None, DEFAULT_CONTEXT),
    ],
)
def test_the_context_is_what_the_server_says_and_no_more_than_the_setting(shape, setting, context):
    with scripted_model(**shape) as server:
        assert _model(server, llm_context=setting).context == context


@pytest.mark.parametrize("kind", ["llama.cpp", "vllm"])
def test_tokens_are_counted_by_the_server_that_can(kind):
    with scripted_model(tokenizer=kind) as server:
        model = _model(server)
        assert (model.count("one two three"), model.count("")) == (3, 0)
        counting = [one for one in server.requests if one.path == "/tokenize"]
        assert [one.body["model"] for one in counting] == ["small", "small"]


def test_a_server_that_cannot_count_is_asked_once():
    with scripted_model() as server:
        model = _model(server)
        assert model.count("x" * 30) == model.count("x" * 30) == 11
        assert len([one for one in server.requests if one.path == "/tokenize"]) == 1


@pytest.mark.parametrize("body", ['{"tokens": 5}', "[]", "{", "null"])
def test_a_count_that_cannot_be_read_is_estimated(body):
    with scripted_model(routes={"/tokenize": Fails(200, body=body)}) as server:
        assert _model(server).count("x" * 30) == 11


def test_a_count_that_does_not_come_is_waited_for_once(monkeypatch):
    monkeypatch.setattr("assistant.language_model.model._COUNT_PATIENCE", 0.2)
    with scripted_model(routes={"/tokenize": Says(before=60)}) as server:
        model = _model(server)
        assert [model.count("x" * 30) for _ in range(5)] == [11] * 5
        assert len([one for one in server.requests if one.path == "/tokenize"]) == 1


def test_the_estimate_learns_from_what_the_server_counted():
    with scripted_model([Says("Yes.", usage=(70, 1))]) as server:
        model = _model(server)
        before = model.count("字" * 100)
        model.reply((Message("user", "字" * 35),), 60)
        assert (before, model.count("字" * 100)) == (101, 201)


def test_a_proxy_of_the_environment_is_not_for_this_machine(monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    with scripted_model(["Yes."]) as server:
        assert _model(server).reply(ASKED, 60) == "Yes."


def test_a_proxy_of_the_environment_is_for_the_world_outside(monkeypatch):
    with scripted_model() as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.root)
        model = language_model(load_settings(llm="http://models.example.org/v1", llm_model="a"))
        with pytest.raises(ModelFailure):
            model.reply(ASKED, 60)
        assert proxy.requests[0].path == "http://models.example.org/v1/models"


@pytest.mark.parametrize("path", ["/v1/models", "/v1/chat/completions"])
@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(status, path):
    with scripted_model() as elsewhere:
        moved = Fails(status, headers={"Location": elsewhere.root + path})
        with scripted_model(routes={path: moved}) as server, pytest.raises(ModelFailure) as raised:
            _model(server, llm_key="s3cret").reply(ASKED, 60)
        assert raised.value.trouble is Trouble.MALFORMED
        assert not elsewhere.requests


def test_a_trial_says_what_the_model_takes_and_how_fast_it_is():
    with scripted_model([Says("1 2 3 4 5 6 7 8 9 10 11", before=0.2, pause=0.02)], props=4096) as server:
        seen = trial(_model(server))
    assert (seen.name, seen.context) == ("openai-like:small", 4096)
    assert 0.2 <= seen.first_token < 1
    assert 10 < seen.speed < 50


def test_a_trial_of_a_model_that_writes_nothing_fails():
    with scripted_model([Says("")]) as server, pytest.raises(ModelFailure) as raised:
        trial(_model(server))
    assert raised.value.trouble is Trouble.EMPTY
