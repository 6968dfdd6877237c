"""What a search finds with the real model: in every language of the index, by meaning and by words."""

from __future__ import annotations

import pytest

from assistant.engine import Assistant
from assistant.filters import Filters
from assistant.settings import load_settings
from index.build import build_index

WANTED = {
    "zh": "这座灯塔由渔民于1911年建在海角的尽头，每天夜里为归来的船只引路。",
    "en": "Fishermen built the lighthouse at the end of the cape in 1911, and every night it guides returning boats.",
    "vi": "Ngư dân đã xây ngọn hải đăng ở cuối mũi đất vào năm 1911, và mỗi đêm nó dẫn đường cho thuyền trở về.",
    "th": "ชาวประมงสร้างประภาคารที่ปลายแหลมเมื่อปี 1911 และทุกคืนมันนำทางเรือที่กลับเข้าฝั่ง",
}
OTHERS = {
    "zh": [
        "市图书馆每周一闭馆，其他日子从上午九点开放到晚上八点。",
        "新桥用了三年时间建成，连接河的两岸，每天有四千辆汽车通过。",
        "山谷里的茶园在春天采摘第一批嫩叶，由妇女合作社手工炒制。",
        "乡村小学去年来了五位新老师，现在有两百名学生在那里上课。",
        "医院的新病房有六十张床，由省政府和一家基金会共同出资。",
        "周六的集市上，农民出售蔬菜、水果、鸡蛋和自制的豆腐。",
        "博物馆收藏了三百件青铜器，其中最古老的来自公元前五世纪。",
        "今年的雨季来得很晚，水库的水位比往年低了两米。",
    ],
    "en": [
        "The town library is closed on Mondays and open from nine to eight on all other days.",
        "It took three years to build the new bridge, and four thousand cars cross the river on it every day.",
        "The first leaves in the tea gardens of the valley are picked in spring and roasted by a women's cooperative.",
        "Five new teachers came to the village school last year, where two hundred pupils now have lessons.",
        "The new ward of the hospital has sixty beds, paid for by the province and a foundation.",
        "At the Saturday market farmers sell vegetables, fruit, eggs and home-made tofu.",
        "The museum holds three hundred bronzes, the oldest of them from the fifth century before our era.",
        "The rains came late this year, and the water in the reservoir stands two metres lower than usual.",
    ],
    "vi": [
        "Thư viện thành phố đóng cửa vào thứ Hai và mở cửa từ chín giờ sáng đến tám giờ tối các ngày khác.",
        "Cây cầu mới được xây trong ba năm, mỗi ngày có bốn nghìn chiếc xe qua sông.",
        "Những lá chè đầu tiên trong thung lũng được hái vào mùa xuân và do hợp tác xã phụ nữ sao tay.",
        "Năm ngoái trường làng có thêm năm giáo viên mới, hiện có hai trăm học sinh theo học.",
        "Khu mới của bệnh viện có sáu mươi giường, do tỉnh và một quỹ cùng chi trả.",
        "Ở phiên chợ thứ Bảy, nông dân bán rau, trái cây, trứng và đậu phụ tự làm.",
        "Bảo tàng lưu giữ ba trăm hiện vật đồng, cổ nhất là từ thế kỷ thứ năm trước Công nguyên.",
        "Năm nay mùa mưa đến muộn, mực nước hồ chứa thấp hơn mọi năm hai mét.",
    ],
    "th": [
        "ห้องสมุดประจำเมืองปิดทุกวันจันทร์ และเปิดตั้งแต่เก้าโมงเช้าถึงสองทุ่มในวันอื่น",
        "สะพานใหม่ใช้เวลาสร้างสามปี มีรถยนต์ข้ามแม่น้ำวันละสี่พันคัน",
        "ใบชาแรกในหุบเขาถูกเก็บในฤดูใบไม้ผลิ และสหกรณ์สตรีนำมาคั่วด้วยมือ",
        "โรงเรียนในหมู่บ้านมีครูใหม่ห้าคนเมื่อปีที่แล้ว ตอนนี้มีนักเรียนสองร้อยคน",
        "ตึกใหม่ของโรงพยาบาลมีหกสิบเตียง โดยจังหวัดและมูลนิธิร่วมกันออกค่าใช้จ่าย",
        "ที่ตลาดนัดวันเสาร์ ชาวนาขายผัก ผลไม้ ไข่ และเต้าหู้ทำเอง",
        "พิพิธภัณฑ์เก็บเครื่องสำริดสามร้อยชิ้น ชิ้นที่เก่าที่สุดมาจากศตวรรษที่ห้าก่อนคริสตกาล",
        "ปีนี้ฝนมาช้า ระดับน้ำในอ่างเก็บน้ำต่ำกว่าทุกปีสองเมตร",
    ],
}
QUESTIONS = {
    "zh": "灯塔是什么时候由谁建造的？",
    "en": "Who built the lighthouse, and when?",
    "vi": "Ai đã xây ngọn hải đăng và vào năm nào?",
    "th": "ใครสร้างประภาคารและสร้างเมื่อไร",
}


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    folder = tmp_path_factory.mktemp("parallel")
    (folder / "sources").mkdir()
    for language, wanted in WANTED.items():
        for number, text in enumerate([*OTHERS[language], wanted]):
            (folder / "sources" / f"{language}-{number}.txt").write_text(f"{text}\n", encoding="utf-8")
    settings = load_settings(sources=folder / "sources", storage=folder / "storage")
    build_index(settings)
    return Assistant(settings)


