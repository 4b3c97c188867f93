"""Passing one's queue to a colleague for a time, and the duty roster of the organ."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.acting import actor
from tests.pages.client import signed_in

from yiwang.apps.people.duty import on_duty
from yiwang.apps.people.handing_over import receivers_of
from yiwang.apps.people.models import Absence, Account, Handover, Post
from yiwang.apps.people.queries import load_actor
from yiwang.foundation.access import Actor
from yiwang.foundation.clockwork import now
from yiwang.foundation.record.models import RecordEntry
from yiwang.kernel.moment import BEIJING, civil_date

pytestmark = pytest.mark.django_db
URL = "/work/handovers/"


def approving_post(login: str = "sun-approve") -> int:
    found = next(p for p in actor(login, now()).postings if "cases.decide" in p.permissions)
    return found.post_id


def text(moment: datetime) -> str:
    return moment.astimezone(BEIJING).strftime("%Y-%m-%dT%H:%M")


def hand(client: Client, post: int, login: str, **typed: str) -> int:
    receiver = Account.objects.get(login=login).pk
    basis = {
        "receiver": f"{post}-{receiver}",
        "starts_at": text(now()),
        "ends_at": text(now() + timedelta(days=3)),
        "reason": "参加集中评审",
    }
    return client.post(URL, basis | typed).status_code


def at_moment(login: str, at: datetime) -> Actor:
    found = load_actor(Account.objects.get(login=login).pk, at=at)
    assert found is not None
    return found.actor


@pytest.mark.row("R032")
def test_a_deputy_works_the_queue_that_was_passed_on_and_it_ends_by_itself() -> None:
    post = approving_post()
    assert signed_in("li-approve").get("/work/review/").status_code == 403
    assert hand(signed_in("sun-approve"), post, "li-approve") == 303
    deputy = signed_in("li-approve")
    assert deputy.get("/work/review/").status_code == 200
    for client in (deputy, signed_in("sun-approve")):
        page = client.get(URL).content.decode()
        assert "参加集中评审" in page
        assert "孙砚秋 交给 李蔚然" in page
    row = Handover.objects.get()
    over = row.ends_at
    assert post in {
        p.post_id for p in at_moment("li-approve", over - timedelta(seconds=1)).postings
    }
    assert post not in {p.post_id for p in at_moment("li-approve", over).postings}
    giver = Account.objects.get(login="sun-approve")
    entry = RecordEntry.objects.filter(subject=f"account:{giver.pk}").latest("seq")
    assert entry.operation == "people.hand_over"
    assert entry.facts["receiver"] == f"account:{row.receiver_id}"


def test_it_reaches_one_post_only_and_either_of_the_two_ends_it_early() -> None:
    post = approving_post()
    hand(signed_in("sun-approve"), post, "li-approve")
    assert {p.post_id for p in actor("li-approve", now()).postings} == {post}
    row = Handover.objects.get()
    signed_in("zhao-review").post(f"{URL}{row.pk}/end/")
    assert actor("li-approve", now()).postings
    signed_in("li-approve").post(f"{URL}{row.pk}/end/")
    assert not actor("li-approve", now()).postings
    assert signed_in("li-approve").get("/work/review/").status_code == 403


def test_nobody_gets_a_right_this_way_that_was_not_given_before() -> None:
    post = approving_post()
    client = signed_in("sun-approve")
    assert hand(client, post, "zhao-review") == 422, "a reviewer became an approver"
    assert hand(client, post, "sun-approve") == 422
    other = next(p.post_id for p in actor("zhao-review", now()).postings)
    assert hand(client, other, "qian-review") == 403, "somebody else's post"
    assert not Handover.objects.exists()
    zhao = actor("zhao-review", now())
    mine = receivers_of(zhao, on=civil_date(now()))
    own = zhao.postings[0].post_id
    assert "钱若溪" in {name for _, name in mine[own]}
    assert hand(signed_in("zhao-review"), own, "qian-review") == 303


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"reason": ""}, "请写明移交的原因"),
        ({"ends_at": "2020-01-01T09:00"}, "还没有过去"),
        ({"ends_at": "明天"}, "请选择日期和时间"),
        ({"ends_at": "2090-01-01T09:00"}, "最长移交"),
        ({"receiver": "x"}, "请选择移交哪个岗位"),
    ],
)
def test_what_is_wrong_is_told_and_what_was_typed_stays(typed: dict[str, str], words: str) -> None:
    basis = {
        "receiver": f"{approving_post()}-{Account.objects.get(login='li-approve').pk}",
        "starts_at": text(now()),
        "ends_at": text(now() + timedelta(days=3)),
        "reason": "外出学习",
    }
    answer = signed_in("sun-approve").post(URL, basis | typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert (basis | typed)["reason"] in page
    assert not Handover.objects.exists()


def test_the_roster_says_who_holds_who_is_away_and_who_acts_today() -> None:
    client = signed_in("zhao-review")
    Absence.objects.create(
        account=Account.objects.get(login="sun-approve"),
        starts_at=now() - timedelta(hours=1),
        ends_at=now() + timedelta(days=2),
        reason="体检",
    )
    client.get("/work/duty/")
    with CaptureQueriesContext(connection) as captured:
        page = client.get("/work/duty/").content.decode()
    assert len(captured) <= 8
    name = Post.objects.get(pk=approving_post()).name
    row = page.split(name)[1].split("</tr>")[0]
    assert "离岗至" in row
    assert "李蔚然" in row
    assert "体检" not in page, "why somebody is away is their own affair"


def test_the_roster_is_of_ones_own_organs_only() -> None:
    labels = signed_in("feng-review").get("/work/duty/").content.decode()
    assert "桃林区市场监管局" not in labels
    assert signed_in("lin-xiaoman").get("/work/duty/").status_code == 403


def test_who_is_told_of_a_late_case_includes_whom_it_was_passed_to() -> None:
    post = approving_post()
    hand(signed_in("sun-approve"), post, "li-approve")
    organ = Post.objects.get(pk=post).organ_id
    found = on_duty(organ_ids=[organ], hall_ids=[], at=now() + timedelta(minutes=1))
    assert "李蔚然" in {one.label for one in found}
