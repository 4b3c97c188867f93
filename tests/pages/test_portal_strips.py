"""A strip shows the kernel's own days: whoever counts the boxes agrees with the clock."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.acting import accepted, actor, received

from yiwang.apps.cases.domain.clocks import RunningClock
from yiwang.apps.cases.models import Case
from yiwang.apps.cases.operations import receiving, stopping
from yiwang.apps.cases.pages.strips import case_strip, small_strip, strip_of
from yiwang.apps.cases.queries import whole_case
from yiwang.foundation.calendars.current import calendar
from yiwang.foundation.shell.strip import COUNTING, Mark, Strip, Tone
from yiwang.kernel.clock import Limit, Pause, StartEvent, Timeline, Unit, deadline, explain
from yiwang.kernel.moment import BEIJING, civil_date

pytestmark = pytest.mark.django_db

MOMENTS = st.integers(0, 349 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 5, 9, tzinfo=BEIJING) + timedelta(minutes=minutes)
)


def _clock(limit: Limit, started: datetime, pauses: tuple[Pause, ...]) -> RunningClock:
    reckoning = deadline(started, limit, calendar(), pauses)
    timeline = Timeline(started, pauses, (), None, None)
    return RunningClock("DECISION", "承诺时限", timeline, reckoning)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    started=MOMENTS,
    number=st.integers(1, 30),
    unit=st.sampled_from([Unit.WORKING_DAY, Unit.NATURAL_DAY]),
    pause=st.none() | st.tuples(st.integers(0, 10), st.none() | st.integers(0, 20)),
    later=st.integers(0, 90),
)
def test_the_boxes_are_the_days_of_the_kernel(
    started: datetime,
    number: int,
    unit: Unit,
    pause: tuple[int, int | None] | None,
    later: int,
) -> None:
    pauses: tuple[Pause, ...] = ()
    if pause is not None:
        begin = started + timedelta(days=pause[0])
        end = None if pause[1] is None else begin + timedelta(days=pause[1])
        pauses = (Pause(begin, end, "专家评审", "行政许可法 §45", None, "x"),)
    now = started + timedelta(days=later)
    clock = _clock(Limit(number, unit, StartEvent.ACCEPTED), started, pauses)
    strip = strip_of(clock, now=now)
    lines = explain(clock.reckoning, calendar(), pauses, until=civil_date(now))
    assert [(b.on, b.mark.name) for b in strip.boxes] == [(x.on, x.mark.value) for x in lines]
    counted = [b.ordinal for b in strip.boxes if b.mark in COUNTING]
    assert counted == [x.ordinal for x in lines if x.mark.value in ("COUNTED", "MAKE_UP", "DUE")]
    assert [b.on for b in strip.boxes if b.is_today] == [civil_date(now)]


def _left(strip: Strip) -> int:
    due = strip.next_end
    assert due is not None
    return sum(b.mark in COUNTING and b.is_future and b.on <= due for b in strip.boxes)


def test_the_headline_is_what_a_person_counts(at: datetime) -> None:
    case = accepted(
        "food-business-licence",
        by=actor("lin-xiaoman", at),
        clerk=actor("chen-window", at),
        at=at,
        hall="taolin-hall",
    )
    now = at + timedelta(days=2)
    strip = case_strip(whole_case(case.pk, actor=actor("lin-xiaoman", at)), now)
    assert strip is not None
    assert strip.headline == "剩 3 个工作日" == f"剩 {_left(strip)} 个工作日"
    assert strip.promised_due == case.promised_due_on
    assert strip.statutory_due == case.statutory_due_on
    counted = [b.ordinal for b in strip.boxes if b.mark in COUNTING]
    assert counted == list(range(1, 11))
    assert [b.on for b in strip.boxes if b.mark is Mark.DUE] == [
        case.promised_due_on,
        case.statutory_due_on,
    ]


def test_a_stopped_clock_says_so_and_names_its_document(at: datetime) -> None:
    case = accepted(
        "food-business-licence",
        by=actor("lin-xiaoman", at),
        clerk=actor("chen-window", at),
        at=at,
        hall="taolin-hall",
    )
    stopping.pause(
        case_id=case.pk,
        ground="testing",
        expected="15wd",
        reason="送检样品等待检测结果",
        actor=actor("zhao-review", at),
        at=at + timedelta(hours=1),
    )
    now = at + timedelta(days=3)
    strip = case_strip(whole_case(case.pk, actor=actor("lin-xiaoman", at)), now)
    assert strip is not None
    assert (strip.headline, strip.tone) == ("已停止计时:检验、检测", Tone.PAUSED)
    paused = [box for box in strip.boxes if box.mark is Mark.PAUSED]
    assert len(paused) == 3
    assert all(box.document_url.startswith("/documents/") for box in paused)
    assert small_strip(Case.objects.get(pk=case.pk), now).headline == "已停止计时"


def test_a_list_row_says_the_same_as_the_page(
    at: datetime, django_assert_num_queries: object
) -> None:
    citizen = actor("lin-xiaoman", at)
    case = received("food-business-licence", by=citizen, at=at, hall="taolin-hall")
    for days in (0, 3, 6, 9, 12):
        now = at + timedelta(days=days)
        whole = case_strip(whole_case(case.pk, actor=citizen), now)
        row = Case.objects.get(pk=case.pk)
        calendar()
        with django_assert_num_queries(0):  # type: ignore[operator]
            small = small_strip(row, now)
        assert whole is not None
        assert (small.headline, small.tone, small.pips) == (whole.headline, whole.tone, whole.pips)
    assert small.headline == "超期 4 个工作日"


def test_after_a_stop_the_row_still_counts_what_is_left(at: datetime) -> None:
    citizen = actor("lin-xiaoman", at)
    case = accepted(
        "food-business-licence",
        by=citizen,
        clerk=actor("chen-window", at),
        at=at,
        hall="taolin-hall",
    )
    reviewer = actor("zhao-review", at)
    stopping.pause(
        case_id=case.pk,
        ground="testing",
        expected="15wd",
        reason="送检样品等待检测结果",
        actor=reviewer,
        at=at + timedelta(days=1),
    )
    stopping.resume(case_id=case.pk, actor=reviewer, at=at + timedelta(days=8))
    now = at + timedelta(days=9)
    small = small_strip(Case.objects.get(pk=case.pk), now)
    whole = case_strip(whole_case(case.pk, actor=citizen), now)
    assert whole is not None
    assert small.headline == whole.headline == "剩 3 个工作日"


def test_nothing_runs_while_the_applicant_corrects(at: datetime) -> None:
    citizen, clerk = actor("lin-xiaoman", at), actor("chen-window", at)
    case = received("food-business-licence", by=citizen, at=at, hall="taolin-hall")
    case = receiving.request_correction(
        case_id=case.pk, items=[("布局图", "没有标明洗手设施")], actor=clerk, at=at
    )
    assert case_strip(whole_case(case.pk, actor=citizen), at) is None
    assert small_strip(case, at).headline == "等补正,到 4月1日"
