"""The parts of a Word file: opened with care, for a package may be built to harm whoever unpacks it."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.document import Facts
from index.errors import UnreadableSourceError, one_line
from index.readers.canonical import canonical
from index.readers.options import LARGEST_UNPACKED

if TYPE_CHECKING:
    from index.readers.web.markup_text import Element

_OLD_WORD = bytes.fromhex("D0CF11E0A1B11AE1")
_MOST_COMPRESSED = 200
_HARMLESS = 20_000_000
"""Bytes unpacked; a package up to this size may be compressed as much as it likes."""
_LARGEST_PART = 40_000_000
"""Bytes of one part of text; its tree takes some fifty times as much."""
_DAMAGED = "it is a damaged Word file: open it in Word and save it again as .docx"
_NO_TITLES = ("microsoft word", "word document", "untitled", "document1", "文档1", "文件1", "无标题")
_NO_PUBLISHERS = frozenset(
    {"microsoft", "microsoft corporation", "microsoft china", "微软中国", "微软用户", "hp", "lenovo", "dell", "toshiba"}
    | {"acer", "asus", "user", "home", "pc", "china", "grizli777", "www.xitongzhijia.com"}
)
"""What machines are delivered with."""


@dataclass(frozen=True)
class Package:
    """The parts of a Word file that hold text, by their path."""

    parts: dict[str, bytes]
    main: str
    """Path of the main part."""

    def tree(self, path: str) -> Element | None:
        """The tree of a part, None when there is none. Raises UnreadableSourceError."""
        return _tree(self.parts[path]) if path in self.parts else None

    def beside_main(self, name: str) -> str:
        """The path of another part in the folder of the main one."""
        return self.main.rpartition("/")[0] + "/" + name

    def with_trees(self, trees: dict[str, Element], without: frozenset[str]) -> bytes:
        """A new package with some parts replaced and some left out."""
        from lxml import etree

        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            for path, data in self.parts.items():
                if path not in without:
                    tree = trees.get(path)
                    archive.writestr(path, data if tree is None else etree.tostring(tree, encoding="utf-8"))
        return stream.getvalue()


def open_package(data: bytes) -> Package:
    """Unpack what may hold text. Raises UnreadableSourceError that says what to do."""
    if data.startswith(_OLD_WORD):
        raise UnreadableSourceError("it is an old or password-protected Word file: save it without a password as .docx")
    if not data.startswith(b"PK"):
        raise UnreadableSourceError("it is no Word file: open it in the program it was made with and save it as .docx")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check(archive.infolist(), len(data))
            names = [name for name in archive.namelist() if name.lower().endswith((".xml", ".rels"))]
            parts = {name.lstrip("/"): archive.read(name) for name in names}
    except UnreadableSourceError:
        raise
    except Exception as error:
        raise UnreadableSourceError(f"{_DAMAGED} ({one_line(error)})") from error
    if any(_declares_a_type(part) for part in parts.values()):
        raise UnreadableSourceError(
            "it has a document type declaration, which no Word file has: save it again as .docx"
        )
    main = _main_part(parts)
    if main not in parts:
        raise UnreadableSourceError("it has no text part (word/document.xml): open it in Word and save it as .docx")
    return Package(parts, main)


def _check(members: list[zipfile.ZipInfo], packed: int) -> None:
    if any(member.flag_bits & 1 for member in members):
        raise UnreadableSourceError("it is protected by a password: save it without a password as .docx")
    unpacked = sum(member.file_size for member in members)
    if unpacked > LARGEST_UNPACKED:
        raise UnreadableSourceError(
            f"it unpacks to more than {LARGEST_UNPACKED // 1_000_000} MB: save it without pictures, or in parts"
        )
    if unpacked > _HARMLESS and unpacked > _MOST_COMPRESSED * packed:
        raise UnreadableSourceError("it is packed as no Word file is: open it in Word and save it again as .docx")
    if any(
        member.file_size > _LARGEST_PART for member in members if member.filename.lower().endswith((".xml", ".rels"))
    ):
        raise UnreadableSourceError(f"its text takes more than {_LARGEST_PART // 1_000_000} MB: save it in parts")


def _declares_a_type(part: bytes) -> bool:
    plain = part.replace(b"\0", b"") if b"\0" in part else part
    return b"<!DOCTYPE" in plain or b"<!ENTITY" in plain


def _main_part(parts: dict[str, bytes]) -> str:
    if "_rels/.rels" in parts:
        for relation in _tree(parts["_rels/.rels"]):
            if str(relation.get("Type", "")).endswith("/officeDocument"):
                target = str(relation.get("Target", "")).lstrip("/")
                return target if target in parts else "word/document.xml"
    return "word/document.xml"


def _tree(data: bytes) -> Element:
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise UnreadableSourceError(f"{_DAMAGED} ({one_line(error)})") from error


def package_facts(package: Package) -> Facts:
    """The title and the publisher that the file's properties name; they name no date of publication."""
    title = _property(package, "docProps/core.xml", "title")
    company = _property(package, "docProps/app.xml", "Company")
    return Facts(
        "" if title.lower().startswith(_NO_TITLES) else title,
        "" if company.lower() in _NO_PUBLISHERS else company,
    )


def _property(package: Package, path: str, name: str) -> str:
    root = package.tree(path)
    found = None if root is None else next(root.iterchildren(f"{{*}}{name}"), None)
    return canonical(" ".join((found.text or "").split())) if found is not None else ""
