"""Web pages as people save them: their text without menus, their title, publisher and date."""

from __future__ import annotations

import codecs
import sys
import unicodedata

import pytest

from index.errors import UnreadableSourceError
from index.readers import html
from index.readers.options import LARGEST_PAGE, ReadingOptions
from index.readers.web.page_facts import day

SIMPLIFIED = "第五次高官会议于2007年12月在北京召开。来自柬埔寨、中国、老挝、缅甸、泰国和越南的代表出席了会议。"
TRADITIONAL = "第五次高官會議於2007年12月在北京召開。來自柬埔寨、中國、寮國、緬甸、泰國和越南的代表出席了會議。"
THAI = "การประชุมเจ้าหน้าที่อาวุโสครั้งที่ 5 จัดขึ้นที่กรุงปักกิ่ง ประเทศจีน"
VIETNAMESE = "Hội nghị quan chức cấp cao lần thứ năm đã được tổ chức tại Bắc Kinh, Trung Quốc."
KHMER = "កិច្ចប្រជុំបានធ្វើឡើងនៅទីក្រុងប៉េកាំង។"
LAO = "ກອງປະຊຸມ ຈັດຂຶ້ນ ທີ່ປັກກິ່ງ"
BURMESE = "အစည်းအဝေး ကျင်းပသည်။"
ENGLISH = "The Fifth Senior Officials Meeting was held in Beijing, and six countries attended it."
EVERY_LANGUAGE = [SIMPLIFIED, TRADITIONAL, THAI, VIETNAMESE, KHMER, LAO, BURMESE, ENGLISH]
MINISTRY = """<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312">
<title>六国合作打击人口拐卖犯罪-中华人民共和国公安部</title><meta name="PubDate" content="2007-12-14 10:20">
<meta name="SiteName" content="中华人民共和国公安部"></head><body>
<table><tr><td><a href=/>首页</a>|<a href=/1>机构职能</a>|<a href=/2>新闻中心</a>|<a href=/3>政策法规</a></td></tr></table>
<table><tr><td width=200><table><tr><td><a href=a>领导活动</a><tr><td><a href=b>通知公告</a><tr><td><a href=c>统计数据</a>
</table></td><td><table><tr><td>您现在的位置：<a href=/>首页</a> &gt; <a href=/2>新闻中心</a> &gt; 正文</td></tr>
<tr><td class=tit><b><font size=5>六国合作打击人口拐卖犯罪</font></b></td></tr>
<tr><td>　　第五次高官会议于2007年12月在北京召开。来自柬埔寨、中国、老挝、缅甸、泰国和越南的代表出席了会议。<br>
　　会议通过了《北京宣言》，重申各国政府将采取措施，预防和打击拐卖人口犯罪，保护受害者。<br><br>　　一、加强预防。
<table border=1><tr><td>国家</td><td>联络机构</td><td>热线</td></tr><tr><td>中国</td><td>公安部</td><td>110</td></tr></table>
<p align=right>公安部办公厅<br>二〇〇七年十二月十四日</td></tr></table></td></tr></table>
<table><tr><td>版权所有：中华人民共和国公安部　京ICP备05070602号</td></tr></table></body></html>"""
NEWS = """<!doctype html><html lang=en><head><meta charset=utf-8><title>Six countries sign | Vientiane Times</title>
<meta property="og:site_name" content="Vientiane Times">
<meta property="article:published_time" content="2007-12-15T08:00:00+07:00"></head><body>
<header><a href=/>Vientiane Times</a><nav><ul><li><a href=/n>News</a><li><a href=/s>Sport</a></ul></nav></header>
<div class="breadcrumb"><a href=/>Home</a> &gt; <a href=/n>News</a> &gt; Six countries</div>
<main><article><header><h1>Six countries sign</h1><p class=byline>By Somchai, 15 December 2007</p></header>
<p>The Fifth Senior Officials Meeting was held in Beijing, and delegates of six countries attended the meeting.</p>
<p>“We reaffirm our commitment,” the minister said.<sup><a href="#fn1">1</a></sup> Victims must not be detained.</p>
<h2>What was agreed</h2><ol start="3"><li>Training of police<li>Protection of victims</ol>
<table><tr><th>Country<th>Focal point<tr><td>Lao PDR<td>Ministry of Labour<tr><td>Viet Nam<td>Ministry of Police</table>
<aside class=related><h3>Related news</h3><ul><li><a href=1>Rice prices up</a><li><a href=2>New bridge opens</a></ul></aside>
<div class="share"><a href=f>Facebook</a> <a href=t>Twitter</a></div>
<ol><li id=fn1>COMMIT Joint Declaration, 2007. <a href=#r1>↑</a></ol></article>
<div class=sidebar><h3>Most read</h3><ul><li><a href=1>Floods in the south</a><li><a href=2>Festival dates</a></ul></div>
</main><footer><p>© 2007 Vientiane Times. All rights reserved.</p><a href=/c>Contact</a></footer></body></html>"""


