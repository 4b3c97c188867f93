"""转办 and 转报: handing a case to the system or organ that decides, and what comes back from it.

From then on the platform shows the other side's status with its source and time; it never claims
to decide.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yiwang.apps.cases import papers, permissions
from yiwang.apps.cases.domain.machine import CaseAction, CaseState
from yiwang.apps.cases.domain.policies import Situation
from yiwang.apps.cases.errors import InvalidInputError
from yiwang.apps.cases.events import CaseForwarded, StatusReported
from yiwang.apps.cases.models import Case, OutsideStatus, ReviewStep, StepState
from yiwang.apps.cases.operations.act import Act, begin
from yiwang.apps.cases.operations.contents import unfilled, unticked
from yiwang.apps.cases.operations.ending import stop_everything
from yiwang.apps.cases.operations.receiving import face_of
from yiwang.apps.cases.operations.wording import require_texts
from yiwang.apps.cases.seeing import may_at_window
from yiwang.foundation.access import Actor


def elsewhere_problem(case_state: str, *, is_own: bool, upper_organ: str, steps_open: int) -> str:
    """ "" where the case may be handed on now, else why not."""
    if not is_own:
        if case_state == CaseState.RECEIVED:
            return ""
        return "由其他系统决定的事项在收件后转办,不在本平台审查。"
    if not upper_organ:
        return "这个事项由本机关决定,不用转办。"
    if case_state != CaseState.REVIEW:
        return "需要上级机关决定的,先受理并提出初审意见,再转报。"
    return "初审环节还没有办完,办完后再转报。" if steps_open else ""


@transaction.atomic
def forward(
    *,
    case_id: int,
    receipt: str,
    opinion: str,
    actor: Actor,
    at: datetime,
    version: int | None = None,
) -> Case:
    """Hand the whole case on: at the window for an item that another system decides, by the
    approver to the upper organ after the first examination (§35: opinion and all materials).

    `receipt` is the other side's number, where it gave one already.
    """
    act = begin(case_id=case_id, action=CaseAction.FORWARD, actor=actor, at=at, version=version)
    definition = act.definition
    is_upward = definition.handling.is_own
    if is_upward:
        actor.require(permissions.DECIDE, organ_id=act.case.organ_id)
    else:
        _require_acceptor(actor, act)
    waiting = ReviewStep.objects.filter(case=act.case, state=StepState.OPEN).exclude(job="decide")
    act.check(
        Situation(
            elsewhere_problem=elsewhere_problem(
                act.case.state,
                is_own=is_upward,
                upper_organ=definition.upper_organ,
                steps_open=waiting.count() if is_upward else 0,
            )
        )
    )
    if is_upward:
        require_texts(("opinion", opinion, 4, "请写明初审意见。"))
    elif open_points := {**unticked(act), **unfilled(act)}:
        raise InvalidInputError(open_points, "还有材料没有核对完。材料齐全后再转办,免得被退回。")
    system = definition.upper_organ if is_upward else definition.handling.name
    paper = papers.forward_notice(
        face_of(act),
        system=system,
        receipt=receipt.strip()[:80],
        opinion=opinion.strip(),
        contact=definition.consult_phone,
    )
    act.document(paper.document, identifier=paper.identifier, kind_word=paper.kind_word)
    _note(act, system, "已转办", receipt, None)
    stop_everything(act)
    act.changes["ended_at"] = None
    act.facts |= {"system": system, "receipt": receipt.strip()[:80]}
    act.events.append(CaseForwarded(case_id=act.case.pk, document_id=str(paper.identifier)))
    return act.commit()


def _require_acceptor(actor: Actor, act: Act) -> None:
    if not may_at_window(actor, permissions.ACCEPT, act.case):
        actor.require(permissions.ACCEPT, organ_id=act.case.organ_id)


def _note(
    act: Act, system: str, status: str, receipt: str, at_source: datetime | None
) -> OutsideStatus:
    return OutsideStatus.objects.create(
        case=act.case,
        system=system,
        receipt=receipt.strip()[:80],
        status=status.strip()[:200],
        at_source=at_source,
        received_at=act.at,
        entered_by=act.actor.ref,
    )


@transaction.atomic
def report_back(
    *,
    case_id: int,
    status: str,
    receipt: str = "",
    at_source: datetime | None = None,
    is_end: bool = False,
    actor: Actor,
    at: datetime,
    version: int | None = None,
) -> Case:
    """A status that came back; `is_end` where the other side has finished.

    Entered by hand or by a department's system. `at_source` is its own time and may not lie in
    the future. Raises InvalidInputError.
    """
    action = CaseAction.END_ELSEWHERE if is_end else CaseAction.REPORT_BACK
    act = begin(case_id=case_id, action=action, actor=actor, at=at, version=version)
    _require_acceptor(actor, act)
    require_texts(("status", status, 2, "请写明对方回传的状态。"))
    if at_source is not None and at_source > at:
        raise InvalidInputError({"at_source": "对方的办理时间不能在将来。"})
    last = OutsideStatus.objects.filter(case=act.case).order_by("-id").first()
    assert last is not None
    row = _note(act, last.system, status, receipt or last.receipt, at_source)
    if is_end:
        act.changes["ended_at"] = at
    act.facts |= {
        "system": row.system,
        "status": row.status,
        "receipt": row.receipt,
        "at_source": at_source.isoformat() if at_source else None,
    }
    act.events.append(StatusReported(case_id=act.case.pk, status_id=row.pk))
    return act.commit()
