"""代收, the papers' way: completed, handed over by list, signed for, or found to be missing.

None of these is an act on the application: the window that took it in does not check, accept or
decide, and the clock that began with the taking-in runs on.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import F

from yiwang.apps.cases.domain.machine import CaseState
from yiwang.apps.cases.domain.taking_in import MACHINE, HandOverWay, TakeInAction, TakeInState
from yiwang.apps.cases.errors import CaseNotFoundError, InvalidInputError, NotNowError
from yiwang.apps.cases.events import (
    CaseCorrected,
    PapersArrived,
    PapersHandedOver,
    PapersMissing,
)
from yiwang.apps.cases.models import Case, MaterialStatus, PapersHandOver, TakeIn
from yiwang.apps.cases.operations.act import Act
from yiwang.apps.cases.operations.contents import change_content, material_row, refuse_paper
from yiwang.apps.cases.operations.wording import require_texts
from yiwang.apps.cases.seeing import may_read, took_in
from yiwang.apps.cases.taken_in import receiver_name, receivers_of
from yiwang.apps.catalog.public import definition_of
from yiwang.foundation.access import AccessDeniedError, Actor

MOST = 50
NOT_YOURS = "这个办件不是本大厅代收的,由代收的窗口移交。"
NOT_FOR_YOU = "这个办件的代收材料不是交给您的大厅或单位的,由接收方签收。"


def _locked(case_ids: Iterable[int], actor: Actor) -> list[TakeIn]:
    """The rows, locked in the order of their cases. Raises CaseNotFoundError, InvalidInputError."""
    wanted = sorted(set(case_ids))
    if not 1 <= len(wanted) <= MOST:
        raise InvalidInputError({"cases": f"请勾选 1 到 {MOST} 个办件。"})
    rows = list(
        TakeIn.objects.select_for_update(of=("self",))
        .select_related("case__organ", "case__hall", "case__applicant", "hall")
        .filter(case_id__in=wanted)
        .order_by("case_id")
    )
    if len(rows) != len(wanted) or not all(may_read(actor, row.case) for row in rows):
        raise CaseNotFoundError
    return rows


def _act(row: TakeIn, action: TakeInAction, actor: Actor, at: datetime) -> Act:
    """The act on the row's case; its state there does not matter. Raises
    TransitionNotAllowedError where the papers are somewhere else by now."""
    transition = MACHINE.require(row.state, action.value)
    return Act(
        case=row.case,
        definition=definition_of(row.case.item_version_id),
        transition=transition,
        actor=actor,
        at=at,
        rows=[],
    )


def _require_taker(actor: Actor, rows: list[TakeIn]) -> None:
    if not all(took_in(actor, row.case) for row in rows):
        raise AccessDeniedError(NOT_YOURS)


def _require_receiver(actor: Actor, rows: list[TakeIn]) -> None:
    mine = receivers_of(actor)
    if not all(row.receiver in mine for row in rows):
        raise AccessDeniedError(NOT_FOR_YOU)


@transaction.atomic
def complete_papers(
    *,
    case_id: int,
    paper: list[str],
    files: dict[str, tuple[str, bytes]],
    actor: Actor,
    at: datetime,
) -> Case:
    """补齐代收材料: what the applicant brings later, until the papers are handed over.

    Raises InvalidInputError, NotNowError once the case is accepted or sent back for correction.
    """
    row = _locked([case_id], actor)[0]
    _require_taker(actor, [row])
    act = _act(row, TakeInAction.COMPLETE, actor, at)
    if row.case.state != CaseState.RECEIVED:
        raise NotNowError("办件已经不在待受理状态,请由办理的窗口收补正材料,或请申请人在网上补交。")
    if not paper and not files:
        raise InvalidInputError({"paper": "请勾选收到的纸质件,或选择扫描件。"})
    refuse_paper(act.definition, paper)
    change_content(act, None, files)
    for code in sorted(set(paper)):
        material = material_row(act, code)
        row.papers[code] = material.name
        if code not in files and material.status == MaterialStatus.MISSING:
            material.status, material.problem, material.grade = MaterialStatus.PAPER, "", ""
            material.save(update_fields=["status", "problem", "grade"])
    row.state = (TakeInState.IN_HAND if row.papers else TakeInState.ELECTRONIC).value
    row.save(update_fields=["papers", "state"])
    act.facts |= {"taken_papers": sorted(paper)}
    act.events.append(CaseCorrected(case_id=row.case_id))
    return act.commit()


@transaction.atomic
def hand_over(
    *, case_ids: list[int], way: str, parcel_number: str, actor: Actor, at: datetime
) -> PapersHandOver:
    """移交: the papers of these cases to one receiver, on one list with one number.

    Raises InvalidInputError, TransitionNotAllowedError where papers of one were handed over.
    """
    rows = _locked(case_ids, actor)
    _require_taker(actor, rows)
    if way not in {one.value for one in HandOverWay}:
        raise InvalidInputError({"way": "请选择移交方式。"})
    if way == HandOverWay.POST:
        require_texts(("parcel_number", parcel_number, 6, "邮寄移交要填邮件号码。"))
    if len({(row.receiver, row.hall_id) for row in rows}) > 1:
        raise InvalidInputError({"cases": "一张移交单只能交给一个接收方,请分开移交。"})
    acts = [_act(row, TakeInAction.HAND_OVER, actor, at) for row in rows]
    made = PapersHandOver.objects.create(
        hall=rows[0].hall,
        receiver=rows[0].receiver,
        receiver_name=receiver_name(rows[0].case, rows[0].receiver),
        way=way,
        parcel_number=parcel_number.strip()[:40] if way == HandOverWay.POST else "",
        lines=[_line(row) for row in rows],
        handed_by=actor.ref,
        handed_by_label=actor.label,
        handed_at=at,
    )
    TakeIn.objects.filter(pk__in=[row.pk for row in rows]).update(
        state=TakeInState.ON_THE_WAY.value,
        hand_over=made,
        handed_by=actor.ref,
        handed_at=at,
        missing="",
    )
    for act in acts:
        act.facts |= {"hand_over": made.number, "hand_over_way": way, "papers_to": made.receiver}
        act.events.append(PapersHandedOver(case_id=act.case.pk, hand_over_id=made.pk))
        act.commit()
    return made


def _line(row: TakeIn) -> dict[str, object]:
    case = row.case
    return {
        "case": case.pk,
        "short_number": case.short_number,
        "item_name": case.item_name,
        "applicant": case.applicant_label,
        "papers": list(row.under_way.values()),
    }


@transaction.atomic
def confirm(*, case_ids: list[int], actor: Actor, at: datetime) -> int:
    """签收: every paper of these cases is here; how many cases. Raises InvalidInputError."""
    rows = _locked(case_ids, actor)
    _require_receiver(actor, rows)
    acts = [_act(row, TakeInAction.CONFIRM, actor, at) for row in rows]
    TakeIn.objects.filter(pk__in=[row.pk for row in rows]).update(
        state=TakeInState.ARRIVED.value,
        arrived=F("papers"),
        missing="",
        confirmed_by=actor.ref,
        confirmed_at=at,
    )
    for act, row in zip(acts, rows, strict=True):
        act.facts |= {"taken_papers": sorted(row.under_way)}
        act.events.append(PapersArrived(case_id=act.case.pk))
        act.commit()
    return len(rows)


@transaction.atomic
def report_missing(
    *, case_id: int, missing: list[str], note: str, actor: Actor, at: datetime
) -> Case:
    """登记缺件: these papers (by code) of the list are not there; the others are.

    The taking window finds it on top of its list. Raises InvalidInputError.
    """
    row = _locked([case_id], actor)[0]
    _require_receiver(actor, [row])
    act = _act(row, TakeInAction.REPORT_MISSING, actor, at)
    absent = {code: name for code, name in row.under_way.items() if code in missing}
    if not absent:
        raise InvalidInputError({"missing": "请勾选没有收到的材料;都收到的,请直接签收。"})
    told = f"没有收到{'、'.join(absent.values())}。{note.strip()}"
    row.arrived = {code: name for code, name in row.papers.items() if code not in absent}
    row.state, row.missing = TakeInState.SHORT.value, told[:400]
    row.save(update_fields=["arrived", "state", "missing"])
    act.facts |= {"missing_papers": sorted(absent), "missing_note": note.strip()[:400]}
    act.events.append(PapersMissing(case_id=row.case_id, take_in_id=row.pk))
    return act.commit()
