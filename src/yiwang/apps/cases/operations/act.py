"""What every act on a case has in common.

`begin` reads the case and asks who and when; `Act.commit` writes the change, its clock events, its
record entry, its timers, its events and its document, in one transaction. An operation in between
says only what is particular to it.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from yiwang.apps.cases import permissions
from yiwang.apps.cases.domain.clocks import CaseClocks, CaseLimits, reckon
from yiwang.apps.cases.domain.machine import MACHINE, CaseAction
from yiwang.apps.cases.domain.policies import Situation, guard_reason
from yiwang.apps.cases.errors import CaseNotFoundError, ConflictError, NotNowError
from yiwang.apps.cases.models import NEVER, Case, ClockRow, ReviewStep
from yiwang.apps.cases.seeing import may_at_window, may_hand_out, may_read
from yiwang.apps.catalog.public import Definition, definition_of
from yiwang.foundation.access import Actor, Permission
from yiwang.foundation.calendars.current import calendar
from yiwang.foundation.documents.content import Document
from yiwang.foundation.documents.issuing import numbered_document
from yiwang.foundation.outbox.bus import publish
from yiwang.foundation.record.models import RecordEntry
from yiwang.foundation.record.writing import build
from yiwang.foundation.statements import Statement, insert, update_where
from yiwang.foundation.timers.sweep import set_timers
from yiwang.kernel.calendar import Calendar
from yiwang.kernel.chain import Head
from yiwang.kernel.clock import ClockEvent, ClockEventKind
from yiwang.kernel.machine import Transition


def limits_of(definition: Definition) -> CaseLimits:
    """The kernel limits of an item version."""
    limits, rest = definition.limits, definition.regime.cite("行政许可法 §82")
    return CaseLimits(
        receipt=limits.receipt.to_limit(rest),
        promised=limits.promised.to_limit(rest),
        statutory=limits.statutory.to_limit(rest) if limits.statutory else None,
        delivery=limits.delivery.to_limit(rest) if limits.delivery else None,
    )


def events_by_clock(rows: list[ClockRow]) -> dict[str, list[ClockEvent]]:
    found: dict[str, list[ClockEvent]] = defaultdict(list)
    for row in rows:
        found[row.clock].append(row.to_event())
    return found


@dataclass
class Act:
    """One act in the making. `changes` are columns of the case; the lists are what it adds.

    `days` is the calendar to reckon with where it is not yet the current one (a notice that is
    being entered).
    """

    case: Case
    definition: Definition
    transition: Transition
    actor: Actor
    at: datetime
    rows: list[ClockRow]
    changes: dict[str, Any] = field(default_factory=dict)
    new_rows: list[ClockRow] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    timers: dict[str, datetime | None] = field(default_factory=dict)
    events: list[Any] = field(default_factory=list)
    documents: list[tuple[uuid.UUID, Document, str, str]] = field(default_factory=list)
    steps: list[ReviewStep] = field(default_factory=list)
    days: Calendar | None = None

    def check(self, situation: Situation) -> None:
        """Every guard of the transition. Raises NotNowError with the first reason."""
        for guard in self.transition.guards:
            reason = guard_reason(guard, situation, self.definition.regime.cited)
            if reason:
                raise NotNowError(reason)

    def clock(self, name: str, kind: ClockEventKind, **fields: Any) -> ClockRow:
        """Append a clock event."""
        fields.setdefault("at", self.at)
        row = ClockRow(case=self.case, clock=name, kind=kind.value, **fields)
        self.new_rows.append(row)
        return row

    def document(self, document: Document, *, identifier: uuid.UUID, kind_word: str) -> None:
        """Have a document written last, when its number is allocated."""
        self.documents.append((identifier, document, self.case.organ.document_word, kind_word))
        self.facts.setdefault("documents", []).append(
            {"id": str(identifier), "kind": document.kind.value}
        )

    def clocks(self) -> CaseClocks:
        """The clocks with this act's events."""
        return reckon(
            events_by_clock([*self.rows, *self.new_rows]),
            limits_of(self.definition),
            self.days or calendar(),
        )

    def commit(self) -> Case:
        """Write everything. Raises ConflictError where somebody else was quicker."""
        if self.new_rows or self.days is not None:
            self._project()
        head = Head(self.case.version, bytes(self.case.record_hash))
        self.facts["state"] = self.changes.get("state", self.case.state)
        entry, new_head = build(
            subject=self.case.subject,
            head=head,
            operation=f"cases.{self.transition.action}",
            actor=self.actor.ref,
            at=self.at,
            facts=self.facts,
            digests=self.digests,
        )
        self.changes |= {"version": new_head.seq, "record_hash": new_head.hash}
        if not update_where(Case, {"pk": self.case.pk, "version": head.seq}, self.changes):
            raise ConflictError(*last_act(self.case.pk))
        insert([entry])
        self._write_parts()
        for name, value in self.changes.items():
            setattr(self.case, name, value)
        return self.case

    def _write_parts(self) -> None:
        insert(self.new_rows)
        insert(self.steps)
        if self.timers:
            set_timers(self.case.subject, self.timers)
        publish(self.events, at=self.at)
        self._write_documents()

    def _write_documents(self) -> None:
        """Last of all, since allocating a gap-free number holds its series until the commit."""
        rows = [
            numbered_document(
                document,
                identifier=identifier,
                subject=self.case.subject,
                party_id=self.case.applicant_id,
                addressee_label=self.case.applicant_label,
                organ_word=organ_word,
                kind_word=kind_word,
            )
            for identifier, document, organ_word, kind_word in self.documents
        ]
        insert(rows)

    def _project(self) -> None:
        """The due columns, from the clocks: a projection, never a source."""
        clocks = self.clocks()
        over = {r.clock for r in self.rows if r.kind == ClockEventKind.FINISHED.value}
        columns = projected(clocks)
        for name in ("receipt", "promised", "statutory", "delivery"):
            clock = getattr(clocks, name)
            if clock is not None and clock.name in over:
                # What a later calendar would make of it is not the day it was judged by.
                columns[f"{name}_due_on"] = getattr(self.case, f"{name}_due_on")
        self.changes |= columns
        self.facts["due"] = {
            name: str(value) if value else None
            for name, value in columns.items()
            if name.endswith("_due_on")
        }


