"""Rules against a second reckoning that walks the days: a card is due iff the days say so."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.kernel.slow_clock import ONE, Stops, due_working

from yiwang.apps.cases.public import WatchedCase, WatchedClock, WatchedStep
from yiwang.apps.supervision.domain.evaluating import Rule, Yellow, due, next_look, truths
from yiwang.apps.supervision.domain.vocabulary import Condition, Signal, ThresholdUnit
from yiwang.foundation.calendars.package import package_days, package_years
from yiwang.kernel.calendar import Calendar
from yiwang.kernel.clock import Extension, Limit, Pause, Unit, deadline
from yiwang.kernel.moment import BEIJING

DAYS = Calendar(package_days(), noticed_years=package_years(), version="package")
HORIZON = 200


def rule(code: str, condition: Condition, number: int = 0) -> Rule:
    signal = {"W": Signal.WARNING, "Y": Signal.YELLOW, "R": Signal.RED}[code[0]]
    return Rule(1, code, 1, signal, condition, number, ThresholdUnit.WORKING_DAY, "", "")


WARN = rule("W01", Condition.DUE_SOON, 1)
CLOSING = rule("W02", Condition.CLOSING_SOON, 2)
PROMISE = rule("Y01", Condition.OVER_PROMISED)
STEP = rule("Y02", Condition.STEP_OVER)
LAW = rule("R01", Condition.OVER_STATUTORY)
UNSETTLED = rule("R02", Condition.YELLOW_UNSETTLED, 5)


def noon(on: date) -> datetime:
    return datetime.combine(on, time(12), BEIJING)


@dataclass(frozen=True)
class Story:
    """What happened to one case, in days."""

    start: date
    promised: int
    statutory: int | None
    extended: int
    step: int
    stops: Stops
    finished: date | None


@st.composite
def stories(draw: st.DrawFn) -> Story:
    start = draw(st.dates(date(2025, 1, 2), date(2026, 6, 30)))
    stops: Stops = []
    day = start
    for _ in range(draw(st.integers(0, 3))):
        begin = day + timedelta(days=draw(st.integers(0, 6)))
        end = begin + timedelta(days=draw(st.integers(0, 12)))
        stops.append((begin, end))
        day = end
    if draw(st.booleans()) and draw(st.booleans()):
        stops.append((day + timedelta(days=draw(st.integers(0, 6))), None))
    return Story(
        start=start,
        promised=draw(st.integers(0, 12)),
        statutory=draw(st.one_of(st.none(), st.integers(1, 25))),
        extended=draw(st.sampled_from([0, 0, 5])),
        step=draw(st.integers(0, 8)),
        stops=stops,
        finished=draw(
            st.one_of(st.none(), st.integers(0, 60).map(lambda n: start + timedelta(days=n)))
        ),
    )


def clock(story: Story, number: int) -> WatchedClock:
    pauses = tuple(
        Pause(noon(begin), noon(end) if end else None, "整改", "§45", document="x")
        for begin, end in story.stops
    )
    extensions = (Extension(story.extended),) if story.extended else ()
    limit = Limit(number, Unit.WORKING_DAY)
    found = deadline(noon(story.start), limit, DAYS, pauses, extensions)
    return WatchedClock(
        title="时限",
        limit=limit,
        number=found.number,
        started=story.start,
        due_on=found.due_on,
        due_at=found.due_at,
        finished=noon(story.finished) if story.finished else None,
        pauses=pauses,
        extensions=extensions,
        is_provisional=False,
        calendar_version="1",
    )


def case_of(story: Story) -> WatchedCase:
    step = clock(replace(story, extended=0), story.step)
    return WatchedCase(
        case_id=1,
        short_number="",
        item_name="",
        organ_id=1,
        organ_word="",
        area_code="990102000000",
        state="REVIEW",
        received_at=noon(story.start),
        accepted_at=noon(story.start),
        acceptance_told_at=noon(story.start),
        decided_at=None,
        ended_at=None,
        corrections_asked=0,
        is_refused=False,
        has_reasons=True,
        promised=clock(story, story.promised),
        statutory=None if story.statutory is None else clock(story, story.statutory),
        steps=(
            WatchedStep(
                "review",
                1,
                "审查",
                "",
                "",
                noon(story.start),
                step.due_on,
                step.due_at,
                step.finished,
            ),
        ),
    )


def slow_due(story: Story, number: int) -> date | None:
    return due_working(story.start, number, DAYS.is_working, story.stops, HORIZON)


def expected(story: Story, on: date) -> set[str]:
    """The rules true by noon of a day, by walking the days and by the words of the table."""
    seen = min(on, story.finished) if story.finished else on
    promised = slow_due(story, story.promised + story.extended)
    law = None if story.statutory is None else slow_due(story, story.statutory + story.extended)
    step = slow_due(story, story.step)
    found = set()
    if promised is not None:
        before = promised - ONE
        while not DAYS.is_working(before):
            before -= ONE
        if story.start < before <= seen:
            found.add("W01")
        if promised < seen and not (law is not None and law <= promised):
            found.add("Y01")
    if law is not None and law < seen:
        found.add("R01")
    if step is not None and step < seen and (promised is None or step < promised):
        found.add("Y02")
    return found


@settings(max_examples=400)
@given(stories(), st.integers(0, 70))
def test_a_card_is_due_iff_the_days_say_so(story: Story, later: int) -> None:
    on = story.start + timedelta(days=later)
    found = truths([WARN, PROMISE, STEP, LAW], case_of(story), (), DAYS)
    assert {t.rule.code for t in due(found, set(), noon(on))} == expected(story, on)


def by_reminders(story: Story, until: datetime) -> dict[tuple[str, str], datetime]:
    """Looking only when the reminder set by the look before says so."""
    case, rules = case_of(story), [WARN, PROMISE, STEP, LAW, UNSETTLED]
    issued: dict[tuple[str, str], datetime] = {}
    yellows: list[Yellow] = []
    at: datetime | None = noon(story.start)
    while at is not None and at <= until:
        found = due(truths(rules, case, yellows, DAYS), set(issued), at)
        for truth in found:
            issued[truth.rule.code, truth.target] = at
            if truth.rule.signal is Signal.YELLOW:
                yellows.append(Yellow(truth.target, at))
        at = next_look(truths(rules, case, yellows, DAYS), set(issued), at)
    return issued


@settings(max_examples=200)
@given(stories())
def test_reminders_miss_nothing_and_come_at_the_instant(story: Story) -> None:
    until = noon(story.start + timedelta(days=90))
    issued = by_reminders(story, until)
    found = truths([WARN, PROMISE, STEP, LAW], case_of(story), (), DAYS)
    wanted = {(t.rule.code, t.target): max(t.since, noon(story.start)) for t in found}
    wanted = {key: since for key, since in wanted.items() if since <= until}
    assert {key: at for key, at in issued.items() if key[0] != "R02"} == wanted


@settings(max_examples=200)
@given(stories())
def test_a_red_card_after_five_working_days_of_an_unsettled_yellow(story: Story) -> None:
    until = noon(story.start + timedelta(days=90))
    issued = by_reminders(story, until)
    for (code, target), at in issued.items():
        if not code.startswith("Y"):
            continue
        last = due_working(at.date(), 5, DAYS.is_working, story.stops, HORIZON)
        ends = story.finished or date.max
        is_red = ("R02", f"yellow:{target}") in issued
        assert is_red == (last is not None and last < min(ends, until.date()))


@pytest.mark.parametrize(("hour", "codes"), [(14, set()), (15, {"W02"}), (16, {"W02"})])
def test_an_immediate_case_is_warned_of_two_hours_before_closing(
    hour: int, codes: set[str]
) -> None:
    story = Story(date(2026, 3, 2), 0, None, 0, 0, [], None)
    found = truths([WARN, CLOSING], case_of(story), (), DAYS)
    at = datetime(2026, 3, 2, hour, tzinfo=BEIJING)
    assert {t.rule.code for t in due(found, set(), at)} == codes


def test_a_promise_of_one_working_day_is_not_warned_of() -> None:
    story = Story(date(2026, 3, 2), 1, None, 0, 0, [], None)
    assert truths([WARN, CLOSING], case_of(story), (), DAYS) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"corrections_asked": 2}, "Y03"),
        ({"is_refused": True, "has_reasons": False, "decided_at": noon(date(2026, 3, 3))}, "R03"),
        ({"accepted_at": noon(date(2026, 3, 3))}, "R04"),
    ],
)
def test_what_operations_never_let_happen_is_still_checked(
    change: dict[str, object], code: str
) -> None:
    rules = [
        rule("Y03", Condition.CORRECTED_AGAIN, 2),
        rule("Y04", Condition.STOP_WITHOUT_DOCUMENT),
        rule("R03", Condition.REFUSED_WITHOUT_REASONS),
        rule("R04", Condition.ACCEPTANCE_CHANGED),
    ]
    case = case_of(Story(date(2026, 3, 2), 5, 10, 0, 3, [], None))
    assert truths(rules, case, (), DAYS) == []
    found = truths(rules, replace(case, **change), (), DAYS)  # type: ignore[arg-type]
    assert [t.rule.code for t in found] == [code]


def test_a_stop_without_its_document_is_found() -> None:
    rules = [rule("Y04", Condition.STOP_WITHOUT_DOCUMENT)]
    story = Story(date(2026, 3, 2), 5, 10, 0, 3, [(date(2026, 3, 3), None)], None)
    case = case_of(story)
    assert truths(rules, case, (), DAYS) == []
    assert case.promised is not None
    bare = tuple(replace(pause, document="") for pause in case.promised.pauses)
    found = truths(rules, replace(case, promised=replace(case.promised, pauses=bare)), (), DAYS)
    assert [t.target for t in found] == ["pause:1"]


def test_a_step_that_was_sent_back_is_another_thing() -> None:
    case = case_of(Story(date(2026, 3, 2), 5, 10, 0, 1, [], None))
    again = replace(case.steps[0], round=2)
    found = truths([STEP], replace(case, steps=(*case.steps, again)), (), DAYS)
    assert sorted(t.target for t in found) == ["step:review", "step:review:2"]
    twice = due([*found, *found], set(), noon(date(2026, 3, 20)))
    assert len(twice) == 2
