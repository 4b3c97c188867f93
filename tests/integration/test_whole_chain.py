"""引导、帮办、受理、审批、统一出证、邮寄: one case through all six; and no clock before acceptance."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from tests.acting import actor, received
from tests.integration.making import ITEM, makers, people, stored, to_make

from yiwang.apps.cases.errors import NotNowError
from yiwang.apps.cases.models import ClockRow
from yiwang.apps.cases.models.helping import HelpRecord
from yiwang.apps.cases.operations import delivering, helping, receiving
from yiwang.apps.cases.operations.helped import Help
from yiwang.apps.certificates.models import IssueEntry
from yiwang.apps.supervision.domain.vocabulary import AppealCause

pytestmark = pytest.mark.django_db
__all__ = ["makers", "people"]


@pytest.mark.row("R206")
def test_one_case_goes_from_the_guide_through_help_and_print_to_the_post(
    makers: dict[str, Any], at: datetime
) -> None:
    guide = Client().get(f"/items/{ITEM}/")
    assert guide.status_code == 200 and "要准备的材料" in guide.content.decode()
    case, making = to_make(makers, at)
    clerk = actor("chen-window", at)
    helping.note_help(
        number=case.short_number,
        help=Help("WINDOW", "综合窗口A01", "帮忙核对平面图", "材料齐全", at.date()),
        actor=clerk,
        at=at,
    )
    assert HelpRecord.objects.filter(case=case).count() == 1
    assert case.accepted_at is not None and case.decided_at is not None
    with pytest.raises(NotNowError), transaction.atomic():  # not before it is printed and stored
        delivering.send_by_post(
            case_id=case.pk, carrier="邮政", number="EMS1", address="椰城", actor=clerk, at=at
        )
    stored(making, makers, at)
    delivering.send_by_post(
        case_id=case.pk, carrier="中国邮政", number="EMS100200300CN",
        address="椰城市桃林区椰影大道90号", actor=clerk, at=at,
    )  # fmt: skip
    signed = at + timedelta(days=2)
    done = delivering.deliver_by_post(case_id=case.pk, signed_at=signed, actor=clerk, at=signed)
    assert done.state == "COMPLETED"
    assert IssueEntry.objects.filter(short_number=case.short_number).count() == 1


@pytest.mark.row("R168")
def test_before_acceptance_only_the_receipt_clock_runs_and_a_second_correction_is_refused(
    at: datetime,
) -> None:
    clerk = actor("he-window", at)
    case = received("food-business-licence", by=actor("lin-xiaoman", at), at=at)
    assert {row.clock for row in ClockRow.objects.filter(case=case)} == {"RECEIPT"}
    assert case.receipt_due_on is not None and case.promised_due_on is None
    ask: dict[str, Any] = {
        "case_id": case.pk,
        "items": [("布局图", "没有标明面积")],
        "actor": clerk,
    }
    receiving.request_correction(at=at, **ask)
    later = at + timedelta(days=1)
    receiving.supply_correction(
        case_id=case.pk, form=None, files={}, paper=["layout"], at=later,
        actor=actor("lin-xiaoman", later),
    )  # fmt: skip
    started = ClockRow.objects.filter(case=case, kind="STARTED")
    assert [row.clock.startswith("RECEIPT") for row in started] == [True, True]
    with pytest.raises(NotNowError, match="不能再次要求补正"), transaction.atomic():
        receiving.request_correction(at=later, **ask)
    assert "SYSTEM" in {cause.value for cause in AppealCause}
