"""Replies that say there is no answer."""

from __future__ import annotations

import regex

NO_ANSWER = "NO_ANSWER"
"""What a model is told to write when the passages do not answer."""
_WORDS = (
    # English
    (
        r"(?:the )?(?:provided |given )?(?:passages?|materials?|documents?|sources?|texts?|context)\b[^.]{0,40}"
        r"\b(?:do(?:es)? not|don['’]t|doesn['’]t|did not|cannot|can['’]t)\b[^.]{0,30}"
        r"\b(?:answer|say|mention|contain|provide|specify|state|include|address|indicate)"
    ),
    (
        r"\b(?:I|we) (?:do not|don['’]t|cannot|can['’]t|could not|am unable|are unable|was unable)\b[^.]{0,30}"
        r"(?:know|answer|find|determine|tell|provide)"
    ),
    r"\bno (?:information|mention|answer)\b[^.]{0,60}\b(?:passages?|materials?|documents?|sources?|text|context)",
    (
        r"\b(?:not|n['’]t) (?:mentioned|stated|specified|provided|given|found|included) in the "
        r"(?:passages?|materials?|documents?|sources?|texts?|context)"
    ),
    # Chinese
    (
        r"(?:资料|資料|段落|文件|材料|文中|上述内容|上述內容|提供的)[^。]{0,16}(?:没有|沒有|未|无法|無法)[^。]{0,8}"
        r"(?:回答|提到|提及|说明|說明|包含|涉及|给出|給出|找到|记载|記載|相关|相關)"
    ),
    r"(?:无法|無法|不能)(?:根据|根據|从|從)[^。]{0,20}(?:回答|得知|确定|確定)",
    r"^我?(?:不知道|无法回答|無法回答)",
    # Vietnamese
    (
        r"(?:tài liệu|đoạn văn|các đoạn|văn bản|nguồn)[^.]{0,40}(?:không|chưa)[^.]{0,12}"
        r"(?:trả lời|giải đáp|đề cập|nêu|nói|có thông tin|cung cấp)"
    ),
    r"(?:tôi )?không (?:biết|thể trả lời|tìm thấy thông tin|có thông tin)",
    # Thai
    r"(?:เอกสาร|ข้อความ|เนื้อหา)[^\n]{0,40}(?:ไม่ได้|ไม่มี|มิได้)[^\n]{0,12}(?:ตอบ|กล่าว|ระบุ|ข้อมูล|คำตอบ|พูด)",
    r"ไม่ทราบ|ไม่พบข้อมูล|ไม่สามารถตอบ",
    # Khmer, Lao, Burmese
    r"(?:ឯកសារ|អត្ថបទ)[^។]{0,60}(?:មិន|គ្មាន|ពុំ)[^។]{0,20}(?:ឆ្លើយ|បញ្ជាក់|និយាយ|លើកឡើង|ព័ត៌មាន|ចម្លើយ)|មិនអាចឆ្លើយ|គ្មានព័ត៌មាន",
    r"(?:ເອກະສານ|ຂໍ້ຄວາມ)[^\n]{0,60}ບໍ່[^\n]{0,20}(?:ຕອບ|ກ່າວ|ລະບຸ|ຂໍ້ມູນ|ຄໍາຕອບ|ຄຳຕອບ)|ບໍ່ສາມາດຕອບ|ບໍ່ພົບຂໍ້ມູນ",
    r"(?:စာရွက်စာတမ်း|စာပိုဒ်|အချက်အလက်)[^။]{0,60}(?:မပါ|မရှိ|မဖြေ|မဖော်ပြ|မတွေ့)|မဖြေနိုင်",
)
_DECLINES = regex.compile("|".join(_WORDS), regex.IGNORECASE | regex.MULTILINE)
_TOKEN = regex.compile(r"(?<!\p{Latin})(?:NO[_ ]?ANSWER|[Nn]o_[Aa]nswer)(?!\p{Latin})")
"""Not "No answer was received", which says something."""
_TOKEN_ALONE = regex.compile(r"[\s*`\"'“”.。]*no[_ ]?answer[\s*`\"'“”.。]*", regex.IGNORECASE)
_BEGINNING = 16
_LOOKED_AT = 400
"""Characters: what comes later in a reply is an answer with a reservation."""


def declines(text: str, *, supported: bool) -> bool:
    """Whether a reply says that there is no answer; words to that end do not count where a sentence is `supported`."""
    said = regex.sub(r"^[\s*`\"'“]+", "", text)
    if _TOKEN.match(said) or _TOKEN_ALONE.fullmatch(said) or (not supported and _TOKEN.search(said)):
        return True
    return not supported and bool(_DECLINES.search(said[:_LOOKED_AT]))


def is_a_decline(sentence: str) -> bool:
    """Whether a sentence says that there is no answer: nothing bears that out, though a passage may order it said."""
    found = _DECLINES.search(sentence)
    return found is not None and found.start() < _BEGINNING


def may_decline(text: str) -> bool:
    """Whether what has come of a reply may be the beginning of `NO_ANSWER`."""
    begun = regex.sub(r"^[\s*`\"'“]+", "", text)
    if len(begun) <= len(NO_ANSWER):
        return NO_ANSWER.startswith(begun.upper().replace(" ", "_"))
    return bool(_TOKEN.match(begun) or _TOKEN_ALONE.fullmatch(begun))


def without_token(text: str) -> str:
    """A text without `NO_ANSWER`."""
    return _TOKEN.sub("", text).strip()
