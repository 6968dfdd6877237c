"""What must stand in its sources is found in a written sentence, in every language."""

from __future__ import annotations

import pytest

from assistant.writing.claims import claim_of
from index.glossary import Glossary
from index.settings import PROJECT

GLOSSARY = Glossary.load(PROJECT / "sources")


def _names(sentence: str) -> set[str]:
    return {name for name, _ in claim_of(sentence, GLOSSARY).names}


@pytest.mark.parametrize(
    ("sentence", "terms"),
    [
        ("It was held on 14 December 2007 with 200 participants.", {"d:2007-12-14", "n:200"}),
        ("会议于二〇〇七年十二月十四日举行，有200人参加。", {"d:2007-12-14", "n:200"}),
        ("會議於2007年12月舉行，佔25%。", {"d:2007-12", "n:25%"}),
        ("Hội nghị ngày 14 tháng 12 năm 2007 có 200 người.", {"d:2007-12-14", "n:200"}),
        ("จัดขึ้นเมื่อเดือนธันวาคม ๒๕๕๐ มี ๒๐๐ คน", {"d:2007-12", "n:200"}),
        ("នៅឆ្នាំ២០០៧ មានប្រទេស ៦", {"d:2007", "n:6"}),
        ("ໃນປີ ໒໐໐໗ ມີ ໖ ປະເທດ", {"d:2007", "n:6"}),
        ("၂၀၀၇ ခုနှစ်", {"d:2007"}),
        ("Six countries and the fifth meeting.", {"n:6", "n:5"}),
        ("六国召开第五次会议。", {"n:6", "n:5"}),
        ("It cost US$1.5 million for 3 years.", {"n:1500000", "n:3"}),
    ],
)
def test_numbers_and_dates_must_be_found_whatever_their_script(sentence, terms):
    assert set(claim_of(sentence, GLOSSARY).quantities) == terms


@pytest.mark.parametrize(
    "sentence", ["The two sides agreed.", "双方签署。", "雙方簽署。", "First, they met.", "Hai bên đã ký."]
)
def test_small_numbers_in_words_need_not_be_found(sentence):
    assert claim_of(sentence, GLOSSARY).quantities == ()


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("The meeting was held in Beijing.", "beijing"),
        ("会议在北京举行。", "北京"),
        ("會議在北京舉行，聯合國機構間項目參加。", "北京"),
        ("Hội nghị tại Hà Nội.", "hà nội"),
        ("จัดที่ปักกิ่ง", "ปักกิ่ง"),
        ("UNIAP took part.", "uniap"),
    ],
)
def test_names_that_the_glossary_knows_are_found_with_their_other_forms(sentence, name):
    claim = claim_of(sentence, GLOSSARY)
    assert name in _names(sentence)
    assert all(found in forms for found, forms in claim.names)


def test_a_city_may_stand_in_its_source_under_its_name_in_another_language():
    assert "北京" in dict(claim_of("The meeting was held in Beijing.", GLOSSARY).names)["beijing"]


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        ("Kofi Annan met Sina Vann in Geneva.", {"Kofi Annan", "Sina Vann", "Geneva"}),
        ("However, Minister Zhang Wei spoke.", {"Minister Zhang Wei"}),
        ("When Zhang Wei came, all rose.", {"Zhang Wei"}),
        ("They read Mr. Tanaka's report.", {"Tanaka"}),
        ("Hội nghị do bà Nguyễn Thị Kim Ngân chủ trì.", {"Nguyễn Thị Kim Ngân"}),
        ("Ông Trần Văn An nói.", {"Trần Văn An"}),
        ("They adopted the Bangkok Charter of the Sea.", {"Charter of the Sea"}),
        ("ABCD met in Beijing.", {"ABCD"}),
        ("双方签署了《海洋宪章》。", {"海洋宪章"}),
        ("雙方簽署了「海洋憲章」和『陸地憲章』。", {"海洋宪章", "陆地宪章"}),
        ("He said “the end of all” and no more.", {"the end of all"}),
    ],
)
def test_other_names_and_titles_are_found(sentence, names):
    assert set(claim_of(sentence, GLOSSARY).loose_names) == names


@pytest.mark.parametrize(
    "sentence",
    [
        "Participants agreed on a plan.",
        "However, they left.",
        "In the end they agreed.",
        "The meeting: it was long.",
        "“Everyone agreed.",
        "Các nước đã ký.",
        "It cost US$5.",
        "会议通过了计划。",
        "ที่ประชุมเห็นชอบแผน",
    ],
)
def test_the_first_word_of_a_sentence_and_ordinary_words_are_no_names(sentence):
    assert claim_of(sentence, GLOSSARY).loose_names == ()


def test_a_known_name_is_no_loose_name_too():
    claim = claim_of("The Senior Officials Meeting was held in Beijing, China, in December 2007.", GLOSSARY)
    assert claim.loose_names == ()


def test_an_address_is_a_claim_as_well():
    assert claim_of("详见http://evil.com/x。", GLOSSARY).addresses == ("http://evil.com/x",)
    assert claim_of("写信给a@evil.org。", GLOSSARY).addresses == ("a@evil.org",)


def test_denials_are_counted():
    assert claim_of("泰國沒有簽署。", GLOSSARY).denials == 1
    assert claim_of("Not only Laos signed.", GLOSSARY).denials == 0


def test_an_introduction_gives_words_but_nothing_that_must_be_found():
    claim = claim_of("to meet", GLOSSARY, "In 2007, Zhang Wei did not decide in Beijing:")
    assert claim.text == "In 2007, Zhang Wei did not decide in Beijing: to meet"
    assert (claim.quantities, claim.names, claim.loose_names, claim.denials) == ((), (), (), 0)


@pytest.mark.parametrize(
    "sentence", ["", " ", "…", "\u200b", "《》", "A" * 5000, "Aa of " * 1000, "(" * 2000, "1" * 3000]
)
def test_a_strange_sentence_claims_what_it_can(sentence):
    assert isinstance(claim_of(sentence, GLOSSARY).loose_names, tuple)
