"""The acts on the branches of a case, from what was posted to one operation."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from yiwang.apps.cases.domain.endings import TerminationGround
from yiwang.apps.cases.errors import InvalidInputError
from yiwang.apps.cases.models import Case
from yiwang.apps.cases.operations import (
    deferring,
    delivering,
    desk,
    ending,
    forwarding,
    procedures,
    proposing,
    steps,
)
from yiwang.apps.cases.pages.posted import Perform, Posted
from yiwang.apps.cases.pages.staff_fields import checks_of, files_of
from yiwang.kernel.moment import BEIJING

BY_PAPER = frozenset(ground.value for ground in TerminationGround if ground.is_asserted)


def _number(posted: Posted, name: str) -> int:
    """Raises InvalidInputError for what no form of ours sends."""
    text = posted.text(name)
    if not (text.isascii() and text.isdigit() and len(text) < 18):
        raise InvalidInputError({name: "请选择一项。"})
    return int(text)


def day_of(posted: Posted, name: str) -> date:
    try:
        return date.fromisoformat(posted.text(name))
    except ValueError as error:
        raise InvalidInputError({name: "请填写日期,例如 2026-03-12。"}) from error


def _order_acceptance(posted: Posted) -> Case:
    return deferring.order_acceptance(reason=posted.text("reason"), **posted.who)


def _accept_with_gaps(posted: Posted) -> Case:
    who: dict[str, Any] = posted.who
    who["version"] = desk.save_checks(checks=checks_of(posted.data), **who)
    return deferring.accept_with_gaps(**who)


def _terminate(posted: Posted) -> object:
    words = posted.texts("ground", "facts", "reason", "article")
    if words["ground"] not in BY_PAPER:
        return ending.terminate(**words, **posted.who)
    proof = next(iter(files_of(posted.files).values()), None)
    return proposing.propose_termination(**words, proof=proof, **posted.who)


def _return_step(posted: Posted) -> Case:
    return steps.return_step(**posted.texts("step", "reason"), **posted.who)


def _pass_on(posted: Posted) -> Case:
    return steps.pass_on(**posted.texts("step", "to", "note"), **posted.who)


def _forward(posted: Posted) -> Case:
    return forwarding.forward(**posted.texts("receipt", "opinion"), **posted.who)


def _report_back(posted: Posted) -> Case:
    return forwarding.report_back(**posted.texts("status", "receipt"), **posted.who)


def _end_elsewhere(posted: Posted) -> Case:
    return forwarding.report_back(**posted.texts("status", "receipt"), is_end=True, **posted.who)


def _start_procedure(posted: Posted) -> Case:
    days = f"{posted.text('days')}{posted.text('unit')}" if posted.text("days") else ""
    return procedures.start_procedure(**posted.texts("code", "told"), days=days, **posted.who)


def _request_hearing(posted: Posted) -> Case:
    who = {name: value for name, value in posted.who.items() if name != "version"}
    return procedures.request_hearing(
        procedure_id=_number(posted, "procedure_id"), who=posted.text("who"), **who
    )


def _advance_procedure(posted: Posted) -> Case:
    return procedures.schedule_hearing(
        procedure_id=_number(posted, "procedure_id"),
        held_on=day_of(posted, "held_on"),
        **posted.texts("place", "presiding"),
        **posted.who,
    )


def _end_procedure(posted: Posted) -> Case:
    return procedures.end_procedure(
        procedure_id=_number(posted, "procedure_id"),
        outcome=posted.text("outcome"),
        is_waived=posted.text("how") == "waived",
        **posted.who,
    )


def _send_by_post(posted: Posted) -> Case:
    return delivering.send_by_post(**posted.texts("carrier", "number", "address"), **posted.who)


def deliver(posted: Posted) -> Case:
    """Hand over in the way that was chosen: the applicant, another, or the carrier's return."""
    how = posted.text("how")
    if how == "another":
        return delivering.deliver_to_another(**posted.texts("code", "who", "paper"), **posted.who)
    if how == "post":
        day = day_of(posted, "signed_on")
        # A carrier tells the day; its evening, but never later than now.
        signed = min(datetime.combine(day, time(18), BEIJING), posted.at)
        return delivering.deliver_by_post(signed_at=signed, **posted.who)
    return delivering.deliver_at_window(code=posted.text("code"), **posted.who)


def _void(posted: Posted) -> object:
    return proposing.propose(kind="VOID", reason=posted.text("reason"), **posted.who)


def _decide_proposal(posted: Posted) -> Case:
    who = {name: value for name, value in posted.who.items() if name != "case_id"}
    return proposing.decide_proposal(
        proposal_id=_number(posted, "proposal_id"),
        is_approved=posted.text("answer") == "yes",
        note=posted.text("note"),
        **who,
    )


BRANCH_ACTS: dict[str, tuple[Perform, str]] = {
    "order-acceptance": (_order_acceptance, "已认定应予受理,受理通知书正在生成。"),
    "accept-with-gaps": (_accept_with_gaps, "已容缺受理,通知书正在生成,期限开始计算。"),
    "terminate": (_terminate, "已办理。需要第二人确认的,确认后才终止并发出告知书。"),
    "return-step": (_return_step, "已退回补充审查。"),
    "pass-on": (_pass_on, "已转交。"),
    "forward": (_forward, "已转办,告知书正在生成。"),
    "report-back": (_report_back, "状态已登记,申请人会收到消息。"),
    "end-elsewhere": (_end_elsewhere, "已登记对方办结。"),
    "start-procedure": (_start_procedure, "程序已启动,告知书正在生成。"),
    "request-hearing": (_request_hearing, "已登记听证要求。"),
    "advance-procedure": (_advance_procedure, "听证通知书正在生成,办理期限停止计算。"),
    "end-procedure": (_end_procedure, "程序已结束。"),
    "send-by-post": (_send_by_post, "邮寄已登记,申请人会收到单号。签收后再登记送达。"),
    "void": (_void, "已提出作废,等另一位工作人员确认。"),
    "decide-proposal": (_decide_proposal, "已处理。"),
}
