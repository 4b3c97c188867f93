"""Kinds of identity papers and the sexes that they state."""

from __future__ import annotations

from enum import StrEnum


class PaperKind(StrEnum):
    """What a person or an organisation proves its identity with."""

    RESIDENT_ID = "RESIDENT_ID"
    HK_MACAO_RESIDENCE = "HK_MACAO_RESIDENCE"
    TAIWAN_RESIDENCE = "TAIWAN_RESIDENCE"
    HK_MACAO_PERMIT = "HK_MACAO_PERMIT"
    TAIWAN_PERMIT = "TAIWAN_PERMIT"
    PASSPORT = "PASSPORT"
    FOREIGN_PERMANENT_RESIDENCE = "FOREIGN_PERMANENT_RESIDENCE"
    USCC = "USCC"
    OTHER = "OTHER"

    @property
    def label(self) -> str:
        """The Chinese name, as printed on the paper."""
        return _PAPER_LABELS[self]


_PAPER_LABELS = {
    PaperKind.RESIDENT_ID: "居民身份证",
    PaperKind.HK_MACAO_RESIDENCE: "港澳居民居住证",
    PaperKind.TAIWAN_RESIDENCE: "台湾居民居住证",
    PaperKind.HK_MACAO_PERMIT: "港澳居民来往内地通行证",
    PaperKind.TAIWAN_PERMIT: "台湾居民来往大陆通行证",
    PaperKind.PASSPORT: "护照",
    PaperKind.FOREIGN_PERMANENT_RESIDENCE: "外国人永久居留身份证",
    PaperKind.USCC: "统一社会信用代码",
    PaperKind.OTHER: "其他",
}


class Sex(StrEnum):
    """The sex that the 17th digit states: odd is male."""

    MALE = "MALE"
    FEMALE = "FEMALE"

    @property
    def label(self) -> str:
        """男 or 女."""
        return "男" if self is Sex.MALE else "女"
