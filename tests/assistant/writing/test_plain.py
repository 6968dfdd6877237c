"""What a model wrote is shown as plain text: nothing hidden, no markup, and what was meant as text stays."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.writing.plain import addresses, is_markup, plain, visible


def _whole(text: str) -> str:
    return plain(text, whole=True)


@pytest.mark.parametrize(
    "text",
    [
        "a < b and c > d",
        "if x<y then",
        "5 * 3 * 2",
        "2**10 and a*b",
        "snake_case and __init",
        "R&D, AT&T & co",
        "[sic]",
        "See [1] and [2].",
        "会议于北京[1](北京饭店)举行。",
        "3.5 million # of people",
        "-5 degrees",
        "?a=1&copy=2&lt",
        "C# and F#",
        "it said: (see above)",
        "[the annex](see below)",
        "នៅក្នុងប្រទេសកម្ពុជា ស្រី\u200cខ្មែរ",
        "ပြည်ထောင်စု မြန်မာ",
        "กรุงเทพมหานครฯ",
        "ສາທາລະນະລັດ",
        "Nguyễn Thị Kim Ngân",
        "👩\u200d👩\u200d👧 ❤\ufe0f",
    ],
)
def test_text_that_only_looks_like_markup_stays(text):
    assert _whole(text) == (text if not text.endswith("__init") else "snake_case and init")


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("<b>Held</b> in <i class='x'>Beijing</i>", "Held in Beijing"),
        ("<p>One</p><p>Two</p>", "One\nTwo"),
        ("One<br/>Two", "One\nTwo"),
        ("<ul><li>One</li><li>Two</li></ul>", "- One\n- Two"),
        ("<img src=x onerror=alert(1)>Held", "Held"),
        (f"<img src='data:image/png;base64,{'A' * 5000}'>Held", "Held"),
        ("<a\nhref='x'>Held</a>", "Held"),
        ("<<b>b>Held", "Held"),
        ("<!-- hidden -->Held", "Held"),
        ("Held<!-- never closed", "Held"),
        ("<script>alert(1)</script>Held", "Held"),
        ("<SCRIPT src=x>alert(1)</SCRIPT >Held", "Held"),
        ("<scr<!-- x -->ipt>alert(1)</script>Held", "Held"),
        ("Held<script>alert(1)", "Held"),
        ("<style>p{color:red}</style>Held", "Held"),
        ("<svg/onload=alert(1)>Held</svg>!", "!"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;Held", "Held"),
        ("&#60;b&#62;Held&#x3c;/b&#x3e;", "Held"),
        ("&lt;scr&#8203;ipt&gt;alert(1)&lt;/script&gt;Held", "Held"),
        ("Law &amp; order", "Law & order"),
        ("Held<|im_end|>", "Held"),
        ("Held<｜end▁of▁sentence｜>", "Held"),
        ("Held</s>", "Held"),
    ],
)
def test_html_is_taken_out(written, shown):
    assert _whole(written) == shown


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("See [the report](http://x.org).", "See the report."),
        ("See [the report](http://x.org/a_(b)).", "See the report."),
        ('See [the report](http://x.org "title").', "See the report."),
        ("See [the report](<http://x.org/a b>).", "See the report."),
        ("See [the report](javascript:alert(1)).", "See the report."),
        ("See [the report](data:text/html,x).", "See the report."),
        ("See [the [old] report](http://x.org).", "See the [old] report."),
        ("See [the report](report.html).", "See the report."),
        ("See [the report](http://x.org", "See the report"),
        ("See [the report](http://x.org and", "See the report and"),
        ("![alt](http://x.org/?q=secret)Held", "Held"),
        ("![alt](http://x.org/?q=secret", ""),
        ("[![alt](http://x.org/a.png)](http://x.org)Held", "Held"),
        ("\\[the report\\](http://x.org)", "the report"),
        ("&#91;the report&#93;(http://x.org)", "the report"),
        ("See [the report][r].\n\n[r]: http://x.org 'title'", "See the report."),
        ("See [the report][].", "See the report."),
        ("Held.\n[1]: http://x.org\n[2]: Not held.", "Held.\n[2]: Not held."),
        ("Held [1](http://x.org).", "Held [1]."),
        ("Held [[1]](#cite-1).", "Held [1]."),
        ("Held [1][2].", "Held [1][2]."),
    ],
)
def test_links_are_taken_out_and_their_text_stays(written, shown):
    assert _whole(written) == shown


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("<think>Let me see.</think>Held", "Held"),
        ("<think>\nLet me <b>see</b>.\n</think>\n\nHeld", "Held"),
        ("<think>Let me see", ""),
        ("<THINKING>Let me see.</THINKING>Held", "Held"),
        ("[THINK]Let me see.[/THINK]Held", "Held"),
        ("Let me see.</think>Held", "Held"),
        ("<think>a<think>b</think>c</think>Held", "Held"),
    ],
)
def test_thoughts_are_not_shown(written, shown):
    assert _whole(written) == shown


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("# Heading\n\nHeld", "Heading\n\nHeld"),
        ("* One\n+ Two\n• Three\n•四", "- One\n- Two\n- Three\n- 四"),
        ("> quoted\n> > twice", "quoted\ntwice"),
        ("One\n\n---\n\nTwo\n***\nThree", "One\n\nTwo\nThree"),
        ("**Held** in *Beijing* and __Hanoi__, ***all***", "Held in Beijing and Hanoi, all"),
        ("共**六**个国家，**7**国", "共六个国家，7国"),
        ("**One. Two.** Three", "One. Two. Three"),
        ("**never closed", "never closed"),
        ("`code` and ```Held```", "code and Held"),
        ("```text\nHeld\n```", "Held"),
        ("~~~\nHeld\n~~~", "Held"),
        ("NO\\_ANSWER", "NO_ANSWER"),
        ("One\r\nTwo\rThree\u2028Four", "One\nTwo\nThree\nFour"),
        ("One\n\n\n\n\nTwo", "One\n\nTwo"),
    ],
)
def test_markdown_is_taken_out(written, shown):
    assert _whole(written) == shown


@pytest.mark.parametrize(
    "hidden",
    [
        "\u200b",
        "\u202e",
        "\u2066",
        "\ufeff",
        "\U000e0041",
        "\u00ad",
        "\x00",
        "\x1b",
        "\ue000",
        "\u3164",
        "\U000e0100",
        "\u200d",
        "\u2060",
        "\u180e",
    ],
)
def test_characters_that_nobody_sees_are_taken_out(hidden):
    assert visible(f"he{hidden}ld 会{hidden}议") == "held 会议"


@pytest.mark.parametrize(
    "text", ["ស្រី\u200cខ្មែរ", "ក\u200dខ", "ကျွန်ုပ်", "नमस्\u200dते", "ท่าน้ำ", "نمی\u200cخواهم", "❤\ufe0f"]
)
def test_characters_that_a_script_needs_stay(text):
    assert visible(text) == text


@pytest.mark.parametrize(
    "begun",
    [
        "<",
        "<b",
        "<a href='x",
        "</",
        "<!-",
        "<!-- x",
        "[",
        "[the rep",
        "[the report]",
        "[the report](",
        "[the report](http://x.or",
        "![",
        "![alt](http",
        "**",
        "`",
        "&",
        "&am",
        "\n#",
        "\n##",
        "\n```mer",
        "\n- ",
        "\n>",
        "<think>x",
        "<thi",
        "<|im_e",
        '[a](http://x "tit',
    ],
)
def test_what_may_become_markup_is_held_back(begun):
    assert plain(f"Held{begun}", whole=False) == "Held"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("See http://x.org/a?b=c.", ["http://x.org/a?b=c"]),
        ("请访问www.evil.com，谢谢", ["www.evil.com"]),
        ("网站http://evil.com是", ["http://evil.com"]),
        ("联系a.b@evil.org。", ["a.b@evil.org"]),
        ("ｈｔｔｐ：／／ｅｖｉｌ．ｃｏｍ", ["http://evil.com"]),
        ("javascript:alert(1", ["javascript:alert(1"]),
        ("data:text/html,x", ["data:text/html,x"]),
        ("go to evil.com or bit.ly/abc now", ["evil.com", "bit.ly/abc"]),
        ("http://例子.中国", ["http://例子.中国"]),
        ("The data: 25 countries, data:25, e.g. Mr. Li.", []),
        ("No.5, U.S., 3.5, Rep.of.China, Prof.Li/Wang", []),
        ("第一次会议。会议", []),
    ],
)
def test_addresses_are_found_also_beside_characters_without_spaces(text, found):
    assert addresses(text) == found


@pytest.mark.parametrize(
    "reply",
    [
        "<div>" * 20 + "x",
        "```mermaid\ngraph TD\nA-->B\n```",
        "```python\nprint(1)\nprint(2)",
        "\\documentclass{article}\n\\begin{document}Held\\end{document}",
        "<!DOCTYPE html><html><body>Held</body></html>",
    ],
)
def test_code_is_told_from_an_answer(reply):
    assert is_markup(reply)


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "The meeting was held in Beijing. [1]",
        "```\nThe meeting was held in Beijing. [1]\n```",
        "```markdown\nThe meeting was held in Beijing. [1]\n```",
        "The <b>meeting</b> was held in <i>Beijing</i> in December 2007. [1]",
        "The meeting was held in Beijing. [1]\n```json\n{}\n```",
        "<think>" + "<div>" * 50 + "</think>Held in Beijing.",
    ],
)
def test_an_answer_with_some_markup_is_none(reply):
    assert not is_markup(reply)


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "<b>",
                "<",
                ">",
                "script",
                "<script>",
                "</script>",
                "&lt;",
                "&gt;",
                "<!--",
                "-->",
                "[a](",
                "http://x.org",
                ")",
                "\u200b",
                "Held ",
                "\n",
            ]
        ),
        max_size=12,
    )
)
def test_no_script_survives_however_it_is_taken_apart(pieces):
    shown = _whole("".join(pieces))
    assert "<script>" not in shown
    assert "<!--" not in shown
    assert "\u200b" not in shown


@pytest.mark.parametrize(
    "piece",
    [
        "<!--",
        "<",
        "[",
        "<a ",
        "[a](",
        "![",
        "*a",
        "**a ",
        "&a",
        "<script>",
        "a@",
        "`",
        " \n",
        "<think>",
        "a.a",
        "[x]: ",
        "\\[",
        "[a](b ",
        "[a](((",
        "</",
        "](",
        "> ",
        "a.com",
        "&#1",
    ],
)
def test_a_hostile_reply_is_read_to_its_end(piece):
    text = piece * (100_000 // len(piece))
    for ending in ("", "\n"):
        plain(text + ending, whole=True)
        plain(text + ending, whole=False)
    addresses(text)
    is_markup(text)
