"""The states of a case, its acts and the names of its clocks."""

from __future__ import annotations

from enum import StrEnum

from yiwang.kernel.machine import ClockEffect, Transition

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
    TERMINATED = "TERMINATED"
    VOIDED = "VOIDED"
    FORWARDED = "FORWARDED"
    ENDED_ELSEWHERE = "ENDED_ELSEWHERE"

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
    "TERMINATED": "已终止办理",
    "VOIDED": "已作废",
    "FORWARDED": "已转办",
    "ENDED_ELSEWHERE": "外部系统已办结",
}
FINALS = frozenset(
    {
        "COMPLETED",
        "NOT_REQUIRED",
        "DECLINED",
        "WITHDRAWN",
        "TERMINATED",
        "VOIDED",
        "ENDED_ELSEWHERE",
    }
)
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
    ORDER_ACCEPTANCE = "order_acceptance"
    ACCEPT_WITH_GAPS = "accept_with_gaps"
    SUPPLY_GAPS = "supply_gaps"
    TERMINATE = "terminate"
    DEEM_WITHDRAWN = "deem_withdrawn"
    VOID = "void"
    CORRECT_DATA = "correct_data"
    RETURN_STEP = "return_step"
    PASS_ON = "pass_on"  # noqa: S105 - to pass a step on to a colleague
    FORWARD = "forward"
    REPORT_BACK = "report_back"
    END_ELSEWHERE = "end_elsewhere"
    START_PROCEDURE = "start_procedure"
    ADVANCE_PROCEDURE = "advance_procedure"
    END_PROCEDURE = "end_procedure"
    SEND_BY_POST = "send_by_post"
    ASK_AGAIN = "ask_again"
    CHECK_ORIGINALS = "check_originals"


def row(
    action: CaseAction,
    label: str,
    sources: str,
    target: str | None,
    event: str,
    permission: str,
    **more: object,
) -> Transition:
    """One row of the table; `sources` are separated by blanks."""
    return Transition(
        action=action.value,
        label=label,
        sources=frozenset(sources.split()),
        target=target,
        event=event,
        permission=permission,
        **more,  # type: ignore[arg-type]
    )
