"""Clock strips of cases: the kernel's explanation, day by day, as boxes that anyone can count.

Nothing is counted here: a box is a `DayLine` of `explain`, the headline is `standing`. Only the
days over the limit get their own numbers, which the kernel leaves to whoever shows them.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from yiwang.apps.cases.domain.clocks import FROM_RECEIPT, RunningClock
from yiwang.apps.cases.domain.machine import FINALS, CaseState
from yiwang.apps.cases.models import NEVER, Case
from yiwang.apps.cases.operations.act import limits_of
from yiwang.apps.cases.queries import WholeCase
from yiwang.apps.catalog.public import definition_of
from yiwang.foundation.calendars.current import calendar
from yiwang.foundation.shell.dates import cn_day
from yiwang.foundation.shell.strip import COUNTING, Box, Mark, Strip, Tone
from yiwang.kernel.clock import (
    DayLine,
    Limit,
    Reckoning,
    Roll,
    Standing,
    Timeline,
    Unit,
    deadline,
    explain,
    standing,
)
from yiwang.kernel.clock import Mark as DayMark
from yiwang.kernel.clock.explanation import StandingKind
from yiwang.kernel.moment import civil_date

_TONES = {
    StandingKind.RUNNING: Tone.CALM,
    StandingKind.DUE_TODAY: Tone.WARNING,
    StandingKind.PAUSED: Tone.PAUSED,
    StandingKind.OVERDUE: Tone.OVERDUE,
    StandingKind.DONE: Tone.DONE,
    StandingKind.DONE_LATE: Tone.OVERDUE,
}
_SPARE = {Unit.HOUR: 120, Unit.WORKING_HOUR: 120, Unit.MINUTE: 15}
"""Minutes left at which a limit that ends at an instant is near its end."""


def strip_of(clock: RunningClock, *, now: datetime, title: str = "") -> Strip:
    """One clock as a strip, from its start event to its due day (or to today, where later).

    A limit with an article is marked as statutory, one without as promised.
    """
    is_promised = clock.title == "承诺时限" or not clock.reckoning.limit.article
    due = clock.reckoning.due_on
    return _strip(
        clock,
        _boxes(_lines(clock, now), clock, now),
        now,
        title or clock.title,
        promised_due=due if is_promised else None,
        statutory_due=None if is_promised else due,
    )


def case_strip(whole: WholeCase, now: datetime) -> Strip | None:
    """The strip of the clock that matters now; the promised and the statutory end in one.

    After the end it is the decision's (else the receipt's) clock as it stood. None where nothing
    runs for the organ: while the applicant corrects, and for a case without any clock.
    """
    if whole.case.state == CaseState.CORRECTION:
        return None
    clocks = whole.clocks
    clock = clocks.current or clocks.promised or clocks.receipt
    if clock is None:
        return None
    if clock is not clocks.promised:
        return strip_of(clock, now=now)
    return _decision_strip(clock, clocks.statutory, now)


def _decision_strip(promised: RunningClock, statutory: RunningClock | None, now: datetime) -> Strip:
    """Both ends in one row of days where both clocks count the same days; else the promised days
    with the statutory end told beside them."""
    lines = _lines(promised, now)
    if statutory is not None and _runs_on(promised, statutory, now):
        lines = tuple(
            replace(line, mark=DayMark.DUE) if line.on == promised.reckoning.due_on else line
            for line in _lines(statutory, now)
        )
    return _strip(
        promised,
        _boxes(lines, promised, now),
        now,
        "承诺时限",
        promised_due=promised.reckoning.due_on,
        statutory_due=statutory.reckoning.due_on if statutory else None,
        article=statutory.reckoning.limit.article if statutory else "",
    )


def _runs_on(promised: RunningClock, statutory: RunningClock, now: datetime) -> bool:
    """True where the statutory days continue the promised ones, and none of these is over."""
    one, other = promised.reckoning, statutory.reckoning
    if one.due_on is None or other.due_on is None or not promised.is_running:
        return False
    same = (one.limit.unit, one.started, one.spans) == (
        other.limit.unit,
        other.started,
        other.spans,
    )
    return same and one.due_on < other.due_on and not one.is_late(now)


def _lines(clock: RunningClock, now: datetime) -> tuple[DayLine, ...]:
    """The kernel's days; of a finished clock those up to the day it finished."""
    finished = clock.timeline.finished
    last = civil_date(finished) if finished is not None else civil_date(now)
    lines = explain(clock.reckoning, calendar(), clock.timeline.pauses, until=last)
    return tuple(line for line in lines if finished is None or line.on <= last) or lines[:1]


def _boxes(lines: tuple[DayLine, ...], clock: RunningClock, now: datetime) -> tuple[Box, ...]:
    today, over, boxes = civil_date(now), 0, []
    documents = {pause.ground: pause.document for pause in clock.timeline.pauses}
    in_working_days = clock.reckoning.limit.unit in (Unit.WORKING_DAY, Unit.WORKING_HOUR)
    for line in lines:
        mark, ordinal = Mark[line.mark.value], line.ordinal
        if mark is Mark.OVERDUE and (not in_working_days or calendar().is_working(line.on)):
            over += 1
            ordinal = over
        document = ""
        if mark is Mark.PAUSED:
            document = next((d for g, d in documents.items() if g and g in line.reason), "")
        boxes.append(
            Box(
                on=line.on,
                mark=mark,
                ordinal=ordinal,
                title="。".join(part for part in (line.reason, line.article) if part),
                is_today=line.on == today,
                is_future=line.on > today,
                document="告知书" if document else "",
                document_url=f"/documents/{document}/" if document else "",
            )
        )
    return tuple(boxes)


