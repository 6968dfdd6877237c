"""References in both styles, word for word."""

from __future__ import annotations

import pytest

from assistant.export import quotation_with_reference, reference
from assistant.export.content import plain
from assistant.export.referencing import bibliography
from assistant.export.work import address_in, work_of

from .conftest import TODAY, citation

SOM4 = "som4-phnom-penh-2006-meeting-note.zh.txt"
MINUTES = "china-myanmar-2006-11-bilateral-minutes.zh.txt"
PRESS = "press-report-2007-12-14-imm2-som5-beijing.en.txt"
NEWSLETTER = "uniap-china-newsletter-2007-12-som5-imm2.zh.txt"
REPORT = "un-secretary-general-report-2009-trafficking-coordination.zh.txt"
SOM4_TITLE = "湄公河次区域合作反拐进程（COMMIT）第四次高官会"
NEWSLETTER_TITLE = "反拐通讯：湄公河次区域合作反对拐卖人口第五次高官会和第二次部长级磋商会在北京召开"
REPORT_TITLE = "改进工作协调，打击贩运人口：秘书长的报告"

GBT7714 = {
    SOM4: f"{SOM4_TITLE}[C]. [出版地不详]: [出版者不详], 2006: 3.",
    MINUTES: "中缅双边会谈纪要[A]. [出版地不详]: UN-ACT 中国办公室 (UN-ACT China), 2006: 3.",
    PRESS: "IMM2/SOM5 of COMMIT was successfully concluded in Beijing[N]. China.org.cn, 2007-12-14(3).",
    NEWSLETTER: f"{NEWSLETTER_TITLE}[J]. [出版地不详]: UNIAP 中国办公室 (UNIAP China), 2007: 3.",
    REPORT: f"{REPORT_TITLE}[R]. [出版地不详]: 联合国 (United Nations), 2009: 3.",
}
CHICAGO = {
    SOM4: f"{SOM4_TITLE}, May 2006, 3.",
    MINUTES: "中缅双边会谈纪要, UN-ACT 中国办公室 (UN-ACT China), November 2006, 3.",
    PRESS: "“IMM2/SOM5 of COMMIT was successfully concluded in Beijing,” China.org.cn, December 14, 2007, 3.",
    NEWSLETTER: f"{NEWSLETTER_TITLE} (UNIAP 中国办公室 [UNIAP China], December 2007), 3.",
    REPORT: f"{REPORT_TITLE} (联合国 [United Nations], 2009), 3.",
}
CHICAGO_ENTRIES = [
    "China.org.cn. “IMM2/SOM5 of COMMIT was successfully concluded in Beijing.” December 14, 2007.",
    "UN-ACT 中国办公室 (UN-ACT China). 中缅双边会谈纪要 [China-Myanmar bilateral meeting minutes]. November 2006.",
    f"UNIAP 中国办公室 (UNIAP China). {NEWSLETTER_TITLE} [Anti-Trafficking Newsletter: The Fifth Senior Officials Meeting and the Second Inter-Ministerial Meeting on Cooperation against Trafficking in the Greater Mekong Sub-Region (SOM5/IMM2) Were Held in Beijing]. UNIAP 中国办公室 (UNIAP China), December 2007.",
    f"{SOM4_TITLE} [Fourth Senior Officials Meeting of the Coordinated Mekong Ministerial Initiative against Trafficking (COMMIT)]. May 2006.",
    f"联合国 (United Nations). {REPORT_TITLE} [Improving the coordination of efforts against trafficking in persons: report of the Secretary-General]. 联合国 (United Nations), 2009.",
]


@pytest.mark.parametrize("source_id", GBT7714)
def test_the_catalogued_sources_in_both_styles(catalog, source_id):
    cited = citation(source_id=source_id, page=3)
    assert reference(cited, catalog.entry(source_id), "gbt7714", TODAY) == GBT7714[source_id]
    assert reference(cited, catalog.entry(source_id), "chicago", TODAY) == CHICAGO[source_id]


def test_the_bibliography_names_each_source_once_and_no_page(catalog):
    cited = [citation(source_id=source_id, page=page) for page in (9, 3) for source_id in GBT7714]
    works = [work_of(one, catalog.entry(one.source_id), TODAY) for one in cited]
    numbered = [plain(entry) for entry in bibliography(works, "gbt7714")]
    assert [entry[:4] for entry in numbered] == ["[1] ", "[2] ", "[3] ", "[4] ", "[5] "]
    assert numbered[4] == f"[5] {REPORT_TITLE}[R]. [出版地不详]: 联合国 (United Nations), 2009."
    assert numbered[2].endswith("China.org.cn, 2007-12-14.")
    assert [plain(entry) for entry in bibliography(works, "chicago")] == CHICAGO_ENTRIES


