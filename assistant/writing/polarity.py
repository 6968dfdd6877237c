"""Whether a sentence denies something, in the languages of the Mekong and English."""

from __future__ import annotations

import regex

from index.search_text import simplified

_NEGATION = regex.compile(
    r"""\b(?:not|no|never|none|nobody|nothing|neither|nor|without|cannot|unable)\b
      | \b(?:lacks?|lacked|failed\ to|fails\ to|fail\ to|refused?\ to|den(?:y|ies|ied))\b
      | n['’]t\b
      | 不 | 没 | 未 | 无 | 从未 | 并非 | (?<![除南是])非(?=[^法政正营洲常典盟传])
      | 否认 | 拒绝 | 缺乏 | 尚未
      | \b(?:không|chưa|chẳng|chả|đừng|không\ hề|thiếu)\b
      | ไม่ | มิได้ | ไร้ | ปราศจาก | ยังไม่
      | មិន | គ្មាន | ពុំ | ບໍ່ມີ | ບໍ່
      | (?<!\p{L})မ(?=\p{L})[\p{L}\p{M}]{1,20}?(?:ဘူး|ခဲ့|ပါ) | မရှိ | မဟုတ်""",
    regex.VERBOSE | regex.IGNORECASE,
)
_NO_NEGATION = regex.compile(
    r"""不得不|不断|不仅|不但|不同|不少|不久|不只|不光|不止|不限|不可分|不可或缺|不可避免|不论|不管|不过|不丹
      |不足之处|不平等|不良|不幸|不法|不安全|不懈|不对称|非法|非政府|非正规|非正式|非洲|非常|非典|非盟
      |非传统|无国籍|无论|无疑|无线|无数|无偿|无辜|无障碍
      |未成年|未满|未来|未婚|没收
      |\bnot\ (?:only|least|limited\ to|just|merely)\b|\bno\ (?:later|less|fewer|more)\ than\b
      |\bno\.?\ ?\d|\bnon-|\bno\ doubt\b
      |không\ (?:chỉ|những|gian|khí|quân)|hàng\ không|chưa\ thành\ niên|thiếu\ (?:niên|nhi|nữ|tá|tướng|úy)
      |ไม่เพียง|ไม่ใช่(?:แค่|เพียง)|ไม่เฉพาะ|ไม่ว่า|ไม่น้อยกว่า|ไม่นาน|ไร้สัญชาติ|ไร้พรมแดน
      |មិន(?:ត្រឹម|តែ)|ບໍ່(?:ພຽງ|ວ່າ)""",
    regex.VERBOSE | regex.IGNORECASE,
)


def denials(text: str) -> int:
    """How many words of a text deny: "not only", 非法 and 不断 do not."""
    return len(_NEGATION.findall(_NO_NEGATION.sub(" ", simplified(text))))
