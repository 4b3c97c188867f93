"""How long each step may take. A city rules others from a day on (foundation/parameters)."""

from __future__ import annotations

from yiwang.apps.enquiries.domain.states import EnquiryKind, EnquiryState
from yiwang.kernel.parameters import Declared, Mark

ROOM, OURS = "咨询投诉", "平台默认,没有统一标准"
ANSWER, SUGGESTION = "enquiries.answer", "enquiries.suggestion"
TAKE_UP, HANDLE = "enquiries.take_up", "enquiries.handle"
PARAMETERS = (
    Declared(ANSWER, ROOM, "答复咨询和指南纠错", "wd", 2, 1, 5, OURS, Mark.DEFAULT),
    Declared(SUGGESTION, ROOM, "答复建议", "wd", 5, 1, 15, OURS, Mark.DEFAULT),
    Declared(TAKE_UP, ROOM, "受理投诉", "wd", 5, 1, 7, "各地政务服务投诉办法", Mark.SECONDARY),
    Declared(HANDLE, ROOM, "办结投诉", "wd", 15, 1, 60, OURS, Mark.DEFAULT),
)
_STEPS = {
    (EnquiryKind.CONSULT, EnquiryState.ASKED): ANSWER,
    (EnquiryKind.GUIDE_ERROR, EnquiryState.ASKED): ANSWER,
    (EnquiryKind.SUGGESTION, EnquiryState.ASKED): SUGGESTION,
    (EnquiryKind.COMPLAINT, EnquiryState.LODGED): TAKE_UP,
    (EnquiryKind.COMPLAINT, EnquiryState.ACCEPTED): HANDLE,
}


def limit_code(kind: EnquiryKind, state: EnquiryState) -> str | None:
    """The parameter that limits this step; None where nothing runs in this state."""
    return _STEPS.get((kind, state))
