"""What supervision may know of cases: clocks, steps and acts as they are, many cases at a time.

Values, not rows: whoever watches changes nothing here. Every read is bounded by the number of
batches, never by the number of cases.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection
from django.db.models import Q

from yiwang.apps.cases.domain.clocks import CaseClocks, RunningClock, reckon
from yiwang.apps.cases.domain.states import DECISION_CLOCK, FINALS, CaseState
from yiwang.apps.cases.errors import CaseNotFoundError
from yiwang.apps.cases.models import NEVER, Case, CaseDecision, ClockRow, ReviewStep, StepState
from yiwang.apps.cases.operations.act import events_by_clock, limits_of
from yiwang.apps.cases.pages.strips import case_strip
from yiwang.apps.cases.queries import whole_case
from yiwang.apps.catalog.public import definition_of
from yiwang.foundation.access import Actor
from yiwang.foundation.calendars.current import calendar, forget
from yiwang.foundation.shell.strip import Strip
from yiwang.kernel.calendar import Calendar
from yiwang.kernel.clock import ClockEventKind, Extension, Limit, Pause
from yiwang.kernel.moment import end_of_day

log = logging.getLogger(__name__)
RUNNING = ("RECEIVED", "REVIEW", "GRANTED", "REFUSED")
# A case that ended lately is still looked at: its last act may not have been seen yet.
STILL_WATCHED = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class WatchedClock:
    """A clock as it stands. `due_at` is the first instant that is too late, None while stopped.

    A finished clock keeps the day it was judged by: a later calendar does not judge it again.
    """

    title: str
    limit: Limit
    number: int
    started: date
    due_on: date | None
    due_at: datetime | None
    finished: datetime | None
    pauses: tuple[Pause, ...]
    extensions: tuple[Extension, ...]
    is_provisional: bool
    calendar_version: str


@dataclass(frozen=True, slots=True)
class WatchedStep:
    """A step that is open or done; a cancelled one is nobody's duty any more. One that was sent
    back comes again, with a limit of its own and the next `round`."""

    code: str
    round: int
    name: str
    limit: str
    article: str
    opened_at: datetime
    due_on: date | None
    due_at: datetime | None
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class WatchedCase:
    """One case as supervision sees it: no personal data."""

    case_id: int
    short_number: str
    item_name: str
    organ_id: int
    organ_word: str
    area_code: str
    state: str
    received_at: datetime
    accepted_at: datetime | None
    acceptance_told_at: datetime | None
    decided_at: datetime | None
    ended_at: datetime | None
    corrections_asked: int
    is_refused: bool
    has_reasons: bool
    promised: WatchedClock | None
    statutory: WatchedClock | None
    steps: tuple[WatchedStep, ...]

    @property
    def is_ended(self) -> bool:
        return self.state in FINALS


def watch(case_ids: Sequence[int], *, lock: bool = False) -> dict[int, WatchedCase]:
    """These cases with their clocks reckoned now; four statements however many.

    `lock` holds the rows until the transaction ends, and reads the calendar afterwards: a holiday
    notice that has moved them is known, one under way waits. A case whose clock events contradict
    each other is left out and logged: `verify` names it.
    """
    cases = Case.objects.filter(pk__in=list(case_ids)).select_related("organ").order_by("id")
    if lock:
        cases = cases.select_for_update(of=("self",))
    found = list(cases)
    if lock:
        forget()
    days = calendar()
    rows, steps = defaultdict(list), defaultdict(list)
    for row in ClockRow.objects.filter(case_id__in=list(case_ids)).order_by("id"):
        rows[row.case_id].append(row)
    for step in (
        ReviewStep.objects.filter(case_id__in=list(case_ids))
        .exclude(state=StepState.CANCELLED)
        .order_by("id")
    ):
        steps[step.case_id].append(step)
    refused = [case.pk for case in found if case.state == CaseState.REFUSED or case.decided_at]
    decisions = {d.case_id: d for d in CaseDecision.objects.filter(case_id__in=refused)}
    watched = {}
    for case in found:
        try:
            watched[case.pk] = _watched(case, rows[case.pk], steps[case.pk], decisions, days)
        except ValueError:
            log.exception("the clocks of case %s contradict each other", case.pk)
    return watched


def _watched(
    case: Case,
    rows: list[ClockRow],
    steps: list[ReviewStep],
    decisions: dict[int, CaseDecision],
    days: Calendar,
) -> WatchedCase:
    definition = definition_of(case.item_version_id)
    clocks: CaseClocks = reckon(events_by_clock(rows), limits_of(definition), days)
    decision = decisions.get(case.pk)
    told = (
        row.at
        for row in rows
        if row.clock == DECISION_CLOCK and row.kind == ClockEventKind.STARTED.value
    )
    articles = {step.code: step.article for step in definition.route}
    return WatchedCase(
        case_id=case.pk,
        short_number=case.short_number,
        item_name=case.item_name,
        organ_id=case.organ_id,
        organ_word=case.organ.document_word,
        area_code=case.organ.area_id,
        state=case.state,
        received_at=case.received_at,
        accepted_at=case.accepted_at,
        acceptance_told_at=next(told, None),
        decided_at=case.decided_at,
        ended_at=case.ended_at,
        corrections_asked=case.corrections_asked,
        is_refused=decision is not None and decision.outcome == "REFUSED",
        has_reasons=decision is None
        or bool(decision.facts.strip() and decision.reason.strip() and decision.articles),
        promised=_clock(clocks.promised, case.promised_due_on),
        statutory=_clock(clocks.statutory, case.statutory_due_on),
        steps=tuple(_step(step, articles.get(step.code, "")) for step in steps),
    )


def _clock(clock: RunningClock | None, judged_by: date | None) -> WatchedClock | None:
    if clock is None:
        return None
    reckoning, timeline = clock.reckoning, clock.timeline
    due_on, due_at = reckoning.due_on, reckoning.due_at
    if not clock.is_running and judged_by is not None and judged_by != due_on:
        due_on, due_at = judged_by, end_of_day(judged_by)
    finished = timeline.finished
    return WatchedClock(
        title=clock.title,
        limit=reckoning.limit,
        number=reckoning.number,
        started=reckoning.started,
        due_on=due_on,
        due_at=due_at,
        finished=finished if isinstance(finished, datetime) else None,
        pauses=timeline.pauses,
        extensions=timeline.extensions,
        is_provisional=reckoning.is_provisional,
        calendar_version=reckoning.calendar_version,
    )


def _step(step: ReviewStep, article: str) -> WatchedStep:
    return WatchedStep(
        code=step.code,
        round=step.round,
        name=step.name,
        limit=Limit.parse(step.limit).label,
        article=article,
        opened_at=step.opened_at,
        due_on=step.due_on,
        due_at=None if step.sort_due_at == NEVER else step.sort_due_at,
        done_at=step.done_at,
    )


def watched_batches(*, at: datetime, size: int = 500) -> Iterator[list[int]]:
    """Ids of every case that is not over, or was over only lately; one statement a batch."""
    last = 0
    while True:
        keys = list(
            Case.objects.filter(
                ~Q(state__in=sorted(FINALS)) | Q(ended_at__gte=at - STILL_WATCHED), pk__gt=last
            )
            .order_by("id")
            .values_list("pk", flat=True)[:size]
        )
        if not keys:
            return
        yield keys
        last = keys[-1]


@dataclass(frozen=True, slots=True)
class Span:
    """A period, half-open."""

    start: datetime
    end: datetime


def supervised(organs: Sequence[int], spans: Sequence[Span]) -> list[dict[int, int]]:
    """Per period: organ → cases that were under way at some time in it. One statement.

    A voided case (作废) was never one: it is listed, and not counted.
    """
    found: list[dict[int, int]] = [{} for _ in spans]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.place, c.organ_id, count(*) "
            "FROM unnest(%s::int[], %s::timestamptz[], %s::timestamptz[]) "
            "AS s (place, begun, over) "
            "JOIN cases_case c ON c.received_at < s.over "
            "AND (c.ended_at IS NULL OR c.ended_at >= s.begun) "
            "WHERE c.organ_id = ANY(%s) AND c.state <> 'VOIDED' GROUP BY s.place, c.organ_id",
            [list(range(len(spans))), [s.start for s in spans], [s.end for s in spans], [*organs]],
        )
        for place, organ_id, number in cursor.fetchall():
            found[place][organ_id] = number
    return found


@dataclass(frozen=True, slots=True)
class DueCounts:
    """Of one organ: cases whose running clock ends today, on the next working day, or is over."""

    today: int
    tomorrow: int
    late: int


def due_counts(*, on: date, tomorrow: date, at: datetime) -> dict[int, DueCounts]:
    """By organ; one statement over the running cases."""
    today_end, tomorrow_end = end_of_day(on), end_of_day(tomorrow)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT organ_id, "
            "count(*) FILTER (WHERE sort_due_at > %s AND sort_due_at <= %s), "
            "count(*) FILTER (WHERE sort_due_at > %s AND sort_due_at <= %s), "
            "count(*) FILTER (WHERE sort_due_at <= %s) "
            "FROM cases_case WHERE state = ANY(%s) AND sort_due_at <= %s GROUP BY organ_id",
            [at, today_end, today_end, tomorrow_end, at, list(RUNNING), tomorrow_end],
        )
        return {row[0]: DueCounts(row[1], row[2], row[3]) for row in cursor.fetchall()}


def strip_of_case(case_id: int, *, actor: Actor, at: datetime) -> Strip | None:
    """The case's clock strip for somebody who may read the case, else None."""
    try:
        return case_strip(whole_case(case_id, actor=actor), at)
    except CaseNotFoundError:
        return None
