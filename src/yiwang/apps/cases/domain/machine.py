"""The transition table of a case.

A window can receive, correct on the spot, ask for correction, accept, or refer; it has no act that
refuses (S0 R032: 不能说"不"). Every negative outcome is an act of the approver with a document.
"""

from __future__ import annotations

from enum import StrEnum

from yiwang.kernel.machine import ClockEffect, Machine, Transition

RECEIPT_CLOCK, DECISION_CLOCK, DELIVERY_CLOCK = "RECEIPT", "DECISION", "DELIVERY"
START, FINISH = ClockEffect.START, ClockEffect.FINISH


class CaseState(StrEnum):
    DRAFT = "DRAFT"
    RECEIVED = "RECEIVED"
    CORRECTION = "CORRECTION"
    REVIEW = "REVIEW"
    GRANTED = "GRANTED"
    REFUSED = "REFUSED"
    COMPLETED = "COMPLETED"
    NOT_REQUIRED = "NOT_REQUIRED"
    DECLINED = "DECLINED"
    WITHDRAWN = "WITHDRAWN"

    @property
    def label(self) -> str:
        return STATES[self.value]


STATES = {
    "DRAFT": "草稿",
    "RECEIVED": "已收件待受理",
    "CORRECTION": "待补正",
    "REVIEW": "审查中",
    "GRANTED": "已准予待领取",
    "REFUSED": "已作出不予决定待送达",
    "COMPLETED": "已办结",
    "NOT_REQUIRED": "不需办理(不受理)",
    "DECLINED": "不予受理",
    "WITHDRAWN": "申请人已撤回",
}
FINALS = frozenset({"COMPLETED", "NOT_REQUIRED", "DECLINED", "WITHDRAWN"})
BEFORE_DECISION = frozenset({"RECEIVED", "CORRECTION", "REVIEW"})


class CaseAction(StrEnum):
    SUBMIT = "submit"
    CORRECT_ON_SPOT = "correct_on_spot"
    TICK = "tick"
    REFER = "refer"
    REQUEST_CORRECTION = "request_correction"
    SUPPLY_CORRECTION = "supply_correction"
    ACCEPT = "accept"
    DEEM_ACCEPTED = "deem_accepted"
    NOT_REQUIRED = "not_required"
    DECLINE = "decline"
    GIVE_OPINION = "give_opinion"
    PAUSE = "pause"
    RESUME = "resume"
    EXTEND = "extend"
    GRANT = "grant"
    REFUSE = "refuse"
    DELIVER = "deliver"
    WITHDRAW = "withdraw"


def _row(
    action: CaseAction,
    label: str,
    sources: str,
    target: str | None,
    event: str,
    permission: str,
    **more: object,
) -> Transition:
    return Transition(
        action=action.value,
        label=label,
        sources=frozenset(sources.split()),
        target=target,
        event=event,
        permission=permission,
        **more,  # type: ignore[arg-type]
    )


