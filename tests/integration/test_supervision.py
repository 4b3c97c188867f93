"""From timers to cards: once, at the right instant, and never for a day that did not count."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from tests.acting import accepted, actor, deciding, received, reviewed

from yiwang.apps.cases.models import Case, ClockRow, ReviewStep
from yiwang.apps.cases.operations import reviewing, stopping
from yiwang.apps.catalog.public import definition_of
from yiwang.apps.supervision.models import Card
from yiwang.apps.supervision.operations import issuing
from yiwang.apps.supervision.operations.issuing import LOOK, look, sweep_cases
from yiwang.foundation.calendars.current import forget
from yiwang.foundation.environment import environment
from yiwang.foundation.outbox.relay import drain
from yiwang.foundation.timers.models import Timer
from yiwang.foundation.timers.sweep import sweep
from yiwang.kernel.moment import BEIJING, end_of_day, start_of_day
from yiwang.site.calendar_notice import enter_notice
from yiwang.site.verifying import verify_all

pytestmark = pytest.mark.django_db

FOOD = "food-business-licence"


@pytest.fixture(autouse=True)
def fresh_calendar() -> Iterator[None]:
    forget()
    yield
    forget()


def licence(at: datetime) -> Case:
    """Accepted on Monday 2 March: promised 5 working days (9 March), statutory 10 (16 March)."""
    return accepted(
        FOOD,
        by=actor("lin-xiaoman", at),
        clerk=actor("chen-window", at),
        at=at,
        hall="taolin-hall",
    )


def relay(at: datetime) -> None:
    """A round of the worker, twice: events, then what falls due."""
    for _ in range(2):
        drain(at=at)
        sweep(at=at)


def cards(case: Case) -> list[tuple[str, str]]:
    rows = Card.objects.filter(case_id=case.pk).order_by("id")
    return [(row.rule_code, row.target) for row in rows]


def reminder(case: Case) -> datetime | None:
    row = Timer.objects.filter(subject=case.subject, kind=LOOK).first()
    return row.due_at if row else None


def march(day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=BEIJING)


def close_steps(case: Case) -> None:
    """Leave only the promise to be watched."""
    ReviewStep.objects.filter(case=case).update(state="CANCELLED")


def test_events_set_one_reminder_for_the_next_instant(at: datetime) -> None:
    case = licence(at)
    relay(at)
    assert cards(case) == []
    # The step 资料审查 (one working day) is over at the end of Tuesday 3 March.
    assert reminder(case) == end_of_day(date(2026, 3, 3))
    assert Timer.objects.filter(subject=case.subject, kind=LOOK).count() == 1


@pytest.mark.row("R247")
def test_a_warning_comes_one_working_day_before_the_promise_ends(at: datetime) -> None:
    case = licence(at)
    close_steps(case)
    relay(at)
    assert reminder(case) == march(6)  # Friday; due on Monday 9 March
    relay(march(5, 23, 59))
    assert cards(case) == []
    relay(march(6))
    assert cards(case) == [("W01", "promised")]
    card = Card.objects.get(case_id=case.pk)
    assert card.text == "承诺时限将于 2026年3月9日 周一 到期,剩 1 个工作日。"
    assert card.number == "椰桃市监监察〔2026〕1号"


def test_yellow_over_the_promise_red_over_the_law(at: datetime) -> None:
    case = licence(at)
    close_steps(case)
    relay(at)
    relay(march(9, 23, 59))
    assert cards(case) == [("W01", "promised")]
    relay(march(10))
    assert cards(case) == [("W01", "promised"), ("Y01", "promised")]
    relay(march(17))
    # Yellow on Tuesday 10 March: five working days after it end with Tuesday 17 March.
    assert cards(case)[2:] == [("R01", "statutory")]
    relay(march(18))
    assert cards(case)[3:] == [("R02", "yellow:promised")]
    assert reminder(case) is None
    evidence = Card.objects.get(case_id=case.pk, rule_code="R01").evidence
    assert evidence["due_on"] == "2026-03-16"
    assert evidence["started_on"] == "2026-03-02"
    assert evidence["article"] == "食品经营许可和备案管理办法"


def test_a_step_over_its_limit_while_the_whole_is_not(at: datetime) -> None:
    case = licence(at)
    relay(at)
    relay(march(4))
    assert cards(case) == [("Y02", "step:review")]
    assert "资料审查" in Card.objects.get(case_id=case.pk).text


def test_a_step_that_was_done_in_time_gets_no_card(at: datetime) -> None:
    case = licence(at)
    reviewed(case, reviewer=actor("zhao-review", at), at=march(3, 17))
    relay(march(3, 17, 1))
    relay(march(4))
    assert cards(case) == []


def test_nothing_is_issued_twice(at: datetime) -> None:
    case = licence(at)
    close_steps(case)
    for day in (6, 6, 10, 10, 11):
        look(case.pk, at=march(day, 1))
        relay(march(day, 2))
        sweep_cases(at=march(day, 3))
    assert cards(case) == [("W01", "promised"), ("Y01", "promised")]
    row = Card.objects.filter(case_id=case.pk).first()
    assert row is not None
    row.pk = None
    row.number = "x"
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def stopped(case: Case, at: datetime) -> None:
    stopping.pause(
        case_id=case.pk,
        ground=definition_of(case.item_version_id).pause_grounds[0].code,
        expected="15wd",
        reason="需要整改,时间较长",
        actor=actor("sun-approve", at),
        at=at,
    )


def test_a_pause_prevents_and_resuming_moves(at: datetime) -> None:
    case = licence(at)
    close_steps(case)
    relay(at)
    stopped(case, march(4, 10))
    relay(march(4, 10, 1))
    assert reminder(case) is None
    relay(march(10))
    assert cards(case) == []
    # Stopped over three working days (5, 6 and 9 March): due on Thursday 12 March instead.
    stopping.resume(case_id=case.pk, actor=actor("sun-approve", march(9)), at=march(9, 15))
    relay(march(9, 16))
    assert reminder(case) == march(11)
    relay(march(12, 23, 59))
    assert cards(case) == [("W01", "promised")]
    relay(march(13))
    assert cards(case) == [("W01", "promised"), ("Y01", "promised")]
    evidence = Card.objects.get(case_id=case.pk, rule_code="Y01").evidence
    assert [p["from"] for p in evidence["pauses"]] == ["2026-03-04"]


def test_an_extension_moves(at: datetime) -> None:
    case = licence(at)
    close_steps(case)
    relay(at)
    reviewing.extend(
        case_id=case.pk, reason="案情复杂", actor=actor("sun-approve", at), at=march(5, 9)
    )
    relay(march(5, 9, 1))
    relay(march(15))
    assert cards(case) == [("W01", "promised")]
    assert Card.objects.get(case_id=case.pk).issued_at >= march(13)
    relay(march(17))
    assert cards(case) == [("W01", "promised"), ("Y01", "promised")]
    assert Card.objects.get(case_id=case.pk, rule_code="Y01").evidence["extensions"]


def notice(text: str, at: datetime) -> None:
    enter_notice(
        year=2026,
        title="台风停工停产的通知",
        document_number="",
        text=text,
        actor=actor("zhu-system", at),
        at=at,
    )
    forget()


def test_a_holiday_notice_gives_no_card_for_a_day_it_moved(at: datetime) -> None:
    case = licence(at)
    close_steps(case)
    relay(at)
    notice("2026-03-09 至 2026-03-10 休 台风停工", march(8, 20))
    # The timer that was set before still fires; what it finds is the clock as it is then.
    Timer.objects.filter(subject=case.subject, kind=LOOK).update(due_at=march(10))
    relay(march(10))
    assert ("Y01", "promised") not in cards(case)
    assert reminder(case) == march(12)  # due on Wednesday 11 March now
    relay(march(12))
    assert ("Y01", "promised") in cards(case)


def test_a_notice_entered_late_takes_back_the_card_of_a_day_it_moved(at: datetime) -> None:
    case = licence(at)
    close_steps(case)
    relay(at)
    relay(march(10, 0, 1))
    assert ("Y01", "promised") in cards(case)
    notice("2026-03-09 至 2026-03-10 休 台风停工", march(10, 9))
    relay(march(10, 9, 1))
    card = Card.objects.get(case_id=case.pk, rule_code="Y01")
    assert (card.state, card.withdrawn_cause) == ("WITHDRAWN", "SYSTEM")
    assert "放假安排" in card.withdrawn_reason
    findings = verify_all(environment().roots).findings
    assert [f for f in findings if f[0] == card.subject] == []


def test_an_extension_granted_too_late_heals_nothing(at: datetime) -> None:
    case = licence(at)
    close_steps(case)
    relay(at)
    relay(march(10, 0, 1))
    reviewing.extend(
        case_id=case.pk, reason="案情复杂", actor=actor("sun-approve", at), at=march(10, 9)
    )
    relay(march(10, 9, 1))
    assert Card.objects.get(case_id=case.pk, rule_code="Y01").state == "VALID"


def test_decided_in_time_means_no_card(at: datetime) -> None:
    case = licence(at)
    reviewed(case, reviewer=actor("zhao-review", at), at=march(3, 9))
    deciding.grant(case_id=case.pk, actor=actor("sun-approve", at), at=march(4, 9))
    relay(march(4, 10))
    assert reminder(case) is None
    relay(march(20))
    assert cards(case) == []


def test_an_immediate_item_is_warned_of_two_hours_before_closing(at: datetime) -> None:
    case = accepted(
        "public-place-hygiene",
        by=actor("lin-xiaoman", at),
        clerk=actor("chen-window", at),
        at=at,
        hall="taolin-hall",
    )
    relay(at)
    assert reminder(case) == march(2, 15)
    relay(march(2, 14, 59))
    assert cards(case) == []
    relay(march(2, 15))
    assert cards(case) == [("W02", "promised")]


@pytest.mark.parametrize("late_by", [0, 40])
def test_the_sweep_catches_what_a_lost_timer_missed(at: datetime, late_by: int) -> None:
    case = licence(at)
    close_steps(case)
    relay(at)
    Timer.objects.filter(subject=case.subject, kind=LOOK).delete()
    when = march(10, 2) + timedelta(days=late_by)
    first = sweep_cases(at=when)
    again = sweep_cases(at=when + timedelta(minutes=1))
    found = cards(case)
    assert ("Y01", "promised") in found
    assert first.issued == len(found)
    assert again.issued == 0
    # However late it comes, a card says since when it has been true.
    assert Card.objects.get(case_id=case.pk, rule_code="Y01").occurred_at == march(10)


def test_the_sweep_sets_reminders_that_are_missing(at: datetime) -> None:
    case = licence(at)
    relay(at)
    Timer.objects.filter(subject=case.subject).delete()
    sweep_cases(at=at + timedelta(hours=1))
    assert reminder(case) == march(4)


def test_a_late_decision_seen_only_afterwards_is_judged_by_its_day(at: datetime) -> None:
    case = licence(at)
    reviewed(case, reviewer=actor("zhao-review", at), at=march(3, 9))
    deciding.grant(case_id=case.pk, actor=actor("sun-approve", at), at=march(11, 9))
    sweep_cases(at=march(12, 2))
    assert ("Y01", "promised") in cards(case)
    assert ("R01", "statutory") not in cards(case)


def test_the_sweep_asks_by_batch_not_by_case(at: datetime) -> None:
    citizen = actor("lin-xiaoman", at)
    with CaptureQueriesContext(connection) as one:
        licence(at)
        sweep_cases(at=at)
    counts = []
    for _ in range(2):
        for _ in range(3):
            received(FOOD, by=citizen, at=at)
        with CaptureQueriesContext(connection) as captured:
            sweep_cases(at=at)
        counts.append(len(captured))
    assert one
    assert counts[0] == counts[1]


def test_a_look_takes_few_statements(at: datetime) -> None:
    case = licence(at)
    look(case.pk, at=at)
    with CaptureQueriesContext(connection) as captured:
        look(case.pk, at=at)
    spent = [q["sql"] for q in captured if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(spent) <= 9, "\n".join(text[:120] for text in spent)


def test_a_kill_between_card_and_record_leaves_neither(
    at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = licence(at)
    close_steps(case)

    def killed(*_: object, **__: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr(issuing, "publish", killed)
        with pytest.raises(RuntimeError):
            look(case.pk, at=march(10))
    assert cards(case) == []
    relay(march(10))
    numbers = list(Card.objects.filter(case_id=case.pk).values_list("number", flat=True))
    assert numbers == ["椰桃市监监察〔2026〕1号", "椰桃市监监察〔2026〕2号"]


def test_a_fault_in_supervision_holds_no_document_back(
    at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The event's own handlers run whatever becomes of the look."""
    case = licence(at)

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("yiwang.apps.supervision.handlers.look", broken)
    relay(at)
    from yiwang.foundation.outbox.models import OutboxEvent

    assert not OutboxEvent.objects.filter(subject=case.subject, status="PENDING").exists()
    assert Timer.objects.get(subject=case.subject, kind=LOOK).error


