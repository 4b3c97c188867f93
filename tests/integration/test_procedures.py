"""Special procedures: a hearing's days and people, publicity, testing."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from tests.acting import accepted, reviewed
from tests.integration.branching import FOOD, change_item, people

from yiwang.apps.cases.errors import InvalidInputError, NotNowError
from yiwang.apps.cases.models import Case, ClockRow, SpecialProcedure
from yiwang.apps.cases.operations import deciding, procedures

__all__ = ["people"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def hearing_item(at: datetime) -> None:
    change_item(
        at,
        procedures=[
            {"code": "hearing", "kind": "HEARING", "name": "听证", "is_required": True,
             "pause_ground": "hearing", "article": "娱乐场所管理条例 §10", "mark": "K"},
            {"code": "testing", "kind": "TESTING", "name": "检验检测", "pause_ground": "testing",
             "article": "行政许可法 §45", "mark": "K"},
            {"code": "publicity", "kind": "PUBLICITY", "name": "公示", "days": "5wd",
             "article": "市公示规定", "mark": "E"},
        ],
    )  # fmt: skip


def _procedure(case: Case) -> SpecialProcedure:
    return SpecialProcedure.objects.filter(case=case).latest("id")


@pytest.mark.usefixtures("hearing_item")
def test_a_required_hearing_goes_through_all_its_days_or_there_is_no_decision(
    at: datetime, people: dict[str, Any]
) -> None:
    case = accepted(FOOD, by=people["citizen"], clerk=people["clerk"], at=at)
    case = reviewed(case, reviewer=people["reviewer"], at=at)
    approver = people["approver"]
    with pytest.raises(NotNowError, match="依法必须先进行"), transaction.atomic():
        deciding.grant(case_id=case.pk, actor=approver, at=at)
    who = {"case_id": case.pk, "actor": approver}
    procedures.start_procedure(code="hearing", told="拟许可事项涉及相邻居民", at=at, **who)
    row = _procedure(case)
    assert row.due_on == date(2026, 3, 9)  # five working days to ask
    assert not ClockRow.objects.filter(case=case, kind="PAUSED").exists()
    with pytest.raises(NotNowError, match="不能放弃"), transaction.atomic():
        procedures.end_procedure(
            procedure_id=row.pk, outcome="没有人要求", is_waived=True, at=at, **who
        )
    procedures.request_hearing(
        case_id=case.pk, procedure_id=row.pk, who="", actor=people["citizen"], at=at
    )
    plan = {"procedure_id": row.pk, "place": "桃林区政务大厅三楼", "at": at, **who}
    with pytest.raises(InvalidInputError) as caught, transaction.atomic():
        procedures.schedule_hearing(
            held_on=date(2026, 3, 10), presiding=people["reviewer"].ref, **plan
        )
    assert set(caught.value.fields) == {"held_on", "presiding"}  # 7 days before; did not examine
    with pytest.raises(InvalidInputError) as late, transaction.atomic():
        procedures.schedule_hearing(
            held_on=date(2026, 4, 20), presiding=people["colleague"].ref, **plan
        )
    assert "20 个工作日" in late.value.fields["held_on"]
    procedures.schedule_hearing(
        held_on=date(2026, 3, 12), presiding=people["colleague"].ref, **plan
    )
    assert ClockRow.objects.filter(case=case, kind="PAUSED").count() == 1
    end = {"procedure_id": row.pk, "outcome": "笔录:双方陈述、质证,意见附后", **who}
    with pytest.raises(NotNowError, match="举行"), transaction.atomic():
        procedures.end_procedure(at=at + timedelta(days=3), **end)
    procedures.end_procedure(at=at + timedelta(days=10), **end)
    assert ClockRow.objects.filter(case=case, kind="RESUMED").count() == 1
    done = deciding.grant(case_id=case.pk, actor=approver, at=at + timedelta(days=10))
    assert done.state == "GRANTED"


@pytest.mark.usefixtures("hearing_item")
def test_a_publicity_stops_no_clock_and_runs_to_its_end(
    at: datetime, people: dict[str, Any]
) -> None:
    case = accepted(FOOD, by=people["citizen"], clerk=people["clerk"], at=at)
    before = (case.promised_due_on, case.statutory_due_on)
    who = {"case_id": case.pk, "actor": people["approver"]}
    case = procedures.start_procedure(code="publicity", told="拟准予的许可事项", at=at, **who)
    assert (case.promised_due_on, case.statutory_due_on) == before
    row = _procedure(case)
    with pytest.raises(NotNowError, match="届满前"), transaction.atomic():
        procedures.end_procedure(procedure_id=row.pk, outcome="没有异议", at=at, **who)
    procedures.end_procedure(
        procedure_id=row.pk, outcome="公示期满没有异议", at=at + timedelta(days=8), **who
    )


@pytest.mark.usefixtures("hearing_item")
def test_testing_stops_the_clock_for_its_time_and_no_longer(
    at: datetime, people: dict[str, Any]
) -> None:
    case = accepted(FOOD, by=people["citizen"], clerk=people["clerk"], at=at)
    who = {"case_id": case.pk, "actor": people["approver"]}
    with pytest.raises(InvalidInputError), transaction.atomic():
        procedures.start_procedure(code="testing", told="油烟检测", at=at, **who)  # how long?
    case = procedures.start_procedure(code="testing", told="油烟检测", days="10wd", at=at, **who)
    assert case.promised_due_on is None  # an open stop has no due day
    case = procedures.end_procedure(
        procedure_id=_procedure(case).pk, outcome="检测合格", at=at + timedelta(days=2), **who
    )
    # Accepted and stopped on Monday 2 March, resumed on the 4th, which does not count: 5, 6, 9, 10, 11.
    assert case.promised_due_on == date(2026, 3, 11)
