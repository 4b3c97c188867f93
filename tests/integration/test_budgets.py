"""Statement budgets of the acts: session and account (2) counted, transaction words not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.acting import accepted, actor, draft, received, reviewed, tick_all

from yiwang.apps.cases.operations import deciding, filing, receiving, reviewing
from yiwang.apps.cases.queries import (
    cases_to_accept,
    open_steps_of,
    organ_cases,
    own_cases,
    whole_case,
)

pytestmark = pytest.mark.django_db

FOOD = "food-business-licence"
EDGE = 2  # the session's and the actor's statement
FREE = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")


@contextmanager
def at_most(number: int) -> Iterator[None]:
    with CaptureQueriesContext(connection) as captured:
        yield
    spent = [q["sql"] for q in captured if not q["sql"].startswith(FREE)]
    assert len(spent) + EDGE <= number, "\n".join(text[:160] for text in spent)


def test_handing_in_takes_fifteen_statements(at: datetime) -> None:
    citizen = actor("lin-xiaoman", at)
    received(FOOD, by=citizen, at=at)
    row = draft(FOOD, by=citizen, at=at)
    with at_most(15):
        filing.submit(draft_id=row.pk, actor=citizen, at=at)


def test_acceptance_takes_fifteen_statements(at: datetime) -> None:
    clerk = actor("he-window", at)
    case = received(FOOD, by=actor("lin-xiaoman", at), at=at)
    tick_all(case, clerk=clerk, at=at)
    with at_most(15):
        receiving.accept(case_id=case.pk, actor=clerk, at=at)


def test_a_correction_request_takes_fifteen_statements(at: datetime) -> None:
    clerk = actor("he-window", at)
    case = received(FOOD, by=actor("lin-xiaoman", at), at=at)
    with at_most(15):
        receiving.request_correction(case_id=case.pk, items=[("图", "缺章")], actor=clerk, at=at)


def test_an_opinion_takes_fifteen_statements(at: datetime) -> None:
    case = accepted(FOOD, by=actor("lin-xiaoman", at), clerk=actor("he-window", at), at=at)
    step = case.steps.exclude(job="decide").get(state="OPEN")
    reviewer = actor("zhao-review", at)
    with at_most(15):
        reviewing.give_opinion(
            case_id=case.pk,
            step=step.code,
            conclusion="AGREE",
            opinion="符合要求",
            actor=reviewer,
            at=at,
        )


def test_a_decision_with_its_certificate_takes_fifteen_statements(at: datetime) -> None:
    case = accepted(FOOD, by=actor("lin-xiaoman", at), clerk=actor("he-window", at), at=at)
    reviewed(case, reviewer=actor("zhao-review", at), at=at)
    approver = actor("sun-approve", at)
    with at_most(15):
        deciding.grant(case_id=case.pk, actor=approver, at=at)


@pytest.mark.parametrize(
    ("login", "read"),
    [
        ("he-window", lambda a: cases_to_accept(actor=a)),
        ("zhao-review", lambda a: open_steps_of(actor=a)),
        ("zhao-review", lambda a: organ_cases(actor=a)),
        ("lin-xiaoman", lambda a: own_cases(actor=a, parties=[a.party_id])),
    ],
)
def test_a_list_takes_eight_statements_however_long(
    login: str, read: Callable[[object], object], at: datetime
) -> None:
    citizen = actor("lin-xiaoman", at)
    for _ in range(5):
        received(FOOD, by=citizen, at=at)
    who = actor(login, at)
    with at_most(8):
        read(who)


def test_a_case_whole_takes_twelve_statements(at: datetime) -> None:
    citizen = actor("lin-xiaoman", at)
    case = accepted(FOOD, by=citizen, clerk=actor("he-window", at), at=at)
    with at_most(12):
        whole_case(case.pk, actor=citizen)
