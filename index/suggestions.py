"""What a new source's catalogue entry begins with: only what the file says of itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import regex

from index.catalog import CatalogEntry
from index.languages import detect_language
from index.quantities import quantities
from index.search_text import search_text
from index.sections import plain_heading

if TYPE_CHECKING:
    from index.document import Document

_LONGEST_TITLE = 120
_HEAD = 600
"""Characters at the beginning in which a document names its date and kind."""
_DAY = regex.compile(r"\d{4}-\d{2}-\d{2}")
_TYPES = (
    ("memorandum", r"memorandum of understanding|谅解备忘录|biên bản ghi nhớ|บันทึกความเข้าใจ|អនុស្សរណៈ"),
    ("declaration", r"\bdeclaration\b|宣言|tuyên bố chung|ปฏิญญา|សេចក្តីប្រកាស"),
    ("plan_of_action", r"\bplan of action|action plan\b|行动计划|kế hoạch hành động|แผนปฏิบัติการ|ផែនការសកម្មភាព"),
    ("un_report", r"report of the secretary-general|秘书长的报告"),
    ("bilateral_minutes", r"会谈纪要|minutes of (?:the )?(?:bilateral )?meeting|bilateral (?:meeting )?minutes"),
    ("newsletter", r"newsletter|通讯|简报|bản tin|จดหมายข่าว"),
    (
        "press_report",
        r"press release|news release|新闻稿|本报讯|\((?:xinhua|新华社)[^)]*\)|thông cáo báo chí|ข่าวประชาสัมพันธ์",
    ),
    ("meeting_note", r"senior officials.{0,3} meeting|高官会|information note|summary of (?:the )?meeting"),
)


def suggested_entry(document: Document) -> CatalogEntry:
    """Title, publisher, date, language and type as far as the file tells them; the rest stays empty for people.

    The title is the one the file names, else its first marked heading, else its first line when that is short. A date
    is taken from the text only when its beginning names exactly one day. A type is told by the title alone, or by the
    first lines when there is no title.
    """
    title = suggested_title(document)
    head = search_text(document.text[:_HEAD])
    language = detect_language(document.text)
    return CatalogEntry(
        file=document.source_id,
        title=title,
        publisher=document.facts.publisher,
        date=document.facts.date or _only_day(head),
        languages=() if language == "und" else (language,),
        type=_type(search_text(title) or head),
    )


def suggested_title(document: Document) -> str:
    """The title that the file names, else its first marked heading, else its first line when that is short."""
    if document.facts.title:
        return document.facts.title[:_LONGEST_TITLE]
    if document.headings:
        first = document.headings[0]
        return plain_heading(document.text[first.start : first.end])[:_LONGEST_TITLE]
    line = next((line for line in document.text[:_HEAD].splitlines() if line.strip()), "")
    title = plain_heading(line)
    return title if len(title) <= _LONGEST_TITLE else ""


def _only_day(head: str) -> str:
    found = {match[0] for one in quantities(head) if (match := _DAY.fullmatch(one.key))}
    return found.pop() if len(found) == 1 else ""


def _type(text: str) -> str:
    return next((name for name, pattern in _TYPES if regex.search(pattern, text, regex.IGNORECASE)), "")
