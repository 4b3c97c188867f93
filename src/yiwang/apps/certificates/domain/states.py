"""The states of a certificate and the acts between them, as a table.

Who may do an act is a permission of the issuing organ's staff, `holder`, or `system`. 吊销 is a
penalty that another procedure decides: here it is only entered. 撤销 takes two persons and a notice
first; the acts of that procedure stand in `grounds` and in the operations.
"""

from __future__ import annotations

from enum import StrEnum

from yiwang.kernel.machine import Machine, Transition


class CertificateStatus(StrEnum):
    VALID = "VALID"
    DEEMED = "DEEMED"
    EXPIRED = "EXPIRED"
    CANCELLED = "CANCELLED"
    REVOKED = "REVOKED"
    WITHDRAWN = "WITHDRAWN"
    LOST = "LOST"

    @property
    def label(self) -> str:
        return _LABELS[self.value]


_LABELS = {
    "VALID": "有效",
    "DEEMED": "依法视为准予延续",
    "EXPIRED": "过期",
    "CANCELLED": "注销",
    "REVOKED": "撤销",
    "WITHDRAWN": "吊销",
    "LOST": "挂失",
}
IN_FORCE = (CertificateStatus.VALID, CertificateStatus.DEEMED)


class CertificateAction(StrEnum):
    EXPIRE = "expire"
    DEEM_RENEWED = "deem_renewed"
    REPORT_LOST = "report_lost"
    FIND_AGAIN = "find_again"
    REISSUE = "reissue"
    CANCEL = "cancel"
    NOTIFY = "notify"
    REVOKE = "revoke"
    WITHDRAW = "withdraw"


def _row(
    action: CertificateAction,
    label: str,
    sources: str,
    target: str | None,
    event: str,
    permission: str,
    *,
    guards: tuple[str, ...] = (),
    document: str = "",
    article: str = "",
) -> Transition:
    return Transition(
        action=action.value,
        label=label,
        sources=frozenset(sources.split()),
        target=target,
        event=event,
        permission=permission,
        guards=guards,
        document=document,
        article=article,
    )


MACHINE = Machine(
    name="证照",
    initial="VALID",
    states=_LABELS,
    finals=frozenset({"CANCELLED"}),
    transitions=(
        _row(
            CertificateAction.EXPIRE,
            "到期失效",
            "VALID DEEMED",
            "EXPIRED",
            "CertificateChanged",
            "system",
            article="行政许可法 §50",
        ),
        _row(
            CertificateAction.DEEM_RENEWED,
            "视为准予延续",
            "VALID",
            "DEEMED",
            "CertificateChanged",
            "system",
            guards=("renewal_applied_in_window",),
            article="行政许可法 §50",
        ),
        _row(
            CertificateAction.REPORT_LOST,
            "挂失",
            "VALID DEEMED",
            "LOST",
            "CertificateChanged",
            "holder",
        ),
        _row(
            CertificateAction.FIND_AGAIN,
            "解除挂失",
            "LOST",
            "VALID",
            "CertificateChanged",
            "holder",
            guards=("not_replaced",),
        ),
        _row(
            CertificateAction.REISSUE,
            "补发",
            "LOST",
            None,
            "CertificateReissued",
            "certificates.cancel",
            guards=("not_replaced",),
            document="CERTIFICATE",
        ),
        _row(
            CertificateAction.CANCEL,
            "注销",
            "VALID DEEMED EXPIRED LOST REVOKED WITHDRAWN",
            "CANCELLED",
            "CertificateChanged",
            "certificates.cancel",
            document="CANCELLATION_NOTICE",
            article="行政许可法 §70",
        ),
        _row(
            CertificateAction.NOTIFY,
            "告知拟撤销",
            "VALID DEEMED EXPIRED LOST",
            None,
            "RevocationNotified",
            "certificates.propose",
            document="REVOCATION_NOTICE",
            article="行政许可法 §7、§46",
        ),
        _row(
            CertificateAction.REVOKE,
            "撤销",
            "VALID DEEMED EXPIRED LOST",
            "REVOKED",
            "CertificateRevoked",
            "certificates.revoke",
            guards=("notified", "period_over_or_waived", "hearing_held", "another_person"),
            document="REVOCATION_DECISION",
            article="行政许可法 §69",
        ),
        _row(
            CertificateAction.WITHDRAW,
            "登记吊销",
            "VALID DEEMED LOST",
            "WITHDRAWN",
            "CertificateChanged",
            "certificates.revoke",
            article="行政处罚法 §9",
        ),
    ),
)
