"""Words that deny are counted, and those that only look like it are not."""

from __future__ import annotations

import pytest

from assistant.writing.polarity import denials


@pytest.mark.parametrize(
    "text",
    [
        "Thailand did not sign.",
        "Thailand didn't sign.",
        "Thailand didn’t sign.",
        "No country signed.",
        "It never met.",
        "They failed to agree.",
        "It cannot be done without money.",
        "泰国没有签署。",
        "泰國沒有簽署。",
        "会议未通过宣言。",
        "會議未通過宣言。",
        "并非所有国家都参加。",
        "並非所有國家都參加。",
        "无证据表明。",
        "無證據表明。",
        "他不赞成。",
        "双方否认。",
        "雙方否認。",
        "Thái Lan không ký.",
        "Thái Lan chưa ký.",
        "ประเทศไทยไม่ได้ลงนาม",
        "ยังไม่มีกฎหมาย",
        "ไทยมิได้ลงนาม",
        "កម្ពុជាមិនបានចុះហត្ថលេខាទេ",
        "គ្មានច្បាប់",
        "ລາວບໍ່ໄດ້ລົງນາມ",
        "သူမလုပ်ဘူး",
        "ဥပဒေ မရှိ",
    ],
)
def test_a_denial_is_found(text):
    assert denials(text) > 0


@pytest.mark.parametrize(
    "text",
    [
        "Not only Laos but also Thailand signed.",
        "Including but not limited to Laos.",
        "No later than 2007.",
        "See No. 5.",
        "Non-governmental organisations noted the knot.",
        "打击非法移民",
        "打擊非法移民",
        "不断加强合作",
        "不斷加強合作",
        "不仅是中国",
        "不僅是中國",
        "未成年人",
        "未来五年",
        "未來五年",
        "未满18岁",
        "无国籍者",
        "無國籍者",
        "非政府组织",
        "非洲和南非的代表",
        "没收财产",
        "沒收財產",
        "除非另有规定",
        "无论如何",
        "Không chỉ Lào mà cả Thái Lan đã ký.",
        "Hàng không dân dụng",
        "người chưa thành niên",
        "trẻ em và thanh thiếu niên",
        "ไม่เพียงแต่ลาว",
        "ไม่ใช่แค่ลาว",
        "บุคคลไร้สัญชาติ",
        "ไม้ ใหม่ แม่น้ำ",
        "មិនត្រឹមតែកម្ពុជា",
        "ບໍ່ພຽງແຕ່ລາວ",
        "မြန်မာနိုင်ငံတွင် ကျင်းပခဲ့ပါသည်",
        "လူကုန်ကူးမှု တားဆီးပါ",
        "",
    ],
)
def test_a_word_that_only_holds_a_denial_is_none(text):
    assert denials(text) == 0


def test_every_denial_counts():
    assert denials("It did not meet and never signed.") == 2


@pytest.mark.parametrize("piece", ["မ", "မက", "不", "没非", "not ", "n't", "ไม่"])
def test_a_hostile_text_is_read_to_its_end(piece):
    assert denials(piece * (50_000 // len(piece))) >= 0
