"""容缺受理: accepted with listed materials still to come, against the applicant's promise."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from yiwang.apps.cases import papers, permissions
from yiwang.apps.cases.domain.machine import CaseAction
from yiwang.apps.cases.domain.policies import Situation
from yiwang.apps.cases.errors import InvalidInputError
from yiwang.apps.cases.events import CaseAccepted, GapsSupplied
from yiwang.apps.cases.models import Case, CaseMaterial, MaterialStatus
from yiwang.apps.cases.operations.act import Act, begin
from yiwang.apps.cases.operations.agents import by_agent
from yiwang.apps.cases.operations.contents import (
    change_content,
    take_paper,
    unfilled,
    unticked,
)
from yiwang.apps.cases.operations.receiving import (
    begin_decision,
    face_of,
    finish_acceptance,
    require_applicant_or_window,
)
from yiwang.apps.cases.operations.wording import require_texts
from yiwang.apps.people.public import MandateAct
from yiwang.foundation.access import Actor
from yiwang.foundation.calendars.current import calendar
from yiwang.kernel.clock import Limit
from yiwang.kernel.clock.reckoning import deadline
from yiwang.kernel.moment import civil_date, start_of_day

DEFERRAL_DUE = "cases.deferral_due"


def gaps_of(case_id: int, act: Act) -> list[str]:
    """Names of deferred materials that are not there, or there and not checked. Two statements."""
    open_rows = unticked(act)
    deferred = CaseMaterial.objects.filter(case_id=case_id, is_deferred=True)
    return [name for code, name in deferred.values_list("code", "name") if code in open_rows]


@transaction.atomic
def order_acceptance(
    *, case_id: int, reason: str, actor: Actor, at: datetime, version: int | None = None
) -> Case:
    """The approver, asked by the window, rules that the case is to be accepted as it stands."""
    act = begin(
        case_id=case_id,
        action=CaseAction.ORDER_ACCEPTANCE,
        actor=actor,
        at=at,
        version=version,
        permission=permissions.DECIDE,
    )
    is_own = act.definition.handling.is_own
    act.check(Situation(is_decided_here=is_own, is_referred=act.case.is_referred))
    require_texts(("reason", reason, 4, "请写明认定应予受理的理由,窗口会看到。"))
    act.facts["reason"] = reason.strip()[:400]
    return finish_acceptance(act, started=at, is_deemed=False)


@transaction.atomic
def accept_with_gaps(
    *, case_id: int, actor: Actor, at: datetime, version: int | None = None
) -> Case:
    """Everything that may not be deferred is there and checked; what may be is promised by a day.

    Raises InvalidInputError naming what is open and may not be deferred, or that nothing is.
    """
    act = begin(
        case_id=case_id,
        action=CaseAction.ACCEPT_WITH_GAPS,
        actor=actor,
        at=at,
        version=version,
        permission=permissions.ACCEPT,
    )
    rule = act.definition.deferral
    is_own = act.definition.handling.is_own
    act.check(Situation(is_decided_here=is_own, item_defers=rule is not None))
    assert rule is not None
    open_rows = unticked(act)
    gaps = _deferrable(act, open_rows)
    left = {**{c: text for c, text in open_rows.items() if c not in gaps}, **unfilled(act)}
    if left:
        raise InvalidInputError(left, "还有不能容缺的材料没有核对完,请逐项核对,或告知补正。")
    if not gaps:
        raise InvalidInputError({"gaps": "没有缺少的材料,请直接受理。"})
    limit = Limit.parse(rule.limit)
    until = deadline(at, limit, calendar()).due_on
    assert until is not None
    CaseMaterial.objects.filter(case=act.case, code__in=gaps).update(is_deferred=True)
    act.changes["deferral_until"] = until
    begin_decision(act, started=at, is_deemed=False)
    promised = act.clocks().promised
    paper = papers.deferral_notice(
        face_of(act),
        gaps=list(gaps.values()),
        until=until,
        time=limit.label,
        promised=promised.reckoning.due_on if promised else None,
    )
    act.document(paper.document, identifier=paper.identifier, kind_word=paper.kind_word)
    act.facts |= {"gaps": sorted(gaps), "deferral_until": str(until)}
    reminder = max(until - timedelta(days=1), civil_date(at) + timedelta(days=1))
    act.timers[DEFERRAL_DUE] = start_of_day(reminder)
    act.events.append(
        CaseAccepted(case_id=act.case.pk, document_id=str(paper.identifier), is_deemed=False)
    )
    return act.commit()


def _deferrable(act: Act, open_rows: dict[str, str]) -> dict[str, str]:
    """Code → name of what is missing and may be deferred; a file that is there is checked now."""
    missing = set(
        CaseMaterial.objects.filter(
            case=act.case, code__in=open_rows, status=MaterialStatus.MISSING
        ).values_list("code", flat=True)
    )
    return {
        m.code: m.name for m in act.definition.materials if m.is_deferrable and m.code in missing
    }


@transaction.atomic
def supply_gaps(
    *,
    case_id: int,
    files: dict[str, tuple[str, bytes]] | None = None,
    paper: list[str] | None = None,
    actor: Actor,
    at: datetime,
    version: int | None = None,
) -> Case:
    """What was promised comes in, from the applicant or at a window; a clerk checks it then."""
    act = begin(case_id=case_id, action=CaseAction.SUPPLY_GAPS, actor=actor, at=at, version=version)
    require_applicant_or_window(act, actor, MandateAct.SUPPLY)
    by_agent(act, MandateAct.SUPPLY, "补交了容缺材料")
    deferred = dict(
        CaseMaterial.objects.filter(case=act.case, is_deferred=True).values_list("code", "name")
    )
    act.check(Situation(gaps=tuple(deferred.values())))
    supplied = {*(files or {}), *(paper or [])}
    if not supplied:
        raise InvalidInputError({"files": "请选择要补交的材料文件。"})
    if others := supplied - deferred.keys():
        raise InvalidInputError(dict.fromkeys(others, "这份材料不在容缺的材料里。"))
    change_content(act, None, files or {})
    take_paper(act, paper or [])
    act.facts["supplied"] = sorted(supplied)
    act.events.append(GapsSupplied(case_id=act.case.pk))
    return act.commit()
