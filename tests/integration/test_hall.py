"""Zones, rosters, appointments: who may, what is free, what is told, what is written down."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.acting import actor, received
from tests.authorising import party
from tests.integration.hall import (
    CITIZENS,
    CLERK,
    MANAGER,
    OTHER,
    a_zone,
    booked,
    helped,
    here,
    moment_at,
    put_down,
    start,
    terms,
    wish,
    working_day,
)

from yiwang.apps.cases.models import HelpRecord
from yiwang.apps.hall.domain.states import AppointmentState
from yiwang.apps.hall.errors import HallNotFoundError, InvalidActError, NotNowError
from yiwang.apps.hall.models import Appointment, HelpZone, RosterShift
from yiwang.apps.hall.operations import booking, for_others, keeping, rostering, serving
from yiwang.apps.hall.slots import free_slots
from yiwang.apps.hall.verifying import check_appointments
from yiwang.apps.people.authority_models import AuthorisationUse
from yiwang.apps.people.models import Absence, Account, Hall, PostHolding
from yiwang.apps.people.places.closing import blockers_of
from yiwang.apps.people.public import PlaceKind, Shown, register_absence
from yiwang.foundation.access import AccessDeniedError
from yiwang.foundation.calendars.current import calendar
from yiwang.foundation.messaging.models import Message
from yiwang.foundation.messaging.sending import send_pending
from yiwang.foundation.outbox.relay import drain
from yiwang.foundation.record.models import RecordEntry
from yiwang.foundation.timers.models import Timer
from yiwang.foundation.timers.sweep import sweep

pytestmark = pytest.mark.django_db


def free(zone: HelpZone, text: str = "09:00") -> int:
    on = working_day()
    slots = free_slots(zone, first=on, last=on, at=start())
    return next((s.free for s in slots if s.starts_at == moment_at(on, text)), -1)


def told(row: Appointment) -> list[str]:
    rows = Message.objects.filter(subject=row.subject, status="SENT", channel="IN_SITE")
    return list(rows.order_by("id").values_list("title", flat=True))


def deliver() -> None:
    while drain(at=start()):
        pass
    send_pending(at=start(), limit=500)


@pytest.mark.row("R057")
def test_an_appointment_is_helped_and_the_help_is_the_organs_record() -> None:
    zone = a_zone()
    row = booked(zone, "lin-xiaoman", item="elder-card")
    here(row, "08:50")
    at = moment_at(working_day(), "09:00")
    clerk = actor(CLERK, at)
    assert serving.call_next(zone_id=zone.pk, actor=clerk, at=at).pk == row.pk
    serving.start(appointment_id=row.pk, actor=clerk, at=at)
    done = serving.end(appointment_id=row.pk, help=helped(), number="", actor=clerk, at=at)
    record = HelpRecord.objects.get(pk=done.help_record_id)
    assert done.state == AppointmentState.DONE and done.ended_at == at
    assert (record.case, record.party_id, record.helper) == (None, row.party_id, clerk.ref)
    assert (record.kind, record.item_code, record.what) == ("WINDOW", "elder-card", "核对材料")
    assert (record.place, record.helped_on) == (f"{zone.hall.name}{zone.name}", row.on)
    assert RecordEntry.objects.filter(subject=f"help:{record.pk}").exists()
    acts = RecordEntry.objects.filter(subject=row.subject).order_by("seq")
    assert [one.operation for one in acts] == [
        "hall.BOOK", "hall.CHECK_IN", "hall.CALL", "hall.BEGIN", "hall.END",
    ]  # fmt: skip


@pytest.mark.row("R057")
def test_help_of_a_case_names_the_case_and_only_the_visitors_own() -> None:
    zone, at = a_zone(), moment_at(working_day(), "09:00")
    row = booked(zone, "lin-xiaoman")
    own = received("elder-card", by=actor("lin-xiaoman", at), at=at)
    others = received("elder-card", by=actor("he-guifang", at), at=at)
    here(row, "08:50")
    clerk = actor(CLERK, at)
    serving.call_next(zone_id=zone.pk, actor=clerk, at=at)
    serving.start(appointment_id=row.pk, actor=clerk, at=at)
    with pytest.raises(InvalidActError) as refused:
        serving.end(
            appointment_id=row.pk, help=helped(), number=others.short_number, actor=clerk, at=at
        )
    assert "不是帮办对象" in refused.value.fields["number"]
    with pytest.raises(InvalidActError) as refused:
        serving.end(
            appointment_id=row.pk, help=helped(kind="PARK", what=""), number="", actor=clerk, at=at
        )
    assert set(refused.value.fields) == {"kind"}
    done = serving.end(
        appointment_id=row.pk, help=helped(), number=own.short_number, actor=clerk, at=at
    )
    assert HelpRecord.objects.get(pk=done.help_record_id).case_id == own.pk


@pytest.mark.row("R057")
def test_only_a_half_day_with_somebody_on_the_roster_can_be_booked() -> None:
    zone = a_zone(staffed=False)
    assert free(zone) == -1
    with pytest.raises(NotNowError):
        booked(zone, "lin-xiaoman")
    put_down(zone, working_day(), "MORNING")
    assert (free(zone), free(zone, "14:00")) == (2, -1)
    assert booked(zone, "lin-xiaoman").number == 1 and free(zone) == 1
    with pytest.raises(NotNowError):
        booked(zone, "he-guifang", "14:00")


@pytest.mark.row("R057")
def test_whoever_is_away_is_stood_in_for_by_the_deputy_of_their_post_or_nobody_can_book() -> None:
    zone, on = a_zone(), working_day()
    clerk = Account.objects.get(login=CLERK)
    begin, noon = moment_at(on, "08:00"), moment_at(on, "12:00")
    Absence.objects.create(account=clerk, starts_at=begin, ends_at=noon, reason="培训")
    assert (free(zone), free(zone, "14:00")) == (-1, 2)
    post = PostHolding.objects.get(account=clerk, is_deputy=False).post
    PostHolding.objects.create(
        post=post, account=Account.objects.get(login="mo-make"), is_deputy=True,
        valid_from=on - timedelta(days=90),
    )  # fmt: skip
    assert free(zone) == 2


@pytest.mark.row("R057")
def test_the_last_on_the_roster_leaves_only_with_a_substitute_or_a_word_to_those_who_booked() -> (
    None
):
    zone, at = a_zone(staffed=False), start()
    (shift,) = put_down(zone, working_day(), "MORNING")
    put_down(zone, working_day(), "AFTERNOON")
    row = booked(zone, "lin-xiaoman")
    leaving = {"shift_id": shift.pk, "actor": actor(MANAGER, at), "at": at}
    with pytest.raises(InvalidActError) as refused:
        rostering.take_off(**leaving, substitute_id=None, tells=False)
    assert "1 个预约" in refused.value.fields["substitute"]
    assert RosterShift.objects.filter(pk=shift.pk).exists()
    (asked,) = rostering.take_off(**leaving, substitute_id=None, tells=True)
    assert (asked.pk, asked.state) == (row.pk, "DISPLACED")
    assert asked.offered_at == moment_at(working_day(), "14:00")
    deliver()
    assert told(row) == ["帮办预约请您另选时间"]  # the confirmation was no longer true
    body = Message.objects.filter(subject=row.subject, status="SENT").latest("id").body
    assert "14:00" in body and "不用重新填写" in body
    citizen = actor("lin-xiaoman", at)
    moved = booking.move(appointment_id=row.pk, starts_at=asked.offered_at, actor=citizen, at=at)
    assert (moved.state, moved.offered_at) == ("BOOKED", None)


@pytest.mark.row("R057")
def test_a_substitute_of_the_hall_takes_over_and_the_appointments_stay() -> None:
    zone, at = a_zone(staffed=False), start()
    (shift,) = put_down(zone, working_day(), "MORNING")
    row = booked(zone, "lin-xiaoman")
    window = PostHolding.objects.get(account__login=CLERK, is_deputy=False).post
    second = Account.objects.get(login="yin-make")
    leaving = {"shift_id": shift.pk, "tells": False, "actor": actor(MANAGER, at), "at": at}
    with pytest.raises(InvalidActError):  # not of this hall's help
        rostering.take_off(**leaving, substitute_id=Account.objects.get(login=OTHER).pk)
    PostHolding.objects.create(post=window, account=second, valid_from=at.date())
    begin, noon = moment_at(working_day(), "08:00"), moment_at(working_day(), "12:00")
    away = Absence.objects.create(account=second, starts_at=begin, ends_at=noon, reason="培训")
    with pytest.raises(InvalidActError):  # away herself that morning
        rostering.take_off(**leaving, substitute_id=second.pk)
    away.delete()
    shift.refresh_from_db()
    assert rostering.take_off(**leaving, substitute_id=second.pk) == []
    row.refresh_from_db()
    assert row.state == "BOOKED"
    assert RosterShift.objects.get(zone=zone, half="MORNING").account_id == second.pk


def test_moving_and_cancelling_free_the_place_and_ask_for_no_reason() -> None:
    zone, at = a_zone(places=1), start()
    row, citizen = booked(zone, "lin-xiaoman"), actor("lin-xiaoman", at)
    with pytest.raises(NotNowError):
        booked(zone, "he-guifang")
    booking.move(
        appointment_id=row.pk, starts_at=moment_at(working_day(), "10:00"), actor=citizen, at=at
    )
    other = booked(zone, "he-guifang")
    with pytest.raises(NotNowError):
        booking.move(appointment_id=row.pk, starts_at=other.starts_at, actor=citizen, at=at)
    booking.cancel(appointment_id=row.pk, actor=citizen, at=at)
    assert free(zone, "10:00") == 1
    late = moment_at(working_day(), "09:00")
    with pytest.raises(NotNowError):
        booking.cancel(appointment_id=other.pk, actor=actor("he-guifang", late), at=late)


def test_one_open_appointment_a_zone_and_not_coming_blocks_nobody() -> None:
    zone = a_zone()
    row = booked(zone, "lin-xiaoman")
    with pytest.raises(NotNowError) as refused:
        booked(zone, "lin-xiaoman", "10:00")
    assert "已经有一个预约" in refused.value.message
    for timer in Timer.objects.filter(subject=row.subject, kind="hall.day_over"):
        sweep(at=timer.due_at + timedelta(minutes=1), limit=5000)
    row.refresh_from_db()
    assert row.state == AppointmentState.ABSENT
    put_down(zone, calendar().next_working_day(working_day() + timedelta(days=1)))
    later = moment_at(calendar().next_working_day(working_day() + timedelta(days=1)), "09:00")
    again = wish("lin-xiaoman", starts_at=later)
    after = moment_at(working_day(), "23:59")
    found = booking.book(zone_id=zone.pk, wish=again, actor=actor("lin-xiaoman", after), at=after)
    assert found.state == AppointmentState.BOOKED


def test_who_may_book_for_whom() -> None:
    zone = a_zone()
    with pytest.raises(AccessDeniedError):
        booked(zone, "he-guifang", by="wang-shouren")
    with pytest.raises(AccessDeniedError):  # her daughter is authorised, but not for this item
        booked(zone, "he-guifang", by="he-xiaochen", item="disability-card")
    row = booked(zone, "he-guifang", by="he-xiaochen", item="elder-card")
    assert row.party_id == party("he-guifang").pk and row.visitor_id == party("he-xiaochen").pk
    with pytest.raises(HallNotFoundError):
        booking.cancel(appointment_id=row.pk, actor=actor("wang-shouren", start()), at=start())
    with pytest.raises(AccessDeniedError):
        serving.check_in(
            appointment_id=row.pk, admission=serving.Admission(),
            actor=actor("he-guifang", start()), at=start(),
        )  # fmt: skip
    booking.cancel(appointment_id=row.pk, actor=actor("he-xiaochen", start()), at=start())
    used = AuthorisationUse.objects.filter(subject=row.subject).order_by("id")
    assert [one.what.partition(":")[0] for one in used] == ["预约帮办", "取消帮办预约"]


def test_a_clerk_books_for_who_calls_and_another_halls_clerk_cannot() -> None:
    zone, at = a_zone(), start()
    who = Shown("RESIDENT_ID", party("wang-shouren").paper_number, "")
    asked = {"zone_id": zone.pk, "who": who, "wish": wish("wang-shouren"), "via": "PHONE"}
    row = for_others.book_for(**asked, actor=actor(CLERK, at), at=at)
    assert (row.party_id, row.via) == (party("wang-shouren").pk, "PHONE")
    with pytest.raises(AccessDeniedError):
        for_others.book_for(**asked, actor=actor(OTHER, at), at=at)


def test_no_slots_on_rest_days_unless_the_zone_says_so() -> None:
    day, at = working_day(), start()
    sunday = day + timedelta(days=6 - day.weekday())
    while calendar().is_working(sunday):
        sunday += timedelta(days=7)
    for is_open in (False, True):
        name = f"专区{is_open}"
        zone = a_zone(staffed=False, name=name, is_open_on_rest_days=is_open)
        (shift,) = put_down(zone, sunday, "MORNING")
        found = free_slots(zone, first=sunday, last=sunday, at=at)
        assert bool(found) is is_open
        shift.delete()


def test_the_day_before_a_reminder_comes_and_none_for_what_was_moved() -> None:
    zone = a_zone()
    row, gone = booked(zone, "lin-xiaoman"), booked(zone, "he-guifang", "09:30")
    booking.cancel(appointment_id=gone.pk, actor=actor("he-guifang", start()), at=start())
    day_before = moment_at(working_day() - timedelta(days=1), "09:01")
    sweep(at=day_before, limit=5000)
    deliver()
    assert sorted(told(row)) == ["帮办预约成功", "明天有您的帮办预约"]
    assert told(gone) == ["帮办预约已经取消"]


def test_a_zone_is_kept_by_its_halls_manager_in_the_version_that_was_seen() -> None:
    zone, at = a_zone(), start()
    changing = {"hall_id": zone.hall_id, "zone_id": zone.pk, "at": at}
    manager = actor(MANAGER, at)
    keeping.keep_zone(**changing, terms=terms(places=3), seen=zone.version, actor=manager)
    with pytest.raises(NotNowError):
        keeping.keep_zone(**changing, terms=terms(places=4), seen=zone.version, actor=manager)
    with pytest.raises(AccessDeniedError):
        keeping.keep_zone(
            **changing, terms=terms(), seen=zone.version + 1, actor=actor("sun-approve", at)
        )
    with pytest.raises(InvalidActError) as refused:
        keeping.keep_zone(
            hall_id=zone.hall_id, at=at, actor=manager,
            terms=terms(name="", kinds=("NONE",), places=0, hours={0: "9"}, area="990102000000"),
        )  # fmt: skip
    assert set(refused.value.fields) == {"name", "kinds", "places", "hours_0", "area"}


def test_a_zone_with_appointments_is_not_closed_and_keeps_its_hall_open() -> None:
    zone, at = a_zone(), start()
    row, manager = booked(zone, "lin-xiaoman"), actor(MANAGER, at)
    with pytest.raises(NotNowError):
        keeping.close_zone(zone_id=zone.pk, actor=manager, at=at)
    hall = Hall.objects.get(pk=zone.hall_id)
    names = [one.what for one in blockers_of(PlaceKind.HALL, hall.pk, today=at.date())]
    assert f"帮办专区 {zone.name}" in names
    booking.cancel(appointment_id=row.pk, actor=actor("lin-xiaoman", at), at=at)
    assert keeping.close_zone(zone_id=zone.pk, actor=manager, at=at).valid_until is not None
    with pytest.raises(NotNowError):
        booked(zone, "he-guifang")


def test_a_state_changed_by_hand_is_found() -> None:
    row = booked(a_zone(), CITIZENS[0])
    findings: list[tuple[str, str, str]] = []
    assert row.subject in check_appointments(findings) and findings == []
    Appointment.objects.filter(pk=row.pk).update(state="HERE")
    check_appointments(findings)
    assert [found[0] for found in findings] == [row.subject]


@pytest.mark.row("R057")
def test_nobody_is_reminded_of_a_half_day_in_which_nobody_will_be_there() -> None:
    zone, on = a_zone(), working_day()
    row, late = booked(zone, "lin-xiaoman"), booked(zone, "he-guifang", "14:00")
    clerk = Account.objects.get(login=CLERK)
    Absence.objects.create(
        account=clerk, starts_at=moment_at(on, "08:00"), ends_at=moment_at(on, "12:00"), reason="病"
    )
    sweep(at=moment_at(on - timedelta(days=1), "09:01"), limit=5000)
    deliver()
    row.refresh_from_db()
    assert row.state == "DISPLACED" and told(row) == ["帮办预约请您另选时间"]
    assert "明天有您的帮办预约" in told(late)


@pytest.mark.row("R057")
def test_an_absence_after_the_reminder_asks_those_who_booked_at_once() -> None:
    zone, on = a_zone(), working_day()
    row = booked(zone, "lin-xiaoman")
    evening = moment_at(on - timedelta(days=1), "20:00")
    register_absence(
        starts_at=moment_at(on, "08:00"), ends_at=moment_at(on, "12:00"), reason="生病",
        actor=actor(CLERK, evening), at=evening,
    )  # fmt: skip
    while drain(at=evening):
        pass
    row.refresh_from_db()
    assert row.state == "DISPLACED" and row.offered_at == moment_at(on, "14:00")
