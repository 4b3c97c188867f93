"""一窗受理 and 进驻 in figures: against the cases themselves, all places shown, those with none first."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.acting import accepted, actor, received
from tests.integration.taking import hall, moved_to
from tests.integration.test_budgets import at_most

from yiwang.apps.cases.domain.one_window import Accepted, shares
from yiwang.apps.cases.models import Case
from yiwang.apps.cases.one_window import Level, Period, cases_behind, figures
from yiwang.apps.cases.operations import receiving
from yiwang.apps.cases.resident_figures import resident_counts, resident_items
from yiwang.apps.people.models import Area, PostHolding
from yiwang.apps.people.public import Window
from yiwang.foundation.access import AccessDeniedError, Actor

pytestmark = pytest.mark.django_db
FOOD, HYGIENE, ESTATE = "food-business-licence", "public-place-hygiene", "real-estate-transfer"
YEYING = "990102001000"


def accept(item: str, *, clerk: Actor, at: datetime, where: str) -> Case:
    by = {"hall": where}
    return accepted(item, by=actor("lin-xiaoman", at), clerk=clerk, at=at, **by)


def march(at: datetime) -> Period:
    return Period(at.date().replace(day=1), at.date())


def supervisor(at: datetime) -> Actor:
    return actor("tang-supervise", at)


@pytest.mark.row("R076")
def test_the_acceptance_keeps_the_window_that_did_it(at: datetime) -> None:
    clerk = actor("chen-window", at)
    case = accept(FOOD, clerk=clerk, at=at, where="taolin-hall")
    assert case.accepted_window_id == clerk.postings[0].window_id
    assert Case.objects.get(pk=case.pk).accepted_window.number == "A01"


def test_silence_is_no_window(at: datetime) -> None:
    case = received(FOOD, by=actor("lin-xiaoman", at), at=at, hall="taolin-hall")
    deemed = receiving.deem_accepted(case_id=case.pk, at=at + timedelta(days=30))
    assert deemed is not None
    assert deemed.accepted_window_id is None


@pytest.mark.row("R076")
def test_a_township_counts_only_what_a_window_with_items_of_two_organs_accepted(
    at: datetime,
) -> None:
    township = hall("yeying", YEYING, [FOOD, HYGIENE])
    clerk = moved_to("lin-window", township.windows.get(), at)
    for _ in range(2):
        accept(FOOD, clerk=clerk, at=at, where="yeying")
    row = township_row(at)
    assert (row.share.accepted, row.share.at_one_window) == (2, 0), "one organ makes it a window"
    accept(HYGIENE, clerk=clerk, at=at, where="yeying")
    row = township_row(at)
    assert (row.share.accepted, row.share.at_one_window, row.share.rate) == (3, 3, "100.0 %")
    earlier = Period(date(2026, 1, 1), date(2026, 2, 28))
    rows = figures(level=Level.TOWNSHIP, period=earlier, actor=supervisor(at))
    assert all(one.share.rate == "无" for one in rows)


def township_row(at: datetime) -> object:
    rows = figures(level=Level.TOWNSHIP, period=march(at), actor=supervisor(at))
    return next(one for one in rows if one.key == YEYING)


@pytest.mark.row("R076")
def test_every_township_is_there_and_those_with_none_come_first(at: datetime) -> None:
    township = hall("yeying", YEYING, [FOOD, HYGIENE])
    clerk = moved_to("lin-window", township.windows.get(), at)
    accept(FOOD, clerk=clerk, at=at, where="yeying")
    accept(HYGIENE, clerk=clerk, at=at, where="yeying")
    rows = figures(level=Level.TOWNSHIP, period=march(at), actor=supervisor(at))
    assert {one.key for one in rows} == set(
        Area.objects.filter(level="TOWNSHIP", is_zone=False).values_list("pk", flat=True)
    )
    assert [one.share.is_none for one in rows] == sorted(
        (one.share.is_none for one in rows), reverse=True
    )
    assert rows[-1].key == YEYING


@pytest.mark.row("R076")
def test_the_statement_counts_as_one_would_by_hand(at: datetime) -> None:
    chen, he = actor("chen-window", at), actor("he-window", at)
    for item in (FOOD, FOOD, HYGIENE):
        accept(item, clerk=chen, at=at, where="taolin-hall")
    accept(FOOD, clerk=he, at=at, where="yecheng-hall")
    received(FOOD, by=actor("lin-xiaoman", at), at=at, hall="taolin-hall")
    by_hand = shares(
        [
            Accepted(case.hall_id, case.accepted_window_id, case.organ_id)
            for case in Case.objects.filter(accepted_at__isnull=False)
        ]
    )
    rows = figures(level=Level.HALL, period=march(at), actor=supervisor(at))
    assert {int(one.key): one.share for one in rows if one.share.accepted} == by_hand
    whole = figures(level=Level.DISTRICT, period=march(at), actor=supervisor(at))
    taolin = next(one for one in whole if one.key == "990102000000")
    assert (taolin.share.accepted, taolin.share.at_one_window) == (3, 3)


@pytest.mark.row("R076")
def test_each_figure_opens_to_its_cases(at: datetime) -> None:
    chen = actor("chen-window", at)
    mine = [accept(item, clerk=chen, at=at, where="taolin-hall") for item in (FOOD, HYGIENE)]
    lin = actor("lin-window", at)
    alone = accept(FOOD, clerk=lin, at=at, where="taolin-hall")
    for level in (Level.DISTRICT, Level.HALL):
        key = "990102000000" if level is Level.DISTRICT else str(alone.hall_id)
        row = next(
            one
            for one in figures(level=level, period=march(at), actor=supervisor(at))
            if one.key == key
        )
        for only, number in ((False, row.share.accepted), (True, row.share.at_one_window)):
            found = cases_behind(
                level=level,
                key=key,
                period=march(at),
                only_one_window=only,
                actor=supervisor(at),
            )
            assert len(found.cases) == number
        assert {case.pk for case in found.cases} == {case.pk for case in mine}


@pytest.mark.row("R076")
def test_whoever_watches_a_district_sees_that_district(at: datetime) -> None:
    accept(FOOD, clerk=actor("he-window", at), at=at, where="yecheng-hall")
    manager = actor("sun-approve", at)
    rows = figures(level=Level.HALL, period=march(at), actor=manager)
    assert {one.name for one in rows} == {"桃林区政务服务大厅"}
    city = Case.objects.latest("pk").hall_id
    behind = cases_behind(
        level=Level.HALL, key=str(city), period=march(at), only_one_window=False, actor=manager
    )
    assert behind.cases == []
    with pytest.raises(AccessDeniedError):
        figures(level=Level.HALL, period=march(at), actor=actor("chen-window", at))


def test_the_figures_are_one_statement(at: datetime) -> None:
    accept(FOOD, clerk=actor("chen-window", at), at=at, where="taolin-hall")
    watcher = supervisor(at)
    for level in Level:
        with CaptureQueriesContext(connection) as captured:
            figures(level=level, period=march(at), actor=watcher)
        assert len(captured) == 1
    with at_most(6):
        cases_behind(
            level=Level.DISTRICT,
            key="990102000000",
            period=march(at),
            only_one_window=True,
            actor=watcher,
        )


@pytest.mark.row("R018")
def test_resident_items_are_counted_by_unit_and_hall_and_open_to_the_items(at: datetime) -> None:
    watcher, today = supervisor(at), at.date()
    for by_hall, name in ((False, "organ"), (True, "hall")):
        rows, total = resident_counts(by_hall=by_hall, today=today, actor=watcher)
        assert total == len(resident_items(today=today, actor=watcher))
        for row in rows:
            assert row.items == len(resident_items(**{name: row.key}, today=today, actor=watcher))
    package = {c for w in Window.objects.filter(hall__slug="taolin-hall") for c in w.package}
    district = next(row for row in rows if row.name == "桃林区政务服务大厅")
    assert district.items == len(package)


@pytest.mark.row("R018")
def test_an_item_is_resident_only_where_an_open_window_has_it(at: datetime) -> None:
    watcher, today = supervisor(at), at.date()

    def halls_of(code: str) -> list[str]:
        found = resident_items(today=today, actor=watcher)
        return next((list(item.halls) for item in found if item.code == code), [])

    assert halls_of(ESTATE) == ["椰城市政务服务大厅"]
    PostHolding.objects.filter(post__window__hall__slug="yecheng-hall").delete()
    Window.objects.filter(hall__slug="yecheng-hall").update(valid_until=today)
    assert halls_of(ESTATE) == []
