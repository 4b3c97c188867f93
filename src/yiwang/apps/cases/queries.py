"""Reads of cases: one case whole, the lists by job, and who may see what."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Q

from yiwang.apps.cases import permissions
from yiwang.apps.cases.domain.clocks import CaseClocks, reckon
from yiwang.apps.cases.errors import CaseNotFoundError
from yiwang.apps.cases.models import (
    Case,
    CaseMaterial,
    ClockRow,
    Draft,
    OutsideStatus,
    ReviewStep,
    SpecialProcedure,
    TakeIn,
)
from yiwang.apps.cases.operations.act import CLOCK_ROWS, events_by_clock, limits_of
from yiwang.apps.cases.operations.contents import LATEST_CONTENT
from yiwang.apps.cases.operations.drafts import may_use
from yiwang.apps.cases.seeing import may_read
from yiwang.apps.cases.taken_in import take_in_of
from yiwang.apps.catalog.public import Definition, definition_of
from yiwang.apps.people.public import Party
from yiwang.foundation.access import Actor
from yiwang.foundation.calendars.current import calendar
from yiwang.foundation.documents.models import LegalDocument
from yiwang.foundation.lists import Listing, Slice, page
from yiwang.foundation.record.models import RecordEntry
from yiwang.foundation.statements import Statement
from yiwang.kernel.moment import start_of_day
from yiwang.kernel.numbering import NumberingError, parse_short_number


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What other apps may know of a case."""

    case_id: int
    short_number: str
    state: str
    item_code: str
    item_name: str
    organ_id: int
    applicant_id: int
    hall_id: int


def case_facts(case_id: int) -> CaseFacts:
    """Raises CaseNotFoundError."""
    case = Case.objects.filter(pk=case_id).first()
    if case is None:
        raise CaseNotFoundError
    return facts_of(case)


def facts_of(case: Case) -> CaseFacts:
    return CaseFacts(
        case.pk,
        case.short_number,
        case.state,
        case.item_code,
        case.item_name,
        case.organ_id,
        case.applicant_id,
        case.hall_id,
    )


@dataclass(frozen=True)
class WholeCase:
    """One case with all that a screen or an API reader needs: eight statements at most."""

    case: Case
    definition: Definition
    form: dict[str, Any]
    clocks: CaseClocks
    clock_rows: list[ClockRow]
    materials: list[CaseMaterial]
    steps: list[ReviewStep]
    documents: list[LegalDocument]

    @cached_property
    def entries(self) -> list[RecordEntry]:
        """Its record, oldest first: read at the first use, since only screens tell the story."""
        return _ENTRIES.rows(self.case.subject)

    @cached_property
    def take_in(self) -> TakeIn | None:
        """How it was taken in for another window: asked only of a case that was."""
        return take_in_of(self.case)

    @cached_property
    def agents(self) -> dict[int, str]:
        """Masked names of the agents who acted; no statement where none did."""
        keys = {entry.facts["agent"] for entry in self.entries if entry.facts.get("agent")}
        if not keys:
            return {}
        return dict(Party.objects.filter(pk__in=keys).values_list("pk", "label"))

    @cached_property
    def procedures(self) -> list[SpecialProcedure]:
        """Its special procedures, oldest first: asked only of an item that knows some."""
        return _PROCEDURES.rows(self.case.pk) if self.definition.procedures else []

    @cached_property
    def outside(self) -> list[OutsideStatus]:
        """What came back from the system that decides, oldest first."""
        if self.definition.handling.is_own and not self.definition.upper_organ:
            return []
        return _OUTSIDE.rows(self.case.pk)


_CASE = Statement(
    lambda pk: Case.objects.select_related("organ", "hall", "applicant").filter(pk=pk), int
)
_MATERIALS = Statement(
    lambda case_id: CaseMaterial.objects.filter(case_id=case_id).select_related("attachment__file"),
    int,
)
_STEPS = Statement(
    lambda case_id: ReviewStep.objects.filter(case_id=case_id).order_by("opened_at", "id"), int
)
_DOCUMENTS = Statement(
    lambda subject: (
        LegalDocument.objects.filter(subject=subject).defer("content").order_by("made_on", "number")
    ),
    str,
)
_PROCEDURES = Statement(
    lambda case_id: SpecialProcedure.objects.filter(case_id=case_id).order_by("id"), int
)
_OUTSIDE = Statement(
    lambda case_id: OutsideStatus.objects.filter(case_id=case_id).order_by("id"), int
)
_ENTRIES = Statement(
    lambda subject: RecordEntry.objects.filter(subject=subject).order_by("seq"), str
)


