"""The reader with the weights that are shipped: which window answers, where, and what happens when they do not fit."""

from __future__ import annotations

import math
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import save_file

from assistant.reader import reader as module
from assistant.reader.encoding import CONTEXT_TOKENS, context_side
from assistant.reader.reader import Reader
from assistant.reader.weights import WEIGHTS, ReaderError
from assistant.reader.windows import WINDOW_TOKENS, sentence_pieces, windows
from index.embedding import PACKAGED_MODEL, tokenizer
from index.errors import AssistantError

if TYPE_CHECKING:
    from pathlib import Path

ASKED = [
    (
        "Where was the second forum held?",
        "The second forum was held in Savannakhet in May 2011.",
        "Savannakhet",
        ["The forum has eleven members.", "Its budget for 2012 was approved by the members in writing."],
    ),
    (
        "第二届论坛在哪里举行？",
        "The second forum was held in Savannakhet in May 2011.",
        "Savannakhet",
        ["The forum has eleven members.", "Its budget for 2012 was approved by the members in writing."],
    ),
    (
        "茶叶合作社成立于哪一年？",
        "茶叶合作社成立于1994年，起初只有二十户人家。",
        "1994",
        ["合作社的茶叶主要销往北方各省。", "合作社的社长每三年选举一次。"],
    ),
    (
        "谁担任渔业委员会主席？",
        "渔业委员会主席由陈文海担任，副主席两名。",
        "陈文海",
        ["渔业委员会每季度开会一次。", "委员会的办公室设在码头旁边的旧仓库里。"],
    ),
    (
        "誰擔任漁業委員會主席？",
        "渔业委员会主席由陈文海担任，副主席两名。",
        "陈文海",
        ["渔业委员会每季度开会一次。", "委员会的办公室设在码头旁边的旧仓库里。"],
    ),
    (
        "Trung tâm cứu hộ được thành lập năm nào?",
        "The rescue centre was founded in 1998 by two veterinary surgeons.",
        "1998",
        ["The rescue centre takes in elephants and bears.", "Visitors are welcome on weekdays."],
    ),
    (
        "ศูนย์ช่วยเหลือช้างก่อตั้งขึ้นเมื่อใด",
        "ศูนย์ช่วยเหลือช้างก่อตั้งขึ้นในปี 2541 โดยสัตวแพทย์สองคน",
        "2541",
        ["ศูนย์เปิดให้เข้าชมในวันธรรมดา", "ช้างส่วนใหญ่มาจากทางภาคเหนือ"],
    ),
    (
        "How many villages took part in the survey?",
        "参加这次调查的有三十七个村庄，其中多数在河的左岸。",
        "三十七",
        ["调查的结果由大学公布。", "调查用了四个月时间。"],
    ),
]


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


@pytest.mark.parametrize(("question", "right", "answer", "others"), ASKED)
def test_the_window_that_answers_is_picked(reader: Reader, question: str, right: str, answer: str, others: list[str]):
    texts = [others[0], right, *others[1:]]
    readings = reader.read(question, texts)
    assert max(range(len(texts)), key=lambda at: readings[at].relevance) == 1


def test_most_answers_are_marked_where_they_stand(reader: Reader):
    marked = [right[slice(*reader.read(question, [right])[0].span)] for question, right, _, _ in ASKED]
    right = [answer in found for (_, _, answer, _), found in zip(ASKED, marked, strict=True)]
    assert sum(right) >= len(ASKED) - 2, marked


def test_each_text_is_read_for_itself_and_by_any_thread(reader: Reader):
    question, right, _, others = ASKED[0]
    together = reader.read(question, [right, *others])
    alone = [reader.read(question, [text])[0] for text in (right, *others)]
    with ThreadPoolExecutor(4) as pool:
        threads = list(pool.map(lambda _: reader.read(question, [right, *others]), range(4)))
    for readings in (alone, *threads):
        assert [one.relevance for one in readings] == pytest.approx([one.relevance for one in together], abs=1e-3)
    assert reader.read(question, []) == []


def test_threads_side_by_side_read_the_same(reader: Reader, monkeypatch: pytest.MonkeyPatch):
    texts = [text for _, right, _, others in ASKED for text in (right, *others)]
    monkeypatch.setattr(module, "_workers", lambda: (1, None))
    alone = reader.read(ASKED[0][0], texts)
    with ThreadPoolExecutor(2) as pool:
        monkeypatch.setattr(module, "_workers", lambda: (2, pool))
        together = reader.read(ASKED[0][0], texts)
    assert [one.span for one in together] == [one.span for one in alone]
    assert [one.relevance for one in together] == pytest.approx([one.relevance for one in alone], abs=1e-3)


def test_a_reading_says_where_in_the_text(reader: Reader):
    question, right, answer, others = ASKED[0]
    text = "\n\n".join([others[1] * 12, right, others[0] * 12])
    reading = reader.read(question, [text])[0]
    start = text.index(answer)
    assert start - len(right) < reading.span[0] <= reading.span[1] < start + len(right)
    assert (reading.start is None) == (reading.span_score <= 0) == (reading.end is None)
    assert reading.score_within(*reading.span) == pytest.approx(reading.span_score, abs=1e-3)
    assert reading.score_within(0, 1) == -math.inf
    assert 0 < reading.probability < 1


