"""The kinds of legal document, and what each must contain before it may be printed.

A kind is one row of `RULES`; the checks themselves are in `content`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from yiwang.kernel.labelled import LabelledEnum


class DocumentKind(StrEnum):
    """Every document the platform prints; the value is the code kept in the database."""

    RECEIPT = "RECEIPT"
    CORRECTION_NOTICE = "CORRECTION_NOTICE"
    ACCEPTANCE_NOTICE = "ACCEPTANCE_NOTICE"
    NOT_REQUIRED_NOTICE = "NOT_REQUIRED_NOTICE"
    DECLINE_NOTICE = "DECLINE_NOTICE"
    PAUSE_NOTICE = "PAUSE_NOTICE"
    EXTENSION_NOTICE = "EXTENSION_NOTICE"
    GRANT_DECISION = "GRANT_DECISION"
    REFUSAL_DECISION = "REFUSAL_DECISION"
    CERTIFICATE = "CERTIFICATE"
    DELIVERY_RECEIPT = "DELIVERY_RECEIPT"
    DEFERRAL_NOTICE = "DEFERRAL_NOTICE"
    COMMITMENT = "COMMITMENT"
    TERMINATION_NOTICE = "TERMINATION_NOTICE"
    FORWARD_NOTICE = "FORWARD_NOTICE"
    PROCEDURE_NOTICE = "PROCEDURE_NOTICE"
    REVOCATION_NOTICE = "REVOCATION_NOTICE"
    REVOCATION_DECISION = "REVOCATION_DECISION"
    CANCELLATION_NOTICE = "CANCELLATION_NOTICE"
    RECTIFICATION_ORDER = "RECTIFICATION_ORDER"
    GUIDE = "GUIDE"

    @property
    def rule(self) -> KindRule:
        """What this kind is called and what it must contain."""
        return RULES[self]

    @property
    def label(self) -> str:
        """The Chinese name, which is also the title where none is given."""
        return self.rule.label

    @property
    def seals(self) -> tuple[SealUse, ...]:
        """The seals that this kind may bear, the one preferred first; empty where none is."""
        return SEALS[self]

    @property
    def needs_remedy(self) -> bool:
        """Whether the document must tell how to object to it."""
        return "remedy" in self.rule.required

    @property
    def needs_reason(self) -> bool:
        """Whether the document must give its reason."""
        return "reason" in self.rule.required


class DeclineGround(StrEnum):
    """Why an application is declined (不予受理)."""

    NOT_THIS_ORGAN = "NOT_THIS_ORGAN"
    BARRED_BY_LAW = "BARRED_BY_LAW"
    OTHER = "OTHER"

    @property
    def label(self) -> str:
        """The Chinese words."""
        return {
            DeclineGround.NOT_THIS_ORGAN: "申请事项依法不属于本机关职权范围",
            DeclineGround.BARRED_BY_LAW: "依法在限定期限内不得再次申请",
            DeclineGround.OTHER: "其他法定情形",
        }[self]


class SealUse(LabelledEnum):
    """What a seal is for; the value is the code kept in the database."""

    OFFICIAL = "OFFICIAL", "公章"
    APPROVAL = "APPROVAL", "行政审批专用章"
    ACCEPTANCE = "ACCEPTANCE", "受理专用章"
    ENFORCEMENT = "ENFORCEMENT", "行政执法专用章"

    @property
    def caption(self) -> str:
        """What stands in the middle of it; an organ's own seal bears its name alone."""
        return "" if self is SealUse.OFFICIAL else self.label


@dataclass(frozen=True, slots=True)
class KindRule:
    """Label, page layout (a template's name) and the `Document` fields that may not be empty."""

    label: str
    layout: str
    required: frozenset[str]
    basis: str = ""


def _rule(label: str, required: str, *, layout: str = "letter", basis: str = "") -> KindRule:
    return KindRule(label, layout, frozenset(required.split()), basis)


# 行政许可法§32: each written voucher carries the organ's special seal and the date.
_SEALED = "number addressee seal"