def visible_case(case_id: int, *, actor: Actor) -> Case:
    """The case, or CaseNotFoundError for those who may not see it."""
    case = _CASE.first(case_id)
    if case is None or not may_read(actor, case):
        raise CaseNotFoundError
    return case


def whole_case(case_id: int, *, actor: Actor) -> WholeCase:
    """Raises CaseNotFoundError."""
    case = visible_case(case_id, actor=actor)
    definition = definition_of(case.item_version_id)
    rows = CLOCK_ROWS.rows(case.pk)
    content = LATEST_CONTENT.first(case.pk)
    return WholeCase(
        case=case,
        definition=definition,
        form=content.form or {} if content else {},
        clocks=reckon(events_by_clock(rows), limits_of(definition), calendar()),
        clock_rows=rows,
        materials=_in_order(case, definition),
        steps=_STEPS.rows(case.pk),
        documents=_DOCUMENTS.rows(case.subject),
    )


def _in_order(case: Case, definition: Definition) -> list[CaseMaterial]:
    order = {material.code: place for place, material in enumerate(definition.materials)}
    return sorted(_MATERIALS.rows(case.pk), key=lambda row: order.get(row.code, 999))


# The lists. Each is one statement for the keys and one for the rows.

# The green channel first, then by the clock.
TO_ACCEPT = Listing(
    "cases_case",
    "hall_id",
    "bigint",
    (("lane", "bigint"), ("sort_due_at", "timestamptz"), ("id", "bigint")),
)
TO_DELIVER = Listing(
    "cases_case", "hall_id", "bigint", (("sort_due_at", "timestamptz"), ("id", "bigint"))
)
STEPS = Listing(
    "cases_reviewstep", "queue", "text", (("sort_due_at", "timestamptz"), ("id", "bigint"))
)
ORGAN_CASES = Listing("cases_case", "organ_id", "bigint", (("id", "bigint"),), descending=True)
OWN_CASES = Listing("cases_case", "applicant_id", "bigint", (("id", "bigint"),), descending=True)
# What a window hands out: its package, and what its hall took in and kept (`seeing.may_hand_out`).
OF_WINDOW_TO_DELIVER = "(t.item_code = ANY(%s) OR t.taken_in_hall_id = t.hall_id)"
LATE = Listing(
    "cases_case", "organ_id", "bigint", (("sort_due_at", "timestamptz"), ("id", "bigint"))
)


@dataclass(frozen=True, slots=True)
class CasePage:
    cases: list[Case]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class StepPage:
    steps: list[ReviewStep]
    next_cursor: str | None


_LISTED_CASES = Statement(
    lambda keys: Case.objects.select_related("organ").extra(
        where=["cases_case.id = ANY(%s)"], params=[keys]
    ),
    list,
)
_LISTED_STEPS = Statement(
    lambda keys: ReviewStep.objects.select_related("case__organ").extra(
        where=["cases_reviewstep.id = ANY(%s)"], params=[keys]
    ),
    list,
)


def listed_cases(found: Slice) -> CasePage:
    """The rows of a page of keys, in its order; one statement."""
    rows = {case.pk: case for case in _LISTED_CASES.rows(list(found.keys))} if found.keys else {}
    return CasePage([rows[key] for key in found.keys if key in rows], found.next_cursor)


def cases_to_accept(
    *, actor: Actor, after: str | None = None, size: int = 20, item: str = ""
) -> CasePage:
    """Received cases of the actor's halls and item packages: the green channel on top, then by
    the receipt clock."""
    halls, codes = window_scope(actor)
    where, parameters = "t.state = 'RECEIVED' AND t.item_code = ANY(%s)", [sorted(codes)]
    if item:
        where, parameters = f"{where} AND t.item_code = %s", [*parameters, item]  # type: ignore[list-item]
    return listed_cases(
        page(TO_ACCEPT, scopes=halls, where=where, parameters=parameters, after=after, size=size)
    )


def cases_to_deliver(*, actor: Actor, after: str | None = None, size: int = 20) -> CasePage:
    """Decided cases waiting to be handed over at the actor's halls."""
    halls, codes = window_scope(actor)
    return listed_cases(
        page(
            TO_DELIVER,
            scopes=halls,
            where=f"t.state IN ('GRANTED', 'REFUSED') AND {OF_WINDOW_TO_DELIVER}",
            parameters=[sorted(codes)],
            after=after,
            size=size,
        )
    )


def window_scope(actor: Actor) -> tuple[list[int], set[str]]:
    """Halls and items of the actor's windows."""
    codes: set[str] = set()
    for posting in actor.postings:
        if permissions.RECEIVE.code in posting.permissions:
            codes |= posting.package
    return actor.hall_ids(permissions.RECEIVE), codes