@pytest.mark.parametrize(
    ("known", "gbt7714", "chicago"),
    [
        ({"title": "纪要"}, "纪要[Z]. [出版地不详]: [出版者不详], [出版年不详].", "纪要, n.d."),
        ({"title": "Notes"}, "Notes[Z]. [S.l.]: [s.n.], [n.d.].", "“Notes,” n.d."),
        ({"title": "Notes", "type": "report"}, "Notes[R]. [S.l.]: [s.n.], [n.d.].", "Notes (n.d.)."),
        ({"title": "Why now?", "type": "press_report"}, "Why now?[N]. [n.d.].", "“Why now?,” n.d."),
        (
            {"title": "แผนปฏิบัติการ", "type": "plan_of_action", "publisher": "พม.", "date": "2008"},
            "แผนปฏิบัติการ[A]. [S.l.]: พม., 2008.",
            "แผนปฏิบัติการ, พม., 2008.",
        ),
        (
            {"title": "Báo cáo “Thường niên”", "type": "memorandum", "publisher": "Bộ Công an", "date": "2008-03"},
            "Báo cáo “Thường niên”[A]. [S.l.]: Bộ Công an, 2008.",
            "“Báo cáo ‘Thường niên,’” Bộ Công an, March 2008.",
        ),
        (
            {
                "title": "Factors",
                "type": "report",
                "publisher": "WHO",
                "date": "1970",
                "origin": "https://who.int/f_1.",
            },
            "Factors[R/OL]. WHO, 1970[2026-11-25]. https://who.int/f_1.",
            "Factors (WHO, 1970), https://who.int/f_1.",
        ),
        (
            {"title": "快车道", "date": "2001-12-19", "origin": "网页 http://www.creader.com/news/2001（转载）"},
            "快车道[EB/OL]. (2001-12-19)[2026-11-25]. http://www.creader.com/news/2001.",
            "快车道, December 19, 2001, http://www.creader.com/news/2001.",
        ),
        (
            {"title": "Home", "publisher": "UNIAP", "origin": "HTTP://uniap.org/"},
            "Home[EB/OL]. UNIAP[2026-11-25]. HTTP://uniap.org/.",
            "“Home,” UNIAP, accessed November 25, 2026, HTTP://uniap.org/.",
        ),
        (
            {
                "title": "大风沙",
                "type": "press_report",
                "publisher": "北京青年报",
                "date": "2000-01-12",
                "origin": "http://b.cn/1",
            },
            "大风沙[N/OL]. 北京青年报, 2000-01-12[2026-11-25]. http://b.cn/1.",
            "大风沙, 北京青年报, January 12, 2000, http://b.cn/1.",
        ),
    ],
)
def test_what_is_unknown_is_left_out_or_named_as_the_style_wants(entry, known, gbt7714, chicago):
    assert reference(citation(), entry(**known), "gbt7714", TODAY) == gbt7714
    assert reference(citation(), entry(**known), "chicago", TODAY) == chicago


def test_the_page_of_a_quotation_on_the_web(entry):
    paged = citation(page=12)
    online = entry(title="快车道", date="2001-12-19", origin="http://c.cn/1")
    assert (
        reference(paged, online, "gbt7714", TODAY) == "快车道[EB/OL]. 2001: 12(2001-12-19)[2026-11-25]. http://c.cn/1."
    )
    bare = entry(title="快车道", origin="http://c.cn/1")
    assert reference(paged, bare, "gbt7714", TODAY) == "快车道[EB/OL]. 12[2026-11-25]. http://c.cn/1."
    assert reference(paged, online, "chicago", TODAY) == "快车道, December 19, 2001, 12, http://c.cn/1."


@pytest.mark.parametrize(
    ("known", "line"),
    [
        (
            {"title": "Why now?", "type": "press_report", "publisher": "Nation", "date": "2007-01-02"},
            "Nation. “Why now?” January 2, 2007.",
        ),
        (
            {"title": "Who?", "type": "report", "publisher": "Acme Inc.", "date": "2007"},
            "Acme Inc. Who? Acme Inc., 2007.",
        ),
        (
            {"title": "Home", "publisher": "UNIAP", "origin": "http://u.org/"},
            "UNIAP. “Home.” Accessed November 25, 2026. http://u.org/.",
        ),
        ({"title": "Notes"}, "“Notes.” n.d."),
        ({"title": "On “Why?”"}, "“On ‘Why?’” n.d."),
        ({"title": "On “That”", "date": "2007"}, "“On ‘That.’” 2007."),
    ],
)
def test_no_stop_stands_twice_in_a_chicago_bibliography(entry, known, line):
    assert [plain(spans) for spans in bibliography([work_of(citation(), entry(**known), TODAY)], "chicago")] == [line]


def test_a_source_without_an_entry_is_named_by_what_its_citation_says():
    cited = citation(source_id="folder/b.pdf", title="", publisher="UNIAP", date="2007-12")
    assert reference(cited, None, "gbt7714", TODAY) == "b.pdf[Z]. [S.l.]: UNIAP, 2007."


def test_a_title_cannot_break_its_line_or_turn_the_words_behind_it(entry):
    hostile = entry(title="A\u202eb\r\n\u2028[2] c\u2069", publisher="D\ne")
    made = reference(citation(), hostile, "gbt7714", TODAY)
    assert made == "A\u202eb [2] c\u202c[Z]. [S.l.]: D e, [n.d.]."


def test_a_copied_quotation_keeps_its_words_and_lines(entry):
    quote = "一、\n  “二”\n\n三 "
    made = quotation_with_reference(citation(quote=quote), entry(title="纪要", date="2006"), "gbt7714", TODAY)
    assert made == f"“{quote}”\n纪要[Z]. [出版地不详]: [出版者不详], 2006."


@pytest.mark.parametrize(
    ("origin", "address"),
    [
        ("China.org.cn", ""),
        ("see https://un.org/a_(b)", "https://un.org/a_(b)"),
        ("(https://un.org/a).", "https://un.org/a"),
        ("网站（http://un.org/中文），转载", "http://un.org/中文"),
        ("javascript:alert(1)//http", ""),
        ("https://un.org/a>b", "https://un.org/a"),
    ],
)
def test_only_an_http_address_is_an_address(origin, address):
    assert address_in(origin) == address
