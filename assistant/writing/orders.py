"""Passages that speak to a language model instead of to their readers."""

from __future__ import annotations

import regex

_MODEL = (
    r"(?:\bAIs?\b|\bL?LMs?\b|language models?|chat ?bots?|system prompt|\bassistants?\b"
    r"(?! (?:secretar|director|commission|professor|minister|attorney))"
    r"|助手|助理(?!检察|国务|秘书|部长)|大?模型|人工智能|机器人|提示词"
    r"|trợ lý(?! (?:bộ|tổng|giám))"
    r"|mô hình ngôn ngữ|ผู้ช่วย(?!รัฐ|เลขา|ผู้)|โมเดล|เอไอ|แชต?บอต)"
)
_ORDERED = (
    r"(?:\b(?:must|should|shall|has to|answer|reply|respond|write|say|append|output|include|print)"
    r"|必须|应当|只许|只能|务必|请|回复|回答|输出|写|phải|hãy|chỉ được|trả lời|viết|nói|ต้อง|จง|ให้|ตอบ|เขียน)"
)
_SETS_ASIDE = (
    r"\b(?:ignore|disregard|forget|override)\b[^.\n]{0,50}"
    r"\b(?:instructions?|rules?|prompts?|above|previous|questions?|requests?)\b"
    r"|(?:忽略|无视|不要理会|不必理会|抛开|忘记|忘掉)[^。\n]{0,24}(?:指令|指示|规则|要求|上文|以上|前面|提问|问题)"
    r"|(?:bỏ qua|phớt lờ|quên|không cần để ý)[^.\n]{0,50}"
    r"(?:chỉ dẫn|chỉ thị|hướng dẫn|lệnh|quy tắc|câu hỏi|yêu cầu|phần trên)"
    r"|(?:เพิกเฉย|ไม่ต้องสนใจ|ละเลย|ลืม|ข้าม)[^\n]{0,50}(?:คำสั่ง|กฎ|คำแนะนำ|คำถาม|ข้างต้น|ข้างบน)"
)
_TURNS = (
    r"<\|[a-z_]{2,20}\|>|\[/?INST\]|<</?SYS>>|^\s*#{2,4}\s*(?:system|user|assistant)\b"
    r"|</?(?:system|passage|instructions?)\b"
)
_CITE = r"(?:\b(?:cite|citing|citation)\b|引用|引注|注明|trích dẫn|dẫn nguồn|ghi nguồn|อ้าง)"
_CITES = rf"{_CITE}[^.。\n]{{0,60}}[\[【［]\p{{Nd}}{{1,3}}[\]】］]"
_ORDERS = regex.compile(
    "|".join((rf"{_MODEL}[^.。\n]{{0,60}}{_ORDERED}", _SETS_ASIDE, _TURNS, _CITES)), regex.IGNORECASE | regex.MULTILINE
)
_HIDDEN = regex.compile(r"[\u202a-\u202e\u2066-\u2069\U000e0020-\U000e007e]|<!--")


def gives_orders(text: str) -> bool:
    """Whether a text gives a language model orders, imitates the turns of a chat, or hides words.

    Such a passage is still quoted as what it is; what a model writes from it is never called supported, as it may have
    done what it says. Few documents that are not meant to do this read like it, and those lose a word only.
    """
    return bool(_ORDERS.search(text) or _HIDDEN.search(text))
