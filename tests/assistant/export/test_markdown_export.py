"""Markdown shows texts as they are: read again by a Markdown parser."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from assistant.export import Wanted, exported
from assistant.export.characters import shown

from .conftest import NOW, answer, citation, nothing_known

PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
HOSTILE = [
    "# no heading\n- no list\n+ no list\n1. no number\n12) no number\n> no quotation\n--- \n===\n***\n```\n~~~",
    "    no code\n\tno code\n\n    no code",
    "*a* _b_ **c** `d` ~~e~~ <b>f</b> <script>g</script> &amp; &lt; &#65; [h](javascript:i) ![j](k) [l]: m [^1] [^1]: n",
    "| a | b |\n|---|---|\n| c | d |",
    "\\ \\* \\\\[ $x$ ^y^ :smile: https://a_b_.org www.a_b.org a@b.org -- ... {#id .class}",
    "第 1 条*强调*，《谅解备忘录》[2]。\n第 2 条_a_\n\n三",
    "Số 1. *đậm*\n2. Điều hai",
    "มาตรา ๑ *หนา* <b>\n- ข้อ",
]
PIECES = st.text(st.sampled_from("ab中ก1 2.)(-+=#>*_`~[]<>&!|:\\^$@{}\"'\n\t\r\u2028"), max_size=40)


def markdown(*answers, style="gbt7714"):
    return exported(answers, Wanted("markdown", style, "en"), nothing_known, NOW).content.decode("utf-8")


def read(source: str) -> str:
    """The text of Markdown that must be paragraphs of text and line breaks alone."""
    lines = []
    for token in PARSER.parse(source):
        assert token.type in {"paragraph_open", "inline", "paragraph_close"}, token
        for child in token.children or ():
            assert child.type in {"text", "text_special", "hardbreak", "softbreak"}, child
            lines.append("\n" if child.type.endswith("break") else child.content)
        lines.append("\n")
    return "".join(lines)


def body(made: str, begin: str, end: str) -> str:
    return made.split(begin, 1)[1].split(end, 1)[0]


def footnotes(made: str) -> dict[int, str]:
    """The text of each footnote, without the four spaces that continue it."""
    parts = re.split(r"^\[\^(\d+)\]: ", made, flags=re.MULTILINE)[1:]
    return {
        int(number): "\n".join(line.removeprefix("    ") for line in note.split("\n"))
        for number, note in zip(parts[::2], parts[1::2], strict=True)
    }


def lines_of(text: str) -> list[str]:
    """Lines with words, without spaces at their ends, which Markdown does not show."""
    return [line.strip() for line in shown(text).split("\n") if line.strip()]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_are_shown_as_they_are(text):
    made = markdown(answer([citation(quote=text)], question=text))
    assert lines_of(read(body(made, "## Question\n\n", "### Answer"))) == lines_of(text)
    assert lines_of(read(footnotes(made)[1]))[: len(lines_of(text))] == lines_of(f"“{text}”")


@given(PIECES.filter(str.strip))
def test_any_text_is_shown_as_it_is(text):
    made = markdown(answer([citation(quote=f"a{text}b")], question=text))
    assert lines_of(read(body(made, "## Question\n\n", "### Answer"))) == lines_of(text)
    quoted = lines_of(f"“a{text}b”")
    assert lines_of(read(footnotes(made)[1]))[: len(quoted)] == quoted


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_titles_stay_on_their_line_in_both_styles(text):
    for style in ("gbt7714", "chicago"):
        made = markdown(answer([citation(title=text)]), style=style)
        # Emphasis is the style's own, for a title in Latin letters.
        read(body(made, "## Bibliography\n\n", "## How").replace("*", "") if style == "chicago" else footnotes(made)[1])
        assert len(footnotes(made)) == 1


def test_marks_are_footnotes_and_nothing_else():
    made = markdown(answer([citation()], "Really! [1](http://a.org) and [1]: so"))
    assert "Really\\![^1]\\(http\\://a.org) and[^1]\\: so" in made
    assert list(footnotes(made)) == [1]


def test_an_address_is_a_link_and_shows_itself(entry):
    known = entry(title="A", origin="https://un.org/a_b_c?x=1&y=*2*")
    made = exported([answer([citation()])], Wanted("markdown", "gbt7714", "en"), lambda _: known, NOW).content.decode()
    assert "<https://un.org/a_b_c?x=1&y=*2*>." in made


def test_titles_of_reports_are_italic_where_their_script_has_italics(entry):
    def bibliography(title):
        known = entry(title=title, type="report", publisher="UN", date="2009")
        made = exported([answer([citation()])], Wanted("markdown", "chicago", "en"), lambda _: known, NOW)
        return body(made.content.decode("utf-8"), "## Bibliography\n\n", "\n\n")

    assert bibliography("The *State* of It") == r"UN. *The \*State\* of It*. UN, 2009."
    assert bibliography("报告") == "UN. 报告. UN, 2009."
