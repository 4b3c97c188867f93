"""What the API says of certificates and takes about them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, StringConstraints

from yiwang.apps.certificates import queries
from yiwang.apps.certificates.models import (
    Certificate,
    CertificateStatus,
    ProposalState,
    RevocationProposal,
)
from yiwang.foundation.access import Actor
from yiwang.foundation.api.bounds import NO_NUL, Body, Day, Flag, Line, Note, Word

Ground = Annotated[str, StringConstraints(max_length=20, pattern=NO_NUL)]


class StateChangeOut(BaseModel):
    action: str
    status: CertificateStatus
    at: datetime
    ground: str
    ground_label: str
    reason: str
    articles: list[str]


class RevocationProposalOut(BaseModel):
    """`due_at` is the first instant after the five working days; texts are the holder's and the
    organ's, for them alone."""

    id: int
    certificate_id: int
    state: ProposalState
    state_label: str
    source: str
    ground: str
    facts: str
    reason: str
    created_at: datetime
    notified_at: datetime | None
    due_at: datetime | None
    statement: str
    is_hearing_asked: bool
    waived_at: datetime | None
    hearing_on: date | None
    decided_at: datetime | None
    decision: str


class IssuedOut(BaseModel):
    """A certificate as the organ that issued it sees it; the holder is masked."""

    id: int
    identifier: str
    number: str
    name: str
    holder: str
    organ: str
    issued_on: date
    valid_until: date | None
    status: CertificateStatus
    status_label: str
    status_on: date | None
    asked: str
    supersedes: int | None


class WholeOut(BaseModel):
    certificate: IssuedOut
    changes: list[StateChangeOut]
    proposals: list[RevocationProposalOut]


class IssuedPageOut(BaseModel):
    certificates: list[IssuedOut]
    next_cursor: str | None


class ProposalPageOut(BaseModel):
    proposals: list[RevocationProposalOut]
    next_cursor: str | None


class LostIn(Body):
    reason: Line
    replace: Flag = True


class WishIn(Body):
    """`wish`: REPLACE for a lost one, CANCEL for a valid one."""

    wish: Annotated[str, StringConstraints(pattern="^(REPLACE|CANCEL)$")]
    reason: Line


class CancelIn(Body):
    """`ground`: EXPIRED, PERSON_GONE, ORGANISATION_GONE, TAKEN_BACK, IMPOSSIBLE, BY_LAW (§70)."""

    ground: Ground
    reason: Note


class WithdrawIn(Body):
    decision_number: Word
    decided_on: Day
    reason: Line


class FindingIn(Body):
    """`ground`: ABUSE, BEYOND_POWER, PROCEDURE, NOT_QUALIFIED, OTHER, FRAUD (§69)."""

    ground: Ground
    facts: Note
    reason: Note


class RespondIn(Body):
    statement: Annotated[str, StringConstraints(max_length=2000, pattern=NO_NUL)] = ""
    asks_hearing: Flag = False
    waives: Flag = False


class HearIn(Body):
    held_on: Day
    presiding: Annotated[str, StringConstraints(max_length=40, pattern=NO_NUL)]
    text: Note


class RevokeIn(Body):
    """`review_organ` and `court` where the platform does not know the item's remedy."""

    reason: Note
    review_organ: Word = ""
    court: Word = ""


class DropIn(Body):
    """`ground`: NOT_ESTABLISHED, PUBLIC_INTEREST, MENDED."""

    ground: Ground
    reason: Note


def issued_out(row: Certificate) -> IssuedOut:
    return IssuedOut(
        id=row.pk,
        identifier=row.identifier,
        number=row.number,
        name=row.name,
        holder=row.holder.label,
        organ=row.organ.name,
        issued_on=row.issued_on,
        valid_until=row.valid_until,
        status=CertificateStatus(row.status),
        status_label=row.status_label,
        status_on=row.status_on,
        asked=row.asked,
        supersedes=row.supersedes_id,
    )


def proposal_out(row: RevocationProposal) -> RevocationProposalOut:
    return RevocationProposalOut(
        id=row.pk,
        certificate_id=row.certificate_id,
        state=ProposalState(row.state),
        state_label=row.get_state_display(),
        source=row.source,
        ground=row.ground,
        facts=row.facts,
        reason=row.reason,
        created_at=row.created_at,
        notified_at=row.notified_at,
        due_at=row.due_at,
        statement=row.statement or "",
        is_hearing_asked=row.is_hearing_asked,
        waived_at=row.waived_at,
        hearing_on=row.hearing_on,
        decided_at=row.decided_at,
        decision=row.decision,
    )


def whole_out(certificate_id: int, actor: Actor) -> WholeOut:
    whole = queries.whole_certificate(certificate_id, actor=actor)
    is_holder = actor.acts_for(whole.certificate.holder_id)
    return WholeOut(
        certificate=issued_out(whole.certificate),
        changes=[
            StateChangeOut(
                action=c.action,
                status=CertificateStatus(c.status),
                at=c.at,
                ground=c.ground,
                ground_label=c.ground_label,
                reason=c.reason,
                articles=list(c.articles),
            )
            for c in whole.changes
        ],
        # What an overseer handed over is not told to the holder before the organ takes it up.
        proposals=[
            proposal_out(p) for p in whole.proposals if p.notified_at is not None or not is_holder
        ],
    )
