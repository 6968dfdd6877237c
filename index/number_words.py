"""Words for numbers in the languages of the Mekong and English, and what must stand beside them.

Where words are written without spaces, a numeral is also a piece of other words (สาม three, สามารถ can), so it counts
only after a word that makes it an ordinal or before one that is counted. Words for one are mostly articles and count
only as ordinals.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass


def _words(words: str) -> tuple[str, ...]:
    """Words parted by spaces, as search text has them."""
    return tuple(unicodedata.normalize("NFKC", words).split())


HAN_DIGITS = {
    char: value for value, chars in enumerate(_words("〇○零O 一 二两 三 四 五 六 七 八 九")) for char in chars
}
HAN_SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
HAN_TENS = {"廿": "二十", "卅": "三十"}
HAN_COUNTED = _words("""
个 名 次 届 条 项 年 天 国 省 家 种 位 人 所 期 批 份 件 大 点 级 方面 类 支 座 场 章 节 段 步 岁 元 倍 阶段
部委 部门 部法 小时 分钟 周年 市 县 州 地 只 张 辆 公里 成员 领域 世纪 月份 者
""")
HAN_NO_ONE_AFTER = "统唯专单之同"
"""Characters whose words end in 一."""
HAN_FIRST = _words("首次 首届 首个 首部 首份 首批 首期")
HAN_NO_ORDINAL = _words("第一时间 第一线 第一手 第三方 第三者 第三国 第二天")

_ENGLISH = """
one first | two second | three third | four fourth | five fifth | six sixth | seven seventh | eight eighth | nine ninth
| ten tenth | eleven eleventh | twelve twelfth | thirteen thirteenth | fourteen fourteenth | fifteen fifteenth |
sixteen sixteenth | seventeen seventeenth | eighteen eighteenth | nineteen nineteenth
"""
_ENGLISH_TENS = """
twenty twentieth | thirty thirtieth | forty fortieth | fifty fiftieth | sixty sixtieth | seventy seventieth |
eighty eightieth | ninety ninetieth
"""
_VIETNAMESE = """
một mốt nhất | hai nhì | ba | bốn tư | năm lăm | sáu | bảy bẩy | tám | chín | mười
"""
SCALE_WORDS = {
    "hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9,
    "mươi": 10, "trăm": 100, "nghìn": 1000, "ngàn": 1000, "triệu": 10**6, "tỷ": 10**9, "tỉ": 10**9,
}  # fmt: skip


def _counted(words: str, start: int = 1, step: int = 1) -> dict[str, int]:
    """A number for each word: the rows are parted by bars and count from `start`."""
    rows = zip(range(start, 10_000, step), words.split("|"), strict=False)
    return {word: number for number, row in rows for word in _words(row)}


_ENGLISH_WORDS = _counted(_ENGLISH) | _counted(_ENGLISH_TENS, 20, 10)
ENGLISH_ORDINALS = frozenset(
    word for word in _ENGLISH_WORDS if word.endswith("th") or word in {"first", "second", "third"}
)
ENGLISH_CARDINALS = frozenset(_ENGLISH_WORDS) - ENGLISH_ORDINALS
ENGLISH_SCALES = ("hundred", "thousand", "million", "billion")
VIETNAMESE_WORDS = _counted(_VIETNAMESE)
VIETNAMESE_SCALES = ("mươi", "trăm", "nghìn", "ngàn", "triệu", "tỷ", "tỉ")
VIETNAMESE_COUNTED = (
    "nước",
    "điểm",
    "quốc gia",
    "thành viên",
    "lĩnh vực",
    "mục tiêu",
    "nội dung",
    "bên",
    "tỉnh",
    "cuộc",
)
"""Words before which năm is five; elsewhere it is a year."""
WORDS = _ENGLISH_WORDS | VIETNAMESE_WORDS | {"đầu tiên": 1} | SCALE_WORDS
DIGIT_SCALES = SCALE_WORDS | {
    "พัน": 1000, "หมื่น": 10_000, "แสน": 100_000, "ล้าน": 10**6, "ພັນ": 1000, "ໝື່ນ": 10_000, "ແສນ": 100_000, "ລ້ານ": 10**6,
    "ពាន់": 1000, "ម៉ឺន": 10_000, "លាន": 10**6, "ထောင်": 1000, "သောင်း": 10_000, "သိန်း": 100_000, "သန်း": 10**6,
}  # fmt: skip
"""Words after digits that multiply them."""
PERCENT = ("%", "percent", "per cent", "phần trăm", "เปอร์เซ็นต์", "ເປີເຊັນ", "ភាគរយ", "ရာခိုင်နှုန်း")
PERCENT_BEFORE = ("百分之", "ร้อยละ")


@dataclass(frozen=True)
class UnspacedNumbers:
    """Number words of a script without spaces: what goes before an ordinal, what a cardinal counts."""

    script: str
    words: dict[str, int]
    before: tuple[str, ...]
    counted: tuple[str, ...]
    not_before: tuple[str, ...] = ()
    """How other words go on that begin with a numeral."""
    ordinals: dict[str, int] | None = None
    """Words that are ordinals by themselves."""


UNSPACED_NUMBERS = (
    UnspacedNumbers(
        "Thai",
        _counted("หนึ่ง | สอง | สาม | สี่ | ห้า | หก | เจ็ด | แปด | เก้า | สิบ | สิบเอ็ด | สิบสอง") | {"ยี่สิบ": 20},
        _words("ที่ ทั้ง"),
        _words("คน ประเทศ ครั้ง ฉบับ ข้อ ปี เดือน วัน ด้าน ราย แห่ง ฝ่าย เมือง จังหวัด องค์กร เรื่อง ประการ กลุ่ม ชั่วโมง ระยะ แผน มณฑล"),
        _words("ารถ ี ัญ ัคคี ม อี้"),
        _counted("ครั้งแรก ฉบับแรก"),
    ),
    UnspacedNumbers(
        "Lao",
        _counted("ໜຶ່ງ ນຶ່ງ | ສອງ | ສາມ | ສີ່ | ຫ້າ | ຫົກ | ເຈັດ | ແປດ | ເກົ້າ | ສິບ | ສິບເອັດ | ສິບສອງ"),
        _words("ທີ ທັງ"),
        _words("ຄົນ ປະເທດ ຄັ້ງ ສະບັບ ຂໍ້ ປີ ເດືອນ ວັນ ດ້ານ ແຫ່ງ ຝ່າຍ ເມືອງ ແຂວງ ອົງການ"),
        _words("າດ ີ ມ"),
        _counted("ຄັ້ງທຳອິດ"),
    ),
    UnspacedNumbers(
        "Khmer",
        _counted("មួយ | ពីរ | បី | បួន | ប្រាំ | ប្រាំមួយ | ប្រាំពីរ | ប្រាំបី | ប្រាំបួន | ដប់"),
        _words("ទី ទាំង ចំនួន ប្រទេស"),
        _words("នាក់ ប្រទេស ឆ្នាំ ថ្ងៃ ខែ ដង លើក ចំណុច ខេត្ត"),
        ordinals=_counted("លើកដំបូង"),
    ),
    UnspacedNumbers(
        "Myanmar",
        _counted("တစ် | နှစ် | သုံး | လေး | ငါး | ခြောက် | ခုနစ် ခုနှစ် | ရှစ် | ကိုး | ဆယ် တစ်ဆယ်"),
        (),
        _words("ခု ဦး ယောက် နိုင်ငံ ကြိမ် ရက် ချက် ခုမြောက် ကြိမ်မြောက် မြို့"),
        ordinals=_counted("ပထမ | ဒုတိယ | တတိယ | စတုတ္ထ | ပဉ္စမ | ဆဋ္ဌမ | သတ္တမ | အဋ္ဌမ | နဝမ | ဒသမ"),
    ),
)
