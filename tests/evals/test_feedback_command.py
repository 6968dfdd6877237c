"""`eval feedback`: from what users said of answers to questions of a set."""

from __future__ import annotations

import pytest
from typer import TyperException

from assistant.answer import Answer, Citation, Stamp, Turn
from assistant.commands.context import Options
from assistant.feedback.record import Opinion, RatedAnswer
from assistant.feedback.store import FILE, FeedbackStore, UnknownFeedbackError
from assistant.filters import Filters
from evals.command import app
from evals.documents import Documents
from evals.loading import QuestionSetError, load_question_set
from index.errors import WrongCallError

HOSTILE = (
    "</script><script>alert(1)</script>\n- id: mine\n# \u2028 \x85 \x00 \ufffe 😀 {a: [b]} \"quoted\" 'too' \x1b[31m"
)
GOOD = Opinion(rating="good")


@pytest.fixture
def store(tmp_path):
    return FeedbackStore(tmp_path / "storage" / FILE)


@pytest.fixture
def call(small_sources, tmp_path, store):
    def run(*arguments):
        given = Options(sources=small_sources, storage=store.path.parent)
        return app(["feedback", *map(str, arguments)], standalone_mode=False, obj=given)

    return run


@pytest.fixture
def add(store):
    def keep(opinion, *quotes, name="a1", refused=False, history=(), **values):
        places = [{"source_id": source, "title": source, "quote": quote} for source, quote in quotes]
        answer = Answer(
            id=name,
            stamp=Stamp(generation="g7", corpus="c", embedding_model="e5"),
            refused=refused,
            citations=[Citation(number=n, start=0, end=1, **place) for n, place in enumerate(places, start=1)],
            **{"question": "How many gauges?", "answer": "As it is.", "language": "en", **values},
        )
        return store.add(RatedAnswer.of(answer, history), opinion)

    return keep


@pytest.fixture
def questions(call, tmp_path, small_sources):
    def written(*arguments):
        file = tmp_path / "feedback.yaml"
        call(*arguments, "--output", file)
        return load_question_set(file, Documents(small_sources)).questions

    return written


GAUGES = ("river.txt", "counted 48 gauges")
OFFICE = ("river.txt", "The survey office is in Luang Namtha.")


def test_a_good_answers_citations_become_gold(add, call, questions):
    filters = Filters(since="2011", languages=("en",))
    history = [Turn(role="user", content="Before?"), Turn(role="assistant", content="No.")]
    record = add(GOOD, GAUGES, OFFICE, filters=filters, history=history)
    call("review", record.id, "--accept")
    (question,) = questions()
    assert question.id == f"feedback-{record.id}"
    assert (question.question, question.language) == ("How many gauges?", "en")
    assert [turn.content for turn in question.history] == ["Before?"]
    assert question.filters == filters
    ((first, second),) = question.gold
    assert (first.source_id, first.end - first.start) == ("river.txt", len(GAUGES[1]))
    assert second.start > first.end
    assert question.answers == ((GAUGES[1], OFFICE[1]),)
    assert "g7" in question.note


@pytest.mark.parametrize(
    ("opinion", "refused"),
    [(Opinion(rating="bad", reason="should_have_refused"), False), (GOOD, True)],
    ids=["should have refused", "good refusal"],
)
def test_what_should_be_refused_is_unanswerable(opinion, refused, add, questions, tmp_path):
    add(opinion, GAUGES, refused=refused)
    (question,) = questions("--all")
    assert not question.answerable
    assert question.gold == ()
    assert "TODO say why nothing answers it" in (tmp_path / "feedback.yaml").read_text("utf-8")


def test_a_bad_answer_waits_for_a_person(add, questions, tmp_path, capsys):
    add(GOOD, GAUGES)
    bad = add(Opinion(rating="bad", reason="incomplete", text="the second survey"), OFFICE, name="a2")
    assert len(questions("--all")) == 1
    assert "1 questions, 1 to be completed by hand" in capsys.readouterr().out
    file = tmp_path / "feedback.yaml"
    text = file.read_text("utf-8")
    for said in (
        "bad: incomplete",
        "The user: the second survey",
        f"It cited river.txt: {OFFICE[1]}",
        "TODO write the gold",
    ):
        assert f"  # {said}" in text
    completed = text.replace("  # - id", "  - id").replace("  #   ", "    ").replace("  #     ", "      ")
    completed = completed.replace('source: "TODO"', 'source: "craft.txt"').replace(
        'quote: "TODO"', 'quote: "建于1987年"'
    )
    file.write_text(completed, encoding="utf-8")
    ids = [question.id for question in load_question_set(file, Documents(file.parent / "sources")).questions]
    assert f"feedback-{bad.id}" in ids


