"""代收 and 一窗受理 at size: what is open, and what a month accepted, are found by their indexes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.acting import accepted, actor
from tests.integration.multiplying import multiply
from tests.integration.plans import assert_walks_indexes
from tests.integration.taking import row_of, taken_in

from yiwang.apps.cases import taken_in as reads
from yiwang.apps.cases.one_window import Level, Period, cases_behind, figures
from yiwang.foundation.clockwork import now

pytestmark = pytest.mark.django_db
MANY = 8_000
NEW = {"number": "'N' || g", "short_number": "'S' || g", "filing_key": "gen_random_uuid()"}


def test_open_papers_are_found_among_thousands_that_have_arrived() -> None:
    at = now()
    case = taken_in(at=at)
    row = row_of(case)
    base = multiply(case, MANY, **NEW)
    multiply(
        row,
        MANY,
        case_id=f"{base} + g",
        state="'ARRIVED'",
        confirmed_by="taken_by",
        confirmed_at="taken_at",
    )
    taker, right = actor("chen-window", at), actor("he-window", at)
    for name, read, who in (
        ("to hand over", reads.to_hand_over, taker),
        ("to confirm", reads.to_confirm, right),
        ("taken in", reads.taken_in, taker),
    ):
        with CaptureQueriesContext(connection) as captured:
            read(actor=who)
        assert_walks_indexes(name, captured, ("cases_takein", "cases_case"))


def test_a_months_acceptances_are_found_among_years_of_them() -> None:
    at = now()
    case = accepted(
        "food-business-licence",
        by=actor("lin-xiaoman", at),
        clerk=actor("chen-window", at),
        at=at,
        hall="taolin-hall",
    )
    multiply(case, MANY, **NEW, accepted_at="accepted_at - interval '40 days' - g * interval '2 h'")
    watcher = actor("tang-supervise", at)
    month = Period((at - timedelta(days=20)).date(), at.date())
    for level in Level:
        with CaptureQueriesContext(connection) as captured:
            found = figures(level=level, period=month, actor=watcher)
        assert sum(one.share.accepted for one in found) == (0 if level is Level.TOWNSHIP else 1)
        assert_walks_indexes(level.value, captured, ("cases_case",))
    with CaptureQueriesContext(connection) as captured:
        behind = cases_behind(
            level=Level.DISTRICT,
            key="990102000000",
            period=month,
            only_one_window=False,
            actor=watcher,
        )
    assert [one.pk for one in behind.cases] == [case.pk]
    assert_walks_indexes("cases behind", captured, ("cases_case",))
