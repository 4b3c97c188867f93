"""A second mobile channel (a province's app) and our own pages: one case, one number (R013)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client
from tests.acting import actor, draft, tick_all
from tests.api.calling import Caller
from tests.integration.test_every_item import CLERK, applicant
from tests.pages.client import signed_in
from tests.partners.helping import client_of
from tests.unit.catalog.demonstration import OWN, PACKAGES

from yiwang.apps.cases.models import Case
from yiwang.apps.cases.operations import forwarding, receiving
from yiwang.apps.partners import clients
from yiwang.apps.partners.models import ApiClient
from yiwang.apps.ratings.models import Rating
from yiwang.foundation.clockwork import now
from yiwang.foundation.outbox.relay import drain
from yiwang.foundation.record.models import RecordEntry

pytestmark = pytest.mark.django_db
PERSON = "lin-xiaoman"
ONLINE = sorted(code for code, item in PACKAGES.items() if item.online)


def registered(at: datetime, name: str = "省政务移动端") -> ApiClient:
    return client_of(at, name=name)[0]


def caller_through(row: ApiClient, login: str = PERSON) -> Caller:
    """A visit that came in through the entrance, with the person signed in."""
    caller = Caller(login)
    assert caller.client.get(f"/from/{row.identifier}/?to=/my/").headers["Location"] == "/my/"
    return caller


@pytest.mark.row("R013")
@pytest.mark.parametrize("code", ONLINE)
def test_applying_asking_and_rating_work_on_every_item_through_both(code: str) -> None:
    at = now()
    province, own = caller_through(registered(at)), Caller(PERSON)
    person, clerk = actor(PERSON, at), actor(CLERK, at)
    row = draft(code, by=person, at=at, applicant=applicant(code))
    filed = province.post(f"/drafts/{row.pk}/submit")
    assert filed.status_code == 200, filed.content.decode()
    case = filed.json()["id"]
    seen = [caller.case(case)["case"] for caller in (province, own)]
    assert seen[0]["number"] == seen[1]["number"]
    assert {one["entrance"] for one in seen} == {ApiClient.objects.get().identifier}
    tick_all(Case.objects.get(pk=case), clerk=clerk, at=at)
    if code in OWN:
        receiving.accept(case_id=case, actor=clerk, at=at)
    else:
        forwarding.forward(case_id=case, receipt="", opinion="", actor=clerk, at=at)
    while drain(at=at):
        pass
    token = province.get(f"/cases/{case}/rating").json()["token"]
    body = {"token": token, "satisfaction": "VERY_SATISFIED"}
    assert province.post("/ratings", body).status_code == 201
    assert own.get(f"/cases/{case}/rating").json()["is_rated"] is True
    assert Rating.objects.count() == 1


@pytest.mark.row("R013")
def test_the_channel_is_recorded_and_told_to_both_sides() -> None:
    at = now()
    row = registered(at)
    province = caller_through(row)
    begun = draft("elder-card", by=actor(PERSON, at), at=at)
    case = province.post(f"/drafts/{begun.pk}/submit").json()["id"]
    entry = RecordEntry.objects.get(subject=f"case:{case}", seq=1)
    assert (entry.facts["channel"], entry.facts["entrance"]) == ("ONLINE", row.identifier)
    assert "省政务移动端" in signed_in(CLERK).get(f"/cases/{case}/").content.decode()
    assert "从「省政务移动端」申请" in signed_in(PERSON).get(f"/my/cases/{case}/").content.decode()
    direct = draft("elder-card", by=actor(PERSON, at), at=at)
    assert Caller(PERSON).post(f"/drafts/{direct.pk}/submit").json()["entrance"] == ""


def test_only_a_registered_entrance_that_is_in_force_opens() -> None:
    at = now()
    row = registered(at)
    assert Client().get("/from/nobody/").status_code == 404
    away = Client().get(f"/from/{row.identifier}/?to=//elsewhere.example/")
    assert away.headers["Location"] == "/"
    clients.disable(client_id=row.pk, reason="合作结束", actor=actor("zhu-system", at), at=at)
    assert Client().get(f"/from/{row.identifier}/").status_code == 404
    other = registered(at, name="另一个移动端")
    ApiClient.objects.filter(pk=other.pk).update(valid_until=at.date() - timedelta(days=1))
    assert Client().get(f"/from/{other.identifier}/").status_code == 404
