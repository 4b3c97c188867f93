"""Packing: the files of one case as one ZIP with its catalogue, and checking such a ZIP again.

The same files give the same bytes: no clock is read and the times inside are fixed.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from dataclasses import dataclass
from xml.etree import ElementTree

from yiwang.apps.archives.domain.layout import MARK, ORDER, STANDARD, Item, in_order

CATALOGUE = "目录.xml"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_UNFIT = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]+')


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the catalogue. `name` is the path inside the package."""

    number: int
    part: str
    title: str
    paper_number: str
    made_on: str
    responsible: str
    name: str
    size: int
    sha256: str


def pack(head: dict[str, str], items: list[Item]) -> tuple[bytes, list[Line]]:
    """The package and its lines, in order. `head` is what the catalogue says of the case."""
    lines, parts = [], {part: place for place, part in enumerate(ORDER, 1)}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for place, item in enumerate(in_order(items), 1):
            title = _UNFIT.sub("_", f"{item.title} {item.number}".strip())[:80]
            folder = f"{parts[item.part]}-{item.part.label}"
            name = f"{folder}/{place:03d} {title}.{item.ending}"
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), item.content)
            lines.append(
                Line(
                    place, item.part.label, item.title, item.number, item.made_on,
                    item.responsible, name, len(item.content),
                    hashlib.sha256(item.content).hexdigest(),
                )
            )  # fmt: skip
        archive.writestr(zipfile.ZipInfo(CATALOGUE, _EPOCH), catalogue(head, lines))
    return buffer.getvalue(), lines


def catalogue(head: dict[str, str], lines: list[Line]) -> bytes:
    """卷内目录 with the metadata of each file, as XML."""
    root = ElementTree.Element("归档信息包", {"依据": STANDARD, "依据核对程度": MARK})
    about = ElementTree.SubElement(root, "办件")
    for name, value in head.items():
        ElementTree.SubElement(about, name).text = _plain(value)
    listed = ElementTree.SubElement(root, "卷内目录", {"件数": str(len(lines))})
    for line in lines:
        one = ElementTree.SubElement(listed, "文件", {"序号": str(line.number)})
        for name, value in (
            ("部分", line.part), ("题名", line.title), ("文号", line.paper_number),
            ("形成日期", line.made_on), ("责任者", line.responsible), ("文件名", line.name),
            ("字节", str(line.size)), ("SHA-256", line.sha256),
        ):  # fmt: skip
            ElementTree.SubElement(one, name).text = _plain(value)
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)


def _plain(text: str) -> str:
    """Without the characters that XML 1.0 cannot hold."""
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "", text)


def check(package: bytes) -> list[str]:
    """What is wrong with a package: names of files that are missing, altered or not listed."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        names = set(archive.namelist())
        if CATALOGUE not in names:
            return [CATALOGUE]
        listed = ElementTree.fromstring(archive.read(CATALOGUE)).iter("文件")  # noqa: S314 - ours
        wanted = {one.findtext("文件名") or "": one.findtext("SHA-256") for one in listed}
        wrong = [
            name
            for name, digest in wanted.items()
            if name not in names or hashlib.sha256(archive.read(name)).hexdigest() != digest
        ]
    return sorted({*wrong, *(names - {*wanted, CATALOGUE})})
