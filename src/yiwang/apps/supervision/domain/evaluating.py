"""Which rules are true of a case, and from which instant: pure functions of its clocks.

A rule is not asked "is it true now" but "since when": the same answer gives the cards due now and
the next instant at which to look, and a look that comes late finds what a timely one would have.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from yiwang.apps.cases.public import WatchedCase, WatchedClock, WatchedStep
from yiwang.apps.supervision.domain.vocabulary import Condition, Signal, ThresholdUnit
from yiwang.kernel.calendar import Calendar
from yiwang.kernel.clock import DEFAULT_HOURS, Limit, Unit, deadline
from yiwang.kernel.moment import BEIJING, civil_date, start_of_day

PROMISED, STATUTORY, ACCEPTANCE, DECISION, CORRECTION = (
    "promised",
    "statutory",
    "acceptance",
    "decision",
    "correction",
)
# Where a later holiday notice may show that the day was not over after all.
BY_CALENDAR = frozenset({Condition.OVER_PROMISED, Condition.STEP_OVER, Condition.OVER_STATUTORY})


@dataclass(frozen=True, slots=True)
class Rule:
    """One version of one rule, as it is in force."""

    pk: int
    code: str
    version: int
    signal: Signal
    condition: Condition
    number: int
    unit: ThresholdUnit
    text: str
    article: str


@dataclass(frozen=True, slots=True)
class Yellow:
    """A yellow card that stands: what it was for, and when it was issued."""

    target: str
    issued_at: datetime


@dataclass(frozen=True, slots=True)
class Truth:
    """A rule that is, or will be, true of one thing of a case, and from when on.

    `evidence` is everything needed to argue about it: plain values, closed when the card is issued.
    """

    rule: Rule
    target: str
    label: str
    since: datetime
    evidence: dict[str, Any]


def truths(
    rules: Iterable[Rule], case: WatchedCase, yellows: Sequence[Yellow], days: Calendar
) -> list[Truth]:
    """Everything true of a case or coming true if nothing happens, earliest first."""
    found = [
        truth for rule in rules for truth in _CHECKS[rule.condition](rule, case, yellows, days)
    ]
    return sorted(found, key=lambda truth: (truth.since, truth.rule.code, truth.target))


def due(found: Iterable[Truth], known: set[tuple[str, str]], at: datetime) -> list[Truth]:
    """Those true at `at` without a card yet, each once; `known` are (rule code, target)."""
    wanted: dict[tuple[str, str], Truth] = {}
    for truth in found:
        key = truth.rule.code, truth.target
        if truth.since <= at and key not in known:
            wanted.setdefault(key, truth)
    return list(wanted.values())


def next_look(found: Iterable[Truth], known: set[tuple[str, str]], at: datetime) -> datetime | None:
    """The next instant at which a rule can become true; None while nothing runs."""
    return min(
        (t.since for t in found if t.since > at and (t.rule.code, t.target) not in known),
        default=None,
    )


def _before_end(since: datetime, finished: datetime | None) -> bool:
    """A clock that ended before the instant never reached it."""
    return finished is None or since <= finished


def _due_soon(
    rule: Rule, case: WatchedCase, yellows: Sequence[Yellow], days: Calendar
) -> Iterator[Truth]:
    clock = case.promised
    if clock is None or clock.due_on is None or not clock.limit.unit.is_daily:
        return
    first = working_day_before(clock.due_on, rule.number, days)
    # A promise of one working day would be warned of on the very day it begins.
    if first <= clock.started:
        return
    since = start_of_day(first)
    if _before_end(since, clock.finished):
        yield Truth(rule, PROMISED, clock.title, since, clock_evidence(clock))


def working_day_before(on: date, number: int, days: Calendar) -> date:
    """The day with `number` working days left after it up to `on`."""
    day = on
    while days.working_days(day, on) < number:
        day -= timedelta(days=1)
    while not days.is_working(day):
        day -= timedelta(days=1)
    return day


def _closing_soon(
    rule: Rule, case: WatchedCase, yellows: Sequence[Yellow], days: Calendar
) -> Iterator[Truth]:
    clock = case.promised
    if clock is None or clock.due_on is None or case.accepted_at is None:
        return
    if clock.number or clock.limit.unit is not Unit.WORKING_DAY:
        return
    closing = datetime.combine(clock.due_on, DEFAULT_HOURS.closing, BEIJING)
    since = max(closing - timedelta(hours=rule.number), case.accepted_at)
    if _before_end(since, clock.finished):
        yield Truth(rule, PROMISED, clock.title, since, clock_evidence(clock))


def _over_promised(
    rule: Rule, case: WatchedCase, yellows: Sequence[Yellow], days: Calendar
) -> Iterator[Truth]:
    clock, law = case.promised, case.statutory
    if clock is None or clock.due_at is None or not _before_end(clock.due_at, clock.finished):
        return
    if law is not None and law.due_at is not None and law.due_at <= clock.due_at:
        return  # over the law's own limit at once: that is the red card's
    yield Truth(rule, PROMISED, clock.title, clock.due_at, clock_evidence(clock, law))


def _over_statutory(
    rule: Rule, case: WatchedCase, yellows: Sequence[Yellow], days: Calendar
) -> Iterator[Truth]:
    clock = case.statutory
    if clock is not None and clock.due_at is not None and _before_end(clock.due_at, clock.finished):
        yield Truth(rule, STATUTORY, clock.title, clock.due_at, clock_evidence(clock))


def _step_over(
    rule: Rule, case: WatchedCase, yellows: Sequence[Yellow], days: Calendar
) -> Iterator[Truth]:
    """A step over its own limit while the whole is not (B6 (3)); over the whole is its own card."""
    if case.promised is None:
        return
    whole = case.promised.due_at
    for step in case.steps:
        over = step.due_at is not None and _before_end(step.due_at, step.done_at)
        if over and step.due_at is not None and (whole is None or step.due_at < whole):
            yield Truth(rule, step_target(step), step.name, step.due_at, step_evidence(step))


def step_target(step: WatchedStep) -> str:
    """`step:review`; a step that was sent back is another thing: `step:review:2`."""
    return f"step:{step.code}" if step.round == 1 else f"step:{step.code}:{step.round}"


def _corrected_again(
    rule: Rule, case: WatchedCase, yellows: Sequence[Yellow], days: Calendar
) -> Iterator[Truth]:
    if case.corrections_asked >= max(rule.number, 1):
        evidence = {"corrections_asked": case.corrections_asked}
        yield Truth(rule, CORRECTION, "告知补正", case.received_at, evidence)


def _stop_without_document(
    rule: Rule, case: WatchedCase, yellows: Sequence[Yellow], days: Calendar
) -> Iterator[Truth]:
    pauses = case.promised.pauses if case.promised else ()
    for number, pause in enumerate(pauses, 1):
        if not pause.document and isinstance(pause.started, datetime):
            evidence = {"pause": _pause_words(pause)}
            label = f"停止计时({pause.ground or '没有写明事由'})"
            yield Truth(rule, f"pause:{number}", label, pause.started, evidence)


def _yellow_unsettled(
    rule: Rule, case: WatchedCase, yellows: Sequence[Yellow], days: Calendar
) -> Iterator[Truth]:
    """What a yellow card was for is still not done so many working days after; stops apart."""
    clock = case.promised
    limit = Limit(max(rule.number, 1), Unit.WORKING_DAY)
    for yellow in yellows:
        found = _open_since(case, yellow.target)
        if found is None or clock is None:
            continue
        label, finished = found
        ends = deadline(yellow.issued_at, limit, days, clock.pauses).due_at
        if ends is None or not _before_end(ends, finished):
            continue
        evidence = clock_evidence(clock) | {
            "yellow_target": yellow.target,
            "yellow_issued_at": yellow.issued_at.isoformat(),
            "unsettled_until": civil_date(ends - timedelta(seconds=1)).isoformat(),
        }
        yield Truth(rule, f"yellow:{yellow.target}"[:60], f"黄牌:{label}", ends, evidence)


def _open_since(case: WatchedCase, target: str) -> tuple[str, datetime | None] | None:
    """(name, when it was done) of what a yellow card was for; None where nothing of it runs."""
    if target == PROMISED and case.promised is not None:
        return case.promised.title, case.promised.finished
    for step in case.steps:
        if target == step_target(step):
            ended = case.promised.finished if case.promised else None
            return step.name, step.done_at or ended
    return None


def _refused_without_reasons(
    rule: Rule, case: WatchedCase, yellows: Sequence[Yellow], days: Calendar
) -> Iterator[Truth]:
    if case.is_refused and not case.has_reasons and case.decided_at is not None:
        evidence = {"decided_at": case.decided_at.isoformat()}
        yield Truth(rule, DECISION, "不予决定", case.decided_at, evidence)


def _acceptance_changed(
    rule: Rule, case: WatchedCase, yellows: Sequence[Yellow], days: Calendar
) -> Iterator[Truth]:
    """The day of acceptance on the case and the one its clock was started with must agree."""
    told, shown = case.acceptance_told_at, case.accepted_at
    if told is not None and shown != told:
        evidence = {
            "accepted_at": shown.isoformat() if shown else None,
            "acceptance_told_at": told.isoformat(),
        }
        yield Truth(rule, ACCEPTANCE, "受理时间", told, evidence)


_CHECKS: dict[
    Condition, Callable[[Rule, WatchedCase, Sequence[Yellow], Calendar], Iterator[Truth]]
] = {
    Condition.DUE_SOON: _due_soon,
    Condition.CLOSING_SOON: _closing_soon,
    Condition.OVER_PROMISED: _over_promised,
    Condition.STEP_OVER: _step_over,
    Condition.CORRECTED_AGAIN: _corrected_again,
    Condition.STOP_WITHOUT_DOCUMENT: _stop_without_document,
    Condition.OVER_STATUTORY: _over_statutory,
    Condition.YELLOW_UNSETTLED: _yellow_unsettled,
    Condition.REFUSED_WITHOUT_REASONS: _refused_without_reasons,
    Condition.ACCEPTANCE_CHANGED: _acceptance_changed,
}


def clock_evidence(clock: WatchedClock, law: WatchedClock | None = None) -> dict[str, Any]:
    """The limit with its article, its days, its stops and extensions."""
    evidence: dict[str, Any] = {
        "limit": clock.limit.label,
        "article": clock.limit.article,
        "started_on": clock.started.isoformat(),
        "due_on": clock.due_on.isoformat() if clock.due_on else None,
        "finished_at": clock.finished.isoformat() if clock.finished else None,
        "pauses": [_pause_words(pause) for pause in clock.pauses],
        "extensions": [
            {"days": e.number, "article": e.article, "document": e.document}
            for e in clock.extensions
        ],
        "calendar_version": clock.calendar_version,
        "is_provisional": clock.is_provisional,
    }
    if law is not None:
        evidence["statutory_due_on"] = law.due_on.isoformat() if law.due_on else None
        evidence["statutory_article"] = law.limit.article
    return evidence


def step_evidence(step: WatchedStep) -> dict[str, Any]:
    return {
        "limit": step.limit,
        "article": step.article,
        "started_on": civil_date(step.opened_at).isoformat(),
        "due_on": step.due_on.isoformat() if step.due_on else None,
        "finished_at": step.done_at.isoformat() if step.done_at else None,
    }


def _pause_words(pause: Any) -> dict[str, Any]:
    return {
        "from": civil_date(pause.started).isoformat(),
        "until": civil_date(pause.ended).isoformat() if pause.ended else None,
        "ground": pause.ground,
        "article": pause.article,
        "document": pause.document,
    }
