"""What the asker does: ask, ask again, say that it is answered."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yiwang.apps.cases.public import case_of_own_side, who_handled
from yiwang.apps.catalog.public import current_version
from yiwang.apps.enquiries.domain.states import EnquiryKind, first_state
from yiwang.apps.enquiries.errors import EnquiryNotFoundError, InvalidActError
from yiwang.apps.enquiries.models import Enquiry
from yiwang.apps.enquiries.operations.act import NEVER, EnquiryAct, begin, checked
from yiwang.apps.people.public import Party
from yiwang.foundation.access import Actor
from yiwang.kernel.moment import civil_date

ANONYMOUS = "没有登录的人"


def _kind(kind: str, *, is_of_case: bool) -> EnquiryKind:
    found = next((one for one in EnquiryKind if one.value == kind), None)
    if found is None:
        raise InvalidActError({"kind": "请选择是咨询、投诉、建议还是指南纠错。"})
    if found is EnquiryKind.GUIDE_ERROR and is_of_case:
        raise InvalidActError({"kind": "指南纠错请在办事指南页面提出。"})
    return found


@transaction.atomic
def ask_about_guide(
    *, item: str, kind: str, text: str, contact: str, actor: Actor, at: datetime
) -> Enquiry:
    """About an item's guide; without signing in too, then the asker gets a slip to read the answer.

    Raises EnquiryNotFoundError, InvalidActError.
    """
    version = current_version(item, today=civil_date(at))
    if version is None:
        raise EnquiryNotFoundError
    wanted = _kind(kind, is_of_case=False)
    if wanted is EnquiryKind.COMPLAINT and actor.party_id is None:
        raise InvalidActError({"kind": "投诉请先登录,处理结果要告知您本人;也可以拨打 12345。"})
    if len(contact) > 60:
        raise InvalidActError({"contact": "联系方式不超过 60 个字。"})
    row = Enquiry(
        kind=wanted,
        item_code=version.definition.code,
        item_name=version.definition.name,
        item_version_id=version.version_id,
        organ_id=version.organ_id,
        contact=contact.strip() or None,
    )
    return _open(row, checked(text), actor, at, party_id=actor.party_id)


@transaction.atomic
def ask_about_case(*, case_id: int, kind: str, text: str, actor: Actor, at: datetime) -> Enquiry:
    """About one's own case. A complaint is kept from everybody who handled the case.

    Raises CaseNotFoundError, InvalidActError.
    """
    case = case_of_own_side(case_id, actor=actor)
    row = Enquiry(
        kind=_kind(kind, is_of_case=True),
        item_code=case.item_code,
        item_name=case.item_name,
        item_version_id=case.item_version_id,
        case_id=case_id,
        short_number=case.short_number,
        organ_id=case.organ_id,
        excluded=sorted(who_handled(case_id)),
    )
    # An agent asks in their own name: the principal's case, their own question.
    return _open(row, checked(text), actor, at, party_id=actor.party_id)


def _open(row: Enquiry, text: str, actor: Actor, at: datetime, *, party_id: int | None) -> Enquiry:
    party = Party.objects.filter(pk=party_id).first() if party_id else None
    kind = EnquiryKind(row.kind)
    row.party, row.asker_label = party, party.label if party else ANONYMOUS
    row.state, row.asked_at, row.sort_due_at = first_state(kind).value, at, NEVER
    row.save(force_insert=True)
    act = EnquiryAct(row, actor, at, "ASK")
    act.facts |= {"kind": row.kind, "item": row.item_code, "case": row.case_id}
    act.run_clock(kind, first_state(kind))
    return act.commit(text, row.asker_label)


@transaction.atomic
def ask_again(*, enquiry_id: int, text: str, actor: Actor, at: datetime) -> Enquiry:
    """追问: the clock of an answer runs anew."""
    act = begin(enquiry_id=enquiry_id, action="ASK_AGAIN", actor=actor, at=at)
    row = act.enquiry
    act.changes["round"] = row.round + 1
    act.run_clock(EnquiryKind(row.kind), first_state(EnquiryKind(row.kind)))
    return act.commit(checked(text), row.asker_label)


@transaction.atomic
def satisfy(*, enquiry_id: int, actor: Actor, at: datetime) -> Enquiry:
    """The asker says that it is answered."""
    act = begin(enquiry_id=enquiry_id, action="SATISFY", actor=actor, at=at)
    act.changes["ended_at"] = at
    return act.commit()