def test_only_what_is_accepted_is_written(add, call, questions):
    accepted, rejected, waiting = (add(GOOD, GAUGES, name=name) for name in ("a1", "a2", "a3"))
    call("review", accepted.id, "--accept")
    call("review", rejected.id, "--reject")
    assert [question.id for question in questions()] == [f"feedback-{accepted.id}"]
    del waiting


def test_what_is_rejected_never_is(add, call, questions):
    add(GOOD, GAUGES, name="a1")
    call("review", add(GOOD, GAUGES, name="a2").id, "--reject")
    assert len(questions("--all")) == 1


def test_words_that_the_sources_no_longer_hold_are_no_gold(add, questions, tmp_path):
    add(GOOD, GAUGES, ("river.txt", "counted 50 gauges"), ("gone.txt", "anything"))
    add(GOOD, ("gone.txt", "anything"), name="a2")
    (question,) = questions("--all")
    assert len(question.gold[0]) == 1
    text = (tmp_path / "feedback.yaml").read_text("utf-8")
    assert "2 more cited, but no longer in the sources" in text


def test_whatever_users_and_models_write_stays_text(add, call, questions, capsys):
    add(Opinion(rating="bad", reason="other", text=HOSTILE), (HOSTILE, HOSTILE), question=HOSTILE, answer=HOSTILE)
    history = [Turn(role="user", content=HOSTILE)]
    add(GOOD, GAUGES, question=HOSTILE, answer=HOSTILE, history=history, name="a2")
    call()
    shown = capsys.readouterr().out
    assert "\x1b" not in shown
    assert "\\u001b[31m" in shown
    (question,) = questions("--all")
    assert question.question == HOSTILE
    assert question.history[0].content == HOSTILE


def test_a_file_of_nothing_complete_says_so(add, call, tmp_path, small_sources, capsys):
    add(Opinion(rating="bad", reason="should_have_answered"), refused=True)
    file = tmp_path / "todo.yaml"
    call("--all", "--output", file)
    assert "None can be asked before one is completed" in capsys.readouterr().err
    with pytest.raises(QuestionSetError, match="questions"):
        load_question_set(file, Documents(small_sources))


def test_a_file_is_never_written_over(add, call, tmp_path):
    add(GOOD, GAUGES)
    file = tmp_path / "mine.yaml"
    file.write_text("mine", encoding="utf-8")
    with pytest.raises(WrongCallError, match="is there already"):
        call("--all", "--output", file)
    assert file.read_text("utf-8") == "mine"


def test_the_list_shows_what_awaits_a_review(add, call, capsys):
    call()
    assert "There is no feedback in" in capsys.readouterr().out
    record = add(Opinion(rating="bad", reason="wrong_source", text="see the other"), GAUGES)
    call()
    shown = capsys.readouterr().out
    for said in (record.id, "bad: wrong source", "not reviewed", "see the other", "How many gauges?", "river.txt 0-1"):
        assert said in shown
    call("review", record.id, "--reject")
    call()
    assert "Nothing awaits a review" in capsys.readouterr().out
    call("--all")
    assert "rejected" in capsys.readouterr().out


def test_wrong_calls_are_told(add, call, store, tmp_path):
    record = add(GOOD, GAUGES)
    with pytest.raises(WrongCallError, match="nothing is accepted yet"):
        call("--output", tmp_path / "new.yaml")
    with pytest.raises(UnknownFeedbackError, match="no feedback 'nothing'"):
        call("review", record.id, "nothing", "--accept")
    assert store.list("") == (record,), "none is reviewed when one is unknown"
    with pytest.raises(TyperException, match="accept"):
        call("review", record.id)
    with pytest.raises(WrongCallError, match="without a command"):
        call("--all", "review", record.id, "--accept")
