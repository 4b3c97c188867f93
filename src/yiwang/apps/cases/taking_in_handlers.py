"""What follows when papers that were taken in elsewhere travel: the applicant is told, truly."""

from __future__ import annotations

from datetime import datetime

from yiwang.apps.cases import events
from yiwang.apps.cases.domain.taking_in import HandOverWay, TakeInState
from yiwang.apps.cases.handlers import case_of, id_of, tell
from yiwang.apps.cases.models import PapersHandOver, TakeIn

HANDED_OVER = "cases.handed_over"


def on_handed_over(event: events.PapersHandedOver, at: datetime) -> None:
    case = case_of(event.case_id)
    made = PapersHandOver.objects.get(pk=event.hand_over_id)
    by = f"邮寄({made.parcel_number})" if made.way == HandOverWay.POST else "内部流转"
    tell(
        case,
        HANDED_OVER,
        str(made.pk),
        "您交的纸质材料已经移交",
        f"您的办件 {case.short_number}「{case.item_name}」的纸质材料已由{made.hall.name}{by}移交"
        f"{made.receiver_name}。办理期限从收件时起算,没有变;您不用做什么。",
        at,
    )


def still_handed_over(subject: str, occasion: str) -> str:
    """True while this list is the last one the papers went with, and nothing of it is missing."""
    row = TakeIn.objects.select_for_update().filter(case_id=id_of(subject)).first()
    if row is None or str(row.hand_over_id) != occasion:
        return "材料又移交过一次"
    if row.state not in (TakeInState.ON_THE_WAY, TakeInState.ARRIVED):
        return "接收方签收时有缺件"
    return ""
