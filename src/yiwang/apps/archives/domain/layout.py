"""The parts of a package in their order, and how long it is kept.

DA/T 85-2019 (and GB/T 42727-2023 after it) ask for an information package of the files of one case
with their metadata; neither text was read. The order follows the rule of file-keeping that
conclusions stand before what they rest on. Mark GK: to be held against the organ's own
归档范围和保管期限表 before use.
"""

from __future__ import annotations

from dataclasses import dataclass

from yiwang.kernel.labelled import LabelledEnum

STANDARD, MARK = "DA/T 85-2019", "GK"


class Part(LabelledEnum):
    """In the order in which they stand in the package."""

    RESULT = "RESULT", "决定和结果"
    APPLICATION = "APPLICATION", "申请、收件和受理"
    MATERIALS = "MATERIALS", "申请材料"
    REVIEW = "REVIEW", "审查和特别程序"
    DELIVERY = "DELIVERY", "送达和办结"
    PROCESS = "PROCESS", "办理过程记录"


ORDER = tuple(Part)
_PARTS = {
    Part.RESULT: "CERTIFICATE GRANT_DECISION REFUSAL_DECISION NOT_REQUIRED_NOTICE DECLINE_NOTICE "
    "TERMINATION_NOTICE",
    Part.APPLICATION: "RECEIPT CORRECTION_NOTICE ACCEPTANCE_NOTICE DEFERRAL_NOTICE COMMITMENT "
    "FORWARD_NOTICE",
    Part.REVIEW: "PAUSE_NOTICE EXTENSION_NOTICE PROCEDURE_NOTICE",
    Part.DELIVERY: "DELIVERY_RECEIPT",
}
PART_OF = {kind: part for part, kinds in _PARTS.items() for kind in kinds.split()}

# Years; an item's own 保管期限表 goes before. GK.
KEPT_YEARS = {"PERMIT": 30, "REGISTRATION": 30, "CONFIRMATION": 30}
ELSE_YEARS = 10


def part_of(kind: str) -> Part:
    """The part a legal document belongs to; one of a kind unknown here stands with the review."""
    return PART_OF.get(kind, Part.REVIEW)


def kept_years(regime: str) -> int:
    return KEPT_YEARS.get(regime, ELSE_YEARS)


@dataclass(frozen=True, slots=True)
class Item:
    """One file of a package: its part, title, number of the paper (or ""), day and content."""

    part: Part
    title: str
    number: str
    made_on: str
    ending: str
    content: bytes
    responsible: str = ""


def in_order(items: list[Item]) -> list[Item]:
    """By part; inside one by the day it was made, the earlier first, else as they were given."""
    return sorted(items, key=lambda item: (ORDER.index(item.part), item.made_on))
