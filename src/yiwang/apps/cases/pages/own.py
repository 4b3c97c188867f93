"""What an applicant's own pages read, beyond the queries of cases: messages, and the result."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from yiwang.apps.cases.domain.machine import CaseState
from yiwang.apps.cases.errors import CaseNotFoundError
from yiwang.apps.cases.making import being_made
from yiwang.apps.cases.models import Case, Draft
from yiwang.apps.cases.operations.delivering import RESULT_KINDS, is_being_made, pickup_code_of
from yiwang.apps.cases.pages.next_steps import MAKING, NextStep, next_step
from yiwang.apps.cases.pages.strips import small_strip
from yiwang.apps.cases.queries import WholeCase, own_cases, own_drafts, visible_case, whole_case
from yiwang.apps.cases.seeing import is_on_their_side, may_do, stands_for
from yiwang.apps.people.public import MandateAct
from yiwang.foundation.access import Actor
from yiwang.foundation.documents.models import DocumentStatus, LegalDocument
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
    """Cases, drafts and messages of a person, of those they represent, and what they see as an
    agent: four statements."""
    parties = parties_of(actor)
    page = own_cases(actor=actor, parties=parties, after=after, size=size)
    making = being_made(page.cases)
    return Overview(
        cases=[
            OwnCase(
                case,
                MAKING if case.pk in making else step_for(case, actor, at),
                own_strip(case, at),
            )
            for case in page.cases
        ],
        drafts=[] if after else own_drafts(actor=actor),
        messages=[] if after else list(inbox(parties)[:NEWEST]),
        next_cursor=page.next_cursor,
    )


def step_for(case: Case, actor: Actor, at: datetime) -> NextStep:
    """The next step; what an agent was not authorised to do is not theirs to do."""
    step = next_step(case, at)
    if case.state == CaseState.CORRECTION and not may_do(actor, case, MandateAct.SUPPLY):
        return NextStep(step.title, "委托里没有补正这一项,请委托人自己补正,或改委托。")
    return step


def papers_for(whole: WholeCase, actor: Actor) -> list[LegalDocument]:
    """The papers, without those of the result for an agent who may not collect it."""
    if may_do(actor, whole.case, MandateAct.COLLECT):
        return whole.documents
    return [d for d in whole.documents if d.kind not in RESULT_KINDS]


def own_strip(case: Case, at: datetime) -> Strip | None:
    """The clock of a row while it is ours that runs, or the applicant's to correct."""
    running = (CaseState.RECEIVED, CaseState.CORRECTION, CaseState.REVIEW)
    return small_strip(case, at) if case.state in running else None


def own_case(case_id: int, *, actor: Actor) -> Case:
    """The case of somebody on its applicant's side. Raises CaseNotFoundError."""
    case = visible_case(case_id, actor=actor)
    if not is_on_their_side(actor, case):
        raise CaseNotFoundError
    return case


def own_whole_case(case_id: int, *, actor: Actor) -> WholeCase:
    """The whole case of somebody on its applicant's side. Raises CaseNotFoundError."""
    whole = whole_case(case_id, actor=actor)
    if not is_on_their_side(actor, whole.case):
        raise CaseNotFoundError
    return whole


def messages_of(case: Case, actor: Actor) -> list[Message]:
    """What was told about one case; an agent reads none of the principal's messages."""
    if not stands_for(actor, case):
        return []
    sent = Message.objects.filter(channel=Channel.IN_SITE, status=MessageStatus.SENT)
    return list(sent.filter(subject=case.subject).order_by("-id")[:NEWEST])


@dataclass(frozen=True, slots=True)
class Result:
    """How the result reaches the applicant; None of it before a decision."""

    word: str
    is_ready: bool
    can_sign: bool
    pickup_code: str
    may_collect: bool = True
    is_being_made: bool = False


def result_of(whole: WholeCase, actor: Actor | None = None) -> Result | None:
    """The result while it waits to be handed over; the code only when every paper is made, and
    not for an agent who was not authorised to collect it."""
    case = whole.case
    if case.state not in (CaseState.GRANTED, CaseState.REFUSED):
        return None
    papers = [d for d in whole.documents if d.kind in RESULT_KINDS]
    making = is_being_made(case)
    is_ready = bool(papers) and all(d.status == DocumentStatus.READY for d in papers)
    is_ready = is_ready and not making
    definition = whole.definition
    may_collect = actor is None or may_do(actor, case, MandateAct.COLLECT)
    granted = case.state == CaseState.GRANTED
    return Result(
        word=definition.grant_word if granted else definition.refuse_word,
        is_ready=is_ready,
        can_sign="ONLINE" in definition.result.delivery
        and definition.result.blank is None
        and may_collect,
        pickup_code=pickup_code_of(case) if is_ready and may_collect else "",
        may_collect=may_collect,
        is_being_made=making,
    )
