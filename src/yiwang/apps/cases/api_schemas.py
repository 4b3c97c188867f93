"""What the API says of drafts and cases."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel


class CaseBrief(BaseModel):
    """One case in a list, or after an act. The applicant's name is masked. `entrance`: the
    identifier of the registered system through which it was filed, empty for our own pages."""

    id: int
    version: int
    number: str
    short_number: str
    state: str
    state_label: str
    item_code: str
    item_name: str
    organ: str
    applicant: str
    channel: str
    entrance: str
    is_taken_in: bool
    received_at: datetime
    accepted_at: datetime | None
    is_deemed_accepted: bool
    decided_at: datetime | None
    ended_at: datetime | None
    correction_until: date | None
    receipt_due_on: date | None
    promised_due_on: date | None
    statutory_due_on: date | None
    delivery_due_on: date | None


class CasePage(BaseModel):
    cases: list[CaseBrief]
    next_cursor: str | None


class StepRow(BaseModel):
    """An open step in the actor's queues."""

    case_id: int
    case_version: int
    short_number: str
    item_name: str
    organ: str
    applicant: str
    step: str
    step_name: str
    job: str
    opened_at: datetime
    due_on: date | None


class StepPage(BaseModel):
    steps: list[StepRow]
    next_cursor: str | None


class DayOut(BaseModel):
    """One day of a limit: anybody can count them by hand."""

    on: date
    mark: str
    ordinal: int | None
    reason: str
    article: str
    is_provisional: bool


class ClockOut(BaseModel):
    """One clock with every day explained. `due_on` is None while the clock is stopped."""

    name: str
    title: str
    limit: str
    article: str
    started_on: date
    due_on: date | None
    due_at: datetime | None
    finished_at: datetime | None
    is_provisional: bool
    standing: str
    standing_text: str
    days: list[DayOut]


class FileOut(BaseModel):
    id: uuid.UUID
    name: str
    size: int
    media_type: str
    url: str


class PointOut(BaseModel):
    code: str
    text: str
    is_checked: bool


class MaterialOut(BaseModel):
    """`points` with their ticks are for staff; empty for applicants. `original`: DUE, MATCHES or
    DIFFERS where the original is seen before the decision (先审后验), else empty."""

    code: str
    name: str
    required: bool
    status: str
    status_label: str
    note: str
    problem: str
    file: FileOut | None
    is_opened: bool
    is_deferred: bool
    is_handed_back: bool
    original: str
    points: list[PointOut]


class InnerStep(BaseModel):
    """What only staff read of a step."""

    done_by: str
    second_person: str
    conclusion: str
    opinion: str


class StepOut(BaseModel):
    code: str
    round: int
    name: str
    job: str
    state: str
    state_label: str
    people: int
    opened_at: datetime
    due_on: date | None
    done_at: datetime | None
    inner: InnerStep | None


class DocumentOut(BaseModel):
    id: uuid.UUID
    kind: str
    title: str
    number: str
    made_on: date
    status: str
    status_label: str
    check_code: str
    url: str


class ActOut(BaseModel):
    """One act this caller's posts (or the applicant's own rights) know. `reason` says why it is
    not open now."""

    action: str
    label: str
    article: str
    is_allowed: bool
    reason: str


class DecisionOut(BaseModel):
    outcome: str
    word: str
    facts: str
    articles: list[str]
    reason: str
    decided_at: datetime


class ApplicantOut(BaseModel):
    """Masked for everybody but the person themself."""

    kind: str
    name: str
    paper_kind: str
    paper_number: str
    phone: str


class OwnCodes(BaseModel):
    """Codes told to the applicant: to ask where the case stands, and to fetch the result."""

    query_code: str
    pickup_code: str | None


class ProposalOut(BaseModel):
    """A change that waits for a second person; `fields` are the answers it would change."""

    id: int
    case_id: int
    kind: str
    reason: str
    proposed_by: str
    proposed_at: datetime
    fields: list[str]


class ProcedureOut(BaseModel):
    """A special procedure with its days."""

    id: int
    code: str
    kind: str
    name: str
    state: str
    state_label: str
    told: str
    opened_at: datetime
    due_on: date | None
    held_on: date | None
    place: str
    presiding: str
    outcome: str
    closed_at: datetime | None


class OutsideOut(BaseModel):
    """A status of the system that decides: its source, its time and ours."""

    system: str
    receipt: str
    status: str
    at_source: datetime | None
    received_at: datetime


class CaseWhole(BaseModel):
    """One case with all that a reader needs."""

    case: CaseBrief
    hall: str
    applicant: ApplicantOut
    is_masked: bool
    form: dict[str, Any]
    clocks: list[ClockOut]
    materials: list[MaterialOut]
    steps: list[StepOut]
    documents: list[DocumentOut]
    decision: DecisionOut | None
    commitment: str
    deferral_until: date | None
    procedures: list[ProcedureOut]
    outside: list[OutsideOut]
    acts: list[ActOut]
    codes: OwnCodes | None


class DraftMaterial(BaseModel):
    code: str
    name: str
    required: bool
    status: str
    status_label: str
    note: str
    file_id: uuid.UUID | None


class DraftBrief(BaseModel):
    id: uuid.UUID
    version: int
    item_code: str
    item_name: str
    applicant: str
    channel: str
    saved_at: datetime


class DraftWhole(BaseModel):
    """A draft: what is filled in, and everything still missing at once (field, or
    `material-<code>`, → what to do). At a window personal answers are masked."""

    draft: DraftBrief
    hall: str
    is_masked: bool
    form: dict[str, Any]
    materials: list[DraftMaterial]
    commitment: str
    missing: dict[str, str]


class ProgressOut(BaseModel):
    """Where a case stands, for anybody who holds the receipt."""

    short_number: str
    item_name: str
    organ: str
    applicant: str
    state: str
    state_label: str
    received_at: datetime
    due_on: date | None
    what_next: str
