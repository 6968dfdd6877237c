"""Names in several languages: found whole, the longest first, and written in another language."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.glossary import Glossary, GlossaryEntry, GlossaryError

SOURCES = Path(__file__).resolve().parents[2] / "sources"


@pytest.fixture(scope="module")
def glossary() -> Glossary:
    return Glossary.load(SOURCES)


@pytest.fixture
def small() -> Glossary:
    return Glossary(
        (
            GlossaryEntry(
                id="spa", names={"en": ("Sub-regional Plan of Action",), "zh": ("行动计划",)}, abbreviations=("SPA",)
            ),
            GlossaryEntry(
                id="mekong", names={"en": ("Mekong",), "zh": ("湄公河",), "th": ("แม่น้ำโขง",)}, ocr=("渭公河",)
            ),
            GlossaryEntry(id="commit", names={"zh": ("湄公河次区域合作反拐进程",), "en": ("COMMIT Process",)}),
            GlossaryEntry(id="ilo", names={"en": ("International Labour Organization",)}, abbreviations=("ILO",)),
        )
    )


def named(glossary: Glossary, text: str) -> list[str]:
    return [entry.id for _, entries in glossary.named_in(text) for entry in entries]


@pytest.mark.parametrize("text", ["in this space", "kilo", "SPAIN", "spa2", "respan", "philology"])
def test_an_abbreviation_is_no_part_of_a_word(small: Glossary, text: str) -> None:
    assert named(small, text) == []


@pytest.mark.parametrize("text", ["the SPA", "spa?", "第二个SPA的内容", "(SPA)", "ＳＰＡ", "SPA/ILO", "the SPA's aims"])
def test_an_abbreviation_is_found_between_anything_else(small: Glossary, text: str) -> None:
    assert "spa" in named(small, text)


def test_the_longest_name_is_found(small: Glossary) -> None:
    assert named(small, "湄公河次区域合作反拐进程") == ["commit"]
    assert named(small, "湄公河流域") == ["mekong"]


@pytest.mark.parametrize("text", ["渭公河", "湄公河", "Mekong", "mekong", "MEKONG River", "湄 公 河", "ลุ่มแม่น้ำโขง"])
def test_every_way_to_write_a_name_is_found(small: Glossary, text: str) -> None:
    assert named(small, text) == ["mekong"]


def test_names_are_written_in_another_language(small: Glossary) -> None:
    assert small.in_language("Where does the Mekong flow?", "zh") == "where does the 湄公河 flow?"
    assert small.in_language("湄公河在哪里", "en") == "mekong 在哪里"
    assert small.in_language("SPA是什么", "en") == "sub-regional plan of action 是什么"


def test_a_name_that_is_not_known_in_a_language_stays(small: Glossary) -> None:
    assert small.in_language("the ILO", "zh") == "the ilo"


def test_an_empty_glossary_changes_nothing() -> None:
    assert Glossary().named_in("SPA") == []
    assert Glossary().in_language("The SPA", "zh") == "The SPA"


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("第五次高官會", "som5"),
        ("the Fifth Senior Officials Meeting", "som5"),
        ("SOM 5", "som5"),
        ("Hội nghị quan chức cấp cao lần thứ năm", "som5"),
        ("渭公河次区域合作反拐进程", "commit"),
        ("การค้ามนุษย์", "human-trafficking"),
    ],
)
def test_the_real_glossary_knows_the_names(glossary: Glossary, text: str, entry: str) -> None:
    assert entry in named(glossary, text)


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("Traficking of women", "human-trafficking"),
        ("What law had Mynamar drafted?", "myanmar"),
        ("UNAIP 项目", "uniap"),
        ("the Joint Declartion of 2007", "joint-declaration"),
        ("fourth Senoir Officials Meeting", "som4"),
        ("谅解备忘绿", "mou"),
        ("第四次高管会", "som4"),
    ],
)
def test_a_name_with_one_typo_is_recognised(glossary: Glossary, text: str, entry: str) -> None:
    assert entry in named(glossary, text)


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("第八次高官会", "som4"),
        ("8th Senior Officials Meeting", "som4"),
        ("the policy of the summit", "commit"),
        ("they were trafficked", "human-trafficking"),
        ("法国公安部门", "vietnam-mps"),
        ("Hunan", "henan"),
        ("Mekong", "myanmar"),
    ],
)
def test_another_word_or_number_is_no_typo(glossary: Glossary, text: str, entry: str) -> None:
    assert entry not in named(glossary, text)


def test_a_name_that_is_written_correctly_comes_before_typos(small: Glossary) -> None:
    assert named(small, "湄公河次区域合作反拐进程") == ["commit"]
    assert small.named_in("the Mekomg and the Mekong") == small.named_in("Mekong")
    assert [form for form, _ in small.named_in("Sub-regional Plan of Actoin")] == ["sub-regional plan of action"]


def test_a_name_with_a_typo_is_written_in_another_language(small: Glossary) -> None:
    assert small.in_language("Where does the Mekogn flow?", "zh") == "where does the 湄公河 flow?"


def test_the_real_glossary_has_each_id_once_and_misreadings_that_differ(glossary: Glossary) -> None:
    ids = [entry.id for entry in glossary.entries]
    assert len(ids) == len(set(ids))
    assert all(wrong != right for wrong, right in glossary.ocr_spellings.items())


def test_a_folder_without_a_glossary(tmp_path: Path) -> None:
    assert Glossary.load(tmp_path).entries == ()


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("entries:\n  - id: a\n    nam: x\n", 3, ["'nam'", "names", "abbreviations", "ocr"]),
        ("version: 1\nentrys: []\n", 2, ["'entrys'", "entries", "ocr_spellings"]),
        ("entries:\n  - id: a\n    names: {en: A name}\n", 3, ["names.en"]),
        ("entries:\n  - kind: term\n", 2, ["id"]),
        ("entries: [\n", 2, ["YAML"]),
        ("- a\n", 1, []),
    ],
)
def test_a_wrong_glossary_says_where_and_what_is_allowed(
    tmp_path: Path, text: str, line: int, words: list[str]
) -> None:
    path = tmp_path / "glossary.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(GlossaryError) as error:
        Glossary.load(tmp_path)
    message = str(error.value)
    assert message.startswith(f"{path}:{line}:")
    assert "\n" not in message
    assert all(word in message for word in words)