def _strip(
    clock: RunningClock,
    boxes: tuple[Box, ...],
    now: datetime,
    title: str,
    *,
    promised_due: date | None,
    statutory_due: date | None,
    article: str = "",
) -> Strip:
    reckoning = clock.reckoning
    stands = standing(
        reckoning, calendar(), clock.timeline.pauses, now=now, finished=clock.timeline.finished
    )
    unit = unit_word(reckoning.limit)
    return Strip(
        headline=_headline(stands, boxes, unit),
        tone=_tone(stands, reckoning.limit),
        boxes=boxes,
        promised_due=promised_due,
        statutory_due=statutory_due,
        note=_note(title, reckoning),
        provisional=reckoning.is_provisional,
        started_on=reckoning.started,
        unit=unit,
        article="、".join(dict.fromkeys(a for a in (reckoning.limit.article, article) if a)),
    )


def unit_word(limit: Limit) -> str:
    """The word after a number of boxes: 个工作日, or 天 where every day counts."""
    return "个工作日" if limit.unit is Unit.WORKING_DAY else "天"


def _headline(stands: Standing, boxes: tuple[Box, ...], unit: str) -> str:
    if stands.kind is StandingKind.DONE:
        used = sum(box.mark in COUNTING and box.ordinal is not None for box in boxes)
        return f"按时办,用了 {used} {unit}" if used else "当日办"
    return stands.text


def _tone(stands: Standing, limit: Limit) -> Tone:
    """A running clock warns on its last day but one, or in its last hours."""
    near = 1 if limit.unit.is_daily else _SPARE[limit.unit]
    if stands.kind is StandingKind.RUNNING and stands.number <= near:
        return Tone.WARNING
    return _TONES[stands.kind]


def _note(title: str, reckoning: Reckoning) -> str:
    label, limit = reckoning.limit.start.label, reckoning.limit
    if reckoning.number == 0:
        return f"{title}:当日。{cn_day(reckoning.started)}{label}。"
    amount = limit.label
    if reckoning.number != limit.number:
        amount += f",延长 {reckoning.number - limit.number} {unit_word(limit)}"
    if not limit.unit.is_daily:
        return f"{title}:{amount},从 {cn_day(reckoning.started)}{label}时算起。"
    first = cn_day(reckoning.started + timedelta(days=1))
    return f"{title}:{amount}。{cn_day(reckoning.started)}{label},当日不计入,从 {first} 数起。"


# Rows of a list: everything from the case's own columns and the definition kept in the process.


def small_strip(case: Case, now: datetime) -> Strip:
    """The strip of a list row, from the case's projected columns: no statement per row."""
    state = CaseState(case.state)
    if case.state in FINALS:
        return Strip(headline=state.label, tone=Tone.DONE, boxes=())
    if state is CaseState.CORRECTION:
        until = case.correction_until
        text = f"等补正,到 {cn_day(until)}" if until else "等补正"
        return Strip(headline=text, tone=Tone.PAUSED, boxes=())
    found = _projected(case, state)
    if found is None:
        return Strip(headline="等领取", tone=Tone.CALM, boxes=())
    title, limit, started, due = found
    if due is None:
        return Strip(headline="已停止计时", tone=Tone.PAUSED, boxes=())
    reckoning = _reckoned(case, limit, started, due, now)
    clock = RunningClock("", title, Timeline(None, (), (), None, None), reckoning)
    return strip_of(clock, now=now)


def _projected(
    case: Case, state: CaseState
) -> tuple[str, Limit, datetime | None, date | None] | None:
    """(title, limit, start event, due day) of the clock the row is ordered by."""
    limits = limits_of(definition_of(case.item_version_id))
    if state is CaseState.RECEIVED:
        # After a correction the receipt clock began anew; the row does not say when.
        started = case.received_at if case.corrections_asked == 0 else None
        return "收件告知时限", limits.receipt, started, case.receipt_due_on
    if state is CaseState.REVIEW:
        from_receipt = limits.promised.start in FROM_RECEIPT and not case.corrections_asked
        started = case.received_at if from_receipt else case.accepted_at
        return "承诺时限", limits.promised, started, case.promised_due_on
    if limits.delivery is None:
        return None
    return "送达时限", limits.delivery, case.decided_at, case.delivery_due_on


def _reckoned(
    case: Case, limit: Limit, started: datetime | None, due: date, now: datetime
) -> Reckoning:
    """The reckoning behind the projected due day: from the start where no stop lies between,
    else only what is left from today."""
    if started is not None:
        plain = deadline(started, limit, calendar())
        if plain.due_on == due:
            return plain
    due_at = case.sort_due_at if case.sort_due_at != NEVER else None
    begin = min(civil_date(now), due)
    left = calendar().working_days(begin, due)
    if limit.unit is not Unit.WORKING_DAY:
        left = (due - begin).days
    plain_days = Limit(max(1, (due - begin).days), Unit.NATURAL_DAY, limit.start, Roll.NONE)
    base = deadline(begin, plain_days, calendar())
    return replace(base, limit=limit, number=left, due_on=due, due_at=due_at)
