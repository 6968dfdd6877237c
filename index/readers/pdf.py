"""PDF files: pages with a text layer are read from it, the others off their picture."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import regex

from index.document import Facts
from index.errors import UnreadableSourceError
from index.readers.canonical import CanonicalText
from index.readers.options import LARGEST_TEXT
from index.readers.printed.pdfium import DAMAGED, Pdf

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.document import Document
    from index.readers.layout.fragments import Line
    from index.readers.options import ReadingOptions
    from index.readers.printed.pdf_headings import Marks
    from index.readers.printed.pdf_page import PageText
    from index.readers.scanned.ocr_reading import Reading

VERSION = 1
"""Raised whenever the same file would give another Document."""
_MOST_PAGES = 20_000
_MOST_BOOKMARKS = 5_000
_MOST_NAMED = 8
"""How many pages a warning names."""
_NO_TITLE = regex.compile(
    r"microsoft\s|^untitled|^无标题|^document\d*$|^文档\d*$|^slide\s?\d*$|^powerpoint|^\(?anonymous|^about:blank|^https?:|^file:"
    r"|[\\/]|\.(?:docx?|pdf|indd|qxd|rtf|xlsx?|pptx?|odt|wpd?|wps|html?|txt|tiff?|jpe?g)\b",
    regex.I,
)
_log = logging.getLogger(__name__)


@dataclass
class _Work:
    """What is known of a file while it is read; pages by their number, from 0."""

    pages: list[PageText]
    readings: dict[int, Reading] = field(default_factory=dict)
    unread: list[int] = field(default_factory=list)
    """Pages whose picture was to be read and was not."""
    warnings: list[str] = field(default_factory=list)


def read(data: bytes, source_id: str, options: ReadingOptions) -> Document:
    """Read a PDF page by page. Raises UnreadableSourceError for one that is protected, cut off or no PDF.

    A page that fails alone is left out with a warning.
    """
    from index.readers.printed.pdf_soundness import broken_streams, has_index

    indexed = has_index(data)
    if broken_streams(data):
        raise UnreadableSourceError(DAMAGED)
    with Pdf(data) as pdf:
        if not 0 < pdf.pages <= _MOST_PAGES:
            raise UnreadableSourceError(DAMAGED if not pdf.pages else f"it has {pdf.pages} pages: cut it into parts")
        work = _work(pdf, indexed=indexed)
        _read_pictures(pdf, work, options)
        outline = pdf.outline(_MOST_BOOKMARKS)
        title = "" if _NO_TITLE.search(name := " ".join(pdf.metadata("Title").split())) or len(name) < 4 else name
        if pdf.is_dynamic_form():
            work.warnings.append("it is a form that only Adobe Reader fills in: print it to a PDF file and add that")
    lines = _lines(work)
    from index.readers.printed.pdf_headings import headings

    return _document(source_id, lines, headings(lines, outline), work, Facts(title=title))


def _work(pdf: Pdf, *, indexed: bool) -> _Work:
    from index.readers.printed.pdf_page import EMPTY, page_text

    work, failed, size = _Work([]), 0, 0
    for number in range(pdf.pages):
        try:
            with pdf.page(number + 1) as page:
                found = page_text(page)
        except UnreadableSourceError as error:
            found, failed = EMPTY, failed + 1
            _log.debug("%s", error)
            work.warnings.append(f"page {number + 1} could not be read")
        size += found.characters
        if size > LARGEST_TEXT:
            raise UnreadableSourceError(f"its text is larger than {LARGEST_TEXT // 1_000_000} MB: cut it into parts")
        work.pages.append(found)
    if failed and (not indexed or 2 * failed > pdf.pages):
        raise UnreadableSourceError(DAMAGED)
    if not indexed:
        work.warnings.append("its index is broken, pages or lines may be missing: compare it with the original")
    return work


def _read_pictures(pdf: Pdf, work: _Work, options: ReadingOptions) -> None:
    """Read the pages without usable text off their pictures, if that is wanted and can be done."""
    from index.readers.scanned.ocr import DOTS_PER_INCH, LONGEST_SIDE, MISSING, available, shared_ocr

    wanted = [number for number, page in enumerate(work.pages) if page.needs_picture or options.ocr == "always"]
    able = options.ocr != "never" and available()
    for number in wanted if able else ():
        try:
            reading = shared_ocr().read(pdf.picture(number + 1, DOTS_PER_INCH / 72, LONGEST_SIDE))
        except UnreadableSourceError as error:
            work.warnings.append(f"page {number + 1} could not be read off its picture: {error}")
            continue
        page = work.pages[number]
        if page.garbled or options.ocr == "always" or reading.characters > 1.5 * page.characters:
            work.readings[number] = reading
            if warning := reading.warning(number + 1):
                work.warnings.append(warning)
    if able or not wanted:
        return
    work.unread = [number for number in wanted if work.pages[number].needs_picture]
    why = "reading pictures is switched off" if options.ocr == "never" else MISSING
    if work.unread and all(page.needs_picture or not page.characters for page in work.pages):
        raise UnreadableSourceError(f"all of its pages are pictures: {why}")
    if work.unread:
        work.warnings.append(f"{_named(work.unread)} left out, a picture without usable text: {why}")
    elif options.ocr == "always":
        work.warnings.append(f"no page is read off its picture: {why}")


def _lines(work: _Work) -> list[list[Line]]:
    """The lines of every page in reading order: headers and footers left out, broken words made whole."""
    from index.readers.printed.hyphenation import made_whole, words_of
    from index.readers.printed.page_repeats import repeated
    from index.readers.printed.pdf_page import lines_of_page

    left_out = repeated([page.layers for page in work.pages])
    pages = []
    for number, page in enumerate(work.pages):
        if number in work.readings:
            pages.append(list(work.readings[number].lines))
        elif page.garbled:
            pages.append([])
        else:
            pages.append(lines_of_page(page, left_out[number]))
    broken = any(line.text.endswith(("-", "\u2010")) for page in pages for line in page)
    words = words_of(line for page in pages for line in page) if broken else set()
    return [made_whole(page, words) for page in pages]


def _document(source_id: str, pages: list[list[Line]], marks: Marks, work: _Work, facts: Facts) -> Document:
    from index.readers.layout.fragments import joined

    text = CanonicalText()
    for number, lines in enumerate(pages):
        if number:
            text.page()
        index, begins = 0, True
        while index < len(lines):
            line = lines[index]
            level, count = marks.get((number, index), (0, 1))
            if level:
                text.heading(joined([each.text for each in lines[index : index + count]]), level)
            else:
                _add(text, line, begins=begins or line.begins)
            begins = bool(level) or line.kind == "row"
            index += count
    warnings = [*work.warnings, *_warnings(work)]
    return text.document(source_id, "pdf", facts=facts, warnings=warnings)


def _add(text: CanonicalText, line: Line, *, begins: bool) -> None:
    if line.confidence is not None:
        text.scanned_line(line.text, line.confidence, begins=begins)
    else:
        text.paragraph(line.text, "\n\n" if begins else "\n")


def _warnings(work: _Work) -> Iterator[str]:
    read = [page for number, page in enumerate(work.pages) if number not in work.readings]
    if lost := sum(page.lost for page in read if not page.garbled):
        yield f"{lost} characters have no meaning: their font does not say what they are"
    garbled = [number for number, page in enumerate(work.pages) if page.garbled and number not in work.readings]
    if garbled := [number for number in garbled if number not in work.unread]:
        yield f"{_named(garbled)} left out: the text behind the page is garbled"
    if upright := [number for number, page in enumerate(work.pages) if page.vertical and number not in work.readings]:
        yield f"{_named(upright)} written from top to bottom: its order may be wrong"
    if not any(page.characters for page in read) and not any(one.lines for one in work.readings.values()):
        yield "no text was found on its pages"


def _named(pages: list[int]) -> str:
    """`page 3 is`, or `pages 1, 2 and 5 are`."""
    if len(pages) == 1:
        return f"page {pages[0] + 1} is"
    named = [str(number + 1) for number in pages[:_MOST_NAMED]]
    rest = [f"{len(pages) - _MOST_NAMED} more"] if len(pages) > _MOST_NAMED else []
    first = named if rest else named[:-1]
    return f"pages {', '.join(first)} and {(rest or named[-1:])[0]} are"
