"""Supervision by API: the same acts and refusals as on the pages, as problems."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.acting import accepted, actor
from tests.api.calling import Caller

from yiwang.apps.cases.models import ReviewStep
from yiwang.apps.supervision.models import Card
from yiwang.apps.supervision.operations.issuing import look
from yiwang.foundation.clockwork import now
from yiwang.kernel.moment import civil_date

pytestmark = pytest.mark.django_db
FACTS = "当日政务云停机六小时,无法提交核查结果,见故障通知。"
REASON = "经核对故障记录,情况属实。"
LOGINS = {
    "anonymous": "",
    "applicant": "lin-xiaoman",
    "clerk": "he-window",
    "approver": "sun-approve",
    "unit": "luo-liaison",
    "another unit": "fan-liaison",
    "supervisor": "tang-supervise",
}


@pytest.fixture
def card() -> Card:
    at = now() - timedelta(days=21)
    case = accepted(
        "food-business-licence",
        by=actor("lin-xiaoman", at),
        clerk=actor("chen-window", at),
        at=at,
        hall="taolin-hall",
    )
    ReviewStep.objects.filter(case=case).update(state="CANCELLED")
    look(case.pk, at=now())
    return Card.objects.get(case_id=case.pk, rule_code="R01")


def statuses(method: str, path: str, body: Any = None, **query: Any) -> dict[str, int]:
    found = {}
    for role, login in LOGINS.items():
        caller = Caller(login)
        answer = caller.get(path, **query) if method == "GET" else caller.post(path, body)
        found[role] = answer.status_code
    return found


def by_role(text: str) -> dict[str, int]:
    return dict(zip(LOGINS, map(int, text.split()), strict=True))


def test_reads_open_to_the_roles_they_are_for(card: Card) -> None:
    today = civil_date(now()).isoformat()
    period = {"first": today, "last": today}
    assert statuses("GET", "/supervision/cards") == by_role("401 403 403 403 200 200 200")
    assert statuses("GET", f"/supervision/cards/{card.pk}") == by_role(
        "401 404 404 404 200 404 200"
    )
    assert statuses("GET", "/supervision/figures", **period) == by_role(
        "401 403 403 403 200 200 200"
    )


@pytest.mark.parametrize(
    ("act", "body", "wanted"),
    [
        ("explain", {"reason": ""}, "401 404 404 404 422 404 403"),
        ("appeal", {"cause": "OTHER", "text": ""}, "401 404 404 404 422 404 403"),
        ("decide", {"is_granted": True, "reason": REASON}, "401 404 404 404 403 404 409"),
    ],
)
def test_acts_open_to_the_roles_they_are_for(
    card: Card, act: str, body: dict[str, Any], wanted: str
) -> None:
    assert statuses("POST", f"/supervision/cards/{card.pk}/{act}", body) == by_role(wanted)


def test_explain_appeal_decide_and_count(card: Card) -> None:
    unit, watch = Caller("luo-liaison"), Caller("tang-supervise")
    path = f"/supervision/cards/{card.pk}"
    said = unit.post(f"{path}/explain", {"reason": "核查人员不足,现已安排专人办理。"})
    assert said.json()["card"]["late_reason"] == "核查人员不足,现已安排专人办理。"
    asked = unit.post(f"{path}/appeal", {"cause": "SYSTEM", "text": FACTS}).json()
    assert asked["card"]["state"] == "APPEALED"
    assert asked["card"]["decide_by"] is not None
    again = unit.post(f"{path}/appeal", {"cause": "SYSTEM", "text": FACTS})
    assert (again.status_code, again.json()["detail"]) == (
        409,
        "这张卡已经申诉过,一张卡只能申诉一次。",
    )
    waiting = watch.get("/supervision/cards", state="APPEALED").json()["cards"]
    assert [row["id"] for row in waiting] == [card.pk]
    done = watch.post(f"{path}/decide", {"is_granted": True, "reason": REASON}).json()
    assert (done["card"]["state"], done["appeal"]["is_granted"]) == ("WITHDRAWN", True)
    assert done["evidence"]["due_on"]
    first = (civil_date(now()) - timedelta(days=60)).isoformat()
    figures = watch.get("/supervision/figures", first=first, last=civil_date(now())).json()
    red = next(c for c in figures["total"]["counts"] if c["signal"] == "RED")
    assert (red["gross"], red["withdrawn"], red["net"]) == (1, 1, 0)
    assert (red["rate_gross"], red["rate_net"]) == ("100.00%", "0.00%")
    assert sum(cause["number"] for cause in figures["withdrawn"]) == 1


def test_a_period_that_is_none_is_a_problem(card: Card) -> None:
    answer = Caller("tang-supervise").get(
        "/supervision/figures", first="2026-05-01", last="2026-04-01"
    )
    assert answer.status_code == 422
    assert "last" in answer.json()["fields"]