def read(page: str | bytes):
    return html.read(page if isinstance(page, bytes) else page.encode("utf-8"), "a.html", ReadingOptions())


def headings(document):
    return [(document.text[heading.start : heading.end], heading.level) for heading in document.headings]


def refused(data: bytes) -> str:
    with pytest.raises(UnreadableSourceError) as error:
        read(data)
    message = str(error.value)
    assert "\n" not in message
    assert ":" in message, "says what is wrong and what to do"
    return message


def test_an_old_ministry_page_gives_its_text_without_what_is_around_it():
    document = read(MINISTRY.encode("gb18030"))
    assert document.text.split("\n\n") == [
        "六国合作打击人口拐卖犯罪",
        "第五次高官会议于2007年12月在北京召开。来自柬埔寨、中国、老挝、缅甸、泰国和越南的代表出席了会议。",
        "会议通过了《北京宣言》，重申各国政府将采取措施，预防和打击拐卖人口犯罪，保护受害者。",
        "一、加强预防。",
        "国家：中国；联络机构：公安部；热线：110",
        "公安部办公厅\n二〇〇七年十二月十四日",
    ]
    assert headings(document) == [("六国合作打击人口拐卖犯罪", 1)]
    facts = document.facts
    assert (facts.title, facts.publisher, facts.date) == (
        "六国合作打击人口拐卖犯罪",
        "中华人民共和国公安部",
        "2007-12-14",
    )
    assert (document.format, document.encoding, document.warnings) == ("html", "gb18030", ())


def test_a_news_article_gives_its_text_without_menus_share_buttons_and_other_news():
    document = read(NEWS)
    assert document.text.split("\n\n") == [
        "Six countries sign",
        "By Somchai, 15 December 2007",
        "The Fifth Senior Officials Meeting was held in Beijing, and delegates of six countries attended the meeting.",
        "“We reaffirm our commitment,” the minister said.[1] Victims must not be detained.",
        "What was agreed",
        "3. Training of police\n4. Protection of victims",
        "Country: Lao PDR; Focal point: Ministry of Labour",
        "Country: Viet Nam; Focal point: Ministry of Police",
        "1. COMMIT Joint Declaration, 2007.",
    ]
    assert headings(document) == [("Six countries sign", 1), ("What was agreed", 2)]
    facts = document.facts
    assert (facts.title, facts.publisher, facts.date) == ("Six countries sign", "Vientiane Times", "2007-12-15")


@pytest.mark.parametrize("sentence", EVERY_LANGUAGE)
@pytest.mark.parametrize("times", [1, 30])
def test_every_language_is_read_short_or_long_without_article_markup(sentence, times):
    menu = "<div id=menu><a href=1>MENUONE</a> <a href=2>MENUTWO</a> <a href=3>MENUTHREE</a></div>"
    lines = "".join(f"<div>{number} {sentence}</div>" for number in range(times))
    document = read(f"<html><head><meta charset=utf-8></head><body>{menu}<div>{lines}</div></body></html>")
    expected = [unicodedata.normalize("NFC", f"{number} {sentence}") for number in range(times)]
    assert document.text.split("\n\n") == expected


@pytest.mark.parametrize(
    ("sentence", "name", "encoding"),
    [
        (SIMPLIFIED, "gb2312", "gb18030"),
        (SIMPLIFIED, "GBK", "gb18030"),
        (SIMPLIFIED, "iso-8859-1", "gb18030"),
        (SIMPLIFIED, "no-such-name", "gb18030"),
        (TRADITIONAL, "big5", "big5"),
        (THAI, "tis-620", "cp874"),
        (THAI, "ISO-8859-11", "cp874"),
        ("L’accord a été signé à Rangoun — “enfin”.", "iso-8859-1", "cp1252"),
        *[(sentence, "gb2312", "utf-8") for sentence in EVERY_LANGUAGE],
        *[(sentence, "utf-8", "utf-16") for sentence in EVERY_LANGUAGE],
    ],
)
def test_the_page_says_its_encoding_unless_its_bytes_say_another(sentence, name, encoding):
    page = (
        f'<html><head><meta http-equiv=Content-Type content="text/html; charset={name}"></head><body><p>{sentence}</p>'
    )
    assert read(page.encode(encoding)).text == unicodedata.normalize("NFC", sentence)
    page = f"<?xml version='1.0' encoding='{name}'?><html><head><meta charset='{name}'/></head><body><p>{sentence}</p>"
    assert read(page.encode(encoding)).text == unicodedata.normalize("NFC", sentence)


