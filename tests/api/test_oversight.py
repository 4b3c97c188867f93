"""Certificates after their issue, checks of promises and open decisions, by API."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.acting import actor
from tests.api.calling import Caller
from tests.integration.certifying import FACTS, REASON, certificate_of, granted

from yiwang.apps.cases.models import Case
from yiwang.foundation.clockwork import now
from yiwang.foundation.outbox.relay import drain
from yiwang.kernel.moment import civil_date

pytestmark = pytest.mark.django_db


@pytest.fixture
def case() -> Case:
    at = now()
    logins = {"citizen": "lin-xiaoman", "clerk": "chen-window", "reviewer": "zhao-review",
              "approver": "sun-approve"}  # fmt: skip
    made = granted({name: actor(login, at) for name, login in logins.items()}, at)
    drain(at=at)
    return made


def test_a_revocation_by_api_takes_two_and_a_period(case: Case) -> None:
    row = certificate_of(case)
    path = f"/certificates/{row.pk}"
    reviewer, approver, holder = Caller("zhao-review"), Caller("sun-approve"), Caller("lin-xiaoman")
    finding = {"ground": "FRAUD", "facts": FACTS, "reason": REASON}
    assert holder.post(f"{path}/notify-revocation", finding).status_code == 403
    assert Caller("zheng-approve").get(path).status_code == 404
    told = reviewer.post(f"{path}/notify-revocation", finding).json()
    proposal = told["proposals"][0]
    steps = f"/certificates/proposals/{proposal['id']}"
    early = approver.post(f"{steps}/revoke", {"reason": REASON})
    assert (early.status_code, "期限还没有届满" in early.json()["detail"]) == (409, True)
    assert holder.post(f"{steps}/respond", {"waives": True}).json()["waived_at"]
    assert reviewer.post(f"{steps}/revoke", {"reason": REASON}).status_code == 403
    done = approver.post(f"{steps}/revoke", {"reason": REASON})
    assert done.json()["state"] == "REVOKED"
    assert holder.get(path).json()["certificate"]["status"] == "REVOKED"
    listed = approver.get("/certificates", status="REVOKED").json()["certificates"]
    assert row.pk in [one["id"] for one in listed]


def test_the_holders_own_acts(case: Case) -> None:
    row = certificate_of(case)
    holder = Caller("lin-xiaoman")
    own = next(c for c in holder.get("/my/certificates").json() if c["id"] == row.pk)
    assert own["days_left"] > 1000
    path = f"/certificates/{row.pk}"
    lost = holder.post(f"{path}/lost", {"reason": "公交车上遗失", "replace": False}).json()
    assert lost["certificate"]["status"] == "LOST"
    assert Caller("wang-shouren").post(f"{path}/found").status_code == 404
    assert holder.post(f"{path}/found").json()["certificate"]["status"] == "VALID"
    assert holder.post(f"{path}/found").status_code == 409


def test_decisions_and_their_figure_are_open_and_say_nothing_personal(case: Case) -> None:
    anybody, today = Caller(), civil_date(now())
    rows = anybody.get("/decisions", month=f"{today:%Y-%m}").json()["decisions"]
    found = next(row for row in rows if row["decided_on"] == today.isoformat())
    party = case.applicant
    assert found["holder"] == "林*"
    assert party.name not in str(rows)
    assert party.paper_number not in str(rows)
    figures = {"first": (today - timedelta(days=1)).isoformat(), "last": today.isoformat()}
    told = anybody.get("/decisions/figures", **figures).json()
    assert told["in_time"] == told["decisions"] >= 1
    wrong = anybody.get("/decisions/figures", first=figures["last"], last=figures["first"])
    assert wrong.status_code == 422
    assert Caller("lin-xiaoman").get("/follow-ups").status_code == 403
    assert Caller("zhao-review").get("/follow-ups").json()["checks"] == []
