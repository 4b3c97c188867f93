"""What a legal document says: one frozen shape for every kind, checked before it may be printed.

Nothing here reads a clock, a database or a file. A document that lacks what the law demands of
its kind cannot be built: `Document` raises `IncompleteDocumentError` with a message in Chinese.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from urllib.parse import urlsplit

from yiwang.foundation.documents.kinds import DeclineGround, DocumentKind

_WORDS = {
    "number": "文号",
    "addressee": "受文人",
    "seal": "印章",
    "lists": "需要补正的全部内容",
    "articles": "法律依据",
    "reason": "理由",
    "facts": "认定的事实",
    "remedy": "救济途径",
    "ground": "不予受理的情形",
    "time_needed": "所需时间",
    "approved_by": "批准人",
    "certificate": "证照内容",
    "fields": "送达情况",
    "sections": "正文",
    "version_note": "版本说明",
    "organ": "机关名称",
    "title": "标题",
}
# 「日」 alone does not say whether rest days count, so it is not accepted.
_TIME_WITH_UNIT = re.compile(
    r"[\d一二三四五六七八九十]\s*(?:个?工作日|个?自然日|个?小时|分钟|个月)"
)
_MAX_PHOTO_BYTES = 512 * 1024
LONGEST_ON_ARC = 24  # characters of an organ's name around a seal


class DocumentError(ValueError):
    """A document cannot be printed as it stands; the message is Chinese, for the clerk."""


class IncompleteDocumentError(DocumentError):
    """Something the law demands is missing; `missing` names the fields of `Document`."""

    def __init__(self, label: str, missing: tuple[str, ...]) -> None:
        self.missing = missing
        words = "、".join(_WORDS[name] for name in missing)
        super().__init__(f"《{label}》缺少{words}，不能出具")


@dataclass(frozen=True, slots=True)
class Field:
    """One labelled value; an empty value prints as a blank to be filled in by hand."""

    label: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class ListedItem:
    """One line of a list, e.g. a material to correct, with the reason for it."""

    text: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ItemList:
    """A numbered list under a caption."""

    caption: str
    items: tuple[ListedItem, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Column heads and rows of the same length; `widths` are relative, default equal."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""
    widths: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        """Raise `DocumentError` where the table is not a rectangle."""
        size = len(self.columns)
        if not size or any(len(row) != size for row in self.rows):
            raise DocumentError(f"表格「{self.caption}」各行的列数不一致")
        if self.widths and (len(self.widths) != size or min(self.widths) < 1):
            raise DocumentError(f"表格「{self.caption}」的列宽不合格式")


@dataclass(frozen=True, slots=True)
class Section:
    """A headed part of a guide or a long document."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    fields: tuple[Field, ...] = ()
    lists: tuple[ItemList, ...] = ()
    tables: tuple[Table, ...] = ()


@dataclass(frozen=True, slots=True)
class Seal:
    """A plain round seal: the organ's name on the arc, a caption in the middle, a code below.

    It never bears the national emblem or a star. `entry` is the row of the register it is from,
    None where the organ has registered none and the seal follows from its name.
    """

    organ: str
    caption: str = ""
    code: str = ""
    entry: int | None = None

    def __post_init__(self) -> None:
        """Raise `DocumentError` where the name is empty or too long for the arc."""
        if (
            not 2 <= len(self.organ.strip()) <= LONGEST_ON_ARC
            or len(self.caption) > 10
            or len(self.code) > 18
        ):
            raise DocumentError("印章的机关名称为2至24字，说明不超过10字，编码不超过18位")


class Orientation(StrEnum):
    """How a certificate's page stands."""

    PORTRAIT = "PORTRAIT"
    LANDSCAPE = "LANDSCAPE"


