"""Why a permit is revoked (行政许可法 §69) or cancelled (§70), or not revoked: as data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

LAW = "《中华人民共和国行政许可法》"


@dataclass(frozen=True, slots=True)
class Ground:
    """One situation of the law. `is_mandatory`: the law leaves no choice (应当)."""

    code: str
    label: str
    article: str
    is_mandatory: bool = False


# §69(1) lists five kinds that may lead to a revocation; §69(2) one that must.
REVOCATION = (
    Ground(
        "ABUSE",
        "行政机关工作人员滥用职权、玩忽职守作出准予许可决定的",
        f"{LAW}第六十九条第一款第(一)项",
    ),
    Ground("BEYOND_POWER", "超越法定职权作出准予许可决定的", f"{LAW}第六十九条第一款第(二)项"),
    Ground("PROCEDURE", "违反法定程序作出准予许可决定的", f"{LAW}第六十九条第一款第(三)项"),
    Ground(
        "NOT_QUALIFIED",
        "对不具备申请资格或者不符合法定条件的申请人准予许可的",
        f"{LAW}第六十九条第一款第(四)项",
    ),
    Ground("OTHER", "依法可以撤销许可的其他情形", f"{LAW}第六十九条第一款第(五)项"),
    Ground(
        "FRAUD",
        "被许可人以欺骗、贿赂等不正当手段取得许可的",
        f"{LAW}第六十九条第二款",
        is_mandatory=True,
    ),
)
# §70: six situations; all of them oblige the organ.
CANCELLATION = (
    Ground("EXPIRED", "许可有效期届满未延续的", f"{LAW}第七十条第(一)项", True),
    Ground(
        "PERSON_GONE",
        "赋予公民特定资格的许可,该公民死亡或者丧失行为能力的",
        f"{LAW}第七十条第(二)项",
        True,
    ),
    Ground("ORGANISATION_GONE", "法人或者其他组织依法终止的", f"{LAW}第七十条第(三)项", True),
    Ground(
        "TAKEN_BACK",
        "许可依法被撤销、撤回,或者许可证件依法被吊销的",
        f"{LAW}第七十条第(四)项",
        True,
    ),
    Ground("IMPOSSIBLE", "因不可抗力导致许可事项无法实施的", f"{LAW}第七十条第(五)项", True),
    Ground(
        "BY_LAW",
        "法律、法规规定的应当注销的其他情形(含持证人申请注销)",
        f"{LAW}第七十条第(六)项",
        True,
    ),
)
# Why a proposed revocation is not made.
DROPPING = (
    Ground("NOT_ESTABLISHED", "经核实,拟撤销所依据的事实不成立", ""),
    Ground("PUBLIC_INTEREST", "撤销可能对公共利益造成重大损害", f"{LAW}第六十九条第三款"),
    Ground("MENDED", "情形已经改正,裁量不予撤销", f"{LAW}第六十九条第一款"),
)


def ground_of(grounds: tuple[Ground, ...], code: str) -> Ground | None:
    return next((ground for ground in grounds if ground.code == code), None)


def may_drop(ground: Ground, dropping: Ground) -> bool:
    """Where the law says 应当撤销 there is no discretion: only facts or the public interest."""
    return not ground.is_mandatory or dropping.code != "MENDED"


def expired_cancel_fits(ground: str, status: str) -> str:
    """Why a situation of §70 does not fit this state; "" where it does."""
    if ground == "EXPIRED" and status != "EXPIRED":
        return "证照还没有过期,不能以「有效期届满未延续」注销。"
    if ground == "TAKEN_BACK" and status not in ("REVOKED", "WITHDRAWN"):
        return "证照没有被撤销或吊销,不能以这一情形注销。"
    return ""


@dataclass(frozen=True, slots=True)
class Hearing:
    """What must be known before a revocation is decided."""

    notified_by: str
    due_at: datetime | None
    is_waived: bool
    is_hearing_asked: bool
    is_hearing_held: bool


def why_not_decide(facts: Hearing, *, actor: str, at: datetime) -> str:
    """ "" where the decision may be made now by this person, else the reason in Chinese."""
    if facts.due_at is None:
        return "还没有书面告知持证人,不能作出撤销决定。"
    if actor == facts.notified_by:
        return "拟撤销是您告知的,撤销决定要由另一名审批人员作出。"
    if facts.is_hearing_asked and not facts.is_hearing_held:
        return "持证人要求听证,举行听证并记录后才能作出决定。"
    if not facts.is_waived and not facts.is_hearing_held and at < facts.due_at:
        return "陈述、申辩和要求听证的期限还没有届满,持证人也没有书面放弃。"
    return ""
