"""Grounds on which a case ends without a decision on its merits, each with its article."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class TerminationGround(StrEnum):
    """Why a case is terminated. `code` is the doneresult of the provincial supervision exchange:
    5 退件, else its own (9)."""

    CORRECTION_OVERDUE = "CORRECTION_OVERDUE"
    GAPS_OVERDUE = "GAPS_OVERDUE"
    GIVEN_UP = "GIVEN_UP"
    APPLICANT_GONE = "APPLICANT_GONE"
    OBJECT_GONE = "OBJECT_GONE"

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def is_asserted(self) -> bool:
        """True where no clock proves the ground: it needs a paper, and two people who saw it."""
        return self in (self.GIVEN_UP, self.APPLICANT_GONE, self.OBJECT_GONE)

    @property
    def exchange_code(self) -> str:
        return "5" if self in (self.CORRECTION_OVERDUE, self.GAPS_OVERDUE, self.GIVEN_UP) else "9"


_LABELS = {
    TerminationGround.CORRECTION_OVERDUE: "逾期没有补正(退件)",
    TerminationGround.GAPS_OVERDUE: "容缺材料逾期没有补齐(退件)",
    TerminationGround.GIVEN_UP: "申请人书面表示不再办理(退件)",
    TerminationGround.APPLICANT_GONE: "申请人死亡或者终止,没有人承受",
    TerminationGround.OBJECT_GONE: "申请的标的已经不存在或者依法不再需要办理",
}


@dataclass(frozen=True, slots=True)
class Ending:
    """Facts of a case that decide whether a ground holds on a day."""

    state: str
    correction_until: date | None
    deferral_until: date | None
    has_gaps: bool


def why_not(ground: TerminationGround, case: Ending, today: date) -> str:
    """ "" where the ground holds today, else the reason with what to do instead."""
    if ground is TerminationGround.CORRECTION_OVERDUE:
        if case.state != "CORRECTION" or case.correction_until is None:
            return "这个办件不在待补正状态。"
        if today <= case.correction_until:
            return f"补正期限到 {case.correction_until},还没有过,不能终止。"
    if ground is TerminationGround.GAPS_OVERDUE:
        if not case.has_gaps or case.deferral_until is None:
            return "这个办件没有容缺待补的材料。"
        if today <= case.deferral_until:
            return f"容缺补交期限到 {case.deferral_until},还没有过,不能终止。"
    return ""