def test_a_byte_order_mark_decides():
    data = codecs.BOM_UTF8 + f"<meta charset=gb2312><p>{SIMPLIFIED}".encode()
    assert read(data).text == SIMPLIFIED


def test_a_broken_character_of_a_long_page_is_told_and_not_hidden():
    data = f"<meta charset=gb2312><p>{SIMPLIFIED * 40}".encode("gb18030").replace(
        "召开".encode("gb18030"), b"\xd5\xff", 1
    )
    document = read(data)
    assert document.text.count("\ufffd") >= 1
    assert any("U+FFFD" in warning for warning in document.warnings)


def test_a_page_that_is_a_list_of_links_keeps_them():
    links = "".join(f"<li><a href={number}>Headline number {number} of this day</a>" for number in range(6))
    assert "• Headline number 3 of this day\n" in read(f"<ul>{links}</ul>").text


@pytest.mark.parametrize(
    "page",
    [
        "",
        "  ",
        "<frameset><frame src=menu.html><frame src=text.html></frameset>",
        "<body><div id=root></div><script>start('text')</script><noscript>Enable JavaScript</noscript></body>",
    ],
)
def test_a_page_without_text_is_empty(page):
    document = read(page)
    assert not document.text
    assert not document.headings


@pytest.mark.parametrize(
    ("head", "date"),
    [
        ('<meta property="article:published_time" content="2007-12-14T23:30:00-05:00">', "2007-12-14"),
        ('<meta name="DC.date" content="2007-12">', "2007-12"),
        ('<meta name="DC.Date.Issued" content="2007">', "2007"),
        ('<meta name="PubDate" content="2007年12月4日">', "2007-12-04"),
        ('<meta name="pubdate" content="20071204">', "2007-12-04"),
        ('<meta name="date" content="2550-12-14">', "2007-12-14"),
        ('<meta name="date" content="05/04/2007">', ""),
        ('<meta name="date" content="2007-13-40">', ""),
        ('<script type="application/ld+json">{"@graph": [{"datePublished": "2007-12-14"}]}</script>', "2007-12-14"),
        ('<script type="application/ld+json">[[[[{</script>', ""),
        ("<time datetime=2007-12-14>14 December</time>", "2007-12-14"),
        ("<time datetime=2007-12-14>a</time><time datetime=2008-01-01>b</time>", ""),
        ('<time datetime=2007-12-14 itemprop="datePublished">a</time><time datetime=2008-01-01>b</time>', "2007-12-14"),
        ("<p>14 December 2007</p>", ""),
    ],
)
def test_the_date_is_what_the_page_says_and_never_guessed(head, date):
    assert read(f"<html><head>{head}</head><body><p>{ENGLISH}</p></body></html>").facts.date == date


def test_days_of_other_calendars_and_ambiguous_ones():
    assert [day(text) for text in ("2007-1-2", "2007/01/02 08:00", "2007-02-30", "1/2/2007", "12", "")] == [
        *("2007-01-02", "2007-01-02"),
        *("", "", "", ""),
    ]


def test_title_and_publisher_come_from_what_the_page_says():
    said = '<meta property="og:title" content="การประชุม - ข่าวไทย"><meta property="og:site_name" content="ข่าวไทย">'
    facts = read(f"<html><head>{said}</head><body><p>{THAI}</p></body></html>").facts
    assert (facts.title, facts.publisher) == ("การประชุม", "ข่าวไทย")
    linked = '<script type="application/ld+json">{"publisher": {"@type": "Organization", "name": "VNS"}}</script>'
    facts = read(f"<title>Hội nghị</title>{linked}<body><h1>Hội nghị</h1><p>{VIETNAMESE}</p>").facts
    assert (facts.title, facts.publisher) == ("Hội nghị", "VNS")
    assert read(f"<p>{ENGLISH}</p>").facts.title == ""