def test_what_cannot_happen_is_found_when_it_was_made_by_hand(at: datetime) -> None:
    case = licence(at)
    close_steps(case)
    Case.objects.filter(pk=case.pk).update(
        accepted_at=start_of_day(date(2026, 3, 3)), corrections_asked=2
    )
    ClockRow.objects.create(
        case=case, clock="DECISION", kind="PAUSED", at=march(3), pause="x", ground="领导外出"
    )
    look(case.pk, at=march(3, 9))
    assert sorted(cards(case)) == [
        ("R04", "acceptance"),
        ("Y03", "correction"),
        ("Y04", "pause:1"),
    ]


def test_the_database_keeps_what_was_issued(at: datetime) -> None:
    case = licence(at)
    close_steps(case)
    look(case.pk, at=march(10))
    rows = Card.objects.filter(case_id=case.pk)
    for change in ({"text": "没有超期"}, {"evidence": {}}, {"signal": "WARNING"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.delete()


def test_verify_names_a_card_changed_by_hand(at: datetime) -> None:
    case = licence(at)
    close_steps(case)
    look(case.pk, at=march(10))
    card = Card.objects.filter(case_id=case.pk).order_by("id").first()
    assert card is not None
    Card.objects.filter(pk=card.pk).update(late_reason="一切正常", late_reason_at=march(10))
    findings = verify_all(environment().roots).findings
    assert any(f[0] == card.subject and "超期原因" in f[2] for f in findings)
