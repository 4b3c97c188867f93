"""Lists at size: every plan walks indexes, with sparse and skewed scopes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.acting import accepted, actor, received
from tests.integration.plans import CASES, assert_walks_indexes

from yiwang.apps.cases.queries import (
    cases_to_accept,
    cases_to_deliver,
    late_cases,
    open_steps_of,
    organ_cases,
    own_cases,
    own_drafts,
)
from yiwang.apps.people.models import Organ
from yiwang.foundation.lists import BadCursorError
from yiwang.site.measuring.bulk import clone_cases
from yiwang.site.verifying import verify_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def many(at: datetime) -> None:
    """Twelve thousand cases, most of them of one organ and hall: skewed on purpose."""
    citizen, other = actor("lin-xiaoman", at), actor("xu-xiangyang", at)
    clerk = actor("he-window", at)
    templates = [
        received("food-business-licence", by=citizen, at=at),
        accepted("food-business-licence", by=citizen, clerk=clerk, at=at),
        accepted("planning-permit", by=other, clerk=clerk, at=at),
        received("construction-permit", by=other, at=at),
    ]
    clone_cases(templates, 12_000)


LISTS = {
    "to accept, wide hall": ("he-window", lambda a, t, c: cases_to_accept(actor=a, after=c)),
    "to accept, sparse hall": ("chen-window", lambda a, t, c: cases_to_accept(actor=a, after=c)),
    "to deliver": ("he-window", lambda a, t, c: cases_to_deliver(actor=a, after=c)),
    "steps, two organs": ("zhao-review", lambda a, t, c: open_steps_of(actor=a, after=c)),
    "steps, three organs": ("feng-review", lambda a, t, c: open_steps_of(actor=a, after=c)),
    "organ": ("zhao-review", lambda a, t, c: organ_cases(actor=a, after=c)),
    "own, wide": ("lin-xiaoman", lambda a, t, c: own_cases(actor=a, parties=[a.party_id], after=c)),
    "own, none": ("elena", lambda a, t, c: own_cases(actor=a, parties=[a.party_id], after=c)),
    "late, all organs": (
        "he-window",
        lambda a, t, c: late_cases(
            organs=list(Organ.objects.values_list("id", flat=True)),
            at=t + timedelta(days=60),
            after=c,
        ),
    ),
}


def test_no_list_scans_a_whole_table_or_sorts_a_scope(many: None, at: datetime) -> None:
    for name, (login, read) in LISTS.items():
        who, cursor = actor(login, at), None
        for _ in range(3):
            with CaptureQueriesContext(connection) as captured:
                found = read(who, at, cursor)
            assert_walks_indexes(name, captured, CASES)
            cursor = found.next_cursor
            if cursor is None:
                break


def test_paging_by_key_shows_every_row_once_in_order(many: None, at: datetime) -> None:
    who = actor("chen-window", at)
    assert cases_to_accept(actor=who).cases == []
    who, cursor, seen = actor("he-window", at), None, []
    for _ in range(6):
        page = cases_to_accept(actor=who, after=cursor, size=50)
        seen += [(case.sort_due_at, case.pk) for case in page.cases]
        cursor = page.next_cursor
    assert len(seen) == 300 == len(set(seen)) and seen == sorted(seen)


@pytest.mark.parametrize(
    "cursor", ["", "x", "WyJhIiwgMV0", "bnVsbA", "W10", "[1,2]", "W251bGwsIDFd"]
)
def test_a_cursor_of_nobody_is_refused_in_words(cursor: str, at: datetime) -> None:
    if not cursor:
        assert own_drafts(actor=actor("elena", at)) == []
        return
    with pytest.raises(BadCursorError, match="第一页"):
        cases_to_accept(actor=actor("he-window", at), after=cursor)


def test_the_bulk_verifies_like_cases_made_by_hand(many: None, tmp_path: Any) -> None:
    report = verify_all(tmp_path)
    assert [f for f in report.findings if f[0] != "seal"] == []
