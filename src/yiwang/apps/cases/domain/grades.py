"""How far a material on file can be trusted (可信等级), and how the grade follows its use.

国办函〔2016〕108号, 附件: A made by an organ itself, B scanned and checked at a window, C uploaded
by the applicant, D declared by the applicant.
"""

from __future__ import annotations

from yiwang.kernel.labelled import LabelledEnum

ARTICLE = "国办函〔2016〕108号"
# The tick that stands for 「核对原件」; no item may use this code for a point of its own.
ORIGINAL_SEEN = "original_seen"


class TrustGrade(LabelledEnum):
    A = "A", "A 机关生成"
    B = "B", "B 窗口扫描并核对"
    C = "C", "C 申请人上传"
    D = "D", "D 申请人声明"


def grade_of(status: str, *, has_file: bool, by_staff: bool) -> str:
    """The grade of a material as it is handed in; "" for paper and for what is not there."""
    if status == "HELD":
        return TrustGrade.A
    if status == "PROMISED" or (status == "PROVIDED" and not has_file):
        return TrustGrade.D
    if status == "PROVIDED":
        return TrustGrade.B if by_staff else TrustGrade.C
    return ""


def grade_for_reuse(grade: str, *, is_checked: bool) -> str:
    """What it counts as when it is used again: a scan nobody has checked is no more than C."""
    if grade == TrustGrade.B and not is_checked:
        return TrustGrade.C
    return grade or TrustGrade.C


def needs_original(grade: str, *, is_reused: bool, asks_original: bool) -> bool:
    """True where a copy that is used again has to be held against the original first."""
    return is_reused and asks_original and grade == TrustGrade.C
