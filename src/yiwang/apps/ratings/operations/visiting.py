"""本次到窗: a clerk records that somebody was here; the visit has its own invitation.

The clerk may show or print the code, never open it: what they see is a picture for the person's
own phone, and each time it is shown is kept.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yiwang.apps.cases.public import CaseFacts, CaseNotFoundError, case_by_number, case_facts
from yiwang.apps.people.public import Shown, Window, identify
from yiwang.apps.ratings.domain.vocabulary import RatingPoint, VisitKind
from yiwang.apps.ratings.errors import InvalidActError, NotNowError, ServiceNotFoundError
from yiwang.apps.ratings.models import RatingInvitation, Visit
from yiwang.apps.ratings.operations.inviting import (
    Service,
    ask_by_message,
    invite,
    service_of_case,
    shown,
)
from yiwang.apps.ratings.permissions import INVITE
from yiwang.foundation.access import Actor, Posting
from yiwang.foundation.record.writing import append

LONGEST_MATTER = 100
# A case in these states was accepted and is not yet in the applicant's hands, or is.
ACCEPTED, DONE = frozenset({"REVIEW", "GRANTED", "REFUSED"}), "COMPLETED"


def window_posting(actor: Actor) -> Posting | None:
    """The post by which this actor sits at a window, None for everybody else."""
    return next(
        (p for p in actor.postings if p.window_id is not None and INVITE.code in p.permissions),
        None,
    )


def _seat(actor: Actor) -> Posting:
    actor.require(INVITE)
    found = window_posting(actor)
    if found is None:
        raise NotNowError("登记到窗要在窗口岗位上办理,您现在没有窗口岗位。")
    return found


@transaction.atomic
def record_visit(
    *,
    who: Shown,
    kind: str,
    matter: str,
    actor: Actor,
    at: datetime,
    case_number: str = "",
) -> RatingInvitation:
    """Somebody was at the actor's window; gives the invitation of this visit.

    Raises InvalidPartyError, InvalidActError, NotNowError, AccessDeniedError.
    """
    seat = _seat(actor)
    case, problems = _checked(kind, matter, case_number, actor)
    if problems:
        raise InvalidActError(problems)
    party = identify(who, actor=actor, at=at)
    assert seat.window_id is not None and seat.organ_id is not None
    visit = Visit.objects.create(
        window=Window.objects.get(pk=seat.window_id),
        organ_id=seat.organ_id,
        party=party,
        kind=kind,
        case_id=case.case_id if case else None,
        matter=matter.strip(),
        by=actor.ref,
        by_label=actor.label[:80],
        at=at,
    )
    append(
        subject=visit.subject,
        operation="ratings.record_visit",
        actor=actor.ref,
        at=at,
        facts={"visit_kind": kind, "window": seat.window_id, "case": visit.case_id},
    )
    row = invite(_service(visit, case, seat), at=at)
    ask_by_message(
        row,
        title="请您评价本次到窗服务",
        body=f"您在窗口办的「{row.item_name}」,请评价,一次一评。",
        at=at,
        by_sms=False,
    )
    return row


def _service(visit: Visit, case: CaseFacts | None, seat: Posting) -> Service:
    assert seat.organ_id is not None
    return Service(
        subject=visit.subject,
        point=RatingPoint.VISIT,
        item_code=case.item_code if case else "",
        item_name=case.item_name if case else visit.matter,
        number=f"到窗{visit.pk}",
        organ_id=seat.organ_id,
        party_id=visit.party_id,
        hall_id=seat.hall_id,
        visit=visit,
    )


def _checked(
    kind: str, matter: str, case_number: str, actor: Actor
) -> tuple[CaseFacts | None, dict[str, str]]:
    problems, case = {}, None
    if kind not in VisitKind.__members__:
        problems["kind"] = "请选择来办什么。"
    if not 2 <= len(matter.strip()) <= LONGEST_MATTER:
        problems["matter"] = f"请写一句来办的事,2 到 {LONGEST_MATTER} 个字。"
    if kind == VisitKind.CASE_ACT:
        case = case_by_number(case_number)
        if case is None or case.hall_id not in actor.hall_ids(INVITE):
            case, problems["case_number"] = None, "没有找到本大厅的这个办件,请核对编号。"
    elif case_number.strip():
        problems["case_number"] = "只有为办件到窗才填编号;其他的请留空。"
    return case, problems


@transaction.atomic
def show(*, invitation_id: int, actor: Actor, at: datetime) -> RatingInvitation:
    """A clerk of the hall shows or prints the code; recorded. Says nothing of whether it was
    rated. Raises ServiceNotFoundError."""
    actor.require(INVITE)
    row = RatingInvitation.objects.filter(pk=invitation_id).first()
    if row is None or row.hall_id not in actor.hall_ids(INVITE):
        raise ServiceNotFoundError
    shown(row, actor=actor, at=at)
    return row


@transaction.atomic
def offer(*, case_id: int, actor: Actor, at: datetime) -> RatingInvitation:
    """The point a case has come to, for the clerk to show at once: acceptance, then issue. The
    outbox makes the same invitation a moment later or has made it. Raises ServiceNotFoundError,
    NotNowError."""
    actor.require(INVITE)
    try:
        case = case_facts(case_id)
    except CaseNotFoundError as error:
        raise ServiceNotFoundError from error
    if case.hall_id not in actor.hall_ids(INVITE):
        raise ServiceNotFoundError
    if case.state == DONE:
        return invite(service_of_case(case, RatingPoint.ISSUE), at=at)
    if case.state in ACCEPTED:
        return invite(service_of_case(case, RatingPoint.ACCEPTANCE), at=at)
    raise NotNowError("受理以后和领到结果以后才请申请人评价,这个办件还没有到。")
