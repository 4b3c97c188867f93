"""先审后验: reviewed by the copies, the originals seen once, then the decision (R273)."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from tests.acting import accepted, received, reviewed
from tests.integration.branching import FOOD, change_item, people

from yiwang.apps.cases.errors import InvalidInputError, NotNowError
from yiwang.apps.cases.models import Case, CaseMaterial
from yiwang.apps.cases.operations import deciding, originals
from yiwang.apps.cases.operations.originals import Seen
from yiwang.apps.cases.pages.next_steps import next_step
from yiwang.apps.people.public import Party
from yiwang.foundation.access import AccessDeniedError
from yiwang.foundation.messaging.models import Message
from yiwang.foundation.outbox.relay import drain
from yiwang.foundation.record.models import RecordEntry
from yiwang.kernel.machine import TransitionNotAllowedError
from yiwang.site.verifying import verify_all

pytestmark = pytest.mark.django_db
__all__ = ["people"]
LAYOUT, HEALTH = "layout", "health"


@pytest.fixture
def later(at: datetime) -> list[str]:
    """The food licence with two materials whose originals are seen before the decision."""
    from yiwang.apps.catalog.public import current_version

    version = current_version(FOOD, today=at.date())
    assert version is not None
    codes = [m.code for m in version.definition.materials if m.source == "APPLICANT"][:2]
    change = {"form": "ORIGINAL_CHECKED", "is_checked_later": True}
    change_item(
        at,
        visits=1,
        visit_reason="决定以前到窗口核验原件。",
        zero_visit_modes=[],
        instant_rules=None,
        materials=dict.fromkeys(codes, change),
    )
    return codes


def ready(people: dict[str, Any], at: datetime) -> Case:
    case = accepted(FOOD, by=people["citizen"], clerk=people["clerk"], at=at)
    return reviewed(case, reviewer=people["reviewer"], at=at)


def look(case: Case, at: datetime, by: Any, **seen: Seen) -> Case:
    with transaction.atomic():
        return originals.check_originals(case_id=case.pk, seen=seen, actor=by, at=at)


@pytest.mark.row("R273")
def test_the_review_is_by_copies_and_the_decision_waits_for_the_originals(
    at: datetime, people: dict[str, Any], later: list[str], tmp_path: Path
) -> None:
    case = ready(people, at)
    assert case.wants_originals
    assert next_step(case, at).is_mine
    with pytest.raises(NotNowError, match="先审后验"), transaction.atomic():
        deciding.grant(case_id=case.pk, actor=people["approver"], at=at)
    look(case, at, people["clerk"], **{later[0]: Seen(True)})
    with pytest.raises(NotNowError, match="先审后验"), transaction.atomic():
        deciding.grant(case_id=case.pk, actor=people["approver"], at=at)
    done = look(case, at, people["clerk"], **{later[1]: Seen(True)})
    assert not done.wants_originals
    granted = deciding.grant(case_id=case.pk, actor=people["approver"], at=at)
    assert granted.state == "GRANTED"
    assert [f for f in verify_all(tmp_path).findings if f[0] == case.subject] == []


@pytest.mark.row("R273")
def test_an_original_that_differs_is_recorded_and_keeps_the_grant_closed(
    at: datetime, people: dict[str, Any], later: list[str]
) -> None:
    case = ready(people, at)
    with pytest.raises(InvalidInputError, match="修改"):
        look(case, at, people["clerk"], **{later[0]: Seen(False, "")})
    found = {later[0]: Seen(False, "原件上的面积是 80 平方米"), later[1]: Seen(True)}
    look(case, at, people["clerk"], **found)
    row = CaseMaterial.objects.get(case=case, code=later[0])
    assert (row.original, row.original_by) == ("DIFFERS", people["clerk"].ref)
    entry = RecordEntry.objects.filter(subject=case.subject).latest("seq")
    assert entry.facts["originals"] == {later[0]: "DIFFERS", later[1]: "MATCHES"}
    with pytest.raises(NotNowError, match="不一致"), transaction.atomic():
        deciding.grant(case_id=case.pk, actor=people["approver"], at=at)
    refused = deciding.refuse(
        case_id=case.pk,
        facts="现场核验原件,面积与上传的不一致",
        articles=["食品经营许可和备案管理办法 §15"],
        reason="材料与原件不一致,不符合许可条件",
        actor=people["approver"],
        at=at,
    )
    assert refused.state == "REFUSED"


@pytest.mark.row("R273")
def test_a_difference_that_is_put_right_opens_the_grant_again(
    at: datetime, people: dict[str, Any], later: list[str]
) -> None:
    case = ready(people, at)
    look(case, at, people["clerk"], **{c: Seen(False, "拿错了别的店的") for c in later})
    look(case, at, people["clerk"], **{c: Seen(True) for c in later})
    assert deciding.grant(case_id=case.pk, actor=people["approver"], at=at).state == "GRANTED"


def test_only_the_window_checks_and_only_what_is_due(
    at: datetime, people: dict[str, Any], later: list[str]
) -> None:
    case = ready(people, at)
    with pytest.raises(AccessDeniedError):
        look(case, at, people["reviewer"], **{later[0]: Seen(True)})
    with pytest.raises(InvalidInputError):
        look(case, at, people["clerk"])
    with pytest.raises(InvalidInputError):
        look(case, at, people["clerk"], nothing=Seen(True))
    early = received(FOOD, by=people["citizen"], at=at)
    with pytest.raises(TransitionNotAllowedError):
        look(early, at, people["clerk"], **{later[0]: Seen(True)})


def test_the_applicant_is_told_once_everything_else_is_done(
    at: datetime, people: dict[str, Any], later: list[str]
) -> None:
    case = accepted(FOOD, by=people["citizen"], clerk=people["clerk"], at=at)
    while drain(at=at):
        pass
    told = Message.objects.filter(kind="cases.originals", subject=case.subject)
    assert not told.exists()
    assert not next_step(Case.objects.get(pk=case.pk), at).is_mine
    reviewed(case, reviewer=people["reviewer"], at=at)
    while drain(at=at):
        pass
    assert {row.occasion for row in told} == {"wanted"}


def test_who_came_to_the_window_showed_the_originals_there(
    at: datetime, people: dict[str, Any], later: list[str]
) -> None:
    applicant = Party.objects.get(pk=people["citizen"].party_id)
    case = received(FOOD, by=people["clerk"], at=at, applicant=applicant, channel="WINDOW")
    assert not CaseMaterial.objects.filter(case=case).exclude(original="").exists()


def test_the_database_wants_who_and_how_of_a_check(
    at: datetime, people: dict[str, Any], later: list[str]
) -> None:
    case = ready(people, at)
    rows = CaseMaterial.objects.filter(case=case, code=later[0])
    for wrong in (
        {"original": "MATCHES"},
        {"original": "DIFFERS", "original_by": "account:1", "original_at": at},
        {"original": "", "original_by": "account:1"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**wrong)
