"""A combination of filters as a declared list and its condition: the words are code, the values
parameters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yiwang.apps.cases import permissions
from yiwang.apps.cases.domain.filters import ApplicantKind, Chosen, Due, WorkList
from yiwang.apps.cases.models import FIRST, NEVER
from yiwang.apps.cases.queries import (
    LATE,
    OF_WINDOW_TO_DELIVER,
    ORGAN_CASES,
    STEPS,
    TO_ACCEPT,
    TO_DELIVER,
    CasePage,
    StepPage,
    listed_cases,
    listed_steps,
    queues_of,
    window_scope,
)
from yiwang.foundation.access import Actor
from yiwang.foundation.calendars.current import calendar
from yiwang.foundation.lists import Counted, Listing, Slice, page
from yiwang.kernel.moment import civil_date, end_of_day, start_of_day

RECEIVED_BETWEEN = Listing(
    "cases_case",
    "organ_id",
    "bigint",
    (("received_at", "timestamptz"), ("id", "bigint")),
    descending=True,
)
SOON = 2  # working days after today
# OFFSET 0 keeps it a look-up by key for each step; made a join, it would read all cases.
_CASE_OF_STEP = "(SELECT 1 FROM cases_case c WHERE c.id = t.case_id"
_RUNNING = "t.state IN ('RECEIVED','REVIEW','GRANTED','REFUSED')"


@dataclass(slots=True)
class _Condition:
    parts: list[str]
    values: list[Any]

    def add(self, sql: str, *values: Any) -> None:
        self.parts.append(sql)
        self.values.extend(values)


def narrowed(chosen: Chosen, *, actor: Actor, at: datetime) -> Counted:
    """The list of this combination within what the actor works: for `page` and for `counts`."""
    listing, scopes, condition = _BASES[chosen.work_list](actor, chosen)
    if chosen.work_list is WorkList.REVIEW:
        _of_steps(chosen, condition, at)
    else:
        _of_case(chosen, condition, "t")
        _due(chosen, condition, at)
    return Counted(listing, scopes, " AND ".join(condition.parts), condition.values)


def narrowed_cases(found: Counted, *, after: str | None = None, size: int = 20) -> CasePage:
    """A page of it; two statements. Raises BadCursorError."""
    return listed_cases(_keys(found, after, size))


def narrowed_steps(found: Counted, *, after: str | None = None, size: int = 20) -> StepPage:
    return listed_steps(_keys(found, after, size))


def _keys(found: Counted, after: str | None, size: int) -> Slice:
    return page(
        found.listing,
        scopes=found.scopes,
        where=found.where,
        parameters=found.parameters,
        after=after,
        size=size,
    )


_Base = tuple[Listing, list[Any], _Condition]


def _accept(actor: Actor, chosen: Chosen) -> _Base:
    halls, codes = window_scope(actor)
    return TO_ACCEPT, list(halls), _package("t.state = 'RECEIVED'", codes, chosen)


def _deliver(actor: Actor, chosen: Chosen) -> _Base:
    halls, codes = window_scope(actor)
    state = "t.state IN ('GRANTED', 'REFUSED')"
    if chosen.get("item"):
        return TO_DELIVER, list(halls), _package(state, codes, chosen)
    condition = _Condition([state, OF_WINDOW_TO_DELIVER], [sorted(codes)])
    return TO_DELIVER, list(halls), condition


def _package(state: str, codes: set[str], chosen: Chosen) -> _Condition:
    """One item of the package is an equality, which its own index answers."""
    if chosen.get("item") in codes:
        return _Condition([state], [])
    return _Condition([state, "t.item_code = ANY(%s)"], [sorted(codes)])


def _review(actor: Actor, chosen: Chosen) -> _Base:
    job = chosen.get("job")
    queues = [q for q in queues_of(actor) if not job or q.endswith(f":{job}")]
    return STEPS, list(queues), _Condition(["t.state = 'OPEN'"], [])


def _organ(actor: Actor, chosen: Chosen) -> _Base:
    """Newest first; with a limit of days by receipt, with a clock by the clock: each order has its
    index."""
    scopes: list[Any] = list(actor.organ_ids(permissions.READ_ORGAN))
    condition = _Condition([], [])
    if chosen.get("state"):
        condition.add("t.state = %s", chosen.get("state"))
    first, last = chosen.on("first"), chosen.on("last")
    if first:
        condition.add("t.received_at >= %s", start_of_day(first))
    if last:
        condition.add("t.received_at < %s", end_of_day(last))
    if chosen.get("due"):
        condition.add(_RUNNING)
        return LATE, scopes, condition
    if not condition.parts:
        condition.add("TRUE")
    return RECEIVED_BETWEEN if first or last else ORGAN_CASES, scopes, condition


_BASES: dict[WorkList, Callable[[Actor, Chosen], _Base]] = {
    WorkList.ACCEPT: _accept,
    WorkList.REVIEW: _review,
    WorkList.DELIVER: _deliver,
    WorkList.CASES: _organ,
}


def _of_case(chosen: Chosen, condition: _Condition, alias: str) -> None:
    if chosen.get("item"):
        condition.add(f"{alias}.item_code = %s", chosen.get("item"))
    if chosen.get("channel"):
        condition.add(f"{alias}.channel = %s", chosen.get("channel"))
    if chosen.get("green"):
        condition.add(f"{alias}.lane = {FIRST}")
    if chosen.get("applicant"):
        is_organisation = chosen.get("applicant") == ApplicantKind.ORGANISATION
        condition.add(f"{alias}.is_organisation = {is_organisation}")


def _of_steps(chosen: Chosen, condition: _Condition, at: datetime) -> None:
    """What is known of the case is asked of its row, by its key."""
    case = _Condition([], [])
    _of_case(chosen, case, "c")
    if case.parts:
        known = " AND ".join(case.parts)
        condition.add(f"EXISTS {_CASE_OF_STEP} AND {known} OFFSET 0)", *case.values)
    _due(chosen, condition, at)


def _due(chosen: Chosen, condition: _Condition, at: datetime) -> None:
    """A range of the clock's own column; a clock that is stopped sorts at NEVER."""
    if not chosen.get("due"):
        return
    today = civil_date(at)
    due = Due(chosen.get("due"))
    if due is Due.LATE:
        condition.add("t.sort_due_at <= %s", at)
    elif due is Due.PAUSED:
        condition.add("t.sort_due_at = %s", NEVER)
    else:
        last = calendar().add_working_days(today, SOON) if due is Due.SOON else today
        condition.add("t.sort_due_at > %s AND t.sort_due_at <= %s", at, end_of_day(last))
