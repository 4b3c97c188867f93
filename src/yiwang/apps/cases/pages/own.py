"""What an applicant's own pages read, beyond the queries of cases: messages, and the result."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from yiwang.apps.cases.domain.machine import CaseState
from yiwang.apps.cases.errors import CaseNotFoundError
from yiwang.apps.cases.models import Case, Draft
from yiwang.apps.cases.operations.delivering import RESULT_KINDS, pickup_code_of
from yiwang.apps.cases.pages.next_steps import NextStep, next_step
from yiwang.apps.cases.pages.strips import small_strip
from yiwang.apps.cases.queries import WholeCase, own_cases, own_drafts, visible_case, whole_case
from yiwang.foundation.access import Actor
from yiwang.foundation.documents.models import DocumentStatus
from yiwang.foundation.messaging.models import Channel, Message, MessageStatus
from yiwang.foundation.messaging.reading import inbox
from yiwang.foundation.shell.strip import Strip

NEWEST = 5


@dataclass(frozen=True, slots=True)
class OwnCase:
    """One row of 我的办件."""

    case: Case
    step: NextStep
    strip: Strip | None


@dataclass(frozen=True, slots=True)
class Overview:
    cases: list[OwnCase]
    drafts: list[Draft]
    messages: list[Message]
    next_cursor: str | None


def parties_of(actor: Actor) -> list[int]:
    """The person, then the organisations represented."""
    own = [actor.party_id] if actor.party_id is not None else []
    return [*own, *sorted(actor.represents)]


def overview(*, actor: Actor, at: datetime, after: str | None = None, size: int = 20) -> Overview:
    """Cases, drafts and messages of a person and of those they represent: four statements."""
    parties = parties_of(actor)
    page = own_cases(actor=actor, parties=parties, after=after, size=size)
    return Overview(
        cases=[OwnCase(case, next_step(case), own_strip(case, at)) for case in page.cases],
        drafts=[] if after else own_drafts(actor=actor),
        messages=[] if after else list(inbox(parties)[:NEWEST]),
        next_cursor=page.next_cursor,
    )


def own_strip(case: Case, at: datetime) -> Strip | None:
    """The clock of a row while it is ours that runs, or the applicant's to correct."""
    running = (CaseState.RECEIVED, CaseState.CORRECTION, CaseState.REVIEW)
    return small_strip(case, at) if case.state in running else None


def own_case(case_id: int, *, actor: Actor) -> Case:
    """The case of somebody who acts for its applicant. Raises CaseNotFoundError."""
    case = visible_case(case_id, actor=actor)
    if not actor.acts_for(case.applicant_id, case.filed_by_id):
        raise CaseNotFoundError
    return case


def own_whole_case(case_id: int, *, actor: Actor) -> WholeCase:
    """The whole case of somebody who acts for its applicant. Raises CaseNotFoundError."""
    whole = whole_case(case_id, actor=actor)
    if not actor.acts_for(whole.case.applicant_id, whole.case.filed_by_id):
        raise CaseNotFoundError
    return whole


def messages_of(case: Case) -> list[Message]:
    """What was told about one case."""
    sent = Message.objects.filter(channel=Channel.IN_SITE, status=MessageStatus.SENT)
    return list(sent.filter(subject=case.subject).order_by("-id")[:NEWEST])


@dataclass(frozen=True, slots=True)
class Result:
    """How the result reaches the applicant; None of it before a decision."""

    word: str
    is_ready: bool
    can_sign: bool
    pickup_code: str


def result_of(whole: WholeCase) -> Result | None:
    """The result while it waits to be handed over; the code only when every paper is made."""
    case = whole.case
    if case.state not in (CaseState.GRANTED, CaseState.REFUSED):
        return None
    papers = [d for d in whole.documents if d.kind in RESULT_KINDS]
    is_ready = bool(papers) and all(d.status == DocumentStatus.READY for d in papers)
    definition = whole.definition
    granted = case.state == CaseState.GRANTED
    return Result(
        word=definition.grant_word if granted else definition.refuse_word,
        is_ready=is_ready,
        can_sign="ONLINE" in definition.result.delivery,
        pickup_code=pickup_code_of(case) if is_ready else "",
    )
