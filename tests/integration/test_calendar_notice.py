"""A holiday notice moves due dates: later where it must, never earlier than was told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.acting import accepted, actor, received, reviewed
from tests.pages.client import signed_in

from yiwang.apps.cases.handlers import MOVED
from yiwang.apps.cases.models import Case, ClockRow, ReviewStep
from yiwang.apps.cases.operations import moving, receiving, stopping
from yiwang.apps.cases.operations.filing import RECEIPT_DUE
from yiwang.apps.cases.queries import whole_case
from yiwang.foundation.access import AccessDeniedError, system_actor
from yiwang.foundation.calendars.current import forget
from yiwang.foundation.calendars.models import CalendarNotice, CalendarRow
from yiwang.foundation.messaging.models import Message
from yiwang.foundation.outbox.relay import drain
from yiwang.foundation.record.models import RecordEntry
from yiwang.foundation.timers.models import Timer
from yiwang.foundation.timers.sweep import sweep
from yiwang.kernel.calendar import DayKind
from yiwang.kernel.moment import BEIJING, end_of_day
from yiwang.site.calendar_notice import (
    Entered,
    NoticeError,
    enter_notice,
    parse_days,
    preview_notice,
    settle,
)
from yiwang.site.verifying import verify_all

pytestmark = pytest.mark.django_db

# Monday 25 January 2027: no notice for 2027 is in the seed, so its days are provisional.
AT = datetime(2027, 1, 25, 10, 0, tzinfo=BEIJING)
TITLE = "国务院办公厅关于2027年部分节假日安排的通知"
# The statutory days alone: as provisional, nothing moves.
STATUTORY = """\
2027-01-01 休 元旦
2027-02-05 至 2027-02-08 休 春节
2027-04-05 休 清明节
2027-05-01 至 2027-05-02 休 劳动节
2027-06-09 休 端午节
2027-09-15 休 中秋节
2027-10-01 至 2027-10-03 休 国庆节
"""
LONG = STATUTORY.replace("2027-02-05 至 2027-02-08", "2027-02-05 至 2027-02-11")
WITH_MAKE_UP = STATUTORY + "2027-01-30 班\n2027-01-31 班\n"


@pytest.fixture(autouse=True)
def fresh_calendar() -> Iterator[None]:
    forget()
    yield
    forget()


def enter(text: str, at: datetime = AT + timedelta(hours=1)) -> Entered:
    entered = enter_notice(
        year=2027,
        title=TITLE,
        document_number="国办发明电〔2026〕9号",
        text=text,
        actor=actor("zhu-system", at),
        at=at,
    )
    forget()
    return entered


def licence(at: datetime = AT) -> Case:
    """Accepted on Monday 25 January: promised 5 working days, statutory 10."""
    clerk = actor("chen-window", at)
    return accepted(
        "food-business-licence",
        by=actor("lin-xiaoman", at),
        clerk=clerk,
        at=at,
        hall="taolin-hall",
    )


def due(case: Case) -> tuple[date | None, date | None]:
    case.refresh_from_db()
    return case.promised_due_on, case.statutory_due_on


def test_a_longer_holiday_moves_what_lies_behind_it_and_only_that() -> None:
    case = licence()
    before = due(case)
    assert before == (date(2027, 2, 1), date(2027, 2, 10))
    assert enter(LONG).moved == 1
    # 9, 10 and 11 February are off now: Friday the 12th is the ninth, Monday the 15th the tenth.
    assert due(case) == (date(2027, 2, 1), date(2027, 2, 15))
    assert case.calendar_version != ""


def test_a_notice_that_only_confirms_moves_nothing_and_tells_nobody() -> None:
    case = licence()
    before, version = due(case), case.version
    entered = enter(STATUTORY)
    assert (entered.moved, entered.held) == (0, 0)
    assert due(case) == before
    assert Case.objects.get(pk=case.pk).version == version


def test_a_make_up_working_day_never_shortens_what_was_told() -> None:
    case = licence()
    before = due(case)
    entered = enter(WITH_MAKE_UP)
    assert (entered.moved, entered.held) == (0, 1)
    assert due(case) == before
    floors = ClockRow.objects.filter(case=case, kind="FLOORED").order_by("clock")
    assert [(row.clock, row.due_on) for row in floors] == [
        ("DECISION:PROMISED", before[0]),
        ("DECISION:STATUTORY", before[1]),
    ]
    drain(at=AT + timedelta(hours=2))
    assert not Message.objects.filter(kind=MOVED).exists()


def test_promise_and_law_keep_their_own_days() -> None:
    """A floor under one end must not lift the other up to it."""
    case = licence()
    enter(WITH_MAKE_UP)
    clocks = whole_case(case.pk, actor=system_actor("test")).clocks
    assert clocks.promised is not None
    assert clocks.statutory is not None
    assert clocks.promised.reckoning.due_on == date(2027, 2, 1)
    assert clocks.statutory.reckoning.due_on == date(2027, 2, 10)


def test_a_later_notice_can_still_move_a_held_day_on() -> None:
    case = licence()
    enter(WITH_MAKE_UP)
    enter("2027-01-26 至 2027-01-29 休 台风停工\n2027-02-01 至 2027-02-03 休 台风停工")
    moved = due(case)
    assert moved[0] is not None
    assert moved[0] > date(2027, 2, 1)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.integers(0, 30), min_size=1, max_size=8, unique=True), st.data())
def test_no_notice_whatever_ends_a_clock_earlier(offsets: list[int], data: st.DataObject) -> None:
    """The rule itself, over arbitrary notices: the end is max(told, reckoned)."""
    from yiwang.apps.cases.domain.clocks import CaseLimits, reckon
    from yiwang.foundation.calendars.package import package_days
    from yiwang.kernel.calendar import Calendar, CalendarDay
    from yiwang.kernel.clock import ClockEvent, ClockEventKind, Limit

    base = package_days()
    old = Calendar(base, noticed_years=range(2020, 2027), version="1")
    kinds = st.sampled_from([DayKind.HOLIDAY, DayKind.WORKING])
    days = [CalendarDay(date(2027, 1, 20) + timedelta(n), data.draw(kinds), "x") for n in offsets]
    new = Calendar([*base, *days], noticed_years=range(2020, 2028), version="2")
    limits = CaseLimits(Limit.parse("5wd"), Limit.parse("5wd"), Limit.parse("10wd"), None)
    started = ClockEvent(ClockEventKind.STARTED, AT)
    events = {"RECEIPT": [started], "DECISION": [started]}
    told = reckon(events, limits, old)
    assert told.promised and told.statutory
    for name, clock in (("PROMISED", told.promised), ("STATUTORY", told.statutory)):
        floor = ClockEvent(ClockEventKind.FLOORED, AT, due_on=clock.reckoning.due_on)
        events[f"DECISION:{name}"] = [floor]
    after = reckon(events, limits, new)
    plain = reckon({"DECISION": [started]}, limits, new)
    assert after.promised and after.statutory and plain.promised and plain.statutory
    for one, other, bare in (
        (told.promised, after.promised, plain.promised),
        (told.statutory, after.statutory, plain.statutory),
    ):
        ends = (one.reckoning.due_on, bare.reckoning.due_on)
        assert None not in ends
        assert other.reckoning.due_on == max(ends)  # type: ignore[type-var]


def test_the_receipt_clock_and_its_timer_move_together() -> None:
    at = datetime(2027, 2, 2, 10, 0, tzinfo=BEIJING)
    case = received("food-business-licence", by=actor("lin-xiaoman", at), at=at)
    timer = Timer.objects.get(subject=case.subject, kind=RECEIPT_DUE)
    before = timer.due_at
    enter(LONG, at + timedelta(hours=1))
    case.refresh_from_db()
    timer.refresh_from_db()
    assert timer.due_at > before
    assert case.receipt_due_on is not None
    assert timer.due_at == end_of_day(case.receipt_due_on)
    sweep(at=before)
    case.refresh_from_db()
    assert case.state == "RECEIVED", "not deemed accepted on the old day"
    sweep(at=timer.due_at)
    case.refresh_from_db()
    assert case.is_deemed_accepted


def test_a_timer_that_rings_too_early_is_set_again() -> None:
    at = datetime(2027, 2, 2, 10, 0, tzinfo=BEIJING)
    case = received("food-business-licence", by=actor("lin-xiaoman", at), at=at)
    assert receiving.deem_accepted(case_id=case.pk, at=at + timedelta(hours=1)) is None
    assert case.receipt_due_on is not None
    timer = Timer.objects.get(subject=case.subject, kind=RECEIPT_DUE)
    assert timer.due_at == end_of_day(case.receipt_due_on)


def test_a_pause_that_ends_later_under_the_notice_still_ends() -> None:
    case = licence()
    reviewer = actor("zhao-review", AT)
    stopping.pause(
        case_id=case.pk,
        ground="testing",
        expected="10wd",
        reason="样品送检,等待检验报告。",
        actor=reviewer,
        at=AT,
    )
    old_end = Timer.objects.get(subject=case.subject, kind=stopping.PAUSE_ENDS).due_at
    enter(LONG)
    sweep(at=old_end)
    new_end = Timer.objects.get(subject=case.subject, kind=stopping.PAUSE_ENDS).due_at
    assert new_end > old_end
    sweep(at=new_end)
    assert ClockRow.objects.filter(case=case, kind="RESUMED").exists()


def test_open_steps_follow_and_are_only_given_more_time() -> None:
    at = datetime(2027, 2, 4, 10, 0, tzinfo=BEIJING)
    case = licence(at)
    before = dict(ReviewStep.objects.filter(case=case).values_list("code", "due_on"))
    enter(LONG, at + timedelta(hours=1))
    after = dict(ReviewStep.objects.filter(case=case, state="OPEN").values_list("code", "due_on"))
    assert after
    assert all(after[code] > before[code] for code in after)


def test_the_move_is_in_the_record_and_the_verification_agrees() -> None:
    from yiwang.foundation.environment import environment

    case, held = licence(), licence(AT + timedelta(minutes=1))
    reviewed(held, reviewer=actor("zhao-review", AT), at=AT + timedelta(hours=2))
    entered = enter(LONG + "2027-01-30 班\n", AT + timedelta(hours=3))
    entry = RecordEntry.objects.filter(subject=case.subject).latest("seq")
    assert (entry.operation, entry.facts["notice"]) == ("cases.due_moved", entered.notice.pk)
    assert entry.facts["held"] == ["promised"]
    notice = RecordEntry.objects.get(subject="calendar:2027")
    assert notice.facts["days"]["2027-02-05"] == "HOLIDAY"
    found = verify_all(environment().roots).findings
    assert [f for f in found if f[0] in (case.subject, held.subject)] == []


def test_a_finished_case_keeps_the_days_it_was_judged_by() -> None:
    from tests.acting import deciding

    from yiwang.foundation.environment import environment

    case = licence()
    later = AT + timedelta(hours=2)
    reviewed(case, reviewer=actor("zhao-review", later), at=later)
    deciding.grant(case_id=case.pk, actor=actor("sun-approve", later), at=later)
    before = due(case)
    enter(LONG, AT + timedelta(hours=3))
    assert due(case) == before
    findings = verify_all(environment().roots).findings
    assert [f for f in findings if f[0] == case.subject] == []


def test_the_applicant_is_told_once_and_only_what_is_true() -> None:
    at = datetime(2027, 2, 4, 10, 0, tzinfo=BEIJING)
    case = licence(at)
    enter(LONG, at + timedelta(hours=1))
    for _ in range(2):
        drain(at=at + timedelta(hours=2))
    told = Message.objects.filter(kind=MOVED, subject=case.subject)
    assert sorted(told.values_list("channel", flat=True)) == ["IN_SITE", "SMS"]
    text = told[0].body
    assert "顺延到" in text
    page = signed_in("lin-xiaoman").get(f"/my/cases/{case.pk}/").content.decode()
    assert "因放假安排,到期日顺延" in page
    assert "2027年2月" in text
    Case.objects.filter(pk=case.pk).update(promised_due_on=date(2027, 12, 1))
    from yiwang.apps.cases.handlers import still_moved

    assert still_moved(told[0].subject, told[0].occasion) != ""


def test_settling_twice_changes_nothing_more() -> None:
    case = licence()
    entered = enter(LONG)
    version = Case.objects.get(pk=case.pk).version
    settle(f"calendar:{entered.notice.pk}", AT + timedelta(hours=2))
    assert Case.objects.get(pk=case.pk).version == version
    assert Timer.objects.filter(kind="calendar.settle").exists()


def test_settling_catches_a_case_reckoned_with_the_old_calendar() -> None:
    entered = enter(LONG)
    case = licence(AT + timedelta(hours=2))
    Case.objects.filter(pk=case.pk).update(statutory_due_on=date(2027, 2, 10))
    settle(f"calendar:{entered.notice.pk}", AT + timedelta(hours=3))
    assert due(case)[1] == date(2027, 2, 15)


def test_the_preview_writes_nothing_and_says_what_the_entry_does() -> None:
    case = licence()
    seen = preview_notice(year=2027, title=TITLE, text=LONG, actor=actor("zhu-system", AT))
    assert [m.case.pk for m in seen.moves] == [case.pk]
    assert {day.on for _, day in seen.changed} == {date(2027, 2, n) for n in (9, 10, 11)}
    assert not CalendarNotice.objects.filter(year=2027).exists()
    assert not CalendarRow.objects.filter(on__year=2027).exists()
    entered = enter(LONG)
    assert (entered.moved, entered.held) == (seen.moved, 0)


def test_only_the_system_administrator_enters_a_notice() -> None:
    for login in ("qin-security", "you-audit", "chen-window"):
        who = actor(login, AT)
        with pytest.raises(AccessDeniedError):
            preview_notice(year=2027, title=TITLE, text=LONG, actor=who)
        with pytest.raises(AccessDeniedError):
            enter_notice(year=2027, title=TITLE, document_number="", text=LONG, actor=who, at=AT)


def test_a_slip_stops_the_whole_notice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Something fails on the way: neither the calendar nor a case knows of it."""
    case = licence()
    before = due(case)

    def broken(**_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("yiwang.site.calendar_notice.move_due_dates", broken)
    with pytest.raises(RuntimeError):
        enter(LONG)
    assert not CalendarNotice.objects.filter(year=2027).exists()
    assert due(case) == before


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "请逐行写明"),
        ("2027-02-30 休 春节", "没有这一天"),
        ("2月5日 休 春节", "看不懂"),
        (STATUTORY + "2027-02-05 班", "写了两次"),
        (STATUTORY.replace("2027-06-09 休 端午节\n", ""), "2027-06-09 是端午节"),
        (STATUTORY + "2027-03-02 班", "本来就是工作日"),
        (STATUTORY + "2029-01-01 休", "不在 2027 年"),
        ("2027-02-08 至 2027-02-05 休", "前后颠倒"),
    ],
)
def test_what_cannot_be_right_is_refused_with_its_line(text: str, said: str) -> None:
    with pytest.raises(NoticeError) as caught:
        enter(text)
    assert said in "".join(caught.value.problems)


