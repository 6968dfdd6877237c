"""Names of the months in the languages of the Mekong and English, after CLDR 48 with the short forms in use."""

from __future__ import annotations

import unicodedata

_ENGLISH = """
january jan | february feb | march mar | april apr | may | june jun | july jul | august aug | september sept sep |
october oct | november nov | december dec
"""
_VIETNAMESE = "giêng | hai | ba | tư | năm | sáu | bảy | tám | chín | mười | mười_một | mười_hai"
_THAI = """
มกราคม ม.ค. | กุมภาพันธ์ ก.พ. | มีนาคม มี.ค. | เมษายน เม.ย. | พฤษภาคม พ.ค. | มิถุนายน มิ.ย. | กรกฎาคม ก.ค. | สิงหาคม ส.ค. |
กันยายน ก.ย. | ตุลาคม ต.ค. | พฤศจิกายน พ.ย. | ธันวาคม ธ.ค.
"""
_LAO = "ມັງກອນ | ກຸມພາ | ມີນາ | ເມສາ | ພຶດສະພາ | ມິຖຸນາ | ກໍລະກົດ | ສິງຫາ | ກັນຍາ | ຕຸລາ | ພະຈິກ | ທັນວາ"
_KHMER = "មករា | កុម្ភៈ កុម្ភះ | មីនា | មេសា | ឧសភា | មិថុនា | កក្កដា | សីហា | កញ្ញា | តុលា | វិច្ឆិកា | ធ្នូ"
_BURMESE = """
ဇန်နဝါရီ | ဖေဖော်ဝါရီ | မတ် | ဧပြီ | မေ | ဇွန် | ဇူလိုင် | ဩဂုတ် သြဂုတ် ဩဂုတ် | စက်တင်ဘာ | အောက်တိုဘာ | နိုဝင်ဘာ | ဒီဇင်ဘာ
"""


def _numbered(names: str) -> dict[str, int]:
    """The number of the month for each name; months are parted by bars, their names by spaces."""
    months = unicodedata.normalize("NFKC", names).split("|")
    return {name.replace("_", " "): number for number, forms in enumerate(months, 1) for name in forms.split()}


ENGLISH_MONTHS = _numbered(_ENGLISH)
VIETNAMESE_MONTHS = _numbered(_VIETNAMESE)
"""Written after `tháng`."""
UNSPACED_MONTHS = _numbered(_THAI) | _numbered(_LAO) | _numbered(_KHMER)
"""Names that come after the day, in scripts without spaces between words."""
BURMESE_MONTHS = _numbered(_BURMESE)
"""Names that come after the year and before the day, with လ behind them."""
MONTHS = ENGLISH_MONTHS | VIETNAMESE_MONTHS | UNSPACED_MONTHS | BURMESE_MONTHS