MACHINE = Machine(
    name="办件",
    initial="DRAFT",
    states=STATES,
    finals=FINALS,
    transitions=(
        _row(
            CaseAction.SUBMIT,
            "提交",
            "DRAFT",
            "RECEIVED",
            "CaseReceived",
            "cases.apply",
            clocks=((RECEIPT_CLOCK, START),),
            document="RECEIPT",
            article="行政许可法 §32",
        ),
        _row(
            CaseAction.CORRECT_ON_SPOT,
            "当场更正",
            "RECEIVED",
            None,
            "CaseCorrected",
            "cases.accept",
            article="行政许可法 §32(3)",
        ),
        _row(CaseAction.TICK, "核对材料", "RECEIVED", None, "", "cases.accept"),
        _row(CaseAction.REFER, "提请审批办认定", "RECEIVED", None, "CaseReferred", "cases.accept"),
        _row(
            CaseAction.REQUEST_CORRECTION,
            "告知补正",
            "RECEIVED",
            "CORRECTION",
            "CorrectionRequested",
            "cases.accept",
            guards=("not_asked_before",),
            clocks=((RECEIPT_CLOCK, FINISH),),
            document="CORRECTION_NOTICE",
            article="行政许可法 §32(4)",
        ),
        _row(
            CaseAction.SUPPLY_CORRECTION,
            "提交补正",
            "CORRECTION",
            "RECEIVED",
            "CorrectionSupplied",
            "cases.apply",
            clocks=((RECEIPT_CLOCK, START),),
        ),
        _row(
            CaseAction.ACCEPT,
            "受理",
            "RECEIVED",
            "REVIEW",
            "CaseAccepted",
            "cases.accept",
            clocks=((RECEIPT_CLOCK, FINISH), (DECISION_CLOCK, START)),
            document="ACCEPTANCE_NOTICE",
            article="行政许可法 §32(5)",
        ),
        _row(
            CaseAction.DEEM_ACCEPTED,
            "视为受理",
            "RECEIVED",
            "REVIEW",
            "CaseAccepted",
            "system",
            clocks=((RECEIPT_CLOCK, FINISH), (DECISION_CLOCK, START)),
            document="ACCEPTANCE_NOTICE",
            article="行政许可法 §32(4)",
        ),
        _row(
            CaseAction.NOT_REQUIRED,
            "不受理(依法不需办理)",
            "RECEIVED",
            "NOT_REQUIRED",
            "CaseNotRequired",
            "cases.decide",
            clocks=((RECEIPT_CLOCK, FINISH),),
            document="NOT_REQUIRED_NOTICE",
            article="行政许可法 §32(1)",
        ),
        _row(
            CaseAction.DECLINE,
            "不予受理",
            "RECEIVED",
            "DECLINED",
            "CaseDeclined",
            "cases.decide",
            clocks=((RECEIPT_CLOCK, FINISH),),
            document="DECLINE_NOTICE",
            article="行政许可法 §32(2)",
        ),
        _row(
            CaseAction.GIVE_OPINION,
            "提出审查意见",
            "REVIEW",
            None,
            "OpinionGiven",
            "cases.review",
            article="行政许可法 §34",
        ),
        _row(
            CaseAction.PAUSE,
            "停止计时",
            "REVIEW",
            None,
            "CasePaused",
            "cases.pause",
            clocks=((DECISION_CLOCK, ClockEffect.PAUSE),),
            document="PAUSE_NOTICE",
            article="行政许可法 §45",
        ),
        _row(
            CaseAction.RESUME,
            "恢复计时",
            "REVIEW",
            None,
            "CaseResumed",
            "cases.pause",
            clocks=((DECISION_CLOCK, ClockEffect.RESUME),),
        ),
        _row(
            CaseAction.EXTEND,
            "延长期限",
            "REVIEW",
            None,
            "CaseExtended",
            "cases.extend",
            guards=("extended_once",),
            clocks=((DECISION_CLOCK, ClockEffect.EXTEND),),
            document="EXTENSION_NOTICE",
            article="行政许可法 §42",
        ),
        _row(
            CaseAction.GRANT,
            "准予",
            "REVIEW",
            "GRANTED",
            "CaseGranted",
            "cases.decide",
            guards=("opinions_given", "not_paused"),
            clocks=((DECISION_CLOCK, FINISH), (DELIVERY_CLOCK, START)),
            document="GRANT_DECISION",
            article="行政许可法 §38",
        ),
        _row(
            CaseAction.REFUSE,
            "不予",
            "REVIEW",
            "REFUSED",
            "CaseRefused",
            "cases.decide",
            guards=("opinions_given", "not_paused", "regime_can_refuse"),
            clocks=((DECISION_CLOCK, FINISH), (DELIVERY_CLOCK, START)),
            document="REFUSAL_DECISION",
            article="行政许可法 §38",
        ),
        _row(
            CaseAction.DELIVER,
            "发放送达",
            "GRANTED REFUSED",
            "COMPLETED",
            "ResultDelivered",
            "cases.deliver",
            guards=("document_ready",),
            clocks=((DELIVERY_CLOCK, FINISH),),
            document="DELIVERY_RECEIPT",
            article="行政许可法 §44",
        ),
        _row(
            CaseAction.WITHDRAW,
            "撤回申请",
            "RECEIVED CORRECTION REVIEW",
            "WITHDRAWN",
            "CaseWithdrawn",
            "cases.apply",
            clocks=((RECEIPT_CLOCK, FINISH), (DECISION_CLOCK, FINISH)),
        ),
    ),
)