SIMILAR = [
    (
        "Where was the third meeting of the river board held?",
        "It was held in Lindow on 4 May.",
        [f"{number} meeting of the river board" for number in ("second", "third", "fifth")],
    ),
    ("第三次渔业会议在哪里举行？", "会议于5月4日在林多举行。", [f"第{number}次渔业会议纪要" for number in "二三五"]),
    (
        "Ai được bầu làm chủ tịch tại hội nghị nghề cá Hà Nội?",
        "会议选举陈文海为主席，任期两年。",
        [f"{town}渔业会议纪要" for town in ("金边", "河内", "曼谷")],
    ),
]
"""Questions, a text that answers each of three, and the titles above it, of which the second is the right one."""


@pytest.mark.parametrize(("question", "text", "titles"), SIMILAR)
def test_a_title_tells_windows_apart_that_say_the_same(reader: Reader, question: str, text: str, titles: list[str]):
    readings = reader.read(question, [text] * 3, titles)
    assert max(range(3), key=lambda at: readings[at].relevance) == 1


def test_no_answer_is_found_in_a_title(reader: Reader):
    text = "The members approved the budget."
    (reading,) = reader.read("Where was the forum held?", [text], ["The forum held in Savannakhet"])
    assert 0 <= reading.span[0] < reading.span[1] <= len(text)
    assert [end for _, end, _, _ in reading.tokens] == sorted(end for _, end, _, _ in reading.tokens)
    assert reading.tokens[-1][1] == len(text)


def test_of_a_long_title_and_its_heading_the_middle_is_left_out():
    pieces = tokenizer(PACKAGED_MODEL)
    words = [f"word{number}" for number in range(40)]
    cut = context_side(pieces.encode(" ".join(words), add_special_tokens=False))
    whole = pieces.encode(" ".join(words), add_special_tokens=False).ids
    assert cut.ids == whole[:16] + whole[-8:]
    assert len(cut.ids) == len(cut.pieces) == len(cut.offsets) == CONTEXT_TOKENS
    short = pieces.encode("Minutes: 3. Place", add_special_tokens=False)
    assert context_side(short).ids == short.ids


def test_nothing_to_read_is_no_answer(reader: Reader):
    reading = reader.read("Where?", [""])[0]
    assert (reading.start, reading.span) == (None, (0, 0))


def test_bfloat16_says_nearly_the_same_and_is_used_where_the_processor_multiplies_it(monkeypatch):
    question, right, _, others = ASKED[2]

    def relevance(*, halves: bool | None) -> list[float]:
        return [reading.relevance for reading in Reader(halves=halves).read(question, [right, *others])]

    exact, rough = relevance(halves=False), relevance(halves=True)
    assert exact != rough
    assert rough == pytest.approx(exact, abs=0.15)
    for instruction, used in (("avx512_bf16", rough), ("amx_bf16", rough), ("avx2", exact)):
        monkeypatch.setattr(torch.cpu, "get_capabilities", lambda name=instruction: {name: True})
        assert relevance(halves=None) == used
    monkeypatch.delattr(torch.cpu, "get_capabilities")
    assert relevance(halves=None) == exact


def test_windows_are_whole_sentences_of_few_tokens():
    pieces = tokenizer(PACKAGED_MODEL)
    text = "\n\n".join(right + " " + " ".join(others) for _, right, _, others in ASKED) + "很长的句子" * 100
    spans = windows(text, pieces)
    assert all(
        len(pieces.encode(text[slice(*span)], add_special_tokens=False).ids) <= WINDOW_TOKENS + 1 for span in spans
    )
    assert "".join(text[slice(*span)] for span in spans).replace(" ", "").replace("\n", "") == "".join(text.split())
    assert {end for _, end in spans} <= {end for (_, end), _ in sentence_pieces(text, pieces)}


@pytest.mark.parametrize("damage", ["encoder", "tensor", "file", "missing"])
def test_weights_that_do_not_fit_are_said_in_one_line(damage: str, tmp_path: Path):
    path = tmp_path / "weights.safetensors"
    with safe_open(WEIGHTS, "pt") as file:
        metadata, tensors = file.metadata(), {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    if damage == "encoder":
        save_file(tensors, path, metadata | {"encoder": "another-model"})
    elif damage == "tensor":
        save_file({name: value for name, value in tensors.items() if not name.startswith("span.")}, path, metadata)
    elif damage == "file":
        path.write_bytes(WEIGHTS.read_bytes()[:1000])
    with pytest.raises(ReaderError, match="weights do not fit") as error:
        Reader(weights=path).read("Where?", ["Here."])
    assert "\n" not in str(error.value)
    assert isinstance(error.value, AssistantError)


def test_importing_the_reader_does_not_import_torch():
    code = "import sys; import assistant.reader.reader; sys.exit('torch' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
