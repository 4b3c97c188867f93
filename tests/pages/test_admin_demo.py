"""The demonstration's pages: roles by one click, a clock that moves, nothing of it elsewhere."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from tests.acting import actor, received
from tests.pages.client import signed_in

from yiwang.apps.cases.models import Case
from yiwang.apps.people.models import Account
from yiwang.foundation import clockwork
from yiwang.foundation.clockwork import now
from yiwang.foundation.environment import environment
from yiwang.kernel.moment import civil_date
from yiwang.site.pages import demo

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A demonstration clock of this test alone."""
    monkeypatch.setattr(clockwork, "_offset_file", lambda: tmp_path / "clock")
    monkeypatch.setattr(clockwork, "_cached", (0.0, timedelta(0)))
    yield


@pytest.fixture
def production(monkeypatch: pytest.MonkeyPatch) -> None:
    real = dataclasses.replace(environment(), is_demo=False)
    for module in ("yiwang.site.pages.demo", "yiwang.site.shell", "yiwang.foundation.clockwork"):
        monkeypatch.setattr(f"{module}.environment", lambda: real)


def test_outside_the_demonstration_its_pages_do_not_exist(production: None) -> None:
    client = Client()
    assert client.get("/demo/").status_code == 404
    assert client.post("/demo/enter/lin-xiaoman/").status_code == 404
    assert client.post("/demo/clock/", {"by": "day"}).status_code == 404
    assert "account" not in client.session


def test_only_demonstration_accounts_open_by_one_click() -> None:
    Account.objects.create(login="real-person", label="真实", is_staff=True, password="x")
    assert Client().post("/demo/enter/real-person/").status_code == 404
    assert Client().get("/demo/enter/lin-xiaoman/").status_code == 405
    client = Client()
    response = client.post("/demo/enter/chen-window/", {"next": "/window/"})
    assert (response.status_code, response["Location"]) == (303, "/window/")
    assert client.session["account"] == Account.objects.get(login="chen-window").pk


def test_every_step_of_the_tour_names_somebody_and_a_page_that_exists() -> None:
    page = Client().get("/demo/")
    assert page.status_code == 200
    client = signed_in("lin-xiaoman")
    for chapter in demo.chapters():
        assert set(chapter) == {"title", "intro", "steps"}
        for step in chapter["steps"]:
            assert set(step) == {"login", "go", "do", "see"}
            assert client.get(step["go"]).status_code != 404, step["go"]


def test_the_clock_form_is_on_every_page_and_comes_back() -> None:
    page = Client().get("/accessibility/?x=1").content.decode()
    assert 'action="/demo/clock/"' in page
    response = Client().post("/demo/clock/", {"by": "hour", "next": "/accessibility/?x=1"})
    assert (response.status_code, response["Location"]) == (303, "/accessibility/?x=1")


@pytest.mark.parametrize(("by", "days"), [("hour", 0), ("day", 1)])
def test_the_clock_moves_by_what_was_asked(by: str, days: int) -> None:
    before = now()
    Client().post("/demo/clock/", {"by": by})
    moved = now() - before
    wanted = timedelta(days=days) if days else timedelta(hours=1)
    assert wanted <= moved < wanted + timedelta(minutes=1)


def test_the_next_working_day_begins_at_nine() -> None:
    from yiwang.foundation.calendars.current import calendar

    before = civil_date(now())
    Client().post("/demo/clock/", {"by": "working_day"})
    at = now()
    assert calendar().working_days(before, civil_date(at)) == 1
    assert (at.hour, at.minute) == (9, 0)


@pytest.mark.parametrize("days", ["0", "-1", "61", "1e3", "", "²", "9" * 400])
def test_a_wrong_number_of_days_moves_nothing(days: str) -> None:
    Client().post("/demo/clock/", {"by": "days", "days": days})
    assert clockwork.offset() == timedelta(0)


def test_moving_the_clock_past_the_receipt_limit_shows_deemed_acceptance_at_once() -> None:
    at = now()
    case = received("food-business-licence", by=actor("lin-xiaoman", at), at=at)
    client = signed_in("lin-xiaoman")
    client.post("/demo/clock/", {"by": "days", "days": "20"})
    found = Case.objects.get(pk=case.pk)
    assert (found.state, found.is_deemed_accepted) == ("REVIEW", True)
    assert client.get("/start/")["Location"] == "/", "moving the clock signs nobody out"


def test_the_clock_never_moves_back() -> None:
    for by, days in (("hour", ""), ("day", ""), ("working_day", ""), ("days", "3")):
        step = demo._step(by, days, now())
        assert step is not None
        assert step > timedelta(0)
