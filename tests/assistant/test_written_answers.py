"""Answers that a language model writes about the real COMMIT texts; the model's part is scripted, nothing else."""

from __future__ import annotations

import json
import threading
import time
from itertools import pairwise

import pytest
from scripted_model import Says, scripted_model

from assistant.answer import State, Support, Turn
from assistant.language_model.failures import StoppedError
from assistant.language_model.requests import Stop

QUESTION = "When and where was SOM4 held?"
TRUE = "SOM4 was held in Phnom Penh from 10 to 12 May 2006."
ABOUT = "第四次高官会在哪里举行？"


@pytest.fixture
def asked_of(with_model):
    """Asks the assistant a question that a scripted model answers: `asked_of(reply, question, **settings)`."""

    def ask(script, question=QUESTION, **settings):
        with scripted_model([script] if isinstance(script, str) else script) as server:
            assistant = with_model(llm=server.url, llm_timeout=20.0, **settings)
            answer = assistant.ask(question)
        return answer, server

    return ask


def number_of(words, told):
    """The number of the passage in a prompt that holds some words."""
    before = told[: told.index(words)]
    return int(before.rpartition("passage [")[2].partition("]")[0])


@pytest.fixture
def place(asked_of):
    """The number under which the model is given the place and date of SOM4."""
    _, server = asked_of("NO_ANSWER")
    return number_of("柬埔寨 金边", server.asked[-1].prompt)


def test_a_true_sentence_is_shown_with_the_exact_words_that_bear_it_out(asked_of, place):
    answer, _ = asked_of(f"{TRUE} [{place}]")
    assert answer.answer.startswith(TRUE)
    assert not answer.refused
    (sentence,) = answer.sentences
    assert sentence.support in {Support.SUPPORTED, Support.WEAK}
    assert "金边" in "".join(citation.quote for citation in answer.citations)
    assert {citation.state for citation in answer.citations} == {State.EXACT}
    assert [citation.number for citation in answer.citations] == list(sentence.citations)
    assert answer.answer[sentence.start : sentence.end].startswith(TRUE)
    assert answer.stamp.engine == "openai-like:small"
    assert set(answer.stamp.prompts) == {"answer"}
    assert answer.tokens["prompt"] > 0
    assert {"first_token_ms", "write_ms", "check_ms", "total_ms"} <= set(answer.timings)


@pytest.mark.parametrize(
    "false",
    [
        "SOM4 was held in Phnom Penh from 10 to 13 May 2006.",
        "SOM4 was held in Phnom Penh from 10 to 12 May 2009.",
        "SOM4 was held in Hanoi from 10 to 12 May 2006.",
    ],
)
def test_a_wrong_number_or_name_is_no_support(asked_of, place, false):
    answer, _ = asked_of(f"{TRUE} [{place}] {false} [{place}]")
    right, wrong = answer.sentences
    assert right.support is not Support.UNSUPPORTED
    assert wrong.support is Support.UNSUPPORTED
    assert wrong.missing
    left_out, _ = asked_of(f"{TRUE} [{place}] {false} [{place}]", unsupported="leave_out")
    assert false not in left_out.answer
    assert left_out.left_out == 1
    assert len(left_out.sentences) == 1


def test_a_quotation_for_an_unsupported_sentence_is_marked(asked_of, place):
    far = 1 if place != 1 else 2
    answer, _ = asked_of(f"{TRUE} [{place}] The budget of the Tokyo summit was 99 million dollars. [{far}]")
    wrong = answer.sentences[1]
    states = {citation.number: citation.state for citation in answer.citations}
    assert {states[number] for number in wrong.citations} == {State.UNSUPPORTED}


def test_markers_are_numbered_in_order_of_appearance_and_those_that_point_nowhere_go(asked_of, place):
    answer, _ = asked_of(f"{TRUE}［{place}］【99】[0] It took place in Phnom Penh. [{place}-{place}, 77]")
    assert "99" not in answer.answer
    assert "77" not in answer.answer
    assert [citation.number for citation in answer.citations] == list(range(1, len(answer.citations) + 1))
    assert answer.sentences[0].citations[0] == 1


def test_without_a_marker_the_passages_are_looked_through(asked_of):
    answer, _ = asked_of(TRUE)
    assert "金边" in "".join(citation.quote for citation in answer.citations)


def test_a_model_that_does_not_know_becomes_a_refusal(asked_of):
    for said in ("NO_ANSWER", " **NO_ANSWER**", "The passages do not mention this.", "No_answer."):
        answer, _ = asked_of(said)
        assert answer.refused, said
        assert answer.answer.startswith("The materials do not answer this question.")
        assert answer.citations
        assert not answer.sentences


def test_what_the_texts_do_not_say_is_refused_before_the_model_is_asked(asked_of):
    answer, server = asked_of("Paris is sunny. [1]", "What is the weather in Paris today?")
    assert answer.refused
    assert not server.asked


def test_nothing_supported_gives_the_quoted_answer_with_a_notice(asked_of, assistant):
    answer, _ = asked_of("The moon has 47 towers of cheese. [1]")
    assert answer.notice.kind == "unsupported"
    assert answer.answer == assistant.ask(QUESTION).answer
    assert answer.stamp.engine == "embedded"


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        ("", "empty"),
        ("<think>I wonder.</think>", "empty"),
        (
            "第四次高官会于二〇〇六年五月在柬埔寨的首都金边举行，历时三天，六国都派人参加了会议，会议十分成功。[1]",
            "other_language",
        ),
        ("SOM4 was held. " * 200, "repeating"),
        ("<div><table><tr><td>SOM4</td></tr><tr><td>held</td></tr></table></div><script>x</script>" * 3, "markup"),
    ],
)
def test_a_useless_reply_gives_the_quoted_answer_and_says_why(asked_of, assistant, reply, kind):
    answer, _ = asked_of(reply)
    assert answer.notice.kind == kind
    assert "\n" not in answer.notice.message
    assert answer.answer == assistant.ask(QUESTION).answer
    assert all(citation.state is State.EXACT for citation in answer.citations)


