"""What ratings do about what happens to cases, and about the passing of time."""

from __future__ import annotations

from datetime import datetime, timedelta

from yiwang.apps.cases.events import CaseAccepted, CaseForwarded, ResultDelivered
from yiwang.apps.cases.public import case_facts
from yiwang.apps.ratings.domain.vocabulary import RatingPoint
from yiwang.apps.ratings.events import BadRatingMoved
from yiwang.apps.ratings.models import BadRating, Rating, RatingInvitation
from yiwang.apps.ratings.operations import inviting, watching
from yiwang.apps.ratings.operations.handling import CONTACT_DUE, FIX_DUE, FIX_SOON
from yiwang.apps.ratings.operations.inviting import ask_by_message, invite, service_of_case
from yiwang.kernel.moment import chinese_date, civil_date


def on_accepted(event: CaseAccepted, at: datetime) -> None:
    """受理环节: a point of its own. A message on the site only, so that nobody is pestered."""
    case = case_facts(event.case_id)
    ask_by_message(
        invite(service_of_case(case, RatingPoint.ACCEPTANCE), at=at),
        title="受理环节办得怎么样",
        body=f"您的办件 {case.short_number}「{case.item_name}」已受理,可以评价受理这一环节。",
        at=at,
        by_sms=False,
    )


def on_forwarded(event: CaseForwarded, at: datetime) -> None:
    """What another system decides is not accepted here: the taking in and handing on is rated."""
    case = case_facts(event.case_id)
    ask_by_message(
        invite(service_of_case(case, RatingPoint.ACCEPTANCE), at=at),
        title="收件和转办办得怎么样",
        body=f"您的办件 {case.short_number}「{case.item_name}」已转办,可以评价收件和转办这一环节。",
        at=at,
        by_sms=False,
    )


def on_delivered(event: ResultDelivered, at: datetime) -> None:
    """Invite the applicant to rate when the result is in their hands."""
    case = case_facts(event.case_id)
    ask_by_message(
        invite(service_of_case(case, RatingPoint.ISSUE), at=at),
        title="请您评价这次办理",
        body=f"您的办件 {case.short_number}「{case.item_name}」已办结,请评价,一件一评。",
        at=at,
    )


def on_bad_rating(event: BadRatingMoved, at: datetime) -> None:
    """A new one: tell who handles it. Later moves need no message: the list shows them."""
    row = BadRating.objects.get(pk=event.bad_rating_id)
    if row.version != 1:
        return
    body = (
        f"「{row.item_name}」收到一条{'匿名' if row.is_anonymous else '实名'}差评,"
        f"请先核实;最近的期限是 {chinese_date(civil_date(row.sort_due_at - HAIR))}。"
    )
    watching.tell_handlers(row, "opened", body, at=at)


def still_unrated(subject: str, occasion: str) -> str:
    """An invitation or a reminder is true while its service has no rating; `occasion` is the point
    (before points existed: delivered). The reason does not tell staff who rated."""
    point = occasion if occasion in RatingPoint.__members__ else RatingPoint.ISSUE
    rated = Rating.objects.filter(invitation__subject=subject, invitation__point=point)
    return "已经不需要再邀请" if rated.exists() else ""


def remind_due(subject: str, at: datetime) -> None:
    row = RatingInvitation.objects.filter(pk=int(subject.partition(":")[2])).first()
    if row is not None:
        inviting.remind(row, at=at)


HAIR = timedelta(microseconds=1)
TIMERS = {
    inviting.REMIND_TIMER: remind_due,
    CONTACT_DUE: watching.note_due,
    FIX_DUE: watching.note_due,
    FIX_SOON: watching.note_soon,
}
