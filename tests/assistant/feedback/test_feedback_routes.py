"""What the page may send of an answer, and what is kept of it."""

from __future__ import annotations

import json

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from assistant.answer import Turn
from assistant.feedback.recent import RecentAnswers
from assistant.feedback.record import LONGEST_TEXT
from assistant.feedback.store import FeedbackStore
from assistant.web.feedback_routes import add_feedback_routes
from assistant.web.guard import Guard

OURS = {"X-Commit-Assistant": "feedback", "Content-Type": "application/json"}


@pytest.fixture
def recent(answer):
    remembered = RecentAnswers()
    remembered.remember(answer(), [Turn(role="user", content="Before?")])
    remembered.remember(answer("refusal", refused=True))
    return remembered


@pytest.fixture
def client(recent, store):
    app = FastAPI()
    app.add_middleware(Guard)
    add_feedback_routes(app, recent, store)
    return TestClient(app, base_url="http://127.0.0.1:7860")


@pytest.fixture
def send(client):
    def post(headers=OURS, **values):
        return client.post(
            "/feedback", content=json.dumps({"answer": "a1", "rating": "good", **values}), headers=headers
        )

    return post


def test_a_rating_is_kept_with_what_the_program_remembers(send, store):
    sent = send(rating="bad", reason="wrong_source", text="<b>it is in the other one</b>")
    assert sent.status_code == 201
    (kept,) = store.list()
    assert kept.id == sent.json()["id"]
    assert (kept.opinion.rating, kept.opinion.reason) == ("bad", "wrong_source")
    assert kept.opinion.text == "<b>it is in the other one</b>"
    assert (kept.about.question, kept.about.history) == ("How many gauges?", ("Before?",))
    assert kept.about.citations[0].quote == "counted 48 gauges"


@pytest.mark.parametrize("field", ["question", "citations", "refused", "review", "stamp"])
def test_a_browser_cannot_say_what_the_answer_was(field, send, store):
    refused = send(**{field: "mine"})
    assert refused.status_code == 422
    assert field in refused.json()["error"]
    assert store.list() == ()


def test_an_answer_that_was_never_given_cannot_be_rated(send, store):
    unknown = send(answer="of-my-own")
    assert unknown.status_code == 404
    assert "ask again" in unknown.json()["error"]
    assert store.list() == ()


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"rating": "splendid"}, "rating"),
        ({"rating": "bad", "reason": "boring"}, "reason"),
        ({"rating": "good", "reason": "wrong"}, "a reason belongs to a bad answer"),
        ({"rating": "bad", "reason": "should_have_answered"}, "was answered"),
        ({"answer": "refusal", "rating": "bad", "reason": "should_have_refused"}, "was refused"),
        ({"text": "x" * (LONGEST_TEXT + 1)}, "text"),
        ({"answer": ""}, "answer"),
        ({"answer": ["a1"]}, "answer"),
    ],
)
def test_what_cannot_be_meant_is_told_on_one_line(values, said, send, store):
    refused = send(**values)
    assert refused.status_code == 422
    assert said in refused.json()["error"]
    assert "\n" not in refused.json()["error"]
    assert store.list() == ()


def test_the_longest_text_fits_however_it_is_written(send):
    assert send(text="😀" * LONGEST_TEXT).status_code == 201


def test_other_sites_and_other_forms_are_refused(send, client, store):
    assert send(headers={"Content-Type": "application/json"}).status_code == 403
    assert send(headers={**OURS, "Origin": "https://elsewhere.example"}).status_code == 403
    assert send(headers={**OURS, "Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert send(headers={**OURS, "Content-Type": "text/plain"}).status_code == 415
    assert client.post("/feedback", content=b"{", headers=OURS).status_code == 400
    assert client.post("/feedback", content=b"x" * 40_000, headers=OURS).status_code == 413
    assert client.get("/feedback").status_code == 405
    assert store.list() == ()


def test_a_page_of_ours_may(send):
    sent = send(headers={**OURS, "Origin": "http://127.0.0.1:7860", "Sec-Fetch-Site": "same-origin"})
    assert sent.status_code == 201
    assert len(sent.headers.get_list("content-security-policy")) == 1


def test_a_file_that_cannot_be_written_is_told(tmp_path, recent):
    (tmp_path / "file").write_text("", encoding="utf-8")
    app = FastAPI()
    add_feedback_routes(app, recent, FeedbackStore(tmp_path / "file" / "feedback.sqlite"))
    sent = TestClient(app).post("/feedback", content=b'{"answer": "a1", "rating": "good"}', headers=OURS)
    assert sent.status_code == 503
    assert "feedback cannot be kept" in sent.json()["error"]