RULES: dict[DocumentKind, KindRule] = {
    DocumentKind.RECEIPT: _rule("收件凭证", _SEALED),
    DocumentKind.CORRECTION_NOTICE: _rule(
        "补正告知书", f"{_SEALED} lists articles", basis="行政许可法§32(4)"
    ),
    DocumentKind.ACCEPTANCE_NOTICE: _rule("受理通知书", _SEALED, basis="行政许可法§32(5)"),
    DocumentKind.NOT_REQUIRED_NOTICE: _rule(
        "不受理告知书", f"{_SEALED} reason articles remedy", basis="行政许可法§32(1)"
    ),
    DocumentKind.DECLINE_NOTICE: _rule(
        "不予受理通知书",
        f"{_SEALED} ground facts reason articles remedy",
        basis="行政许可法§32(2)",
    ),
    DocumentKind.PAUSE_NOTICE: _rule(
        "特别程序告知书", f"{_SEALED} reason articles time_needed", basis="行政许可法§45"
    ),
    DocumentKind.EXTENSION_NOTICE: _rule(
        "延期告知书", f"{_SEALED} reason articles time_needed approved_by", basis="行政许可法§42"
    ),
    DocumentKind.GRANT_DECISION: _rule(
        "准予决定书", f"{_SEALED} articles", basis="行政许可法§38(1)"
    ),
    DocumentKind.REFUSAL_DECISION: _rule(
        "不予决定书",
        f"{_SEALED} facts reason articles remedy",
        basis="行政许可法§38(2)",
    ),
    DocumentKind.CERTIFICATE: _rule("证照", "title number seal certificate", layout="certificate"),
    DocumentKind.DELIVERY_RECEIPT: _rule(
        "送达回证", "number addressee fields", layout="delivery", basis="行政许可法§44"
    ),
    DocumentKind.DEFERRAL_NOTICE: _rule("容缺受理通知书", f"{_SEALED} lists time_needed"),
    DocumentKind.COMMITMENT: _rule("告知承诺书", "number fields articles lists"),
    DocumentKind.TERMINATION_NOTICE: _rule(
        "终止办理告知书", f"{_SEALED} facts reason articles remedy"
    ),
    DocumentKind.FORWARD_NOTICE: _rule("转办告知书", f"{_SEALED} fields", basis="行政许可法§35"),
    DocumentKind.PROCEDURE_NOTICE: _rule(
        "特别程序告知书", f"{_SEALED} reason articles", basis="行政许可法§36、§45—§48"
    ),
    DocumentKind.REVOCATION_NOTICE: _rule(
        "拟撤销告知书",
        f"{_SEALED} facts reason articles time_needed",
        basis="行政许可法§7、§46",
    ),
    DocumentKind.REVOCATION_DECISION: _rule(
        "撤销决定书", f"{_SEALED} facts reason articles remedy", basis="行政许可法§69"
    ),
    DocumentKind.CANCELLATION_NOTICE: _rule(
        "注销通知书", f"{_SEALED} reason articles", basis="行政许可法§70"
    ),
    DocumentKind.RECTIFICATION_ORDER: _rule(
        "责令整改通知书", f"{_SEALED} fields facts articles lists"
    ),
    DocumentKind.GUIDE: _rule("办事指南", "sections version_note", layout="guide"),
}

# Which seal is set on which kind, the preferred one first: the first that the organ has
# registered is used. 行政许可法§32 wants the special seal on every voucher of the acceptance, §39
# the organ's seal on a licence. An organ's own seal is good for everything.
SEALED_BY = "行政许可法§32、§39"
_ON_VOUCHERS = (SealUse.ACCEPTANCE, SealUse.APPROVAL, SealUse.OFFICIAL)
_ON_DECISIONS = (SealUse.APPROVAL, SealUse.OFFICIAL)
SEALS: dict[DocumentKind, tuple[SealUse, ...]] = dict.fromkeys(DocumentKind, _ON_DECISIONS) | {
    DocumentKind.RECEIPT: _ON_VOUCHERS,
    DocumentKind.CORRECTION_NOTICE: _ON_VOUCHERS,
    DocumentKind.ACCEPTANCE_NOTICE: _ON_VOUCHERS,
    DocumentKind.NOT_REQUIRED_NOTICE: _ON_VOUCHERS,
    DocumentKind.DECLINE_NOTICE: _ON_VOUCHERS,
    DocumentKind.DEFERRAL_NOTICE: _ON_VOUCHERS,
    DocumentKind.CERTIFICATE: (SealUse.OFFICIAL, SealUse.APPROVAL),
    DocumentKind.RECTIFICATION_ORDER: (SealUse.ENFORCEMENT, SealUse.OFFICIAL),
    DocumentKind.GUIDE: (),
}
