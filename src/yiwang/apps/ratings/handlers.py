"""What ratings do about what happens to cases."""

from __future__ import annotations

from datetime import datetime

from yiwang.apps.cases.events import ResultDelivered
from yiwang.apps.cases.public import case_facts
from yiwang.apps.ratings.operations import invite, token_of
from yiwang.foundation.messaging.sending import queue

KIND = "ratings.invitation"


def on_delivered(event: ResultDelivered, at: datetime) -> None:
    """Invite the applicant to rate when the result is in their hands."""
    case = case_facts(event.case_id)
    invite(
        case_id=case.case_id,
        item_code=case.item_code,
        item_name=case.item_name,
        short_number=case.short_number,
        organ_id=case.organ_id,
        party_id=case.applicant_id,
        at=at,
    )
    queue(
        kind=KIND,
        subject=event.subject,
        occasion="delivered",
        recipient_id=case.applicant_id,
        title="请您评价这次办理",
        body=f"您的办件 {case.short_number}「{case.item_name}」已办结,请评价,一件一评。",
        link=f"/rate/{token_of(case.case_id)}",
        at=at,
    )


def still_unrated(subject: str, occasion: str) -> str:
    """An invitation is true while the case has no rating."""
    from yiwang.apps.ratings.models import Rating

    case_id = int(subject.removeprefix("case:"))
    rated = Rating.objects.filter(invitation__case_id=case_id).exists()
    return "申请人已经评价" if rated else ""
