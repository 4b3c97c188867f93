"""Telling the asker, while it is still true."""

from __future__ import annotations

from datetime import datetime

from yiwang.apps.enquiries.domain.states import EnquiryState
from yiwang.apps.enquiries.events import EnquiryChanged
from yiwang.apps.enquiries.models import Enquiry
from yiwang.apps.enquiries.operations.act import DUE
from yiwang.apps.enquiries.operations.answering import tell, urge
from yiwang.foundation.messaging.sending import queue

KIND = "enquiries.told"
TITLES = {
    "ANSWERED": "您的咨询有答复了",
    "ACCEPTED": "您的投诉已受理",
    "NOT_ACCEPTED": "您的投诉有答复了",
    "HANDLED": "您的投诉处理好了",
}


def on_changed(event: EnquiryChanged, at: datetime) -> None:
    """Tell the asker; a handled complaint is then told."""
    row = Enquiry.objects.filter(pk=event.enquiry_id).first()
    if row is None or event.state not in TITLES or row.state != event.state:
        return
    if row.party_id is not None:
        queue(
            kind=KIND,
            subject=row.subject,
            occasion=f"{event.state}:{row.round}",
            recipient_id=row.party_id,
            title=TITLES[event.state],
            body=f"您就「{row.item_name}」提出的{row.kind_label}有了答复,请在「我的咨询投诉」里看。",
            link=f"/my/enquiries/{row.pk}/",
            at=at,
        )
    if event.state == EnquiryState.HANDLED:
        tell(enquiry_id=row.pk, at=at)


def still_so(subject: str, occasion: str) -> str:
    """An answer is news until it is asked again or the matter goes on."""
    row = Enquiry.objects.filter(pk=int(subject.removeprefix("enquiry:"))).first()
    state, _, number = occasion.partition(":")
    goes_on = {"HANDLED": ("HANDLED", "TOLD"), "ANSWERED": ("ANSWERED", "SATISFIED")}
    if row is None or row.state not in goes_on.get(state, (state,)) or str(row.round) != number:
        return "已经进入下一步"
    return ""


TIMERS = {DUE: urge}
