"""A web page that a browser printed to PDF, as researchers keep them: Thai clusters, columns, a table, drawn bullets."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from index.readers.options import ReadingOptions
from index.readers.pdf import read

if TYPE_CHECKING:
    from pathlib import Path

    from index.document import Document

THAI = "การประชุมเจ้าหน้าที่อาวุโสครั้งที่ 5 จัดขึ้นที่กรุงปักกิ่ง เพื่อกำหนดแนวทางความร่วมมือ"
LAO = "ກອງປະຊຸມ ເຈົ້າໜ້າທີ່ອາວຸໂສ ຈັດຂຶ້ນ ທີ່ປັກກິ່ງ"
VIETNAMESE = "Hội nghị quan chức cấp cao lần thứ năm đã được tổ chức tại Bắc Kinh."
LEFT = "各国应当建立以受害人为中心的身份识别和遣返机制，确保受害人得到法律援助、医疗救助和心理支持，并且指定一个联络点，负责信息交换和案件协调，每年提交报告。"
RIGHT = "会议强调，打击拐卖人口犯罪需要各国政府、民间组织和国际机构的共同努力，秘书处负责汇总各国报告，并向部长级会议提交综合报告，供其审议和通过之后予以公布。"
PAGE = f"""<html><head><meta charset="utf-8"><title>行动计划</title><style>@page {{ margin: 20mm }}
body {{ font: 12pt "Noto Serif CJK SC" }} .c {{ column-count: 2; text-align: justify }} p {{ margin: 0 }}
td, th {{ border: 1px solid }} table {{ border-collapse: collapse }}</style></head><body>
<h1>次区域行动计划</h1><div class="c"><p style="break-after: column">{LEFT}</p><p>{RIGHT}</p></div>
<h2>各国数据</h2><table><tr><th>国家</th><th>2005年</th><th>2006年</th></tr><tr><td>柬埔寨</td><td>67</td><td>72</td></tr></table>
<p style="font-family: Norasi">{THAI}</p><br><p style="font-family: DejaVu Sans">{LAO}</p><br>
<p style="font-family: DejaVu Serif">{VIETNAMESE}</p><ul><li>第一项建议</li><li>第二项建议</li></ul></body></html>"""


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Document:
    folder: Path = tmp_path_factory.mktemp("printed")
    (folder / "a.html").write_text(PAGE, encoding="utf-8")
    program = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
    options = [f"--user-data-dir={folder / 'profile'}", f"--print-to-pdf={folder / 'a.pdf'}", str(folder / "a.html")]
    subprocess.run([*program, *options], check=True, capture_output=True, timeout=120)
    return read((folder / "a.pdf").read_bytes(), "a.pdf", ReadingOptions(ocr="never"))


def test_syllables_of_several_glyphs_stand_once_and_without_gaps(printed):
    assert THAI in printed.text
    assert LAO in printed.text
    assert VIETNAMESE in printed.text


def test_columns_are_read_one_after_the_other(printed):
    text = "".join(printed.text.split())
    assert LEFT + RIGHT in text


def test_headings_table_and_bullets(printed):
    assert [printed.text[each.start : each.end] for each in printed.headings] == ["次区域行动计划", "各国数据"]
    assert "国家：柬埔寨；2005年：67；2006年：72" in printed.text
    assert "• 第一项建议\n• 第二项建议" in printed.text
    assert printed.facts.title == "行动计划"