def queues_of(actor: Actor) -> list[str]:
    """The step queues this actor works: one per organ and job."""
    return sorted(
        f"{organ_id}:{job}"
        for job, permission in permissions.JOBS.items()
        for organ_id in actor.organ_ids(permission)
    )


def open_steps_of(
    *, actor: Actor, after: str | None = None, size: int = 20, job: str = ""
) -> StepPage:
    """Open steps of the actor's organs and jobs, by the clock."""
    queues = [q for q in queues_of(actor) if not job or q.endswith(f":{job}")]
    found = page(STEPS, scopes=queues, where="t.state = 'OPEN'", after=after, size=size)
    return listed_steps(found)


def listed_steps(found: Slice) -> StepPage:
    """The rows of a page of keys, with their cases; one statement."""
    rows = {step.pk: step for step in _LISTED_STEPS.rows(list(found.keys))} if found.keys else {}
    return StepPage([rows[key] for key in found.keys if key in rows], found.next_cursor)


def organ_cases(*, actor: Actor, after: str | None = None, size: int = 20) -> CasePage:
    """All cases of the actor's organs, newest first."""
    return listed_cases(
        page(ORGAN_CASES, scopes=actor.organ_ids(permissions.READ_ORGAN), after=after, size=size)
    )


_HAS_FILES = (
    "EXISTS (SELECT 1 FROM cases_casematerial m "
    "WHERE m.case_id = t.id AND m.attachment_id IS NOT NULL)"
)


def own_cases(
    *,
    actor: Actor,
    parties: list[int],
    after: str | None = None,
    size: int = 20,
    with_files: bool = False,
) -> CasePage:
    """Cases of the signed-in person and of those they represent, and those they see as somebody's
    agent, newest first."""
    if actor.party_id is None:
        return CasePage([], None)
    where, values = _also_as_agent(actor, parties)
    if with_files:
        where = f"{where} AND {_HAS_FILES}"
    scopes = sorted({*parties, *actor.principals()})
    return listed_cases(
        page(OWN_CASES, scopes=scopes, where=where, parameters=values, after=after, size=size)
    )


def _also_as_agent(actor: Actor, parties: list[int]) -> tuple[str, list[Any]]:
    """What `seeing.is_within_mandate` says, as SQL: all of one's own, of a principal's only the
    items and the time of the authorisation, or what one filed oneself."""
    if not actor.mandates:
        return "TRUE", []
    parts: list[str] = ["t.applicant_id = ANY(%s)"]
    values: list[Any] = [parties]
    for mandate in actor.mandates:
        parts.append(
            "(t.applicant_id = %s AND (%s OR t.item_code = ANY(%s)) "
            "AND (t.filed_by_id = %s OR t.received_at >= %s AND t.received_at < %s))"
        )
        values += [
            mandate.principal_id,
            mandate.items is None,
            sorted(mandate.items or ()),
            actor.party_id,
            start_of_day(mandate.valid_from),
            start_of_day(mandate.valid_until + timedelta(days=1)),
        ]
    return f"({' OR '.join(parts)})", values


def own_drafts(*, actor: Actor) -> list[Draft]:
    """What the actor may go on with, last saved first: their own, and those an agent began for
    them. One statement."""
    own = [] if actor.party_id is None else [actor.party_id, *actor.represents]
    rows = (
        Draft.objects.filter(Q(owner=actor.ref) | Q(applicant_id__in=own, channel="ONLINE"))
        .select_related("applicant")
        .defer("form")
        .order_by("-saved_at")[:40]
    )
    return [draft for draft in rows if may_use(draft, actor)][:20]


def late_cases(
    *, organs: list[int], at: datetime, after: str | None = None, size: int = 20
) -> CasePage:
    """Cases whose running clock is over, longest over first (supervision)."""
    return listed_cases(
        page(
            LATE,
            scopes=organs,
            where="t.state IN ('RECEIVED','REVIEW','GRANTED','REFUSED') AND t.sort_due_at <= %s",
            parameters=[at],
            after=after,
            size=size,
        )
    )


def find_by_number(text: str, *, actor: Actor) -> Case | None:
    """By short or long number, if the actor may see it."""
    wanted = text.strip()
    with contextlib.suppress(NumberingError):
        wanted = parse_short_number(wanted).text
    case = (
        Case.objects.select_related("organ", "hall", "applicant")
        .filter(Q(short_number=wanted) | Q(number=wanted.upper()))
        .first()
    )
    return case if case is not None and may_read(actor, case) else None
