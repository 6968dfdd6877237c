"""Conversations that come back from where they are kept, and the users whose they are."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from assistant.answer import Answer, Citation, Place, RankedPassage, Sentence, Stamp, State, Support, Turn
from assistant.conversations.record import KeptExchange, Record, kept, read_record
from assistant.conversations.store import ConversationStore, StaleError
from assistant.engine import Assistant
from assistant.settings import load_settings
from assistant.web.access.accounts import Accounts
from assistant.web.app import create_app
from assistant.web.conversation import Exchange, messages
from assistant.web.kept import Asking, restored, told
from assistant.web.shown_answers import ShownAnswers
from index.document import Document
from index.generation import NoIndexError
from tests.scripted_model import scripted_model

if TYPE_CHECKING:
    from pathlib import Path

ID, OTHER = "a" * 32, "b" * 32
TEXT = "The ministers met in Yangon. 部长们在仰光会面。"
HOSTILE = "<img src=x onerror=alert(1)>"


class _Content:
    def document(self, source_id: str) -> Document:
        return {"a.txt": Document("a.txt", TEXT)}[source_id]


class _Current:
    content = _Content()

    def __init__(self, *, failing: bool = False) -> None:
        self.failing = failing

    def get(self) -> _Current:
        if self.failing:
            raise NoIndexError("none")
        return self


class _Assistant:
    def __init__(self, *, failing: bool = False) -> None:
        self.current = _Current(failing=failing)


def _restored(text: str, *, failing: bool = False) -> Any:
    return restored(text, cast("Assistant", _Assistant(failing=failing)))


def _answer(quote: str = TEXT[:28], **values: Any) -> Answer:
    place = {"source_id": "a.txt", "title": HOSTILE, "start": 0, "end": 28}
    also = (Place(**place, quote="other words"), Place(**place, quote=TEXT[:28]))
    citation = Citation(**place, quote=quote, number=1, also=also)
    passage = RankedPassage(rank=1, source_id="a.txt", start=10, end=10 + 3000, text="字" * 3000, score=1.0)
    stamp = Stamp(generation="g", corpus="c", embedding_model="m")
    filled = {
        "id": "1",
        "question": "q",
        "answer": f"{quote} [1] 部长们在仰光会面",
        "refused": False,
        "stamp": stamp,
        **values,
    }
    return Answer(**filled, citations=(citation,), passages=(passage,))


def _json(*exchanges: Any, **values: Any) -> str:
    return json.dumps({"id": ID, "title": "t", "exchanges": exchanges, **values}, ensure_ascii=False)


def _exchange(**values: Any) -> dict[str, Any]:
    return KeptExchange(question="Where?", **values).model_dump(mode="json")


def test_what_was_kept_comes_back_and_damaged_exchanges_are_left_out() -> None:
    good = _exchange(answer=_answer(), filters={"since": "2006"})
    damaged = [{**good, "answer": {"id": 1}}, {"question": ""}, 7, None, {**good, "filters": {"since": "never"}}]
    conversation, left_out = _restored(_json(good, *damaged))
    assert (conversation.id, left_out) == (ID, len(damaged))
    (exchange,) = conversation.exchanges
    assert exchange.complete
    assert exchange.within.filters.since == "2006"
    shown = "".join(message["content"] for message in messages(conversation, "en"))
    assert "ministers met in Yangon" in shown
    assert "<img" not in shown


@pytest.mark.parametrize(
    "text",
    ["", "x", "[]", "7", "null", '{"id": "../x"}', json.dumps({"id": ID, "more": 1}), "[" * 50_000, _json(revision=-1)],
)
def test_what_is_no_conversation_shows_an_empty_page(text: str) -> None:
    conversation, left_out = _restored(text)
    assert (conversation.exchanges, conversation.id, left_out) == ((), "", 1)
    assert Asking.of(text).instead_of is None


def test_too_large_a_conversation_is_not_read_and_none_so_large_is_kept() -> None:
    assert read_record(_json(_exchange(), title="x" * 900_000))[0] is None
    exchange = KeptExchange(question="字" * 50_000, answer=_answer())
    values = kept([exchange] * 20)
    assert 1 <= len(values) < 20
    record, left_out = read_record(_json(*values))
    assert record is not None
    assert (len(record.exchanges), left_out) == (len(values), 0)


def test_a_long_conversation_loses_passages_before_it_loses_exchanges() -> None:
    found = tuple(
        RankedPassage(rank=rank, source_id="a.txt", start=0, end=240, text="字" * 240, score=1.0) for rank in range(10)
    )
    exchange = KeptExchange(question="Where?", answer=_answer().model_copy(update={"passages": found}))
    values = kept([exchange] * 90)
    assert len(values) == 90
    assert values[0]["answer"]["passages"] == []
    assert len(values[-1]["answer"]["passages"]) == 10
    assert read_record(_json(*values))[1] == 0


def test_passages_are_kept_shortened_and_still_name_their_words() -> None:
    (value,) = kept([KeptExchange(question="q", answer=_answer())])
    passage = value["answer"]["passages"][0]
    assert passage["end"] - passage["start"] == len(passage["text"]) < 3000
    assert passage["start"] == 10


@pytest.mark.parametrize(
    ("quote", "failing", "state"),
    [
        (TEXT[:28], False, State.EXACT),
        ("The ministers met in Hanoi.", False, State.UNSUPPORTED),
        (TEXT[:28], True, State.UNSUPPORTED),
    ],
)
def test_a_quotation_is_shown_as_exact_only_if_it_stands_in_its_source_now(
    quote: str, *, failing: bool, state: State
) -> None:
    conversation, _ = _restored(_json(_exchange(answer=_answer(quote))), failing=failing)
    (citation,) = conversation.exchanges[0].answer.citations
    assert citation.state is state
    # While the index cannot be read, nothing is known of the other places: they are not lost.
    assert len(citation.also) == (2 if failing else 1)
    warned = "Could not be verified" in messages(conversation, "en")[1]["content"]
    assert warned == (state is State.UNSUPPORTED)


def test_what_could_not_be_verified_once_is_exact_again_when_it_is_back() -> None:
    away, _ = _restored(_json(_exchange(answer=_answer())), failing=True)
    kept_then = kept([one.kept for one in away.exchanges])
    back, _ = _restored(_json(*kept_then))
    (citation,) = back.exchanges[0].answer.citations
    assert citation.state is State.EXACT
    assert [place.quote for place in citation.also] == [TEXT[:28]]


@pytest.mark.parametrize(
    ("supports", "state"),
    [
        ([Support.UNSUPPORTED], State.UNSUPPORTED),
        ([Support.UNSUPPORTED, Support.WEAK], State.EXACT),
        ([], State.UNSUPPORTED),
    ],
)
def test_a_quotation_that_bears_out_no_sentence_stays_marked(supports: list[Support], state: State) -> None:
    sentences = tuple(Sentence(start=0, end=9, support=support, citations=(1,)) for support in supports)
    answer = _answer(sentences=(*sentences, Sentence(start=10, end=12)))
    marked = answer.citations[0].model_copy(update={"state": State.UNSUPPORTED})
    conversation, _ = _restored(_json(_exchange(answer=answer.model_copy(update={"citations": (marked,)}))))
    assert conversation.exchanges[0].answer.citations[0].state is state


def test_an_answer_that_comes_back_is_shown_as_it_was_verified_last() -> None:
    answers = ShownAnswers()
    doubted, exact = (_answer(quote=quote) for quote in ("other words", TEXT[:28]))
    answers.restore(doubted)
    answers.restore(exact)
    assert answers.get("1") == exact
    answers.remember(doubted)
    answers.restore(exact)
    assert answers.get("1") == doubted


@pytest.mark.parametrize("language", ["../../etc/passwd", "x" * 5000, "a/b", "en\x00"])
def test_a_language_from_a_browser_is_no_path(language: str) -> None:
    value = _exchange(answer=_answer())
    value["answer"] |= {"language": language, "refused": True}
    assert _restored(_json(value)) == (_restored(_json())[0], 1)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from([*_exchange(), *_answer().as_json()]), inner),
    )
)
def test_whatever_stands_in_the_place_of_an_exchange_can_be_shown(value: Any) -> None:
    answer = value if isinstance(value, dict) else {}
    for one in (value, {**_exchange(), **answer}, {**_exchange(), "answer": {**_answer().as_json(), **answer}}):
        conversation, _ = _restored(_json(one))
        for exchange in conversation.exchanges:
            assert not exchange.pending
            assert "<img" not in exchange.html("en")


def test_news_for_the_script_are_text() -> None:
    html = told(kept=HOSTILE + "\n\u2028'\"&")
    assert "<img" not in html
    assert "\n" not in html.strip("&#10;").strip()


def _record(name: str = ID, question: str = "Where?", **values: Any) -> Record:
    exchange = KeptExchange(question=question, answer=_answer())
    return Record(id=name, exchanges=(exchange,), **{"title": question, "changed": 1, **values})


@pytest.fixture
def store(tmp_path: Path) -> ConversationStore:
    return ConversationStore(tmp_path / "kept" / "conversations.sqlite", most=3)


def test_nobody_reaches_anothers_conversations(store: ConversationStore) -> None:
    store.save("anna", _record())
    store.save("bob", _record(question="Bob's own"))
    assert not store.delete("carl", ID)
    assert not store.rename("carl", ID, "mine")
    assert store.get("carl", ID) is None
    assert store.search("carl", "ministers") == []
    store.delete("bob", ID)
    found = store.get("anna", ID)
    assert found is not None
    assert found.exchanges == _record().exchanges
    assert store.path.stat().st_mode & 0o077 == 0
    store.keep_only(["bob"])
    assert store.all("anna") == []


def test_a_conversation_that_went_on_elsewhere_is_not_overwritten(store: ConversationStore) -> None:
    first = store.save("anna", _record())
    store.save("anna", _record(question="there", revision=first.revision))
    with pytest.raises(StaleError):
        store.save("anna", _record(question="here", revision=first.revision))
    kept_one = store.get("anna", ID)
    assert kept_one is not None
    assert kept_one.exchanges[0].question == "there"


def test_the_oldest_make_room_and_are_named(store: ConversationStore) -> None:
    for number in range(3):
        store.save("anna", _record(f"{number:032x}", f"question {number}", changed=10 + number))
    assert store.save("anna", _record(OTHER, changed=1)).dropped == ("question 0",)
    assert [entry.title for entry in store.all("anna")] == ["question 2", "question 1", "Where?"]
    small = ConversationStore(store.path, largest=10)
    assert len(small.save("anna", _record(ID)).dropped) == 3


def test_a_long_conversation_in_chinese_comes_back(store: ConversationStore) -> None:
    record = _record(question="部" * 90_000, title="部")
    long = record.model_copy(update={"exchanges": record.exchanges * 2})
    store.save("anna", long)
    found = store.get("anna", ID)
    assert found is not None
    assert found.exchanges == long.exchanges


@pytest.mark.parametrize(
    "text", ["部长们 仰光", "会面 ministers", "MINISTERS yangon", "部長們", "仰光", "ｗｈｅｒｅ", "named anew"]
)
def test_conversations_are_found_in_every_script(store: ConversationStore, text: str) -> None:
    store.save("anna", _record())
    store.save("anna", _record(OTHER, "What else?", title="untouched"))
    store.rename("anna", ID, "Named anew")
    assert ID in store.search("anna", text)
    assert store.search("anna", text + " nowhere") == []


def test_accounts_in_one_folder_keep_their_conversations_apart(tmp_path: Path) -> None:
    client, accounts = _client(tmp_path)
    there = f"/conversations/{ID}"
    with client:
        assert (
            client.put(there, json=_record().model_dump(mode="json"), headers=_as(accounts, "anna")).status_code == 200
        )
        others = Accounts(accounts.file.path.with_name("others.sqlite"))
        others.add("zoe", "the password of zoe")
        settings = load_settings(storage=tmp_path / "storage", accounts=others.file.path)
        create_app(cast("Assistant", _Assistant()), settings)
        assert client.get(there, headers=_as(accounts, "anna")).status_code == 200


def _client(tmp_path: Path) -> tuple[TestClient, Accounts]:
    accounts = Accounts(tmp_path / "accounts" / "accounts.sqlite")
    for name in ("anna", "bob"):
        accounts.add(name, f"the password of {name}")
    settings = load_settings(storage=tmp_path / "storage", accounts=accounts.file.path)
    return TestClient(create_app(cast("Assistant", _Assistant()), settings), base_url="http://127.0.0.1"), accounts


def _as(accounts: Accounts, name: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {accounts.new_token(name)}"}


def test_with_accounts_everybody_keeps_their_own_on_the_server(tmp_path: Path) -> None:
    client, accounts = _client(tmp_path)
    anna, bob = _as(accounts, "anna"), _as(accounts, "bob")
    address, body = f"/conversations/{ID}", _record().model_dump_json()
    assert client.put(address, content=body, headers=anna).json() == {"revision": 1, "dropped": []}
    assert client.put(address, content=body, headers=anna).status_code == 409
    assert client.put(f"/conversations/{OTHER}", content=body, headers=anna).status_code == 404
    assert client.put(address, content=b"x" * 2_000_000, headers=anna).status_code == 413
    assert [one["title"] for one in client.get("/conversations", headers=anna).json()] == ["Where?"]
    assert client.get("/conversations?search=仰光", headers=anna).json() == [ID]
    assert client.get("/conversations", headers=bob).json() == []
    assert client.get(address, headers=bob).json() is None
    assert client.patch(address, content=json.dumps({"id": ID, "title": "x"}), headers=bob).status_code == 404
    assert client.get(address).status_code in {303, 401}
    accounts.remove("anna")
    accounts.add("anna", "another password")
    assert client.get("/conversations", headers=_as(accounts, "anna")).json() == []


def test_without_accounts_the_server_keeps_nothing(tmp_path: Path) -> None:
    settings = load_settings(storage=tmp_path / "storage")
    with TestClient(create_app(cast("Assistant", _Assistant()), settings), base_url="http://127.0.0.1") as client:
        assert client.get("/conversations").status_code == 404
    assert not list(tmp_path.rglob("*.sqlite"))


def test_an_answer_that_was_stopped_comes_back_stopped() -> None:
    for value in (_exchange(), _exchange(answer=_answer(), stopped=True)):
        exchange = Exchange.of(KeptExchange.model_validate(value))
        assert exchange.stopped
        assert not exchange.pending


def test_a_conversation_is_named_by_the_language_model_or_its_first_question(tmp_path: Path) -> None:
    turns = [Turn(role="user", content="Where did the ministers meet? " * 9), Turn(role="assistant", content="Yangon.")]
    storage = tmp_path / "storage"
    assert Assistant(load_settings(storage=storage)).title(turns) == turns[0].content[:80]
    with scripted_model(["“A meeting of ministers”."]) as server:
        assert Assistant(load_settings(storage=storage, llm=server.url)).title(turns) == "A meeting of ministers"
