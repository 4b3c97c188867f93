"""Decisions to grant several cases at once: each its own act, and never a refusal."""

from __future__ import annotations

from datetime import datetime

import pytest
from tests.acting import accepted, actor, reviewed
from tests.pages.client import signed_in

from yiwang.apps.cases.models import Case, CaseDecision, ReviewStep
from yiwang.apps.cases.operations import reviewing
from yiwang.apps.people.models import PostHolding
from yiwang.foundation.access import Actor
from yiwang.foundation.clockwork import now
from yiwang.foundation.documents.models import LegalDocument
from yiwang.foundation.record.models import RecordEntry

pytestmark = pytest.mark.django_db
ALLOWANCE, FOOD = "longevity-allowance", "food-business-licence"
URL = "/work/review/batch/"


def login_of(case: Case, permission: str) -> str:
    holdings = PostHolding.objects.filter(
        post__organ_id=case.organ_id,
        post__role__permissions__contains=[permission],
        is_deputy=False,
    )
    return holdings.order_by("id")[0].account.login


def allowance(at: datetime, by: str = "fu-axiu") -> Case:
    clerk = actor("chen-window", at)
    return accepted(ALLOWANCE, by=actor(by, at), clerk=clerk, at=at, hall="taolin-hall")


def ready(at: datetime, by: str = "fu-axiu") -> Case:
    case = allowance(at, by)
    reviewer = actor(login_of(case, "cases.review"), at)
    return reviewed(case, reviewer=reviewer, at=at)


def decision_step(case: Case) -> ReviewStep:
    return case.steps.get(job="decide", state="OPEN")


def approver(case: Case) -> Actor:
    return actor(login_of(case, "cases.decide"), now())


def test_each_case_gets_its_own_decision_number_and_record() -> None:
    cases = [ready(now()) for _ in range(3)]
    client = signed_in(login_of(cases[0], "cases.decide"))
    assert "批量准予" in client.get("/work/review/").content.decode()
    steps = [decision_step(case).pk for case in cases]
    page = client.post(URL, {"do": "grant", "step": steps, "opinion": "经核对符合条件"})
    assert page.status_code == 200
    for case in cases:
        case.refresh_from_db()
        assert case.state == "GRANTED"
        entry = RecordEntry.objects.filter(subject=case.subject, operation="cases.grant").get()
        assert entry.actor == approver(case).ref
    papers = CaseDecision.objects.filter(case__in=cases).values_list("document_id", flat=True)
    assert len(set(papers)) == 3
    assert LegalDocument.objects.filter(pk__in=papers).count() == 3


def test_one_that_cannot_be_granted_holds_up_no_other_and_says_why() -> None:
    at = now()
    good, disputed, young = ready(at), allowance(at), ready(at, "wang-shouren")
    reviewer = actor(login_of(disputed, "cases.review"), at)
    for _ in range(2):
        step = disputed.steps.exclude(job="decide").filter(state="OPEN").get()
        reviewing.give_opinion(case_id=disputed.pk, step=step.code, conclusion="DISAGREE",
                               opinion="没有见到本人", actor=reviewer, at=at)  # fmt: skip
    steps = [decision_step(case).pk for case in (disputed, young, good)]
    client = signed_in(login_of(good, "cases.decide"))
    page = client.post(URL, {"do": "grant", "step": [*steps, 10**12], "opinion": ""})
    text = page.content.decode()
    assert "意见不是「符合要求」" in text
    assert "要逐件办理" in text.split(young.short_number)[1].split("</li>")[0]
    assert "没有这个环节" in text
    states = [Case.objects.get(pk=c.pk).state for c in (good, disputed, young)]
    assert states == ["GRANTED", "REVIEW", "REVIEW"]


def test_a_batch_is_of_one_version_of_one_item_that_allows_it() -> None:
    at = now()
    case = ready(at)
    other = accepted(FOOD, by=actor("lin-xiaoman", at), clerk=actor("he-window", at), at=at)
    reviewed(other, reviewer=actor("zhao-review", at), at=at)
    client = signed_in(login_of(case, "cases.decide"))
    steps = [decision_step(case).pk, decision_step(other).pk]
    mixed = client.post(URL, {"do": "grant", "step": steps, "opinion": "同意"})
    assert mixed.status_code == 422
    assert "同一事项、同一版本" in mixed.content.decode()
    assert str(steps[0]) in mixed.content.decode()
    alone = signed_in("sun-approve").post(URL, {"do": "grant", "step": steps[1:]})
    assert "要逐件办理" in alone.content.decode()
    assert not CaseDecision.objects.exists()


def test_who_only_examines_decides_nothing_by_the_dozen_either() -> None:
    case = ready(now())
    reviewer = signed_in(login_of(case, "cases.review"))
    answer = reviewer.post(URL, {"do": "grant", "step": [decision_step(case).pk]})
    assert "没有办" in answer.content.decode()
    case.refresh_from_db()
    assert case.state == "REVIEW"