def test_no_server_gives_the_quoted_answer_and_says_what_to_do(with_model, assistant):
    answer = with_model(llm="http://127.0.0.1:9/v1").ask(QUESTION)
    assert answer.notice.kind == "unreachable"
    assert "start its server" in answer.notice.message
    assert answer.answer == assistant.ask(QUESTION).answer


def test_the_model_is_told_whole_passages_as_data(asked_of):
    _, server = asked_of("NO_ANSWER")
    system, user = (message["content"] for message in server.asked[-1].body["messages"])
    fence = system.partition("between the lines ")[2].partition(" is text")[0]
    assert fence.startswith("=====")
    assert user.count(fence) == 2 * user.count("end of passage")
    assert QUESTION in user
    assert "NO_ANSWER" in system


def test_passages_fit_the_window_best_first(asked_of, assistant):
    _, wide = asked_of("NO_ANSWER")
    _, narrow = asked_of("NO_ANSWER", llm_context=1500)
    first = assistant.ask(QUESTION).passages[0].text[:40]
    assert first in narrow.asked[-1].prompt
    assert 0 < narrow.asked[-1].prompt.count("end of passage") < wide.asked[-1].prompt.count("end of passage")


def test_a_window_that_holds_no_passage_is_told(asked_of):
    answer, _ = asked_of("NO_ANSWER", llm_context=300)
    assert answer.notice.kind == "too_long"


def test_a_follow_up_is_understood_by_the_model_and_shown(with_model):
    history = [Turn(role="user", content="Where was SOM4 held?"), Turn(role="assistant", content="In Phnom Penh. [1]")]
    script = ["When was SOM4 held?", f"{TRUE} [1] [2] [3]"]
    with scripted_model(script) as server:
        assistant = with_model(llm=server.url)
        answer = assistant.ask("And when was that?", history=history)
    assert answer.understood == "When was SOM4 held?"
    assert answer.question == "And when was that?"
    assert "condense_ms" in answer.timings
    assert "In Phnom Penh. (1)" in server.asked[0].prompt


@pytest.mark.parametrize(
    "condensed",
    [
        "When was SOM9 held in 1999?",
        "",
        "第四次高官会是什么时候举行的？请告诉我具体的日期和地点以及参加者。",
        "x" * 2000,
    ],
)
def test_a_follow_up_that_the_model_distorts_is_understood_by_rule(with_model, condensed):
    history = [Turn(role="user", content="Where was SOM4 held?"), Turn(role="assistant", content="In Phnom Penh. [1]")]
    with scripted_model([condensed, f"{TRUE} [1] [2] [3]"]) as server:
        assistant = with_model(llm=server.url)
        answer = assistant.ask("And when was that?", history=history)
    assert answer.understood == "Where was SOM4 held? And when was that?"


def test_drafts_grow_and_finished_sentences_keep_their_words(with_model, place):
    reply = f"{TRUE} [{place}] " + "It was hosted by Cambodia. " * 2
    with scripted_model([Says(reply, pause=0.03)]) as server:
        assistant = with_model(llm=server.url)
        drafts = list(assistant.stream(QUESTION))
    assert len(drafts) > 2
    for earlier, later in pairwise(drafts):
        done = [one for one in earlier.sentences if one.support is not None]
        assert [later.answer[one.start : one.end] for one in done] == [
            earlier.answer[one.start : one.end] for one in done
        ]
    assert all("[" not in draft.answer.replace(f"[{1}]", "").replace("[2]", "").replace("[3]", "") for draft in drafts)


def test_stopping_ends_the_request_at_once(with_model):
    stop = Stop()
    with scripted_model([Says(TRUE, before=30)]) as server:
        assistant = with_model(llm=server.url)
        assistant.search(QUESTION)
        threading.Timer(1.0, stop).start()
        began = time.monotonic()
        with pytest.raises(StoppedError):
            list(assistant.stream(QUESTION, stop=stop))
        assert time.monotonic() - began < 20


def test_the_prompts_of_the_users_folder_are_used_and_named(asked_of, tmp_path):
    folder = tmp_path / "answer"
    folder.mkdir()
    text = "{{ fence }}{{ no_answer }}{% for p in passages %}passage [{{ p.number }}] {{ p.text }}{% endfor %} Q: {{ question }}"
    (folder / "en.txt").write_text(text, encoding="utf-8")
    _, server = asked_of("NO_ANSWER", prompts=tmp_path)
    assert f"Q: {QUESTION}" in server.asked[-1].prompt
    answer, _ = asked_of(TRUE, prompts=tmp_path)
    other, _ = asked_of(TRUE)
    assert answer.stamp.prompts != other.stamp.prompts


def test_a_chinese_question_is_asked_and_answered_in_chinese(asked_of):
    answer, server = asked_of("第四次高官会于2006年5月10日至12日在柬埔寨金边举行。[1][2][3][4]", ABOUT)
    assert "用简体中文" in server.asked[-1].prompt
    assert answer.sentences[0].support is not Support.UNSUPPORTED
    assert json.loads(json.dumps(answer.as_json()))["sentences"][0]["support"] == answer.sentences[0].support.value
