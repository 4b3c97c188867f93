"""How long each step may take: dated parameters with their source and how well it is known.

E is this city's own (demonstration) value, S what a secondary source gives.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from yiwang.apps.enquiries.domain.states import EnquiryKind, EnquiryState
from yiwang.kernel.clock import Limit


@dataclass(frozen=True, slots=True)
class DatedLimit:
    """A limit for one step of some kinds, from a day on."""

    kinds: frozenset[EnquiryKind]
    state: EnquiryState
    limit: str
    valid_from: date
    source: str
    mark: str


_SINCE = date(2020, 1, 1)
_QUESTIONS = frozenset({EnquiryKind.CONSULT, EnquiryKind.GUIDE_ERROR})
_COMPLAINTS = frozenset({EnquiryKind.COMPLAINT})
LIMITS = (
    DatedLimit(_QUESTIONS, EnquiryState.ASKED, "2wd", _SINCE, "本市演示数据", "E"),
    DatedLimit(
        frozenset({EnquiryKind.SUGGESTION}), EnquiryState.ASKED, "5wd", _SINCE, "本市演示数据", "E"
    ),
    DatedLimit(_COMPLAINTS, EnquiryState.LODGED, "5wd", _SINCE, "各地政务服务投诉办法", "S"),
    DatedLimit(_COMPLAINTS, EnquiryState.ACCEPTED, "15wd", _SINCE, "本市演示数据", "E"),
)


def limit_for(kind: EnquiryKind, state: EnquiryState, on: date) -> Limit | None:
    """The limit in force on a day; None where nothing runs in this state."""
    found = [
        one for one in LIMITS if kind in one.kinds and one.state is state and one.valid_from <= on
    ]
    return Limit.parse(max(found, key=lambda one: one.valid_from).limit) if found else None
