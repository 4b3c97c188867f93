"""Filters of the work lists at size: every combination walks indexes, sparse and skewed scopes."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import combinations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.acting import accepted, actor, received
from tests.integration.plans import CASES, assert_walks_indexes

from yiwang.apps.cases.domain.filters import Chosen, Due, WorkList
from yiwang.apps.cases.models import NEVER, Case, ReviewStep
from yiwang.apps.cases.narrowing import narrowed, narrowed_cases, narrowed_steps
from yiwang.apps.cases.pages.filtering import choices_of, read_chosen
from yiwang.foundation.lists import MOST_COUNTED, badge, counts
from yiwang.kernel.moment import civil_date, end_of_day
from yiwang.site.measuring.bulk import clone_cases

pytestmark = pytest.mark.django_db
FEW = 500
FOOD, GROUND = "food-business-licence", "construction-permit"


@pytest.fixture
def many(at: datetime) -> None:
    """Nine thousand, nearly all of one item, hall and clock; a few of everything else."""
    citizen, other = actor("lin-xiaoman", at), actor("xu-xiangyang", at)
    clerk = actor("he-window", at)
    templates = [
        received(FOOD, by=citizen, at=at),
        accepted(FOOD, by=citizen, clerk=clerk, at=at),
        accepted("planning-permit", by=other, clerk=clerk, at=at),
        received(GROUND, by=other, at=at),
    ]
    clone_cases(templates, 9_000)
    rare = Case.objects.filter(pk__in=[c.pk for c in templates])
    rare.update(lane=0, green_channel="ELDER", green_reason="八十岁", channel="WINDOW")
    Case.objects.filter(pk=templates[0].pk).update(sort_due_at=NEVER)
    ReviewStep.objects.filter(case_id=templates[1].pk).update(sort_due_at=NEVER)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE cases_case")


def combination(work_list: WorkList, login: str, at: datetime, **values: str) -> Chosen:
    return read_chosen(work_list, values, choices_of(work_list, actor(login, at), at))


OPTIONS = {
    "item": GROUND,
    "channel": "WINDOW",
    "green": "1",
    "due": "LATE",
    "applicant": "ORGANISATION",
}
LISTS = (
    (WorkList.ACCEPT, "he-window", OPTIONS),
    (WorkList.ACCEPT, "chen-window", {**OPTIONS, "item": FOOD}),
    (WorkList.REVIEW, "zhao-review", {**OPTIONS, "item": FOOD, "job": "review"}),
    (WorkList.DELIVER, "he-window", OPTIONS),
    (
        WorkList.CASES,
        "zhao-review",
        {**OPTIONS, "item": FOOD, "state": "DECLINED", "first": "2020-01-01", "last": "2020-02-01"},
    ),
)


def pairs(options: dict[str, str]) -> list[dict[str, str]]:
    names = [*combinations(options, 1), *combinations(options, 2), tuple(options)]
    return [{name: options[name] for name in chosen} for chosen in names]


def test_every_combination_walks_indexes_however_rare_what_it_looks_for(
    many: None, at: datetime
) -> None:
    for work_list, login, options in LISTS:
        who = actor(login, at)
        for values in pairs(options):
            name = f"{work_list} {login} {values}"
            chosen = combination(work_list, login, at, **values)
            assert dict(chosen.values) == values, name
            found = narrowed(chosen, actor=who, at=at)
            page = narrowed_steps if work_list is WorkList.REVIEW else narrowed_cases
            with CaptureQueriesContext(connection) as captured:
                page(found)
                counts([found])
            is_alone = work_list is WorkList.CASES and len(values) == 1
            has_own_index = is_alone and not values.keys() & {"channel", "applicant"}
            most = FEW if has_own_index else Case.objects.count()
            assert_walks_indexes(name, captured, CASES, most=most)


def test_a_badge_stops_at_a_hundred_and_all_of_a_page_are_one_statement(
    many: None, at: datetime
) -> None:
    who = actor("he-window", at)
    wanted = [
        narrowed(combination(WorkList.ACCEPT, "he-window", at, **values), actor=who, at=at)
        for values in ({}, {"green": "1"}, {"due": "PAUSED"}, {"applicant": "ORGANISATION"})
    ]
    with CaptureQueriesContext(connection) as captured:
        numbers = counts(wanted)
    assert len(captured) == 1
    assert numbers == [MOST_COUNTED, 2, 1, 0]
    assert [badge(number) for number in numbers] == ["99+", "2", "1", "0"]
    assert_walks_indexes("badges", captured, CASES, most=Case.objects.count())


def test_the_pages_of_a_narrowed_list_show_every_row_once(many: None, at: datetime) -> None:
    who = actor("zhao-review", at)
    day = civil_date(at).isoformat()
    chosen = combination(WorkList.CASES, "zhao-review", at, first=day, last=day, state="REVIEW")
    found, cursor, seen = narrowed(chosen, actor=who, at=at), None, []
    for _ in range(5):
        page = narrowed_cases(found, after=cursor, size=50)
        seen += [case.pk for case in page.cases]
        cursor = page.next_cursor
    assert len(set(seen)) == 250 == len(seen)


def test_each_place_of_a_clock_finds_its_own_cases(at: datetime) -> None:
    citizen, who = actor("lin-xiaoman", at), actor("he-window", at)
    cases = [received(FOOD, by=citizen, at=at) for _ in range(5)]
    today = end_of_day(civil_date(at))
    moments = [at - timedelta(days=1), today, today + timedelta(days=1), today + timedelta(days=30)]
    for case, moment in zip(cases, [*moments, NEVER], strict=True):
        Case.objects.filter(pk=case.pk).update(sort_due_at=moment)
    expected = {Due.LATE: {0}, Due.TODAY: {1}, Due.SOON: {1, 2}, Due.PAUSED: {4}}
    for due, places in expected.items():
        chosen = combination(WorkList.ACCEPT, "he-window", at, due=due)
        page = narrowed_cases(narrowed(chosen, actor=who, at=at))
        assert {case.pk for case in page.cases} == {cases[place].pk for place in places}, due


def test_what_is_not_declared_never_reaches_a_statement(at: datetime) -> None:
    asked = {"item": "x' OR 1=1 --", "due": "EVER", "channel": "%s", "state": "REVIEW", "hall": "1"}
    chosen = combination(WorkList.ACCEPT, "he-window", at, **asked)
    assert chosen.query == ""
    wrong = combination(WorkList.CASES, "zhao-review", at, first="2026-13-01", last="2026-01-01")
    assert "first" in wrong.problems
    assert dict(wrong.values) == {"last": "2026-01-01"}
