"""The lists of help, enquiries, ratings, making and samples at size: statements and plans.

Most of what an organ has is over long ago: what is open is found without walking through it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.acting import actor, received
from tests.integration.certifying import people
from tests.integration.hall import a_zone, here
from tests.integration.hall import booked as hall_booked
from tests.integration.making import makers, to_make
from tests.integration.multiplying import multiply
from tests.integration.plans import assert_walks_indexes
from tests.integration.rating import bad
from tests.pages.client import signed_in

from yiwang.apps.cases.operations import helping
from yiwang.apps.cases.operations.helped import Help
from yiwang.apps.certificates.models import Certificate
from yiwang.apps.enquiries.operations import asking
from yiwang.apps.hall.operations.serving import Admission
from yiwang.apps.oversight.models import Sample, SampledCase
from yiwang.foundation.clockwork import now
from yiwang.kernel.moment import civil_date

__all__ = ["makers", "people"]
pytestmark = pytest.mark.django_db
MANY = 6_000
# One organ in ten is another: most of it lies with one, as it does.
ORGAN = (
    "CASE WHEN g % 10 = 0 THEN (SELECT id FROM people_organ ORDER BY id "
    "OFFSET (g / 10) % 9 LIMIT 1) ELSE organ_id END"
)
SHOWN = Admission("ELDER", "72 岁", "身份证原件")
# Figures of a period are recounted, never kept: what counts may read that period.
FIGURES = ("GROUP BY", "COUNT(", "count(*)")


@pytest.fixture
def helped() -> None:
    at = now()
    case = received("food-business-licence", by=actor("lin-xiaoman", at), at=at, hall="taolin-hall")
    done = Help("WINDOW", "桃林大厅", "教上传材料", "已提交", civil_date(at))
    clerk = actor("chen-window", at)
    row = helping.note_help(number=case.short_number, help=done, actor=clerk, at=at)
    multiply(row, MANY, organ_id=ORGAN, helped_on="helped_on - (g % 900)")
    multiply(row, 20, kind="'PARK'")


@pytest.fixture
def asked() -> None:
    at = now()
    row = asking.ask_about_guide(
        item="elder-card", kind="CONSULT", text="照片要几寸的?", contact="",
        actor=actor("he-guifang", at), at=at,
    )  # fmt: skip
    multiply(
        row,
        MANY,
        organ_id=ORGAN,
        state="'SATISFIED'",
        ended_at="asked_at",
        sort_due_at="'9999-12-31'",
    )
    multiply(row, 30)


@pytest.fixture
def rated() -> None:
    row = bad(now())
    invitation, rating = row.rating.invitation, row.rating
    assert invitation.visit is not None
    visit = multiply(invitation.visit, MANY)
    first = multiply(
        invitation,
        MANY,
        subject="'visit:b' || g",
        visit_id=f"{visit} + g",
        token_hash="decode(md5('t' || g), 'hex')",
    )
    with connection.cursor() as cursor:  # a copy has no token to spend
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE ratings_rating DISABLE TRIGGER USER")
    other = multiply(rating, MANY, invitation_id=f"{first} + g")
    base = multiply(row, MANY, organ_id=ORGAN, rating_id=f"{other} + g")
    for task in row.tasks.all():
        multiply(task, MANY, bad_rating_id=f"{base} + g")


@pytest.fixture
def queued(makers: dict[str, Any], at: datetime) -> None:
    _, making = to_make(makers, at, papers=False)
    certificate = Certificate.objects.get(pk=making.certificate_id)
    base = multiply(certificate, MANY, identifier="'bulk' || g", subject="'bulk:' || g")
    multiply(making, MANY, subject="'bulk:' || g", certificate_id=f"{base} + g")


@pytest.fixture
def sampled() -> None:
    at = now()
    case = received("food-business-licence", by=actor("lin-xiaoman", at), at=at, hall="taolin-hall")
    today = civil_date(at)
    sample = Sample.objects.create(
        organ=case.organ, first_on=today, last_on=today, round=1, population=1, size=1,
        per_mille=50, minimum=1, seed="种子", pool=[], drawn_at=at, drawn_by="system:timer",
        drawn_by_label="系统",
    )  # fmt: skip
    row = SampledCase.objects.create(
        sample=sample, case_id=case.pk, organ=case.organ, short_number=case.short_number,
        item_name=case.item_name, state="PENDING",
    )  # fmt: skip
    multiply(row, MANY, organ_id=ORGAN, state="'CLEAN'", case_id=f"{10**6} + g")


@pytest.fixture
def booked() -> None:
    row = here(hall_booked(a_zone(), "he-guifang", channel="ELDER", ground="72 岁"), "08:50", SHOWN)
    multiply(
        row,
        MANY,
        state="'ABSENT'",
        starts_at="starts_at - (g % 900) * interval '1 day' - g * interval '1 second'",
        held_on="held_on - (g % 900)",
        called_at="CASE WHEN g % 5 = 0 THEN starts_at END",
        zone_id="CASE WHEN g % 10 = 0 THEN zone_id ELSE 1 END",
        party_id="CASE WHEN g % 10 = 0 THEN party_id ELSE party_id + 1 END",
    )


OLD = now().date() - timedelta(days=800)
LISTS = [
    ("helped", "chen-window", "/help/", "cases_helprecord"),
    ("helped", "chen-window", "/help/?kind=PARK", "cases_helprecord"),
    ("helped", "chen-window", f"/help/?first={OLD}&last={OLD}", "cases_helprecord"),
    ("asked", "zhou-review", "/enquiries/", "enquiries_enquiry"),
    ("asked", "zhou-review", "/enquiries/?all=1", "enquiries_enquiry"),
    ("asked", "he-guifang", "/my/enquiries/", "enquiries_enquiry"),
    ("rated", "tang-supervise", "/bad-ratings/", "ratings_badrating"),
    ("rated", "tang-supervise", "/bad-ratings/?which=all", "ratings_badrating"),
    ("rated", "tang-supervise", "/bad-ratings/?which=review", "ratings_badrating"),
    ("queued", "mo-make", "/making/", "certificates_making"),
    ("queued", "mo-make", "/making/?state=TAKEN", "certificates_making"),
    ("sampled", "tang-supervise", "/samples/", "oversight_sampledcase"),
    ("sampled", "tang-supervise", "/samples/?all=1", "oversight_sampledcase"),
    ("booked", "he-guifang", "/my/appointments/", "hall_appointment"),
    ("booked", "chen-window", "/zones/1/", "hall_appointment"),
    ("booked", "tang-supervise", "/green-uses/", "hall_appointment"),
    ("booked", "tang-supervise", f"/green-uses/?first={OLD}&last={OLD}", "hall_appointment"),
]


@pytest.mark.parametrize(("rows", "login", "url", "table"), LISTS)
def test_a_list_of_thousands_takes_eight_statements_and_walks_indexes(
    rows: str, login: str, url: str, table: str, request: pytest.FixtureRequest
) -> None:
    request.getfixturevalue(rows)
    client = signed_in(login)
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(url)
    assert answer.status_code == 200
    assert len(captured) <= 8, "\n".join(q["sql"][:140] for q in captured)
    found = [q for q in captured.captured_queries if not any(w in q["sql"] for w in FIGURES)]
    assert_walks_indexes(f"{login} {url}", found, (table,))
