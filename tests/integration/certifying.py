"""Shared by the tests of what comes after a decision: a granted case and its certificate."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from tests.acting import accepted, actor, deciding, reviewed

from yiwang.apps.cases.models import Case
from yiwang.apps.certificates.models import Certificate
from yiwang.kernel.moment import BEIJING

FACTS = "申请时提交的租赁合同系伪造,经出租人书面证实。"
REASON = "提交虚假材料骗取许可,应当予以撤销。"


def moment(day: str, clock: str = "10:00") -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=BEIJING)


@pytest.fixture
def people(at: datetime) -> dict[str, Any]:
    logins = {"citizen": "lin-xiaoman", "clerk": "chen-window", "reviewer": "zhao-review",
              "colleague": "qian-review", "approver": "sun-approve", "other": "wang-shouren",
              "stranger": "zheng-approve"}  # fmt: skip
    return {name: actor(login, at) for name, login in logins.items()}


def granted(
    people: dict[str, Any], at: datetime, item: str = "food-business-licence", **more: Any
) -> Case:
    """A case of this item, decided in favour."""
    more = {"hall": "taolin-hall"} | more
    case = accepted(item, by=people["citizen"], clerk=people["clerk"], at=at, **more)
    reviewed(case, reviewer=people["reviewer"], at=at)
    return deciding.grant(case_id=case.pk, actor=people["approver"], at=at)


def certificate_of(case: Case) -> Certificate:
    return Certificate.objects.get(subject=case.subject, supersedes=None)


def with_end(certificate: Certificate, until: date) -> Certificate:
    """The same with another last day: five years are long to wait for."""
    Certificate.objects.filter(pk=certificate.pk).update(valid_until=until)
    return Certificate.objects.get(pk=certificate.pk)
