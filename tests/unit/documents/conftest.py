"""Fonts, one complete document of each kind, and the text of a PDF."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pypdf
import pytest

from yiwang.foundation.documents.content import (
    Certificate,
    Document,
    Field,
    ItemList,
    ListedItem,
    Seal,
    Section,
    Table,
)
from yiwang.foundation.documents.fonts import FontSet, load_fonts
from yiwang.foundation.documents.kinds import DeclineGround, DocumentKind
from yiwang.foundation.documents.wording import refusal_title, remedy_text

ROOT = Path(__file__).parents[3]
ORGAN = "椰城市东湖区行政审批服务局"
REMEDY = remedy_text(review_organ="椰城市东湖区人民政府", court="椰城市东湖区人民法院")
CERTIFICATE = Certificate(
    holder="椰城市东湖区四季鲜餐饮店",
    fields=(Field("经营者", "王小明"),),
    valid_from=date(2026, 11, 21),
    valid_to=date(2031, 11, 20),
    identifier="1.2.156.3005.2.11100000MB0000000X001.11460100000000000A.0000000001.001.9",
)
COMPLETE = Document(
    kind=DocumentKind.REFUSAL_DECISION,
    organ=ORGAN,
    made_on=date(2026, 11, 21),
    is_demo=True,
    number="椰东审〔2026〕12号",
    title=refusal_title("不予许可"),
    addressee="古丽娜尔·买买提",
    paragraphs=("你于2026年11月20日提出食品经营许可申请。",),
    fields=(Field("办件编号", "460108-20261120-000123"), Field("送达时间")),
    ground=DeclineGround.NOT_THIS_ORGAN,
    right_organ="椰城市住房和城乡建设局",
    facts="现场核查发现食品处理区与卫生间直接相邻。",
    articles=("《中华人民共和国行政许可法》第三十八条第二款",),
    reason="经营场所不具有相适应的环境条件。",
    time_needed="15个工作日",
    approved_by="局长 周远",
    lists=(
        ItemList(
            "需要补正的全部材料",
            (ListedItem("平面布局图", "未标明专间面积"), ListedItem("任命文件", "未加盖公章")),
        ),
    ),
    tables=(Table(("材料", "份数"), (("申请书", "1"), ("布局图", "2")), "材料清单", (3, 1)),),
    sections=(Section("申请条件", ("有固定的经营场所。",)),),
    decision="本机关决定：不予行政许可。",
    remedy=REMEDY,
    seal=Seal(ORGAN, "行政审批专用章", "4601080012345"),
    certificate=CERTIFICATE,
    check_url="https://zwfw.example.cn/check/7KQ4-M2XD-9TPA",
    check_code="7KQ4-M2XD-9TPA",
    version_note="第3版",
)


@pytest.fixture(scope="session")
def fonts() -> FontSet:
    """The fonts of the build, then the system's; without any Chinese font these tests fail."""
    found = load_fonts((ROOT / "build/assets/fonts",))
    assert found.families, "no Chinese serif font: run the asset build, or install Noto Serif CJK"
    return found


@pytest.fixture
def make() -> Callable[..., Document]:
    """A complete document of a kind, with changes."""

    def build(kind: DocumentKind = DocumentKind.REFUSAL_DECISION, **changes: object) -> Document:
        title = COMPLETE.title if kind is DocumentKind.REFUSAL_DECISION else ""
        if kind is DocumentKind.CERTIFICATE:
            title = "食品经营许可证"
        return dataclasses.replace(COMPLETE, **{"kind": kind, "title": title, **changes})

    return build


@pytest.fixture
def text_of() -> Callable[[bytes], str]:
    """All text of a PDF without white space: lines break where the page wants."""

    def read(pdf: bytes) -> str:
        pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
        return "".join("".join(page.extract_text().split()) for page in pages)

    return read