@pytest.mark.parametrize("language", QUESTIONS)
def test_one_question_finds_what_every_language_says(small, language):
    found = [passage.text for passage in small.search(QUESTIONS[language], 10).passages]
    assert set(WANTED.values()) <= set(found)
    assert found[0] in WANTED.values()


def test_every_language_has_its_places_among_the_first_ten(small):
    found = [passage.language for passage in small.search(QUESTIONS["en"], 10).passages]
    assert all(found.count(language) >= 2 for language in WANTED)


def test_scores_fall_and_meaning_and_words_are_told_apart(small):
    passages = small.search(QUESTIONS["en"], 10).passages
    assert [passage.score for passage in passages] == sorted((passage.score for passage in passages), reverse=True)
    assert all(passage.similarity is not None for passage in passages)
    english = next(passage for passage in passages if passage.text == WANTED["en"])
    assert english.lexical == max(passage.lexical for passage in passages if passage.lexical is not None)
    assert all(passage.lexical is None for passage in passages if passage.language == "th")


def test_what_one_language_allows_is_all_that_is_found(small):
    for language, wanted in WANTED.items():
        filters = Filters(languages=(language,))
        passages = small.search(QUESTIONS["zh"], 50, filters=filters).passages
        assert {passage.language for passage in passages} == {language}
        assert len(passages) == 1 + len(OTHERS[language])
        assert passages[0].text == wanted


def test_a_sentence_deep_inside_a_long_passage_is_found(make_settings):
    filler = {name: " ".join(sentences) for name, sentences in OTHERS.items()}
    middle = [*OTHERS["en"][:4], "The keeper's cat is called Marmalade and sleeps on the lamp oil.", *OTHERS["en"][4:]]
    settings = make_settings({"long.txt": " ".join(middle), "zh.txt": filler["zh"], "vi.txt": filler["vi"]})
    build_index(settings)
    found = Assistant(settings).search("What is the name of the pet?", 3).passages
    assert any("Marmalade" in passage.text for passage in found)


def test_as_many_passages_are_found_as_are_asked_for_though_each_has_many_windows(make_settings):
    days = " ".join(f"On day {day} the ministers of six countries met in Yangon for talks." for day in range(60))
    settings = make_settings({f"{number}.txt": days.replace("Yangon", f"town {number}") for number in range(6)})
    build_index(settings)
    small = Assistant(settings)
    passages = list(small.current.get().content.all_passages())
    assert len(small.search("zzqx", len(passages)).passages) == len(passages)
