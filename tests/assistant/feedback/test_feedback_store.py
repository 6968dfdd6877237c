"""What users say of answers is kept, whoever else writes and whatever the disk does."""

from __future__ import annotations

import sqlite3
import subprocess
import sys

import pytest
from pydantic import ValidationError

from assistant.feedback import sqlite_advice
from assistant.feedback.recent import RecentAnswers
from assistant.feedback.record import LONGEST_TEXT, Opinion, RatedAnswer
from assistant.feedback.store import FeedbackError, FeedbackStore, UnknownFeedbackError
from index.errors import WrongCallError

HOSTILE = "<script>alert(1)</script>'; DROP TABLE feedback; -- \u202e\u0000 😀"
GOOD = Opinion(rating="good")


def test_everything_that_was_said_comes_back(store, rated):
    about = rated(question=HOSTILE, answer=HOSTILE)
    added = store.add(about, Opinion(rating="bad", reason="incomplete", text=HOSTILE))
    found = FeedbackStore(store.path).get(added.id)
    assert found == added
    assert (found.about.question, found.opinion.text, found.about.history) == (HOSTILE, HOSTILE, ("And before?",))
    assert (found.about.citations[0].source_id, found.about.citations[0].start) == ("river.txt", 25)
    assert found.about.stamp.generation == "g"
    assert found.time.endswith("+00:00")
    assert not found.reviewed


def test_nothing_is_made_by_looking(store):
    assert store.list() == ()
    with pytest.raises(UnknownFeedbackError, match="no feedback 'x'"):
        store.get("x")
    assert not store.path.parent.exists()


def test_the_newest_comes_first_and_reviews_choose(store, rated):
    ids = [store.add(rated(f"a{number}"), GOOD).id for number in range(3)]
    assert [one.id for one in store.list()] == ids[::-1]
    assert store.review(ids[0], accept=True).review == "accepted"
    assert store.review(ids[1], accept=False).reviewed
    assert [one.id for one in store.list("")] == [ids[2]]
    assert [one.id for one in store.list("accepted", "")] == [ids[2], ids[0]]
    assert store.review(ids[1], accept=True).review == "accepted", "a decision may be changed"
    with pytest.raises(UnknownFeedbackError):
        store.review("nothing", accept=True)


def test_a_second_opinion_replaces_the_first_until_that_is_reviewed(store, rated):
    store.add(rated(), GOOD)
    second = store.add(rated(), Opinion(rating="bad", reason="wrong"))
    assert [one.id for one in store.list()] == [second.id]
    store.review(second.id, accept=True)
    store.add(rated(), GOOD)
    assert len(store.list()) == 2


def test_what_cannot_be_meant_is_refused(store, rated):
    with pytest.raises(ValidationError, match="a reason belongs to a bad answer"):
        Opinion(rating="good", reason="wrong")
    with pytest.raises(ValidationError):
        Opinion(rating="bad", text="x" * (LONGEST_TEXT + 1))
    with pytest.raises(WrongCallError, match="was refused"):
        store.add(rated(refused=True), Opinion(rating="bad", reason="should_have_refused"))
    with pytest.raises(WrongCallError, match="was answered"):
        store.add(rated(), Opinion(rating="bad", reason="should_have_answered"))
    assert store.list() == ()


def test_half_a_character_is_kept_as_a_question_mark(store, rated):
    assert store.add(rated(question="a\ud800b"), GOOD).about.question == "a?b"


def test_only_its_owner_can_read_it(store, rated):
    store.add(rated(), GOOD)
    assert store.path.stat().st_mode & 0o077 == 0


_WRITER = """
import sys
from assistant.answer import Stamp
from assistant.feedback.record import Opinion, RatedAnswer
from assistant.feedback.store import FeedbackStore
from pathlib import Path
store, name = FeedbackStore(Path(sys.argv[1])), sys.argv[2]
stamp = Stamp(generation="g", corpus="c", embedding_model="e")
for number in range(40):
    about = RatedAnswer(answer_id=f"{name}-{number}", question=name, answer="x", refused=False, stamp=stamp)
    store.add(about, Opinion(rating="good"))
"""


def test_processes_write_at_once(store):
    call = [sys.executable, "-c", _WRITER, str(store.path)]
    writers = [subprocess.Popen([*call, name], stderr=subprocess.PIPE) for name in ("first", "second")]
    said = [writer.communicate(timeout=120)[1] for writer in writers]
    assert said == [b"", b""]
    kept = {one.about.answer_id for one in store.list()}
    assert kept == {f"{name}-{number}" for name in ("first", "second") for number in range(40)}


def test_a_full_disk_is_one_clear_error_and_loses_nothing(store, rated, monkeypatch):
    kept = store.add(rated(), GOOD)
    plain = sqlite_advice.on_disk

    def full(path):
        connection = plain(path)
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages}")
        return connection

    monkeypatch.setattr("assistant.feedback.store.on_disk", full)
    with pytest.raises(FeedbackError, match=r"the disk is full .*: free some space and try again") as error:
        store.add(rated("a2", answer="x" * 100_000), GOOD)
    assert "\n" not in str(error.value)
    assert store.list() == (kept,)
    monkeypatch.undo()
    assert store.add(rated("a3"), GOOD) in store.list()


_NO_ROOM = """
import resource, sys
from pathlib import Path
from assistant.answer import Stamp
from assistant.feedback.record import Opinion, RatedAnswer
from assistant.feedback.store import FeedbackError, FeedbackStore
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
stamp = Stamp(generation="g", corpus="c", embedding_model="e")
about = RatedAnswer(answer_id="big", question="x" * 200_000, answer="x", refused=False, stamp=stamp)
try:
    FeedbackStore(Path(sys.argv[1])).add(about, Opinion(rating="good"))
except FeedbackError as error:
    print(error)
"""


def test_a_write_that_the_system_refuses_loses_nothing(store, rated):
    kept = store.add(rated(), GOOD)
    call = [sys.executable, "-c", _NO_ROOM, str(store.path)]
    done = subprocess.run(call, capture_output=True, text=True, timeout=120, check=True)
    assert "the disk is full or cannot be written" in done.stdout
    assert store.list() == (kept,)


def test_a_damaged_file_and_one_of_a_newer_program_are_named(store, rated):
    store.path.parent.mkdir()
    store.path.write_bytes(b"no database at all, but long enough to be taken for one" * 40)
    with pytest.raises(FeedbackError, match="damaged: move it away"):
        store.list()
    store.path.unlink()
    store.add(rated(), GOOD)
    with sqlite3.connect(store.path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(FeedbackError, match="newer version"):
        store.list()


def test_a_place_that_cannot_be_written_is_named(tmp_path, rated):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(FeedbackError, match="feedback cannot be kept in"):
        FeedbackStore(tmp_path / "file" / "feedback.sqlite").add(rated(), GOOD)


def test_only_the_last_answers_are_remembered(answer):
    recent = RecentAnswers(most=2)
    for name in ("a1", "a2", "a1", "a3"):
        recent.remember(answer(name))
    assert recent.get("a2") is None
    assert isinstance(recent.get("a1"), RatedAnswer)
    assert recent.get("a3").question == "How many gauges?"