@dataclass(frozen=True, slots=True)
class Certificate:
    """The face of a licence: holder, fields, validity and identifier (GB/T 36904).

    `valid_to` None means 长期. `photo` is the bytes of a PNG or JPEG of at most 512 KiB.
    """

    holder: str
    fields: tuple[Field, ...]
    valid_from: date
    valid_to: date | None
    identifier: str
    holder_label: str = "持证主体"
    orientation: Orientation = Orientation.LANDSCAPE
    photo: bytes | None = None

    def __post_init__(self) -> None:
        """Raise `DocumentError` where holder, identifier, dates or photo are not sound."""
        if not self.holder.strip() or not self.identifier.strip():
            raise DocumentError("证照缺少持证主体或证照标识")
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise DocumentError("证照有效期的止日早于起日")
        if self.photo is not None and self.photo_format is None:
            raise DocumentError("证照照片应为不超过512KB的PNG或JPEG图片")

    @property
    def photo_format(self) -> str | None:
        """`png`, `jpg`, or None where there is no photo fit for printing."""
        if self.photo is None or len(self.photo) > _MAX_PHOTO_BYTES:
            return None
        if self.photo.startswith(b"\x89PNG\r\n\x1a\n"):
            return "png"
        return "jpg" if self.photo.startswith(b"\xff\xd8\xff") else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One legal document, complete: building it checks it.

    Order on a letter: addressee, `paragraphs`, `fields`, ground, facts, articles, reason, time
    needed and approver, `lists`, `tables`, `sections`, `decision`, `remedy`, `closing`, signature
    block. `articles` are printed as given (「《行政许可法》第三十二条第一款第(四)项」). `texts`
    names the ruled texts it was made with (`GRANT_DECISION.OPENING#12`); `is_sample` is nobody's
    document, shown to whoever chooses the words. Raises
    `IncompleteDocumentError` where the kind's rule is not met, `DocumentError` otherwise.
    """

    kind: DocumentKind
    organ: str
    made_on: date
    is_demo: bool
    number: str = ""
    title: str = ""
    addressee: str = ""
    paragraphs: tuple[str, ...] = ()
    fields: tuple[Field, ...] = ()
    ground: DeclineGround | None = None
    right_organ: str = ""
    facts: str = ""
    articles: tuple[str, ...] = ()
    reason: str = ""
    time_needed: str = ""
    approved_by: str = ""
    lists: tuple[ItemList, ...] = ()
    tables: tuple[Table, ...] = ()
    sections: tuple[Section, ...] = ()
    decision: str = ""
    remedy: str | None = None
    closing: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    seal: Seal | None = None
    certificate: Certificate | None = None
    check_url: str = ""
    check_code: str = ""
    version_note: str = ""
    is_sample: bool = False

    def __post_init__(self) -> None:
        """Check the document against its kind."""
        required = ("organ", *sorted(self.kind.rule.required))
        missing = tuple(name for name in required if _is_blank(getattr(self, name)))
        if missing:
            raise IncompleteDocumentError(self.heading, missing)
        if bool(self.check_url) != bool(self.check_code):
            raise DocumentError("查验网址与查验码应当同时提供")
        if self.check_url and urlsplit(self.check_url).scheme not in {"http", "https"}:
            raise DocumentError("查验网址应以 http 或 https 开头")
        _check_kind(self)

    @property
    def heading(self) -> str:
        """The title as printed."""
        return self.title.strip() or self.kind.label


def _is_blank(value: object) -> bool:
    """None, an empty tuple, blank text, or a tuple of nothing but blank text."""
    if isinstance(value, tuple):
        return all(_is_blank(part) for part in value)
    return value is None or (isinstance(value, str) and not value.strip())


def _check_kind(document: Document) -> None:
    """The demands that are more than "not empty"."""
    kind = document.kind
    if document.ground is DeclineGround.NOT_THIS_ORGAN and not document.right_organ.strip():
        raise DocumentError("因不属于本机关职权范围而不予受理的，应当告知有权办理的机关")
    if kind is DocumentKind.REFUSAL_DECISION and not document.heading.startswith("不予"):
        raise DocumentError("不予决定书的标题应使用该类事项的法定用语，如「不予登记决定书」")
    if kind is DocumentKind.CORRECTION_NOTICE and not _every_item_has_a_reason(document.lists):
        raise DocumentError("补正告知书应当逐项写明需要补正的内容和原因")
    if document.time_needed and not _TIME_WITH_UNIT.search(document.time_needed):
        raise DocumentError("所需时间应写明数量和单位，如「15个工作日」")


def _every_item_has_a_reason(lists: tuple[ItemList, ...]) -> bool:
    items = [item for group in lists for item in group.items]
    return bool(items) and all(item.text.strip() and item.reason.strip() for item in items)
