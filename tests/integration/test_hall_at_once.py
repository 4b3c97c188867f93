"""The last place of a half hour, wanted by several at once: real threads and connections."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connections
from tests.acting import actor
from tests.integration.hall import CITIZENS, CLERK, a_zone, booked, here, start, wish

from yiwang.apps.hall.errors import NotNowError
from yiwang.apps.hall.models import Appointment, HelpZone, RosterShift
from yiwang.apps.hall.operations import booking, serving
from yiwang.foundation.outbox.models import OutboxEvent
from yiwang.foundation.timers.models import Timer


@contextmanager
def committed(zone_of: Callable[[], HelpZone]) -> Iterator[HelpZone]:
    """A zone that every connection sees; it and all that hangs on it is taken away again."""
    zone = zone_of()
    try:
        yield zone
    finally:
        rows = Appointment.objects.filter(zone=zone)
        names = [row.subject for row in rows]
        Timer.objects.filter(subject__in=names).delete()
        OutboxEvent.objects.filter(subject__in=[*names, zone.subject]).delete()
        rows.delete()
        RosterShift.objects.filter(zone=zone).delete()
        zone.delete()


def at_once(acts: list[Callable[[], Any]]) -> list[Any]:
    """What each got, or the reason why not: all begin together, each commits by itself."""
    gate, got = threading.Barrier(len(acts)), []

    def run(act: Callable[[], Any]) -> None:
        try:
            gate.wait(20)
            got.append(act())
        except NotNowError as error:
            got.append(error.message)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return got


@pytest.mark.row("R161")
@pytest.mark.row("R057")
def test_of_six_who_want_the_last_two_places_two_get_them(
    django_db_setup: None, django_db_blocker: Any
) -> None:
    with django_db_blocker.unblock():
        try:
            with committed(lambda: a_zone(name="并发专区", places=2)) as zone:
                wanted = [(actor(who, start()), wish(who)) for who in CITIZENS]
                got = at_once(
                    [
                        lambda who=who, asked=asked: (
                            booking.book(zone_id=zone.pk, wish=asked, actor=who, at=start()).number
                        )
                        for who, asked in wanted
                    ]
                )
                assert sorted(n for n in got if isinstance(n, int)) == [1, 2]
                assert len(got) == 6 and Appointment.objects.filter(zone=zone).count() == 2
                assert all("约满" in n for n in got if isinstance(n, str))
        finally:
            connections.close_all()


def test_one_person_who_books_twice_at_once_has_one_appointment(
    django_db_setup: None, django_db_blocker: Any
) -> None:
    with django_db_blocker.unblock():
        try:
            with committed(lambda: a_zone(name="并发专区二", places=2)) as zone:
                who = actor("lin-xiaoman", start())
                got = at_once(
                    [
                        lambda text=text: (
                            booking.book(
                                zone_id=zone.pk,
                                wish=wish("lin-xiaoman", text),
                                actor=who,
                                at=start(),
                            ).number
                        )
                        for text in ("09:00", "10:00", "11:00")
                    ]
                )
                assert sum(isinstance(n, int) for n in got) == 1 and len(got) == 3
        finally:
            connections.close_all()


def test_two_clerks_who_call_at_once_call_two_people(
    django_db_setup: None, django_db_blocker: Any
) -> None:
    with django_db_blocker.unblock():
        try:
            with committed(lambda: a_zone(name="并发专区三", places=2)) as zone:
                rows = [booked(zone, who) for who in CITIZENS[:2]]
                at = max(here(row, "08:50").checked_in_at for row in rows)
                clerk = actor(CLERK, at)
                got = at_once(
                    [lambda: serving.call_next(zone_id=zone.pk, actor=clerk, at=at).pk] * 3
                )
                assert sorted(n for n in got if isinstance(n, int)) == [row.pk for row in rows]
                assert [n for n in got if isinstance(n, str)] == ["现在没有签到等候的人。"]
        finally:
            connections.close_all()