def projected(clocks: CaseClocks) -> dict[str, Any]:
    """The case's due columns as its clocks say."""
    columns: dict[str, Any] = {}
    for name in ("receipt", "promised", "statutory", "delivery"):
        clock = getattr(clocks, name)
        columns[f"{name}_due_on"] = clock.reckoning.due_on if clock else None
    current = clocks.current
    due_at = current.reckoning.due_at if current else None
    columns["sort_due_at"] = due_at or NEVER
    if current is not None:
        columns["calendar_version"] = current.reckoning.calendar_version
    return columns


_CASE = Statement(
    lambda pk: Case.objects.select_related("organ", "hall", "applicant").filter(pk=pk), int
)
CLOCK_ROWS = Statement(lambda case_id: ClockRow.objects.filter(case_id=case_id).order_by("id"), int)


def begin(
    *,
    case_id: int,
    action: CaseAction,
    actor: Actor,
    at: datetime,
    version: int | None,
    permission: Permission | None = None,
) -> Act:
    """Read the case and ask: may this person, may it be done now, is it still what they saw?

    Raises CaseNotFoundError, AccessDeniedError, TransitionNotAllowedError, ConflictError.
    """
    case = _CASE.first(case_id)
    if case is None or not may_read(actor, case):
        raise CaseNotFoundError
    if permission is not None:
        _require(actor, permission, case)
    if version is not None and version != case.version:
        raise ConflictError(*last_act(case.pk))
    transition = MACHINE.require(case.state, action.value)
    act = Act(
        case=case,
        definition=definition_of(case.item_version_id),
        transition=transition,
        actor=actor,
        at=at,
        rows=CLOCK_ROWS.rows(case.pk),
    )
    if transition.target is not None:
        act.changes["state"] = transition.target
    return act


def _require(actor: Actor, permission: Permission, case: Case) -> None:
    """A window post acts at its hall for its package; any other post for its organ."""
    if permission in (permissions.RECEIVE, permissions.ACCEPT, permissions.DELIVER):
        if may_at_window(actor, permission, case):
            return
        if permission == permissions.DELIVER and may_hand_out(actor, case):
            return
        actor.require(permission, organ_id=case.organ_id)
        return
    actor.require(permission, organ_id=case.organ_id)


def last_act(case_id: int) -> tuple[str, datetime | None]:
    """What happened last, for the one who came second: (label of the act, when)."""
    row = (
        RecordEntry.objects.filter(subject=f"case:{case_id}")
        .order_by("-seq")
        .values_list("operation", "at")
        .first()
    )
    if row is None:
        return "", None
    action = row[0].removeprefix("cases.")
    label = next((t.label for t in MACHINE.transitions if t.action == action), "更新")
    return label, row[1]
