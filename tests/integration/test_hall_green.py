"""Priority: who is called first, what is marked, and what the audit shows."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import IntegrityError, transaction
from tests.acting import actor
from tests.integration.hall import CLERK, MANAGER, a_zone, booked, here, moment_at, working_day

from yiwang.apps.hall import queries
from yiwang.apps.hall.errors import InvalidActError, NotNowError
from yiwang.apps.hall.models import Appointment, HelpZone, PriorityClass, RosterShift
from yiwang.apps.hall.operations import keeping, serving
from yiwang.apps.hall.operations.keeping import ClassTerms
from yiwang.apps.hall.operations.serving import Admission
from yiwang.apps.hall.queries import UseFilter
from yiwang.foundation.access import AccessDeniedError

pytestmark = pytest.mark.django_db
SHOWN = Admission("ELDER", "72 岁", "身份证原件")


def at_nine() -> datetime:
    return moment_at(working_day(), "09:00")


def call_all(zone: HelpZone) -> list[int]:
    clerk, found = actor(CLERK, at_nine()), []
    while True:
        try:
            found.append(serving.call_next(zone_id=zone.pk, actor=clerk, at=at_nine()).pk)
        except NotNowError:
            return found


def uses(zone: HelpZone, **more: object) -> list[Appointment]:
    day = working_day()
    return queries.green_uses(UseFilter(day, day, **more), zones=[zone.pk]).rows


@pytest.mark.row("R161")
def test_the_class_goes_first_then_the_appointment_then_who_came_first() -> None:
    zone = a_zone(places=3)
    early = booked(zone, "lin-xiaoman", "09:00")
    also_early = booked(zone, "shen-lan", "09:00")
    late = booked(zone, "xu-xiangyang", "09:30")
    elder = booked(zone, "he-guifang", "10:00", channel="ELDER", ground="72 岁")
    park = booked(
        zone, "ouyang-yan", "10:30", channel="PARK", party_id=kunpeng(), ground="园区企业"
    )
    here(late, "08:30")
    here(also_early, "08:40")
    here(early, "08:41")
    here(elder, "08:50", SHOWN)
    here(park, "08:55", Admission("PARK"))
    order = call_all(zone)
    assert order == [park.pk, elder.pk, also_early.pk, early.pk, late.pk]
    day = queries.day_of(zone, working_day())
    assert [row.pk for row in day.waiting] == [] and len(day.serving) == 5


def kunpeng() -> int:
    return next(iter(actor("ouyang-yan", at_nine()).represents))


@pytest.mark.row("R161")
def test_a_park_is_shown_by_what_is_registered_and_by_nobodys_word() -> None:
    zone = a_zone(audience="PARK_ORGANISATIONS")
    with pytest.raises(InvalidActError) as refused:
        booked(zone, "lin-xiaoman")
    assert "园区" in refused.value.fields["party"]
    outside = next(iter(actor("lin-xiaoman", at_nine()).represents))
    with pytest.raises(InvalidActError) as refused:
        booked(zone, "lin-xiaoman", party_id=outside)
    assert "登记的住所不在" in refused.value.fields["party"]
    row = booked(zone, "ouyang-yan", party_id=kunpeng(), channel="PARK")
    assert row.class_name == "园区企业绿色通道" and "高新技术" in row.evidence
    RosterShift.objects.filter(zone=zone).delete()  # the clerk goes to another zone
    anybodys = a_zone(name="另一专区")
    with pytest.raises(InvalidActError) as refused:
        booked(anybodys, "lin-xiaoman", party_id=outside, channel="PARK")
    assert "channel" in refused.value.fields
    plain = booked(anybodys, "lin-xiaoman", party_id=outside)
    with pytest.raises(InvalidActError):  # nor by the word of whoever lets them in
        here(plain, "08:50", Admission("PARK", "园区企业", "营业执照"))


@pytest.mark.row("R161")
def test_priority_without_anything_shown_needs_a_reason_and_is_marked() -> None:
    zone = a_zone()
    row = booked(zone, "he-guifang", channel="ELDER", ground="72 岁")
    with pytest.raises(InvalidActError) as refused:
        here(row, "08:50", Admission("ELDER"))
    assert "reason" in refused.value.fields
    let_in = here(row, "08:50", Admission("ELDER", reason="身份证忘带,明显高龄"))
    assert let_in.is_without_ground and let_in.rank == 2
    call_all(zone)
    (used,) = uses(zone)
    assert used.is_marked and used.ground_reason == "身份证忘带,明显高龄"
    assert used.let_in_by == actor(CLERK, at_nine()).ref


def test_a_claim_that_does_not_count_is_let_in_as_everybody_else() -> None:
    zone = a_zone(classes=("park-enterprise",))
    with pytest.raises(InvalidActError):
        booked(zone, "he-guifang", channel="ELDER", ground="72 岁")
    RosterShift.objects.filter(zone=zone).delete()  # the clerk goes to another zone
    wide = a_zone(name="另一专区")
    row = here(booked(wide, "he-guifang", channel="ELDER", ground="72 岁"), "08:50")
    assert (row.class_code, row.channel, row.rank) == ("", "", 100)
    call_all(wide)
    assert uses(wide) == []


@pytest.mark.row("R161")
def test_calling_somebody_before_their_turn_needs_a_reason_and_is_marked() -> None:
    zone = a_zone()
    first, second = booked(zone, "lin-xiaoman"), booked(zone, "shen-lan", "09:30")
    here(first, "08:40")
    here(second, "08:41")
    clerk = actor(CLERK, at_nine())
    asked = {"appointment_id": second.pk, "actor": clerk, "at": at_nine()}
    with pytest.raises(InvalidActError) as refused:
        serving.call(**asked, reason=" ")
    assert "前面还有 1 人" in refused.value.fields["reason"]
    assert serving.call(**asked, reason="要赶飞机,前面的同意").is_out_of_turn
    called = serving.call(appointment_id=first.pk, reason="", actor=clerk, at=at_nine())
    assert not called.is_out_of_turn
    (marked,) = uses(zone)
    assert (marked.pk, marked.class_code, marked.is_marked) == (second.pk, "", True)
    assert uses(zone, is_marked=True) == [marked] and uses(zone, class_code="x") == []


@pytest.mark.row("R161")
def test_the_share_of_priority_is_a_recount_by_class_and_day() -> None:
    zone = a_zone(places=3)
    for who in ("lin-xiaoman", "shen-lan"):
        here(booked(zone, who), "08:40")
    elder = booked(zone, "he-guifang", channel="ELDER", ground="72 岁")
    here(elder, "08:45", SHOWN)
    booked(zone, "xu-xiangyang", "10:00")  # never came: counted nowhere
    call_all(zone)
    day = working_day()
    found = queries.shares(UseFilter(day, day), zones=[zone.pk])
    assert sorted(found) == [(day, "", 2), (day, "老年人残疾人优先", 1)]


def test_the_database_itself_refuses_priority_without_ground_or_mark() -> None:
    row = here(booked(a_zone(), "he-guifang", channel="ELDER", ground="72 岁"), "08:50", SHOWN)
    for wrong in (
        {"evidence": ""},
        {"is_without_ground": True},
        {"is_out_of_turn": True},
        {"let_in_by": ""},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Appointment.objects.filter(pk=row.pk).update(**wrong)


def test_classes_are_data_with_their_ground_and_kept_in_the_version_seen() -> None:
    manager = actor(MANAGER, at_nine())
    terms = ClassTerms("军人优先", 3, ("MILITARY",), "军人地位和权益保障法", "S")
    keep = {"code": "military", "at": at_nine()}
    row = keeping.keep_class(**keep, terms=terms, actor=manager)
    assert PriorityClass.objects.get(code="military").channel_labels == ["军人军属"]
    with pytest.raises(NotNowError):
        keeping.keep_class(**keep, terms=terms, actor=manager)
    keeping.keep_class(**keep, terms=terms, actor=manager, seen=row.version)
    with pytest.raises(AccessDeniedError):
        keeping.keep_class(**keep, terms=terms, actor=actor(CLERK, at_nine()), seen=2)
    wrong = ClassTerms("", 100, ("NONE",), "", "?")
    with pytest.raises(InvalidActError) as refused:
        keeping.keep_class(code="Military", at=at_nine(), terms=wrong, actor=manager)
    assert set(refused.value.fields) == {"code", "name", "rank", "channels", "source", "mark"}