@pytest.mark.parametrize(
    "line",
    [
        "2027-02-05 休 春节",
        "2027年2月5日 休 春节",
        "2027/2/5休春节",
        "2027-02-05~2027-02-05 休 春节",
    ],
)
def test_a_day_is_read_in_the_ways_people_write_it(line: str) -> None:
    (day,) = parse_days(line)
    assert (day.on, day.kind, day.name) == (date(2027, 2, 5), DayKind.HOLIDAY, "春节")


def test_the_page_previews_then_enters() -> None:
    from yiwang.foundation.clockwork import now

    year = now().year + 1
    client = signed_in("zhu-system")
    assert "还没有录入" in client.get(f"/admin/calendar/?year={year}").content.decode()
    text = LONG.replace("2027", str(year)) if year == 2027 else ""
    if not text:
        pytest.skip("the sample notice is for 2027")
    typed = {"year": str(year), "title": TITLE, "document_number": "", "days": text}
    page = client.post("/admin/calendar/", typed)
    assert page.status_code == 200
    assert len(page.context["changed"]["rows"]) == 3
    assert not CalendarNotice.objects.filter(year=year).exists()
    assert client.post("/admin/calendar/", typed | {"confirm": "1"}).status_code == 303
    assert CalendarNotice.objects.filter(year=year).count() == 1
    wrong = client.post("/admin/calendar/", typed | {"days": "nonsense"})
    assert wrong.status_code == 422
    assert "nonsense" in wrong.content.decode()


def test_moves_reads_many_cases_in_few_statements(
    django_assert_max_num_queries: object,
) -> None:
    from yiwang.foundation.calendars.current import compiled_now

    for minute in range(4):
        licence(AT + timedelta(minutes=minute))
    days = compiled_now()
    with django_assert_max_num_queries(4):  # type: ignore[operator]
        assert list(moving.moves(days)) == []