def test_the_headline_above_the_text_is_its_first_heading():
    page = f"<title>会议在北京召开</title><body><div><h1>会议在北京召开</h1></div><div><div>{f'<p>{SIMPLIFIED}</p>' * 9}</div></div>"
    document = read(page)
    assert document.text.startswith(f"会议在北京召开\n\n{SIMPLIFIED}")
    assert headings(document) == [("会议在北京召开", 1)]
    assert document.text.count("会议在北京召开") == 1


def test_a_page_within_a_form_is_read():
    form = f"<form id=aspnetForm><input value=x><h1>Title</h1>{f'<p>{ENGLISH}</p>' * 5}</form>"
    assert read(f"<body>{form}</body>").text.count(ENGLISH) == 5


def test_text_outside_paragraphs_is_read():
    body = f"<div>{SIMPLIFIED}<br>{SIMPLIFIED}<br><br><b>小标题</b><br>{SIMPLIFIED}</div>"
    assert read(body).text == f"{SIMPLIFIED}\n{SIMPLIFIED}\n\n小标题\n{SIMPLIFIED}"


def test_markup_in_the_text_stays_text():
    document = read(f"<p>{ENGLISH} &lt;script&gt;alert(1)&lt;/script&gt; # no heading</p>")
    assert document.text == f"{ENGLISH} <script>alert(1)</script> # no heading"


def test_a_page_that_is_too_large_or_no_page_is_refused():
    assert "20 MB" in refused(b"x" * (LARGEST_PAGE + 5_000_000))
    assert "binary" in refused(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)) * 9)


@pytest.mark.parametrize("tags", ["<div>", "<span>", "<font>", "<ul><li>", "<table><tr><td>", "<sup>", "<blockquote>"])
def test_what_is_nested_too_deep_is_read_to_its_end(tags):
    document = read(f"<p>first</p>{tags * 10_000}deep{'</div>' * 10_000}<p>last</p>")
    assert [word for word in document.text.split() if len(word) > 3] == ["first", "deep", "last"]


@pytest.mark.parametrize("junk", ["<", "<div", "<meta ", "<!--", "&#", "<a href=x>y</a>", "</p>", "]]>", "<table>"])
def test_broken_markup_is_read_in_a_moment(junk):
    document = read(f"<p>{ENGLISH}</p>{junk * 20_000}")
    assert ENGLISH in document.text


def test_nothing_is_fetched(monkeypatch):
    def no_network(*_args, **_kwargs):
        raise AssertionError("a page is read without the network")

    monkeypatch.setattr("socket.socket.connect", no_network)
    monkeypatch.setattr("socket.getaddrinfo", no_network)
    link = (
        '<!DOCTYPE html SYSTEM "http://example.org/x.dtd"><base href="http://example.org/"><link rel=stylesheet href=x>'
    )
    assert ENGLISH in read(f"{link}<img src=http://example.org/x><iframe src=/y></iframe><p>{ENGLISH}</p>").text


def test_what_a_library_makes_of_a_page_is_one_line(monkeypatch):
    def broken(*_args):
        raise ValueError("no\nidea")

    monkeypatch.setattr(html, "main_content", broken)
    assert "no idea" in refused(b"<p>x</p>")


def test_where_trafilatura_fails_the_page_is_read_without_it(monkeypatch):
    def broken(*_args, **_kwargs):
        raise RecursionError

    monkeypatch.setattr("trafilatura.bare_extraction", broken)
    document = read(NEWS)
    assert "Victims must not be detained." in document.text
    assert "Sport" not in document.text
    assert "Rice prices" not in document.text
    assert document.warnings == (
        "its main text could not be told from what surrounds it: menus and the like may be among it",
    )


def test_a_missing_library_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "trafilatura", None)
    assert "pip install trafilatura" in refused(b"<p>text</p>")


@pytest.mark.parametrize(
    "head",
    [
        "",
        '<base href="https://example.org/">',
        '<!doctype html><meta charset="utf-8"><title>Body of <b>work</b></title><link rel="stylesheet" href="x.css">',
        "<html><head><script>var x = '<article>';</script></head>",
    ],
)
def test_a_page_that_leaves_its_body_out_is_read(head: str) -> None:
    assert ENGLISH in read(f"{head}<article><h1>Meeting</h1><p>{ENGLISH}</p><p>{SIMPLIFIED}</p></article>").text
