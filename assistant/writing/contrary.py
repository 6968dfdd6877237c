"""Words that say the opposite of each other: a sentence that has one where its source has the other turns it round."""

from __future__ import annotations

import regex

_PAIRS: tuple[tuple[str, str], ...] = (
    (
        (
            r"\b(?:increas|r[io]se|rising|grew|grow|more\b|expand|strengthen|improv)|增加|增长|上升|提高|增多|扩大|加强|改善"
            r"|tăng|nhiều hơn|mở rộng|เพิ่ม|สูงขึ้น|ขยาย"
        ),
        (
            r"\b(?:decreas|declin|fell\b|fall(?:s|ing)?\b|reduc|fewer|less\b|shrink|weaken|worsen)"
            r"|减少|下降|降低|缩小|减弱|恶化|giảm|ít hơn|thu hẹp|ลดลง|ลด|น้อยลง"
        ),
    ),
    (
        (
            r"\b(?:begin|began|begun|start|launch|open|took effect|takes effect|in force)"
            r"|开始|启动|开幕|生效|施行|实施|bắt đầu|khởi động|khai mạc|có hiệu lực|เริ่ม|เปิด|มีผลบังคับ"
        ),
        (
            r"\b(?:end(?:s|ed)?\b|stop|ceas|clos(?:e|ed|es|ing)\b|abolish|expire|suspend)"
            r"|结束|停止|终止|闭幕|废止|中止|kết thúc|chấm dứt|bế mạc|bãi bỏ|สิ้นสุด|ยุติ|ปิด|ยกเลิก"
        ),
    ),
    (
        (
            r"\b(?:approv|adopt|accept|agree|endors|welcom)|批准|通过|接受|同意|赞成|欢迎"
            r"|phê duyệt|thông qua|chấp nhận|đồng ý|nhất trí|อนุมัติ|รับรอง|ยอมรับ|เห็นชอบ|ตกลง"
        ),
        (
            r"\b(?:reject|turned down|refus|den(?:y|ied)|oppos|veto|withdr)|否决|拒绝|驳回|反对|撤回"
            r"|bác bỏ|từ chối|phản đối|rút lại|ปฏิเสธ|คัดค้าน|ถอน"
        ),
    ),
    (
        (
            r"\b(?:help|support|promot|facilitat|encourag)|促进|支持|有利于|推动|帮助|鼓励"
            r"|hỗ trợ|thúc đẩy|ủng hộ|khuyến khích|ส่งเสริม|สนับสนุน|ช่วย"
        ),
        r"\b(?:hinder|hamper|prevent|obstruct|discourag|imped)|阻碍|妨碍|不利于|阻止|cản trở|ngăn cản|ขัดขวาง|เป็นอุปสรรค",
    ),
    (
        r"\b(?:success|effective|achiev|remarkabl)|成功|成效|有效|显著|取得|thành công|hiệu quả|đạt được|สำเร็จ|มีประสิทธิ",
        r"\b(?:fail|ineffective|little effect|no effect)|失败|无效|甚微|未见|thất bại|ล้มเหลว|ไร้ผล",
    ),
    (
        r"\b(?:easy|easier|simple)|容易|简单|dễ|ง่าย",
        r"\b(?:difficult|hard|harder|complex)|困难|难度|复杂|艰巨|khó|phức tạp|ยาก|ซับซ้อน",
    ),
    (
        r"\b(?:voluntar|willing)|自愿|tự nguyện|สมัครใจ",
        r"\b(?:forced|mandatory|compulsory|obligat)|强迫|被迫|迫为|强制|bắt buộc|cưỡng|บังคับ",
    ),
    (
        r"\b(?:before\b|earlier|prior to)|之前|以前|此前|trước khi|trước đó|ก่อน",
        r"\b(?:after\b|later\b|following)|之后|以后|此后|随后|sau khi|sau đó|หลัง",
    ),
    (
        r"\b(?:always|every|all\b)|一直|历来|总是|都|luôn|tất cả|ทุก|เสมอ",
        r"\b(?:never|none|seldom|rarely)|从不|从未|很少|chưa bao giờ|hiếm khi|ไม่เคย",
    ),
    (
        r"\b(?:the same|identical|permanent)|相同|同一|常设|固定|cùng một|giống|เดียวกัน|ถาวร",
        r"\b(?:different|rotat)|不同|轮流|khác nhau|luân phiên|ต่างกัน|หมุนเวียน",
    ),
)
_COMPILED = tuple(
    (regex.compile(one, regex.IGNORECASE), regex.compile(other, regex.IGNORECASE)) for one, other in _PAIRS
)


def contrary(claim: str, evidence: str) -> int:
    """In how many ways a claim says the opposite of its evidence; both are search texts (simplified characters)."""
    return sum(
        (has_one and not has_other and other_there and not one_there)
        or (has_other and not has_one and one_there and not other_there)
        for one, other in _COMPILED
        for has_one, has_other in [(bool(one.search(claim)), bool(other.search(claim)))]
        for one_there, other_there in [(bool(one.search(evidence)), bool(other.search(evidence)))]
    )
