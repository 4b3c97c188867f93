"""Ratings by API: who reads bad ratings and figures, and that nobody but the holder rates."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.acting import actor
from tests.api.calling import Caller
from tests.integration.rating import bad, visited
from tests.partners.helping import System, client_of

from yiwang.apps.ratings.models import Rating
from yiwang.apps.ratings.operations.inviting import token_of_invitation
from yiwang.foundation.clockwork import now

pytestmark = pytest.mark.django_db


def test_bad_ratings_are_read_by_their_organ_and_supervisors() -> None:
    row = bad(now(), is_anonymous=True)
    for login, status in (
        ("luo-liaison", 200),
        ("sun-approve", 200),
        ("tang-supervise", 200),
        ("fan-liaison", 404),
        ("chen-window", 403),
        ("lin-xiaoman", 403),
        ("", 401),
    ):
        answer = Caller(login).get(f"/bad-ratings/{row.pk}")
        assert (login, answer.status_code) == (login, status)
        listed = Caller(login).get("/bad-ratings")
        assert listed.status_code == {404: 200}.get(status, status)
        if status == 200:
            assert [one["id"] for one in listed.json()["ratings"]] == [row.pk]
            assert row.rating.invitation.short_number not in answer.content.decode()
            assert answer.json()["rating"]["person"] == "匿名"
            assert {t["kind"] for t in answer.json()["rating"]["tasks"]} == {
                "CALLBACK",
                "REMEDIATION",
            }
        if status == 404:
            assert listed.json()["ratings"] == []


def test_figures_carry_numerator_denominator_and_period() -> None:
    at = now()
    bad(at)
    day, before = at.date().isoformat(), (at - timedelta(days=2)).date().isoformat()
    watch = Caller("tang-supervise")
    found = watch.get("/rating-figures", first=before, last=day).json()
    good = next(r for r in found["total"]["rates"] if r["figure"] == "good")
    assert (good["numerator"], good["denominator"], good["percent"]) == (0, 1, "0.000")
    assert (found["first"], found["organs"][0]["label"]) == (before, "桃林区政务服务中心")
    assert watch.get("/rating-figures", first=day, last=before).status_code == 422
    assert Caller("chen-window").get("/rating-figures", first=day, last=day).status_code == 403


def test_neither_staff_nor_a_departments_system_can_spend_a_token() -> None:
    at = now()
    row = visited(at)
    body = {"token": token_of_invitation(row), "satisfaction": "VERY_SATISFIED"}
    for login in ("chen-window", "luo-liaison", "tang-supervise"):
        assert Caller(login).post("/ratings", body).status_code == 403
    client, secret = client_of(at)
    assert System(client, secret).post("/ratings", body).status_code in (401, 403)
    assert not Rating.objects.exists()
    assert Caller("").post("/ratings", body).status_code == 201
    assert Caller("").post("/ratings", body).status_code == 409
    assert actor("lin-xiaoman", at).acts_for(row.party_id)
