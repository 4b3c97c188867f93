"""What cases publish: ids only, past tense."""

from __future__ import annotations

from dataclasses import dataclass

from yiwang.foundation.outbox.bus import event


@dataclass(frozen=True, slots=True)
class _OfCase:
    case_id: int

    @property
    def subject(self) -> str:
        return f"case:{self.case_id}"


@event
@dataclass(frozen=True, slots=True)
class CaseReceived(_OfCase):
    pass


@event
@dataclass(frozen=True, slots=True)
class CaseCorrected(_OfCase):
    pass


@event
@dataclass(frozen=True, slots=True)
class CaseReferred(_OfCase):
    pass


@event
@dataclass(frozen=True, slots=True)
class CorrectionRequested(_OfCase):
    document_id: str


@event
@dataclass(frozen=True, slots=True)
class CorrectionSupplied(_OfCase):
    pass


@event
@dataclass(frozen=True, slots=True)
class CaseAccepted(_OfCase):
    document_id: str
    is_deemed: bool


@event
@dataclass(frozen=True, slots=True)
class CaseNotRequired(_OfCase):
    document_id: str


@event
@dataclass(frozen=True, slots=True)
class CaseDeclined(_OfCase):
    document_id: str


@event
@dataclass(frozen=True, slots=True)
class OpinionGiven(_OfCase):
    step: str


@event
@dataclass(frozen=True, slots=True)
class CasePaused(_OfCase):
    document_id: str
    pause: str


@event
@dataclass(frozen=True, slots=True)
class CaseResumed(_OfCase):
    pause: str


@event
@dataclass(frozen=True, slots=True)
class CaseExtended(_OfCase):
    document_id: str


@event
@dataclass(frozen=True, slots=True)
class CaseGranted(_OfCase):
    document_id: str


@event
@dataclass(frozen=True, slots=True)
class CaseRefused(_OfCase):
    document_id: str


@event
@dataclass(frozen=True, slots=True)
class ResultDelivered(_OfCase):
    outcome: str


@event
@dataclass(frozen=True, slots=True)
class CaseWithdrawn(_OfCase):
    pass


@event
@dataclass(frozen=True, slots=True)
class GapsSupplied(_OfCase):
    pass


@event
@dataclass(frozen=True, slots=True)
class CaseEnded(_OfCase):
    """Ended without a decision: terminated, deemed withdrawn, voided (then without a paper)."""

    document_id: str
    how: str


@event
@dataclass(frozen=True, slots=True)
class StepsChanged(_OfCase):
    """A step was sent back or passed on."""

    step: str


@event
@dataclass(frozen=True, slots=True)
class CaseForwarded(_OfCase):
    document_id: str


@event
@dataclass(frozen=True, slots=True)
class StatusReported(_OfCase):
    status_id: int


@event
@dataclass(frozen=True, slots=True)
class ProcedureStarted(_OfCase):
    document_id: str
    procedure_id: int


@event
@dataclass(frozen=True, slots=True)
class ProcedureAdvanced(_OfCase):
    document_id: str
    procedure_id: int


@event
@dataclass(frozen=True, slots=True)
class ProcedureEnded(_OfCase):
    procedure_id: int


@event
@dataclass(frozen=True, slots=True)
class ResultSent(_OfCase):
    parcel_id: int


@event
@dataclass(frozen=True, slots=True)
class PapersHandedOver(_OfCase):
    """代收: the papers left the window that took them in."""

    hand_over_id: int


@event
@dataclass(frozen=True, slots=True)
class PapersArrived(_OfCase):
    pass


@event
@dataclass(frozen=True, slots=True)
class PapersMissing(_OfCase):
    """代收: not every paper of the list was there; the taking window is told."""

    take_in_id: int


@event
@dataclass(frozen=True, slots=True)
class DueDatesMoved(_OfCase):
    """A calendar notice moved this case's due days."""

    notice_id: int


@event
@dataclass(frozen=True, slots=True)
class HoldingsAnswered(_OfCase):
    """A source that was silent answered: what it knows is taken, the rest is missing."""


@event
@dataclass(frozen=True, slots=True)
class OriginalsWanted(_OfCase):
    """Everything was reviewed: the originals may be shown now (先审后验)."""


@event
@dataclass(frozen=True, slots=True)
class OriginalsChecked(_OfCase):
    """`is_match` False: an original differs from what was uploaded."""

    is_match: bool
